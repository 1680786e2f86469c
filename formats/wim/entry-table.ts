// The directory entries of one image as rows of numbers: names and all else are read from the bytes where somebody asks.
import { NO_ROW } from '../digest-index.ts';
import type { BlobTable } from './blob-table.ts';
import { isZero, SHA1_BYTES } from './digest.ts';
import { AT, alignUp, type DigestRef, type EntryBytes, type EntryFields, ROW_REF, STREAM_AT } from './entry-bytes.ts';
import { ATTRIBUTE_REPARSE_POINT, type DirEntry, type ImageMetadata, type StreamEntry } from './model.ts';
import { type EntryRows, readEntries } from './read-entries.ts';
import { shortRows } from './short-rows.ts';
import type { EntryStreams } from './streams.ts';

const NO_CHILDREN: readonly DirEntry[] = Object.freeze([]);
const NO_STREAMS: readonly StreamEntry[] = Object.freeze([]);
const NO_PLACES: EntryStreams<DigestRef>['streams'] = Object.freeze([]);
const NO_EXTRA = new Uint8Array();

export const ROOT = 0;
/** Odd and near 2^32 divided by the golden ratio. */
const SPREAD = 0x9e3779b1 | 0;

/** As objects, an image of 100,000 entries would take several times the memory, and longer to make than to look at. */
export class EntryTable {
  readonly securityDescriptors: ImageMetadata['securityDescriptors'];
  readonly count: number;
  /** The bytes in which digests stand: all of them in a table without blobs. */
  readonly digests: DataView;
  private readonly rows: EntryRows;
  private readonly bytes: EntryFields;
  /** What a tree can be made of. */
  private readonly whole: EntryBytes | undefined;
  private readonly blobs: BlobTable | undefined;

  /**
   * Any contradiction is a FormatError that names the offset of the entry.
   * @param blobs those of the file: what is looked up is kept, and not the bytes
   */
  constructor(data: Uint8Array, blobs?: BlobTable) {
    const rows = readEntries(data);
    this.whole = blobs ? undefined : rows.bytes;
    this.blobs = blobs;
    this.rows = blobs ? shortRows(rows, blobs) : rows;
    blobs?.forgetIndex(); // entries know their rows from here on
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
    return this.bytes.attributes(this.start(entry));
  }

  /** Index into `securityDescriptors`; -1: none. */
  securityId(entry: number): number {
    return this.bytes.securityId(this.start(entry));
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
    const at = this.bytes.tagAt(this.start(entry));
    const { view } = this.bytes;
    if (at === undefined) return { tag: 0, reserved: 0, flags: 0 };
    return { tag: view.getUint32(at, true), reserved: view.getUint16(at + 4, true), flags: view.getUint16(at + 6, true) };
  }

  /** 0: a single name. */
  linkGroup(entry: number): bigint {
    const at = this.linkAt(entry);
    return at === undefined ? 0n : this.bytes.view.getBigUint64(at, true);
  }

  /** A number that is the same for equal link groups, and hardly for others; undefined for a single name. As bigints 100,000 take a while. */
  linkMark(entry: number): number | undefined {
    const at = this.linkAt(entry);
    return at === undefined ? undefined : this.bytes.view.getInt32(at, true) ^ Math.imul(this.bytes.view.getInt32(at + 4, true), SPREAD);
  }

  private linkAt(entry: number): number | undefined {
    return this.isReparse(entry) ? undefined : this.bytes.tagAt(this.start(entry));
  }

  /** The folder in which the entry is; the root is in itself. */
  parent(entry: number): number {
    return this.rows.parents[entry]!;
  }

  firstChild(entry: number): number {
    return this.rows.firstChild(entry);
  }

  childCount(entry: number): number {
    return this.rows.childCount(entry);
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

  /** That of the entry itself. */
  digest(entry: number): DigestRef | undefined {
    return this.bytes.digest(this.start(entry));
  }

  /** As a text. */
  digestOf(ref: DigestRef): string;
  digestOf(ref: DigestRef | undefined): string | undefined;
  digestOf(ref: DigestRef | undefined): string | undefined {
    if (ref === undefined) return undefined;
    return ref < ROW_REF ? this.blobs!.digest(ROW_REF - 1 - ref) : this.bytes.buffer.toString('hex', ref, ref + SHA1_BYTES);
  }

  /** What the entry holds. */
  placed(entry: number): EntryStreams<DigestRef> {
    return {
      attributes: this.attributes(entry),
      digest: this.digest(entry),
      streams: this.streamCount(entry) === 0 ? NO_PLACES : this.streamPlaces(entry),
    };
  }

  private streamPlaces(entry: number): EntryStreams<DigestRef>['streams'] {
    const places: EntryStreams<DigestRef>['streams'][number][] = [];
    for (const at of this.bytes.streamsAt(this.start(entry)))
      places.push({ name: this.bytes.streamName(at), digest: this.unlessZero(at + STREAM_AT.digest) });
    return places;
  }

  /** The row of the blob with the digest; NO_ROW for none. */
  rowOf(blobs: BlobTable, ref: DigestRef): number {
    if (ref >= 0) return blobs.find(this.digests, ref);
    if (blobs !== this.blobs) throw new TypeError('the digest is a row of another table');
    return ROW_REF - 1 - ref;
  }

  /** Calls `found` with the row of each blob that the entry names, those of streams included. */
  eachRow(blobs: BlobTable, entry: number, found: (row: number) => void): void {
    this.foundAt(blobs, this.digest(entry), found);
    if (this.streamCount(entry) > 0) for (const { digest } of this.streamPlaces(entry)) this.foundAt(blobs, digest, found);
  }

  private foundAt(blobs: BlobTable, ref: DigestRef | undefined, found: (row: number) => void): void {
    const row = ref === undefined ? NO_ROW : this.rowOf(blobs, ref);
    if (row !== NO_ROW) found(row);
  }

  /** Whether two entries have the same name, in each unit of UTF-16. */
  hasNameOf(entry: number, other: EntryTable, theirs: number): boolean {
    const [own, their] = [this.bytes, other.bytes];
    const [at, otherAt] = [this.start(entry), other.start(theirs)];
    const size = own.nameSize(at);
    if (size !== their.nameSize(otherAt)) return false;
    for (let unit = 0; unit < size / 2; unit++) if (own.nameUnit(at, unit) !== their.nameUnit(otherAt, unit)) return false;
    return true;
  }

  /** The whole tree as objects, for whoever changes it. */
  tree(): ImageMetadata {
    if (!this.whole) throw new TypeError('the entries were not kept whole');
    const folders = new Map<number, DirEntry[]>();
    const root = this.object(this.whole, ROOT, folders);
    for (let entry = 1; entry < this.count; entry++) folders.get(this.parent(entry))!.push(this.object(this.whole, entry, folders));
    return { securityDescriptors: this.securityDescriptors, root };
  }

  private object(bytes: EntryBytes, entry: number, folders: Map<number, DirEntry[]>): DirEntry {
    const at = this.start(entry);
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
