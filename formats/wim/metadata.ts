// The metadata resource of one image: security descriptors and the tree of directory entries. Facts: wimlib dentry.c, [MS-WIM].
import { Bytes, FormatError } from '../bytes.ts';
import type { DigestTexts } from './digest-texts.ts';
import { ATTRIBUTE_DIRECTORY, ATTRIBUTE_REPARSE_POINT, type DirEntry, type ImageMetadata, type StreamEntry } from './model.ts';
import { nameFault } from './name.ts';
import { parseSecurityData } from './security-data.ts';

const FORMAT = 'WIM metadata';

/** A Windows image of 140,000 entries has 21 MB. A few hundred KB can unpack to this much, so it bounds our memory. */
export const METADATA_BYTES_MAX = 128 * 1024 * 1024;
/** A large Windows image has about 300,000. */
export const ENTRIES_MAX = 1_000_000;
/** NT paths end at 32,767 characters; no real tree is deeper than a few hundred folders. */
export const DEPTH_MAX = 2048;
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

/** The high half of the largest safe integer. */
const MAX_HIGH = 0x1fffff;

const NO_CHILDREN: readonly DirEntry[] = Object.freeze([]);
const NO_STREAMS: readonly StreamEntry[] = Object.freeze([]);
const NO_EXTRA = new Uint8Array();

/** A folder whose list of entries is still to be read. */
export interface UnreadFolder {
  readonly entry: DirEntry;
  readonly children: DirEntry[];
  readonly offset: number;
  readonly depth: number;
}

/** Reads the whole tree; digests become those of `texts` where they are among them. Any contradiction is a FormatError that names the entry's offset. */
export function parseMetadata(data: Uint8Array, texts?: DigestTexts): ImageMetadata {
  const reader = new MetadataReader(data, texts);
  const [root, ...pending] = reader.root();
  for (let folder = pending.pop(); folder; folder = pending.pop()) for (const one of reader.list(folder)) pending.push(one);
  return { securityDescriptors: reader.securityDescriptors, root };
}

/** Reads folder after folder, for whoever needs no tree. Any contradiction is a FormatError that names the entry's offset. */
export class MetadataReader {
  private readonly texts: DigestTexts | undefined;
  private readonly buffer: Buffer;
  private readonly bytes: Bytes;
  /** Its 64-bit reads are several times as fast as Buffer's. */
  private readonly view: DataView;
  readonly securityDescriptors: ImageMetadata['securityDescriptors'];
  private readonly rootOffset: number;
  /** One bit for each 8 bytes at which an entry began: an entry that is reached twice means a cycle or two folders with one content. */
  private readonly seen: Uint8Array;
  private entries = 0;
  /** Folders among the entries read last. */
  private folders: UnreadFolder[] = [];
  /** Where the entry read last ends, its streams included. */
  private next = 0;
  private timeLow = 0;
  private timeHigh = 0;
  private lastTime = 0n;

  constructor(data: Uint8Array, texts?: DigestTexts) {
    if (data.length > METADATA_BYTES_MAX)
      throw new FormatError(FORMAT, `has ${data.length} bytes (at most ${METADATA_BYTES_MAX} are read)`);
    this.texts = texts;
    this.buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.bytes = new Bytes(FORMAT, data);
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const { descriptors, end } = parseSecurityData(this.bytes);
    this.securityDescriptors = descriptors;
    this.rootOffset = end;
    this.seen = new Uint8Array(Math.ceil(data.length / 64));
  }

  /** The root, and behind it the folder that it is, unless it is empty. */
  root(): readonly [DirEntry, ...UnreadFolder[]] {
    const { rootOffset } = this;
    this.folders = [];
    const root = this.entry(rootOffset, 0);
    if (!root) this.bytes.fail('there is no root folder', rootOffset);
    if (root.name !== '' || root.shortName !== '') this.bytes.fail('the root folder has a name', rootOffset);
    if ((root.attributes & ATTRIBUTE_DIRECTORY) === 0) this.bytes.fail('the root is not a folder', rootOffset);
    return [root, ...this.folders];
  }

  /** Reads the entries of the folder into its `children`, and answers those that are folders themselves. */
  list(folder: UnreadFolder): readonly UnreadFolder[] {
    this.folders = [];
    let at = folder.offset;
    const names = new Set<string>();
    for (;;) {
      const child = this.entry(at, folder.depth + 1);
      if (!child) return this.folders;
      const fault = nameFault(child.name) ?? (child.shortName === '' ? undefined : nameFault(child.shortName));
      if (fault) this.bytes.fail(`the name of an entry ${fault}`, at);
      names.add(child.name);
      if (names.size === folder.children.length) this.bytes.fail('two entries of one folder have the same name', at);
      folder.children.push(child);
      at = this.next;
    }
  }

