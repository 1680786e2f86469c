// The directory entries of one image as rows of numbers, with names and all else read from the bytes where somebody asks: as objects, an image of
// 100,000 would take several times the memory. Facts: wimlib dentry.c, [MS-WIM].
import { Bytes, FormatError } from '../bytes.ts';
import { viewOf } from '../digest-index.ts';
import { isZero } from './blob-table.ts';
import { ATTRIBUTE_DIRECTORY, ATTRIBUTE_REPARSE_POINT, type DirEntry, type ImageMetadata, type StreamEntry } from './model.ts';
import { nameFault } from './name.ts';
import { parseSecurityData } from './security-data.ts';
import type { EntryStreams } from './streams.ts';

const FORMAT = 'WIM metadata';

/** A Windows image of 140,000 entries has 21 MB. A few hundred KB can unpack to this much, so it bounds our memory. */
export const METADATA_BYTES_MAX = 128 * 1024 * 1024;
/** A large Windows image has about 300,000. */
export const ENTRIES_MAX = 1_000_000;
/** No real tree is deeper than a few hundred folders. */
export const DEPTH_MAX = 2048;
/** NT paths end there. An image whose paths are longer costs whoever looks at them their square. */
export const PATH_LENGTH_MAX = 32_767;
/** NTFS and NT allow 255 characters a name. */
export const NAME_LENGTH_MAX = 255;
/** More named streams on one file than any program makes. */
export const STREAMS_MAX = 4096;

/** +0x66: the fixed part of an entry, without names. */
const ENTRY_SIZE = 0x66;
/** +0x26: the fixed part of a stream entry. */
const STREAM_SIZE = 0x26;
/** A length of up to 8 marks the end of a folder's list. */
const END_LENGTH = 8;
/** Offsets of fields of an entry, and of the digest of a stream entry. */
const STREAM_DIGEST = 0x10;
const [ATTRIBUTES, SECURITY, FOLDER, DIGEST, TAG, STREAMS, SHORT, NAME] = [0x08, 0x0c, 0x10, 0x40, 0x58, 0x60, 0x62, 0x64];

/** The high half of the largest safe integer. */
const MAX_HIGH = 0x1fffff;

const NO_CHILDREN: readonly DirEntry[] = Object.freeze([]);
const NO_STREAMS: readonly StreamEntry[] = Object.freeze([]);
const NO_PLACES: EntryStreams<number>['streams'] = Object.freeze([]);
const NO_EXTRA = new Uint8Array();

export const ROOT = 0;

interface UnreadFolder {
  readonly entry: number;
  readonly offset: number;
  readonly depth: number;
  /** Of its path, in characters. */
  readonly length: number;
}

export class EntryTable {
  readonly securityDescriptors: ImageMetadata['securityDescriptors'];
  private readonly buffer: Buffer;
  private readonly bytes: Bytes;
  private readonly view: DataView;
  /** Of each entry: where it begins, the folder in which it is, its children (they follow each other), how many they are. */
  private readonly starts: Uint32Array;
  private readonly parents: Int32Array;
  private readonly firsts: Int32Array;
  private readonly counts: Int32Array;
  /** The root is entry 0. */
  count = 0;

  /** Keeps the bytes. Any contradiction is a FormatError that names the offset of the entry. */
  constructor(data: Uint8Array) {
    if (data.length > METADATA_BYTES_MAX)
      throw new FormatError(FORMAT, `has ${data.length} bytes (at most ${METADATA_BYTES_MAX} are read)`);
    this.buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.bytes = new Bytes(FORMAT, data);
    this.view = viewOf(data);
    const { descriptors, end } = parseSecurityData(this.bytes);
    this.securityDescriptors = descriptors;
    const most = Math.min(ENTRIES_MAX, Math.floor(data.length / ENTRY_SIZE)) + 1;
    this.starts = new Uint32Array(most);
    this.parents = new Int32Array(most);
    this.firsts = new Int32Array(most);
    this.counts = new Int32Array(most);
    this.readAll(end);
  }

