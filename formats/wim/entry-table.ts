// The directory entries of one image as rows of numbers: names and all else are read from the bytes where somebody asks.
import { NO_ROW } from '../digest-index.ts';
import { type BlobTable, isZero } from './blob-table.ts';
import { SHA1_BYTES } from './digest.ts';
import { AT, alignUp, STREAM_AT } from './entry-bytes.ts';
import { ATTRIBUTE_REPARSE_POINT, type DirEntry, type ImageMetadata, type StreamEntry } from './model.ts';
import { type EntryRows, readEntries } from './read-entries.ts';
import { shortRows } from './short-rows.ts';
import type { EntryStreams } from './streams.ts';

const NO_CHILDREN: readonly DirEntry[] = Object.freeze([]);
const NO_STREAMS: readonly StreamEntry[] = Object.freeze([]);
const NO_PLACES: EntryStreams<number>['streams'] = Object.freeze([]);
const NO_EXTRA = new Uint8Array();

export const ROOT = 0;
const NOT_SOUGHT = -2;
/** Odd and near 2^32 divided by the golden ratio. */
const SPREAD = 0x9e3779b1 | 0;

/** `all` of the bytes, or those that are looked up, of which no `tree` can be made. */
export type Keep = 'all' | 'lookups';

/** As objects, an image of 100,000 entries would take several times the memory, and longer to make than to look at. */
export class EntryTable {
  readonly securityDescriptors: ImageMetadata['securityDescriptors'];
  readonly count: number;
  /** The bytes in which digests stand. */
  readonly digests: DataView;
  private readonly rows: EntryRows;
  private readonly bytes: EntryRows['bytes'];
  private rowsIn: { readonly blobs: BlobTable; readonly rows: Int32Array } | undefined;

  /** Any contradiction is a FormatError that names the offset of the entry. */
  constructor(data: Uint8Array, keep: Keep = 'all') {
    const rows = readEntries(data);
    this.rows = keep === 'all' ? rows : shortRows(rows);
    this.bytes = this.rows.bytes;
    this.digests = this.bytes.view;
    this.securityDescriptors = this.rows.securityDescriptors;
    this.count = this.rows.count;
  }

  name(entry: number): string {
    return this.bytes.name(this.start(entry));
  }

  shortName(entry: number): string {
    return this.bytes.shortName(this.start(entry));
  }

  attributes(entry: number): number {
    return this.bytes.view.getUint32(this.start(entry) + this.bytes.layout.attributes, true);
  }

  /** Index into `securityDescriptors`; -1: none. */
  securityId(entry: number): number {
    return this.bytes.view.getInt32(this.start(entry) + this.bytes.layout.security, true);
  }

  descriptor(entry: number): Uint8Array | undefined {
    return this.securityDescriptors[this.securityId(entry)];
  }

  isFolder(entry: number): boolean {
    return this.bytes.isFolder(this.start(entry));
  }

  isReparse(entry: number): boolean {
    return (this.attributes(entry) & ATTRIBUTE_REPARSE_POINT) !== 0;
  }

  reparse(entry: number): DirEntry['reparse'] {
    if (!this.isReparse(entry)) return undefined;
    const at = this.start(entry) + this.bytes.layout.tag;
    const { view } = this.bytes;
    return { tag: view.getUint32(at, true), reserved: view.getUint16(at + 4, true), flags: view.getUint16(at + 6, true) };
  }

  /** 0: a single name. */
  linkGroup(entry: number): bigint {
    return this.isReparse(entry) ? 0n : this.bytes.view.getBigUint64(this.start(entry) + this.bytes.layout.tag, true);
  }

  /** A number that is the same for equal link groups, and hardly for others; undefined for a single name. As bigints 100,000 take a while. */
  linkMark(entry: number): number | undefined {
    if (this.isReparse(entry)) return undefined;
    const at = this.start(entry) + this.bytes.layout.tag;
    const [low, high] = [this.bytes.view.getInt32(at, true), this.bytes.view.getInt32(at + 4, true)];
    return low === 0 && high === 0 ? undefined : low ^ Math.imul(high, SPREAD);
  }

  /** The folder in which the entry is; the root is in itself. */
  parent(entry: number): number {
    return this.rows.parents[entry]!;
  }

  firstChild(entry: number): number {
    return this.rows.firsts[entry]!;
  }

  childCount(entry: number): number {
    return this.rows.counts[entry]!;
  }

  children(entry: number): readonly number[] {
    const first = this.firstChild(entry);
    const children: number[] = new Array(this.childCount(entry));
    for (let at = 0; at < children.length; at++) children[at] = first + at;
    return children;
  }

  streamCount(entry: number): number {
    return this.bytes.streamCount(this.start(entry));
  }

  /** Whether what the entry holds is said by its own digest alone: true for nearly all. */
  isPlain(entry: number): boolean {
    return !this.isReparse(entry) && this.streamCount(entry) === 0;
  }