  /** The entry at the offset, or undefined for the end of a list. A folder is put down for whoever wants to list it. */
  private entry(at: number, depth: number): DirEntry | undefined {
    const { buffer, bytes, view } = this;
    const length = alignUp(this.size64(at, 'length of an entry'));
    if (length <= END_LENGTH) return undefined;
    if (length < ENTRY_SIZE) bytes.fail(`an entry has only ${length} bytes`, at);
    bytes.need(at, length, 'entry');
    this.count(at);
    const attributes = buffer.readUInt32LE(at + 0x08);
    const securityId = buffer.readInt32LE(at + 0x0c);
    if (securityId < -1 || securityId >= this.securityDescriptors.length)
      bytes.fail(`an entry names security descriptor ${securityId} (there are ${this.securityDescriptors.length})`, at + 0x0c);
    const streamCount = buffer.readUInt16LE(at + 0x60);
    const shortBytes = buffer.readUInt16LE(at + 0x62);
    const nameBytes = buffer.readUInt16LE(at + 0x64);
    const isReparse = (attributes & ATTRIBUTE_REPARSE_POINT) !== 0;
    // A name is followed by a NUL that its length does not count; an absent name has none.
    const shortAt = at + ENTRY_SIZE + (nameBytes === 0 ? 0 : nameBytes + 2);
    const namesEnd = shortAt + (shortBytes === 0 ? 0 : shortBytes + 2);
    if (namesEnd > at + length) bytes.fail('the names of an entry run past its end', at);
    const name = this.name(at + ENTRY_SIZE, nameBytes);
    const shortName = this.name(shortAt, shortBytes);
    const extraAt = at + alignUp(namesEnd - at);
    const extra = extraAt < at + length ? new Uint8Array(buffer.subarray(extraAt, at + length)) : NO_EXTRA;
    const streams = this.streams(at + length, streamCount);
    const folderOffset = this.size64(at + 0x10, 'folder offset');
    const children: DirEntry[] | undefined = (attributes & ATTRIBUTE_DIRECTORY) !== 0 && folderOffset !== 0 ? [] : undefined;
    const entry: DirEntry = {
      name,
      shortName,
      attributes,
      securityId,
      creationTime: this.time(at + 0x28),
      lastAccessTime: this.time(at + 0x30),
      lastWriteTime: this.time(at + 0x38),
      digest: this.digest(at + 0x40),
      reparse: isReparse
        ? { tag: buffer.readUInt32LE(at + 0x58), reserved: buffer.readUInt16LE(at + 0x5c), flags: buffer.readUInt16LE(at + 0x5e) }
        : undefined,
      linkGroup: isReparse ? 0n : view.getBigUint64(at + 0x58, true),
      unknown54: buffer.readUInt32LE(at + 0x54),
      streams,
      extra,
      children: children ?? NO_CHILDREN,
    };
    if (children) {
      if (depth >= DEPTH_MAX) bytes.fail(`folders are nested more than ${DEPTH_MAX} deep`, at);
      this.folders.push({ entry, children, offset: folderOffset, depth });
    } else if (folderOffset !== 0) bytes.fail('a file has a folder content', at + 0x10);
    return entry;
  }

  private streams(at: number, count: number): readonly StreamEntry[] {
    this.next = at;
    if (count === 0) return NO_STREAMS;
    if (count > STREAMS_MAX) this.bytes.fail(`an entry has ${count} streams (at most ${STREAMS_MAX} are read)`, at);
    const { buffer, bytes } = this;
    const streams: StreamEntry[] = [];
    const names = new Set<string>();
    for (let index = 0; index < count; index++) {
      const length = alignUp(this.size64(this.next, 'length of a stream entry'));
      if (length < STREAM_SIZE) bytes.fail(`a stream entry has only ${length} bytes`, this.next);
      bytes.need(this.next, length, 'stream entry');
      const nameBytes = buffer.readUInt16LE(this.next + 0x24);
      if (STREAM_SIZE + nameBytes > length) bytes.fail('the name of a stream runs past its entry', this.next);
      const name = this.name(this.next + STREAM_SIZE, nameBytes);
      const fault = name === '' ? undefined : nameFault(name);
      if (fault) bytes.fail(`the name of a stream ${fault}`, this.next);
      if (names.has(name)) bytes.fail('two streams of one file have the same name', this.next);
      if (name !== '') names.add(name);
      streams.push({ name, digest: this.digest(this.next + 0x10) });
      this.next += length;
    }
    return streams;
  }

  private name(at: number, size: number): string {
    if (size === 0) return '';
    if (size % 2 !== 0) this.bytes.fail(`a name has ${size} bytes`, at);
    if (size > NAME_LENGTH_MAX * 2) this.bytes.fail(`a name has ${size / 2} characters (at most ${NAME_LENGTH_MAX})`, at);
    return this.buffer.toString('utf16le', at, at + size);
  }

  /** As in `Bytes`, without a bigint in between. */
  private size64(at: number, what: string): number {
    this.bytes.need(at, 8, what);
    const high = this.view.getUint32(at + 4, true);
    if (high > MAX_HIGH) this.bytes.fail(`${what} is absurd`, at);
    return high * 2 ** 32 + this.view.getUint32(at, true);
  }

  /** Neighbours often have the same times: one bigint for all of them saves memory. */
  private time(at: number): bigint {
    const low = this.view.getUint32(at, true);
    const high = this.view.getUint32(at + 4, true);
    if (low !== this.timeLow || high !== this.timeHigh) {
      this.timeLow = low;
      this.timeHigh = high;
      this.lastTime = this.view.getBigUint64(at, true);
    }
    return this.lastTime;
  }

  private digest(at: number): string | undefined {
    const { buffer, view, texts } = this;
    const known = texts?.at(view, at);
    if (known !== undefined) return known;
    for (let index = 0; index < 20; index += 4) if (view.getUint32(at + index, true) !== 0) return buffer.toString('hex', at, at + 20);
    return undefined;
  }

  private count(at: number): void {
    if (++this.entries > ENTRIES_MAX) this.bytes.fail(`more than ${ENTRIES_MAX} entries`, at);
    const bit = at >> 3;
    if ((this.seen[bit >> 3]! & (1 << (bit & 7))) !== 0) this.bytes.fail('an entry belongs to two folders, or a folder to itself', at);
    this.seen[bit >> 3]! |= 1 << (bit & 7);
  }
}

function alignUp(value: number): number {
  return Math.ceil(value / 8) * 8;
}
