// The entries of an image without what nobody looks up: a fourth of their bytes, for as long as the image is open.
import { viewOf } from '../bytes.ts';
import { NO_ROW } from '../digest-index.ts';
import type { BlobTable } from './blob-table.ts';
import { SHA1_BYTES } from './digest.ts';
import { AT, type DigestRef, type EntryBytes, type EntryFields, ROW_REF, STREAM_AT, STREAM_SIZE, textOf } from './entry-bytes.ts';
import { ATTRIBUTE_DIRECTORY } from './model.ts';
import type { EntryRows, WholeRows } from './read-entries.ts';

/** What every entry has: flags, units of the name, row of the blob. The name, and what the flags tell of, follow in this order. */
const SHORT = { flags: 0, units: 1, attributes: 2, security: 6, row: 10, name: 14 } as const;

/** Names in one byte a unit: nearly all are. */
const NARROW = 1;
const SHORT_NAME = 2;
const SHORT_NARROW = 4;
/** Link group or reparse tag. */
const TAG = 8;
/** A digest that no blob has. */
const DIGEST = 16;
/** First child and how many there are. */
const LIST = 32;
/** How many streams, and their entries as they are. */
const STREAMS = 64;

/** A unit up to here takes one byte, as in Latin-1. */
const NARROW_MAX = 0xff;
const [TAG_SIZE, LIST_SIZE] = [8, 8];

class ShortEntries implements EntryFields {
  readonly buffer: Buffer;
  readonly view: DataView;

  constructor(data: Uint8Array) {
    this.buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.view = viewOf(data);
  }

  attributes(at: number): number {
    return this.view.getUint32(at + SHORT.attributes, true);
  }

  securityId(at: number): number {
    return this.view.getInt32(at + SHORT.security, true);
  }

  isFolder(at: number): boolean {
    return (this.attributes(at) & ATTRIBUTE_DIRECTORY) !== 0;
  }

  name(at: number): string {
    return this.text(at + SHORT.name, this.units(at), this.has(at, NARROW));
  }

  nameSize(at: number): number {
    return 2 * this.units(at);
  }

  nameUnit(at: number, index: number): number {
    const name = at + SHORT.name;
    return this.has(at, NARROW) ? this.buffer[name + index]! : this.view.getUint16(name + 2 * index, true);
  }

  shortName(at: number): string {
    if (!this.has(at, SHORT_NAME)) return '';
    const from = this.nameEnd(at);
    return this.text(from + 1, this.buffer[from]!, this.has(at, SHORT_NARROW));
  }

  digest(at: number): DigestRef | undefined {
    if (this.has(at, DIGEST)) return this.tagFrom(at) + (this.has(at, TAG) ? TAG_SIZE : 0);
    const row = this.view.getInt32(at + SHORT.row, true);
    return row === NO_ROW ? undefined : ROW_REF - 1 - row;
  }

  tagAt(at: number): number | undefined {
    return this.has(at, TAG) ? this.tagFrom(at) : undefined;
  }

  streamCount(at: number): number {
    return this.has(at, STREAMS) ? this.view.getUint16(this.streamsFrom(at), true) : 0;
  }

  streamsAt(at: number): readonly number[] {
    const count = this.streamCount(at);
    const starts: number[] = [];
    let next = this.streamsFrom(at) + 2;
    for (; starts.length < count; next += STREAM_SIZE + this.view.getUint16(next + STREAM_AT.name, true)) starts.push(next);
    return starts;
  }

  streamName(stream: number): string {
    return textOf(this.buffer, this.view, stream + STREAM_SIZE, this.view.getUint16(stream + STREAM_AT.name, true));
  }

  firstChild(at: number): number {
    return this.has(at, LIST) ? this.view.getInt32(this.listFrom(at), true) : 0;
  }

  childCount(at: number): number {
    return this.has(at, LIST) ? this.view.getInt32(this.listFrom(at) + 4, true) : 0;
  }

  private has(at: number, flag: number): boolean {
    return (this.buffer[at + SHORT.flags]! & flag) !== 0;
  }

  private units(at: number): number {
    return this.buffer[at + SHORT.units]!;
  }

  private nameEnd(at: number): number {
    return at + SHORT.name + this.units(at) * (this.has(at, NARROW) ? 1 : 2);
  }

  private tagFrom(at: number): number {
    const from = this.nameEnd(at);
    return this.has(at, SHORT_NAME) ? from + 1 + this.buffer[from]! * (this.has(at, SHORT_NARROW) ? 1 : 2) : from;
  }

  private listFrom(at: number): number {
    return this.tagFrom(at) + (this.has(at, TAG) ? TAG_SIZE : 0) + (this.has(at, DIGEST) ? SHA1_BYTES : 0);
  }