  name(entry: number): string {
    const at = this.starts[entry]!;
    return this.text(at + ENTRY_SIZE, this.view.getUint16(at + NAME, true));
  }

  private nameUnits(entry: number): number {
    return this.view.getUint16(this.starts[entry]! + NAME, true) / 2;
  }

  shortName(entry: number): string {
    const at = this.starts[entry]!;
    const size = this.view.getUint16(at + SHORT, true);
    return size === 0 ? '' : this.text(this.shortAt(at), size);
  }

  attributes(entry: number): number {
    return this.view.getUint32(this.starts[entry]! + ATTRIBUTES, true);
  }

  /** Index into `securityDescriptors`; -1: none. */
  securityId(entry: number): number {
    return this.view.getInt32(this.starts[entry]! + SECURITY, true);
  }

  isFolder(entry: number): boolean {
    return (this.attributes(entry) & ATTRIBUTE_DIRECTORY) !== 0;
  }

  isReparse(entry: number): boolean {
    return (this.attributes(entry) & ATTRIBUTE_REPARSE_POINT) !== 0;
  }

  reparse(entry: number): DirEntry['reparse'] {
    if (!this.isReparse(entry)) return undefined;
    const at = this.starts[entry]!;
    const { view } = this;
    return { tag: view.getUint32(at + TAG, true), reserved: view.getUint16(at + 0x5c, true), flags: view.getUint16(at + 0x5e, true) };
  }

  /** 0: a single name. */
  linkGroup(entry: number): bigint {
    return this.isReparse(entry) ? 0n : this.view.getBigUint64(this.starts[entry]! + TAG, true);
  }

  /** The folder in which the entry is; the root is in itself. */
  parent(entry: number): number {
    return this.parents[entry]!;
  }

  firstChild(entry: number): number {
    return this.firsts[entry]!;
  }

  childCount(entry: number): number {
    return this.counts[entry]!;
  }

  children(entry: number): readonly number[] {
    const first = this.firsts[entry]!;
    const children: number[] = new Array(this.counts[entry]!);
    for (let at = 0; at < children.length; at++) children[at] = first + at;
    return children;
  }

  /** Whether what the entry holds is said by its own digest alone: true for nearly all. */
  isPlain(entry: number): boolean {
    return !this.isReparse(entry) && this.streamCount(entry) === 0;
  }

  streamCount(entry: number): number {
    return this.view.getUint16(this.starts[entry]! + STREAMS, true);
  }

  /** Where the 20 bytes of the digest of the entry itself stand in `view`. */
  digestAt(entry: number): number {
    return this.starts[entry]! + DIGEST;
  }

  digest(entry: number): string | undefined {
    return this.digestOf(this.unlessZero(this.digestAt(entry)));
  }

  streams(entry: number): readonly StreamEntry[] {
    const { streams } = this.placed(entry);
    return streams.length === 0 ? NO_STREAMS : streams.map(({ name, digest }) => ({ name, digest: this.digestOf(digest) }));
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
    for (const at of this.streamsAt(entry))
      places.push({
        name: this.text(at + STREAM_SIZE, this.view.getUint16(at + 0x24, true)),
        digest: this.unlessZero(at + STREAM_DIGEST),
      });
    return places;
  }

  /** The text of a digest that stands there. */
  digestOf(at: number): string;
  digestOf(at: number | undefined): string | undefined;
  digestOf(at: number | undefined): string | undefined {
    return at === undefined ? undefined : this.buffer.toString('hex', at, at + 20);
  }

  /** The bytes in which digests stand. */
  get digests(): DataView {
    return this.view;
  }

  /** Calls `found` with where each digest of the entry stands in `digests`, those of streams included. */
  eachDigest(entry: number, found: (at: number) => void): void {
    if (!isZero(this.view, this.digestAt(entry))) found(this.digestAt(entry));
    if (this.streamCount(entry) > 0)
      for (const at of this.streamsAt(entry)) if (!isZero(this.view, at + STREAM_DIGEST)) found(at + STREAM_DIGEST);
  }

