// Finds out which contents of a file need no reading, by their stored bytes alone, while the image is opened and walked: they are those of the base, or known as clean.
import type { Worker } from 'node:worker_threads';
import { sharedBytes, viewOf } from '../formats/bytes.ts';
import { DigestIndex, NO_ROW } from '../formats/digest-index.ts';
import type { ContentStore, StoredContent, StoredRows } from '../image/stored-content.ts';
import { startThread } from '../tools/node-thread.ts';
import { type CleanEntry, ENTRY_BYTES, entryAt } from './cache-entries.ts';
import { DIGEST_BYTES } from './stored-digest.ts';

type StoreFacts = Pick<ContentStore, 'compression' | 'chunkSize' | 'fd' | 'metadata'>;

export interface WeighedFile extends StoreFacts {
  readonly rows: StoredRows;
}

export interface WeighTask {
  /** `places`: where the base has the contents; `bytes`: which stored bytes are the same, and their digests. */
  readonly part: 'places' | 'bytes';
  readonly own: WeighedFile;
  readonly base: WeighedFile | undefined;
  /** One number: the first row that no thread has taken. */
  readonly next: Int32Array;
  readonly weighed: WeighedRows;
}

/** What is found out, by row, in memory that all threads share: each writes what it took upon itself. */
export interface WeighedRows {
  /** 1 where the base has the content at all places where the image has it, as both claim. */
  readonly places: Uint8Array;
  /** TWIN_… */
  readonly twins: Uint8Array;
  /** Our own digests of the stored bytes, one behind the other; undefined when nobody wants them. */
  readonly digests: Uint8Array | undefined;
  /** 1 for a row that has one: what the base holds has none. */
  readonly made: Uint8Array;
}

/** What a thread says when it is done. */
export interface WeighAnswer {
  /** Why the base cannot be compared with. */
  readonly fault: string | undefined;
}

/** The base holds what claims to be the same content. */
export const TWIN_CLAIMED = 1;
/** It does, and the stored bytes are the same. */
export const TWIN_SAME = 2;

export interface Weighed {
  /** True when the base has these very bytes at all places where the image has them. */
  isOfBase(content: StoredContent): boolean;
  /** True when both claim that it is so. */
  isClaimed(content: StoredContent): boolean;
  /** What the cache knows of the content: nothing was found in these bytes. */
  known(content: StoredContent): CleanEntry | undefined;
  /** Why nothing of the base could be compared. */
  readonly fault: string | undefined;
}

export interface Weighing {
  readonly store: ContentStore;
  /** Gives what the cache knows, to be looked up. */
  remember(known: Uint8Array | undefined): void;
  /** Undefined when it could not be done: everything is read then. */
  readonly weighed: Promise<Weighed | undefined>;
  stop(): void;
}

/** tsx runs our sources as they are; in the package this code may stand in a chunk. */
const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './weigh-thread.ts' : '../lint/weigh-thread.js', import.meta.url);
/** What there is to do keeps two threads busy while the image is opened and walked. */
const PARTS: { readonly withBase: readonly WeighTask['part'][]; readonly alone: readonly WeighTask['part'][] } = {
  withBase: ['places', 'bytes'],
  alone: ['bytes', 'bytes'],
};

/** @param base the file and image of the base @param remembers whether the cache may know something: then digests are made */
export function weigh(store: ContentStore, base: ContentStore | undefined, remembers: boolean): Weighing {
  const own = fileOf(store);
  const next = new Int32Array(new SharedArrayBuffer(4));
  const weighed = rowsFor(own.rows.offset.length, remembers);
  const task = { own, base: base && fileOf(base), next, weighed };
  const parts = base ? PARTS.withBase : PARTS.alone;
  const threads = parts.map((part) => startThread(SCRIPT, { ...task, part } satisfies WeighTask));
  let cache: Lookup | undefined;
  const answers = Promise.all(threads.map(answerOf));
  return {
    store,
    remember(known) {
      if (remembers && known) cache = new Lookup(known);
    },
    weighed: answers.then((all) => {
      if (all.includes(undefined)) return undefined;
      const fault = all.find((one) => one?.fault !== undefined)?.fault;
      return weighedBy(store, own.rows, weighed, { cache: () => cache, fault });
    }),
    stop() {
      for (const thread of threads) void thread.terminate();
    },
  };
}

function answerOf(thread: Worker): Promise<WeighAnswer | undefined> {
  return new Promise((resolve) => {
    thread.on('message', resolve);
    thread.on('error', () => resolve(undefined));
    thread.on('exit', () => resolve(undefined));
  });
}

function rowsFor(count: number, hasDigests: boolean): WeighedRows {
  return {
    places: sharedBytes(count),
    twins: sharedBytes(count),
    digests: hasDigests ? sharedBytes(count * DIGEST_BYTES) : undefined,
    made: sharedBytes(count),
  };
}

/** What the cache knows, by digest. */
class Lookup {
  private readonly entries: Uint8Array;
  private readonly index: DigestIndex;

  constructor(entries: Uint8Array) {
    this.entries = entries;
    this.index = new DigestIndex({ bytes: entries, stride: ENTRY_BYTES, at: 0, width: DIGEST_BYTES });
  }

  /** Of two entries of one digest the last counts. */
  find(digests: DataView, at: number): CleanEntry | undefined {
    let place = NO_ROW;
    this.index.each(digests, at, (entry) => {
      place = entry;
    });
    return place === NO_ROW ? undefined : entryAt(this.entries, place * ENTRY_BYTES);
  }
}

function fileOf({ compression, chunkSize, fd, metadata, contents }: ContentStore): WeighedFile {
  const { resource, digest } = metadata;
  return { compression, chunkSize, fd, metadata: { resource, digest }, rows: contents() };
}

function weighedBy(
  store: ContentStore,
  { inTable }: StoredRows,
  { places, twins, digests, made }: WeighedRows,
  { cache, fault }: WeighAnswer & { readonly cache: () => Lookup | undefined },
): Weighed {
  const rows = rowsByTable(inTable);
  const rowOf = (content: StoredContent): number => (content.store === store ? (rows[content.row] ?? NO_ROW) : NO_ROW);
  const view = digests && viewOf(digests);
  return {
    isOfBase(content) {
      const row = rowOf(content);
      return places[row] === 1 && twins[row] === TWIN_SAME;
    },
    isClaimed(content) {
      const row = rowOf(content);
      return places[row] === 1 && twins[row] !== 0;
    },
    known(content) {
      const row = rowOf(content);
      return view && made[row] === 1 ? cache()?.find(view, row * DIGEST_BYTES) : undefined;
    },
    fault,
  };
}

/** By row of the table of the file. */
function rowsByTable(inTable: Uint32Array): Int32Array {
  const rows = new Int32Array(inTable.reduce((most, row) => Math.max(most, row), -1) + 1).fill(NO_ROW);
  for (const [row, at] of inTable.entries()) rows[at] = row;
  return rows;
}
