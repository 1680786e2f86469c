// Finds out which contents of a file need no reading, by their stored bytes alone, while the image is walked: they are those of the base, or known as clean.
import type { ContentStore, StoredContent, StoredResource } from '../image/stored-content.ts';
import { startThread } from '../tools/node-thread.ts';
import { type CleanEntry, ENTRY_BYTES, entryAt } from './cache-entries.ts';

/** A row for each content of the file, in the order in which they are stored. */
interface Rows {
  readonly offset: Float64Array;
  readonly size: Float64Array;
  readonly uncompressedSize: Float64Array;
  readonly flags: Uint8Array;
  /** As the file claims it, 20 bytes a row. */
  readonly sha1: Uint8Array;
  /** Where the base holds what claims to be the same in as many bytes; 0 when it holds nothing such. */
  readonly baseOffset: Float64Array;
}

export interface WeighTask {
  readonly store: Pick<ContentStore, 'compression' | 'chunkSize'>;
  readonly fd: number;
  readonly baseFd: number | undefined;
  readonly rows: Rows;
  /** Entries of lint/cache-entries.ts. */
  readonly known: Uint8Array | undefined;
}

/** What the thread answers, by row. */
export interface WeighedRows {
  /** 1 where the stored bytes are those of the base. */
  readonly same: Uint8Array;
  /** Place of the entry of the cache. */
  readonly known: Int32Array;
}

export const NOT_KNOWN = -1;

export interface Weighed {
  /** True when the content has the very bytes of that one of the base. */
  isSame(content: StoredContent, ofBase: StoredContent): boolean;
  /** What the cache knows of the content: nothing was found in these bytes. */
  known(content: StoredContent): CleanEntry | undefined;
}

export interface Weighing {
  readonly store: ContentStore;
  /** Undefined when it could not be done: everything is read then. */
  readonly weighed: Promise<Weighed | undefined>;
  stop(): void;
}

/** tsx runs our sources as they are; the package holds them compiled. */
const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './weigh-thread.ts' : './weigh-thread.js', import.meta.url);
const SHA1_BYTES = 20;

export function weigh(store: ContentStore, base: ContentStore | undefined, known: Uint8Array | undefined): Weighing {
  const contents = inOrder(store.contents());
  const rows = rowsOf(contents, base && comparable(store, base));
  const { compression, chunkSize } = store;
  const task: WeighTask = { store: { compression, chunkSize }, fd: store.fd, baseFd: base?.fd, rows, known };
  const thread = startThread(SCRIPT, task);
  const weighed = new Promise<Weighed | undefined>((resolve) => {
    thread.on('message', (answer: WeighedRows) => resolve(weighedBy(contents, rows, answer, known)));
    thread.on('error', () => resolve(undefined));
    thread.on('exit', () => resolve(undefined));
  });
  return { store, weighed, stop: () => void thread.terminate() };
}

function weighedBy(
  contents: readonly StoredResource[],
  rows: Rows,
  { same, known }: WeighedRows,
  entries: Uint8Array | undefined,
): Weighed {
  const rowOf = (content: StoredContent): number | undefined => {
    for (let row = firstAt(rows.offset, content.resource.offset); contents[row]?.resource.offset === content.resource.offset; row++)
      if (contents[row]!.resource === content.resource) return row;
    return undefined;
  };
  return {
    isSame(content, ofBase) {
      const row = rowOf(content);
      return row !== undefined && same[row] === 1 && rows.baseOffset[row] === ofBase.resource.offset;
    },
    known(content) {
      const row = rowOf(content);
      const place = row === undefined ? NOT_KNOWN : known[row]!;
      return place === NOT_KNOWN ? undefined : entryAt(entries!, place * ENTRY_BYTES);
    },
  };
}

function inOrder(contents: readonly StoredResource[]): readonly StoredResource[] {
  for (let at = 1; at < contents.length; at++)
    if (contents[at]!.resource.offset < contents[at - 1]!.resource.offset)
      return [...contents].sort((a, b) => a.resource.offset - b.resource.offset);
  return contents;
}

function rowsOf(contents: readonly StoredResource[], ofBase: ((one: StoredResource) => StoredResource | undefined) | undefined): Rows {
  const count = contents.length;
  const rows = {
    offset: new Float64Array(count),
    size: new Float64Array(count),
    uncompressedSize: new Float64Array(count),
    flags: new Uint8Array(count),
    sha1: Buffer.alloc(count * SHA1_BYTES),
    baseOffset: new Float64Array(count),
  };
  for (let row = 0; row < count; row++) {
    const one = contents[row]!;
    rows.offset[row] = one.resource.offset;
    rows.size[row] = one.resource.size;
    rows.uncompressedSize[row] = one.resource.uncompressedSize;
    rows.flags[row] = one.resource.flags;
    rows.sha1.write(one.digest, row * SHA1_BYTES, 'hex');
    rows.baseOffset[row] = ofBase?.(one)?.resource.offset ?? 0;
  }
  return rows;
}

/** Equal bytes are equal contents only when they are decoded in one way. */
function comparable(store: ContentStore, base: ContentStore): (one: StoredResource) => StoredResource | undefined {
  if (store.compression !== base.compression || store.chunkSize !== base.chunkSize) return () => undefined;
  return ({ digest, resource }) => {
    const found = base.content(digest);
    const isAlike =
      found?.resource.size === resource.size &&
      found.resource.uncompressedSize === resource.uncompressedSize &&
      found.resource.flags === resource.flags;
    return isAlike ? found : undefined;
  };
}

/** The first place whose number is not below the one sought. */
function firstAt(ordered: Float64Array, sought: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ordered[middle]! < sought) low = middle + 1;
    else high = middle;
  }
  return low;
}