  private streamsFrom(at: number): number {
    return this.listFrom(at) + (this.has(at, LIST) ? LIST_SIZE : 0);
  }

  private text(at: number, units: number, isNarrow: boolean): string {
    return isNarrow ? this.buffer.toString('latin1', at, at + units) : this.buffer.toString('utf16le', at, at + 2 * units);
  }
}

/** Rows over bytes of their own. `blobs`: those of the file, of which digests are rows. */
export function shortRows(rows: WholeRows, blobs: BlobTable): EntryRows {
  const { count, starts, parents, securityDescriptors } = rows;
  const writer = new ShortWriter(rows, blobs);
  const places = new Uint32Array(count);
  for (let entry = 0; entry < count; entry++) places[entry] = writer.write(entry, starts[entry]!);
  const bytes = new ShortEntries(writer.written);
  return {
    bytes,
    // They are views of the bytes that are not kept.
    securityDescriptors: securityDescriptors.map((one) => new Uint8Array(one)),
    count,
    starts: places,
    parents: parents.slice(0, count),
    firstChild: (entry) => bytes.firstChild(places[entry]!),
    childCount: (entry) => bytes.childCount(places[entry]!),
  };
}

class ShortWriter {
  private readonly rows: WholeRows;
  private readonly blobs: BlobTable;
  private readonly from: EntryBytes;
  /** No entry gets longer, and none lies in another: what is new takes less than the times that are left out. */
  private readonly short: Buffer;
  private end = 0;

  constructor(rows: WholeRows, blobs: BlobTable) {
    this.rows = rows;
    this.blobs = blobs;
    this.from = rows.bytes;
    this.short = Buffer.allocUnsafeSlow(rows.bytes.buffer.length);
  }

  get written(): Uint8Array {
    return new Uint8Array(this.short.subarray(0, this.end));
  }

  /** Answers where it begins. */
  write(entry: number, at: number): number {
    const { from, short } = this;
    const start = this.end;
    this.end += SHORT.name;
    short.writeUInt32LE(from.attributes(at), start + SHORT.attributes);
    short.writeInt32LE(from.securityId(at), start + SHORT.security);
    const size = from.nameSize(at);
    short[start + SHORT.units] = size / 2;
    let flags = this.takeName(at + AT.names, size) ? NARROW : 0;
    flags |= this.takeShortName(at) | this.takeTag(at) | this.takeDigest(at, start) | this.takeList(entry) | this.takeStreams(at);
    short[start + SHORT.flags] = flags;
    return start;
  }

  /** True when it takes one byte for each of its units. */
  private takeName(at: number, size: number): boolean {
    const { short, from } = this;
    let units = 0;
    for (let unit = at; unit < at + size; unit += 2) units |= from.view.getUint16(unit, true);
    const isNarrow = units <= NARROW_MAX;
    for (let byte = at; byte < at + size; byte += isNarrow ? 2 : 1) short[this.end++] = from.buffer[byte]!;
    return isNarrow;
  }

  private takeShortName(at: number): number {
    const size = this.from.shortSize(at);
    if (size === 0) return 0;
    this.short[this.end++] = size / 2;
    return SHORT_NAME | (this.takeName(this.from.shortAt(at), size) ? SHORT_NARROW : 0);
  }

  private takeTag(at: number): number {
    const tag = this.from.tagAt(at);
    if (tag === undefined) return 0;
    this.take(tag, TAG_SIZE);
    return TAG;
  }

  private takeDigest(at: number, start: number): number {
    const digest = this.from.digest(at);
    const row = digest === undefined ? NO_ROW : this.blobs.find(this.from.view, digest);
    this.short.writeInt32LE(row, start + SHORT.row);
    if (digest === undefined || row !== NO_ROW) return 0;
    this.take(digest, SHA1_BYTES);
    return DIGEST;
  }

  private takeList(entry: number): number {
    const count = this.rows.childCount(entry);
    if (count === 0) return 0;
    this.short.writeInt32LE(this.rows.firstChild(entry), this.end);
    this.short.writeInt32LE(count, this.end + 4);
    this.end += LIST_SIZE;
    return LIST;
  }

  private takeStreams(at: number): number {
    const count = this.from.streamCount(at);
    if (count === 0) return 0;
    this.short.writeUInt16LE(count, this.end);
    this.end += 2;
    for (const stream of this.from.streamsAt(at)) this.take(stream, STREAM_SIZE + this.from.view.getUint16(stream + STREAM_AT.name, true));
    return STREAMS;
  }

  /** They are short, and a call of `copy` takes longer than the bytes. */
  private take(at: number, size: number): void {
    for (let byte = at; byte < at + size; byte++) this.short[this.end++] = this.from.buffer[byte]!;
  }
}
