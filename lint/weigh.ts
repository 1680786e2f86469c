// Finds out which contents of a file need no reading, by their stored bytes alone, while the image is opened and walked: they are those of the base, or known as clean.
import type { Worker } from 'node:worker_threads';
import { NO_ROW } from '../formats/digest-index.ts';
import type { ContentStore, StoredContent, StoredRows } from '../image/stored-content.ts';
import { startThread } from '../tools/node-thread.ts';
import { type CleanEntry, ENTRY_BYTES, entryAt } from './cache-entries.ts';

type StoreFacts = Pick<ContentStore, 'compression' | 'chunkSize' | 'fd' | 'metadata'>;

export interface WeighedFile extends StoreFacts {
  readonly rows: StoredRows;
}

export interface WeighTask {
  /** `places`: where the base has the contents; `bytes`: which stored bytes are the same, and their digests. */
  readonly part: 'places' | 'bytes';
  readonly own: WeighedFile;
  readonly base: WeighedFile | undefined;
  /** Whether entries of the cache will come, to be looked up. */
  readonly remembers: boolean;
  /** One number, shared by threads with the same part: the first row that none of them has taken. */
  readonly next: Int32Array;
}

/** What a thread answers, by row: nothing of rows and parts that it did not take. */
export interface WeighedRows {
  /** 1 where the base has the content at all places where the image has it, as both claim. */
  readonly places: Uint8Array;
  /** TWIN_… */
  readonly twins: Uint8Array;
  /** Place of the entry of the cache, or NO_ROW. */
  readonly known: Int32Array;
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
  /** Gives what the cache knows, for which a weighing that remembers waits. */
  remember(known: Uint8Array | undefined): void;
  /** Undefined when it could not be done: everything is read then. */
  readonly weighed: Promise<Weighed | undefined>;
  stop(): void;
}

/** tsx runs our sources as they are; in the package this code may stand in a chunk. */
const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './weigh-thread.ts' : '../lint/weigh-thread.js', import.meta.url);
const NOTHING = new Uint8Array();
/** What there is to do keeps two threads busy while the image is opened and walked. */
const PARTS: { readonly withBase: readonly WeighTask['part'][]; readonly alone: readonly WeighTask['part'][] } = {
  withBase: ['places', 'bytes'],
  alone: ['bytes', 'bytes'],
};

/** @param base the file and image of the base @param remembers whether the cache may know something */
export function weigh(store: ContentStore, base: ContentStore | undefined, remembers: boolean): Weighing {
  const own = fileOf(store);
  const next = new Int32Array(new SharedArrayBuffer(4));
  const task = { own, base: base && fileOf(base), remembers, next };
  const parts = base ? PARTS.withBase : PARTS.alone;
  const threads = parts.map((part) => startThread(SCRIPT, { ...task, part } satisfies WeighTask));
  let entries: Uint8Array = NOTHING;
  const answers = Promise.all(threads.map(answerOf));
  return {
    store,
    remember(known = NOTHING) {
      entries = known;
      if (remembers) for (const thread of threads) thread.postMessage(known);
    },
    weighed: answers.then((all) =>
      all.includes(undefined) ? undefined : weighedBy(store, own.rows, merged(all as WeighedRows[]), entries),
    ),
    stop() {
      for (const thread of threads) void thread.terminate();
    },
  };
}

function answerOf(thread: Worker): Promise<WeighedRows | undefined> {
  return new Promise((resolve) => {
    thread.on('message', resolve);
    thread.on('error', () => resolve(undefined));
    thread.on('exit', () => resolve(undefined));
  });
}

/** Each thread knows of the rows and parts that it took. */
function merged(all: readonly WeighedRows[]): WeighedRows {
  const [places, twins, known] = [all[0]!.places.slice(), all[0]!.twins.slice(), all[0]!.known.slice()];
  for (const other of all.slice(1))
    for (let row = 0; row < known.length; row++) {
      places[row]! |= other.places[row]!;
      twins[row]! |= other.twins[row]!;
      if (other.known[row] !== NO_ROW) known[row] = other.known[row]!;
    }
  return { places, twins, known, fault: all.find(({ fault }) => fault !== undefined)?.fault };
}

function fileOf({ compression, chunkSize, fd, metadata, contents }: ContentStore): WeighedFile {
  const { resource, digest } = metadata;
  return { compression, chunkSize, fd, metadata: { resource, digest }, rows: contents() };
}

function weighedBy(
  store: ContentStore,
  { inTable }: StoredRows,
  { places, twins, known, fault }: WeighedRows,
  entries: Uint8Array,
): Weighed {
  const rows = rowsByTable(inTable);
  const rowOf = (content: StoredContent): number => (content.store === store ? (rows[content.row] ?? NO_ROW) : NO_ROW);
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
      const place = known[rowOf(content)] ?? NO_ROW;
      return place === NO_ROW ? undefined : entryAt(entries, place * ENTRY_BYTES);
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