  /** Where the bytes of the digest of the entry itself stand in `digests`. */
  digestAt(entry: number): number {
    return this.start(entry) + this.bytes.layout.digest;
  }

  /** The text of a digest that stands there. */
  digestOf(at: number): string;
  digestOf(at: number | undefined): string | undefined;
  digestOf(at: number | undefined): string | undefined {
    return at === undefined ? undefined : this.bytes.buffer.toString('hex', at, at + SHA1_BYTES);
  }

  /** What the entry holds; digests by where they stand in `digests`. */
  placed(entry: number): EntryStreams<number> {
    return {
      attributes: this.attributes(entry),
      digest: this.unlessZero(this.digestAt(entry)),
      streams: this.streamCount(entry) === 0 ? NO_PLACES : this.streamPlaces(entry),
    };
  }

  private streamPlaces(entry: number): EntryStreams<number>['streams'] {
    const places: EntryStreams<number>['streams'][number][] = [];
    for (const at of this.bytes.streamsAt(this.start(entry)))
      places.push({ name: this.bytes.streamName(at), digest: this.unlessZero(at + STREAM_AT.digest) });
    return places;
  }

  /** The row of the blob that the digest of the entry itself names; NO_ROW for none. Sought once: it is asked for again and again. */
  rowIn(blobs: BlobTable, entry: number): number {
    this.rowsIn ??= { blobs, rows: new Int32Array(this.count).fill(NOT_SOUGHT) };
    if (this.rowsIn.blobs !== blobs) return blobs.find(this.digests, this.digestAt(entry));
    const { rows } = this.rowsIn;
    if (rows[entry] === NOT_SOUGHT) rows[entry] = blobs.find(this.digests, this.digestAt(entry));
    return rows[entry]!;
  }

  /** Calls `found` with the row of each blob that the entry names, those of streams included. */
  eachRow(blobs: BlobTable, entry: number, found: (row: number) => void): void {
    const row = this.rowIn(blobs, entry);
    if (row !== NO_ROW) found(row);
    if (this.streamCount(entry) === 0) return;
    for (const at of this.bytes.streamsAt(this.start(entry))) {
      const own = blobs.find(this.digests, at + STREAM_AT.digest);
      if (own !== NO_ROW) found(own);
    }
  }

  /** Whether two entries have the same name, in their bytes. */
  hasNameOf(entry: number, other: EntryTable, theirs: number): boolean {
    const [own, their] = [this.bytes, other.bytes];
    const [at, otherAt] = [this.start(entry), other.start(theirs)];
    const size = own.nameSize(at);
    if (size !== their.nameSize(otherAt)) return false;
    const [name, otherName] = [at + own.layout.names, otherAt + their.layout.names];
    for (let byte = 0; byte < size; byte += 2) if (own.view.getUint16(name + byte) !== their.view.getUint16(otherName + byte)) return false;
    return true;
  }

  /** The whole tree as objects, for whoever changes it. */
  tree(): ImageMetadata {
    if (this.bytes.layout !== AT) throw new TypeError('the entries were not kept whole');
    const folders = new Map<number, DirEntry[]>();
    const root = this.object(ROOT, folders);
    for (let entry = 1; entry < this.count; entry++) folders.get(this.parent(entry))!.push(this.object(entry, folders));
    return { securityDescriptors: this.securityDescriptors, root };
  }

  private object(entry: number, folders: Map<number, DirEntry[]>): DirEntry {
    const at = this.start(entry);
    const { bytes } = this;
    const [extra, end] = [at + alignUp(bytes.namesEnd(at) - at), bytes.endOf(at)];
    const children: DirEntry[] = [];
    if (this.childCount(entry) > 0) folders.set(entry, children);
    const { digest, streams } = this.placed(entry);
    return {
      name: this.name(entry),
      shortName: this.shortName(entry),
      attributes: this.attributes(entry),
      securityId: this.securityId(entry),
      creationTime: bytes.view.getBigUint64(at + AT.creation, true),
      lastAccessTime: bytes.view.getBigUint64(at + AT.access, true),
      lastWriteTime: bytes.view.getBigUint64(at + AT.write, true),
      digest: this.digestOf(digest),
      reparse: this.reparse(entry),
      linkGroup: this.linkGroup(entry),
      unknown54: bytes.view.getUint32(at + AT.unknown54, true),
      streams: streams.length === 0 ? NO_STREAMS : streams.map((stream) => ({ name: stream.name, digest: this.digestOf(stream.digest) })),
      extra: extra < end ? new Uint8Array(bytes.buffer.subarray(extra, end)) : NO_EXTRA,
      children: this.childCount(entry) > 0 ? children : NO_CHILDREN,
    };
  }

  private start(entry: number): number {
    return this.rows.starts[entry]!;
  }

  private unlessZero(at: number): number | undefined {
    return isZero(this.digests, at) ? undefined : at;
  }
}