  /** Whether two entries have the same name, in their bytes. */
  hasNameOf(entry: number, other: EntryTable, theirs: number): boolean {
    const [at, otherAt] = [this.starts[entry]!, other.starts[theirs]!];
    const size = this.view.getUint16(at + NAME, true);
    if (size !== other.view.getUint16(otherAt + NAME, true)) return false;
    for (let byte = ENTRY_SIZE; byte < ENTRY_SIZE + size; byte += 2)
      if (this.view.getUint16(at + byte) !== other.view.getUint16(otherAt + byte)) return false;
    return true;
  }

  /** The whole tree as objects, for whoever changes it. */
  tree(): ImageMetadata {
    const folders = new Map<number, DirEntry[]>();
    const root = this.entry(ROOT, folders);
    for (let entry = 1; entry < this.count; entry++) folders.get(this.parents[entry]!)!.push(this.entry(entry, folders));
    return { securityDescriptors: this.securityDescriptors, root };
  }

  private entry(entry: number, folders: Map<number, DirEntry[]>): DirEntry {
    const at = this.starts[entry]!;
    const { view } = this;
    const length = this.endOf(at) - at;
    const extra = alignUp(this.namesEnd(at) - at);
    const children: DirEntry[] = [];
    if (this.counts[entry]! > 0) folders.set(entry, children);
    return {
      name: this.name(entry),
      shortName: this.shortName(entry),
      attributes: this.attributes(entry),
      securityId: this.securityId(entry),
      creationTime: view.getBigUint64(at + 0x28, true),
      lastAccessTime: view.getBigUint64(at + 0x30, true),
      lastWriteTime: view.getBigUint64(at + 0x38, true),
      digest: this.digest(entry),
      reparse: this.reparse(entry),
      linkGroup: this.linkGroup(entry),
      unknown54: view.getUint32(at + 0x54, true),
      streams: this.streams(entry),
      extra: extra < length ? new Uint8Array(this.buffer.subarray(at + extra, at + length)) : NO_EXTRA,
      children: this.counts[entry]! > 0 ? children : NO_CHILDREN,
    };
  }

  private readAll(rootOffset: number): void {
    const { bytes } = this;
    const seen = new Seen(this.buffer.length);
    if (this.read(rootOffset, seen) === 0) bytes.fail('there is no root folder', rootOffset);
    if (this.name(ROOT) !== '' || this.shortName(ROOT) !== '') bytes.fail('the root folder has a name', rootOffset);
    if (!this.isFolder(ROOT)) bytes.fail('the root is not a folder', rootOffset);
    const folders = [this.folderOf(ROOT, 0, 0)];
    for (let folder = folders.pop(); folder; folder = folders.pop()) {
      const { entry, depth, length } = folder;
      const first = this.count;
      this.firsts[entry] = first;
      this.list(folder, seen);
      this.counts[entry] = this.count - first;
      for (let child = first; child < this.count; child++) {
        const below = this.folderOf(child, depth + 1, length + 1 + this.nameUnits(child));
        if (below) folders.push(below);
      }
    }
  }

  /** Reads the entries of a folder. */
  private list({ entry: folder, offset, length }: UnreadFolder, seen: Seen): void {
    let at = offset;
    let ordered = true;
    for (;;) {
      const entry = this.count;
      const end = this.read(at, seen);
      if (end === 0) break;
      this.parents[entry] = folder;
      const fault = this.nameFault(at + ENTRY_SIZE, this.view.getUint16(at + NAME, true)) ?? this.shortNameFault(at);
      if (fault) this.bytes.fail(`the name of an entry ${fault}`, at);
      if (length + 1 + this.nameUnits(entry) > PATH_LENGTH_MAX) this.bytes.fail(`a path is longer than ${PATH_LENGTH_MAX} characters`, at);
      if (ordered && entry > this.firsts[folder]!) ordered = this.isBefore(entry - 1, entry);
      at = end;
    }
    if (!ordered) this.refuseTwins(folder);
  }

