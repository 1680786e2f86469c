// Starts the reader processes of one file: they load what they scan with while the image is walked, and wait for their work.
import { availableParallelism } from 'node:os';
import type { ContentStore } from '../image/stored-content.ts';
import { type NodeProcess, startNode } from '../tools/node-process.ts';
import type { ReaderSetup } from './reader-job.ts';

/** More of them would wait for memory and disk, and each takes about 60 MB. */
const READERS_MAX = 8;
/** Silence in ms after which a reader counts as hung: it speaks every few milliseconds of work. */
const PATIENCE = 60_000;
/** tsx runs our sources as they are; in the package this code may stand in a chunk. */
const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './reader-main.ts' : '../lint/reader-main.js', import.meta.url);

export interface StartOptions {
  readonly setup: Pick<ReaderSetup, 'signatures' | 'needs' | 'keys'>;
  /** What the cache knows; undefined when nothing is to be remembered. */
  readonly known: Uint8Array | undefined;
  /** As many as cores unless given. */
  readonly count?: number;
  /** Of them, how many are started at once; all unless given. */
  readonly first?: number;
  readonly source?: ReaderSetup['source'];
  readonly script?: URL;
  readonly patience?: number;
}

export interface Readers {
  readonly store: ContentStore;
  readonly links: readonly NodeProcess[];
  /** Starts as many as were not asked for at first. */
  startRest(): void;
  stop(): void;
}

export function startReaders(store: ContentStore, options: StartOptions): Readers {
  const { setup, known, source = 'any', script = SCRIPT, patience = PATIENCE } = options;
  const { count = Math.min(READERS_MAX, availableParallelism()) } = options;
  const { path, index, compression, chunkSize } = store;
  const first: ReaderSetup = {
    ...setup,
    store: { path, index, compression, chunkSize },
    cache: known !== undefined,
    source,
  };
  const start = (): NodeProcess => {
    const link = startNode(script, { files: [store.fd], patience });
    link.send(first, known);
    return link;
  };
  const links = Array.from({ length: Math.min(count, options.first ?? count) }, start);
  return {
    store,
    links,
    startRest() {
      while (links.length < count) links.push(start());
    },
    stop() {
      for (const link of links) link.stop();
    },
  };
}