  private refuseTwins(folder: number): void {
    const names = new Set<string>();
    for (let entry = this.firsts[folder]!; entry < this.count; entry++) {
      names.add(this.name(entry));
      if (names.size === entry - this.firsts[folder]!) this.bytes.fail('two entries of one folder have the same name', this.starts[entry]);
    }
  }

  /** Reads the entry at the offset and answers where the next one begins; 0 for the end of a list. */
  private read(at: number, seen: Seen): number {
    const { bytes, view } = this;
    const length = alignUp(this.size64(at, 'length of an entry'));
    if (length <= END_LENGTH) return 0;
    if (length < ENTRY_SIZE) bytes.fail(`an entry has only ${length} bytes`, at);
    bytes.need(at, length, 'entry');
    if (this.count >= ENTRIES_MAX) bytes.fail(`more than ${ENTRIES_MAX} entries`, at);
    if (!seen.add(at)) bytes.fail('an entry belongs to two folders, or a folder to itself', at);
    const securityId = view.getInt32(at + SECURITY, true);
    if (securityId < -1 || securityId >= this.securityDescriptors.length)
      bytes.fail(`an entry names security descriptor ${securityId} (there are ${this.securityDescriptors.length})`, at + SECURITY);
    if (this.namesEnd(at) > at + length) bytes.fail('the names of an entry run past its end', at);
    this.checkName(at + ENTRY_SIZE, view.getUint16(at + NAME, true));
    this.checkName(this.shortAt(at), view.getUint16(at + SHORT, true));
    this.starts[this.count++] = at;
    return this.checkStreams(at + length, view.getUint16(at + STREAMS, true));
  }

  /** The list that is to be read of the entry; none of a file and of a folder without one. */
  private folderOf(entry: number, depth: number, length: number): UnreadFolder | undefined {
    const at = this.starts[entry]!;
    const offset = this.size64(at + FOLDER, 'folder offset');
    if (offset === 0) return undefined;
    if (!this.isFolder(entry)) this.bytes.fail('a file has a folder content', at + FOLDER);
    if (depth >= DEPTH_MAX) this.bytes.fail(`folders are nested more than ${DEPTH_MAX} deep`, at);
    return { entry, offset, depth, length };
  }

  /** Answers where the streams end. */
  private checkStreams(from: number, count: number): number {
    if (count === 0) return from;
    const { bytes, view } = this;
    if (count > STREAMS_MAX) bytes.fail(`an entry has ${count} streams (at most ${STREAMS_MAX} are read)`, from);
    const names = new Set<string>();
    let at = from;
    for (let index = 0; index < count; index++) {
      const length = alignUp(this.size64(at, 'length of a stream entry'));
      if (length < STREAM_SIZE) bytes.fail(`a stream entry has only ${length} bytes`, at);
      bytes.need(at, length, 'stream entry');
      const nameBytes = view.getUint16(at + 0x24, true);
      if (STREAM_SIZE + nameBytes > length) bytes.fail('the name of a stream runs past its entry', at);
      this.checkName(at + STREAM_SIZE, nameBytes);
      if (nameBytes > 0) {
        const fault = this.nameFault(at + STREAM_SIZE, nameBytes);
        if (fault) bytes.fail(`the name of a stream ${fault}`, at);
        const name = this.text(at + STREAM_SIZE, nameBytes);
        if (names.has(name)) bytes.fail('two streams of one file have the same name', at);
        names.add(name);
      }
      at += length;
    }
    return at;
  }

  /** Where each stream entry begins; they were checked. */
  private *streamsAt(entry: number): Generator<number> {
    let at = this.endOf(this.starts[entry]!);
    for (let index = 0; index < this.streamCount(entry); index++) {
      yield at;
      at += alignUp(this.view.getUint32(at, true));
    }
  }

  private endOf(at: number): number {
    return at + alignUp(this.view.getUint32(at, true));
  }

  /** A name is followed by a NUL that its length does not count; an absent name has none. */
  private shortAt(at: number): number {
    const size = this.view.getUint16(at + NAME, true);
    return at + ENTRY_SIZE + (size === 0 ? 0 : size + 2);
  }

  private namesEnd(at: number): number {
    const size = this.view.getUint16(at + SHORT, true);
    return this.shortAt(at) + (size === 0 ? 0 : size + 2);
  }

  private checkName(at: number, size: number): void {
    if (size % 2 !== 0) this.bytes.fail(`a name has ${size} bytes`, at);
    if (size > NAME_LENGTH_MAX * 2) this.bytes.fail(`a name has ${size / 2} characters (at most ${NAME_LENGTH_MAX})`, at);
  }

  private shortNameFault(at: number): string | undefined {
    const size = this.view.getUint16(at + SHORT, true);
    return size === 0 ? undefined : this.nameFault(this.shortAt(at), size);
  }

  /** Most names show in their bytes that nothing is wrong with them. */
  private nameFault(at: number, size: number): string | undefined {
    let sound = size > 4; // "." and ".." are shorter
    for (let byte = at; sound && byte < at + size; byte += 2) {
      const unit = this.view.getUint16(byte, true);
      sound = unit >= 0x20 && unit !== 0x2f && unit !== 0x5c && (unit < 0x7f || unit > 0x9f);
    }
    return sound ? undefined : nameFault(this.text(at, size));
  }

  /** Whether the names show by their order that they are not the same. Writers order them without case; case-only twins answer false. */
  private isBefore(entry: number, next: number): boolean {
    const [a, b] = [this.starts[entry]!, this.starts[next]!];
    const [aSize, bSize] = [this.view.getUint16(a + NAME, true), this.view.getUint16(b + NAME, true)];
    const both = ENTRY_SIZE + Math.min(aSize, bSize);
    for (let byte = ENTRY_SIZE; byte < both; byte += 2) {
      const one = upper(this.view.getUint16(a + byte, true));
      const other = upper(this.view.getUint16(b + byte, true));
      if (one !== other) return one < other;
    }
    return aSize < bSize;
  }

  /** UTF-16LE; of ASCII a text of half the size, which is quicker in all that is done with it. */
  private text(at: number, size: number): string {
    for (let byte = 0; byte < size; byte += 2) {
      const unit = this.view.getUint16(at + byte, true);
      if (unit > 0x7f) return this.buffer.toString('utf16le', at, at + size);
      narrow[byte >> 1] = unit;
    }
    return narrow.toString('latin1', 0, size >> 1);
  }

  /** As in `Bytes`, without a bigint in between. */
  private size64(at: number, what: string): number {
    this.bytes.need(at, 8, what);
    const high = this.view.getUint32(at + 4, true);
    if (high > MAX_HIGH) this.bytes.fail(`${what} is absurd`, at);
    return high * 2 ** 32 + this.view.getUint32(at, true);
  }

  private unlessZero(at: number): number | undefined {
    return isZero(this.view, at) ? undefined : at;
  }
}

const narrow = Buffer.alloc(0x8000); // as many units as a length of 16 bits can say

/** One bit for each 8 bytes at which an entry began: an entry that is reached twice means a cycle or two folders with one content. */
class Seen {
  private readonly bits: Uint8Array;

  constructor(size: number) {
    this.bits = new Uint8Array(Math.ceil(size / 64));
  }

  /** False for one that was there. */
  add(at: number): boolean {
    const bit = at >> 3;
    const mask = 1 << (bit & 7);
    if ((this.bits[bit >> 3]! & mask) !== 0) return false;
    this.bits[bit >> 3]! |= mask;
    return true;
  }
}

function upper(unit: number): number {
  return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit;
}

function alignUp(value: number): number {
  return Math.ceil(value / 8) * 8;
}
