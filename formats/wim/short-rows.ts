// The entries of an image without what nobody looks up: a fourth of their bytes, for as long as the image is open.
import { bufferOf, viewOf } from '../bytes.ts';
import { NO_ROW } from '../digest-index.ts';
import type { BlobTable } from './blob-table.ts';
import { SHA1_BYTES } from './digest.ts';
import { AT, type DigestRef, type EntryBytes, type EntryFields, ROW_REF, STREAM_AT, STREAM_SIZE, textOf } from './entry-bytes.ts';
import { ATTRIBUTE_DIRECTORY } from './model.ts';
import type { EntryRows, WholeRows } from './read-entries.ts';

/** What every entry has: flags, units of the name, row of the blob. The name, and what the flags tell of, follow in this order. */
const SHORT = { flags: 0, units: 1, attributes: 2, security: 6, row: 10, name: 14 } as const;

/** Names in one byte a unit, as in Latin-1: nearly all are. */
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

const [TAG_SIZE, LIST_SIZE] = [8, 8];

class ShortEntries implements EntryFields {
  readonly buffer: Buffer;
  readonly view: DataView;

  constructor(data: Uint8Array) {
    this.buffer = bufferOf(data);
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

/** Runs once for each of 100,000 entries: what none of them needs costs nothing here. */
class ShortWriter {
  private readonly rows: WholeRows;
  private readonly blobs: BlobTable;
  private readonly from: EntryBytes;
  private readonly bytes: Buffer;
  /** No entry gets longer, and none lies in another: what is new takes less than the times that are left out. */
  private readonly short: Buffer;
  private readonly view: DataView;
  private end = 0;

  constructor(rows: WholeRows, blobs: BlobTable) {
    this.rows = rows;
    this.blobs = blobs;
    this.from = rows.bytes;
    this.bytes = rows.bytes.buffer;
    this.short = Buffer.allocUnsafeSlow(this.bytes.length);
    this.view = viewOf(this.short);
  }

  get written(): Uint8Array {
    return new Uint8Array(this.short.subarray(0, this.end));
  }

  /** Answers where it begins. */
  write(entry: number, at: number): number {
    const { from, short, view } = this;
    const start = this.end;
    this.end += SHORT.name;
    view.setUint32(start + SHORT.attributes, from.attributes(at), true);
    view.setInt32(start + SHORT.security, from.securityId(at), true);
    const [size, shortSize] = [from.nameSize(at), from.shortSize(at)];
    short[start + SHORT.units] = size >> 1;
    let flags = this.takeName(at + AT.names, size) ? NARROW : 0;
    if (shortSize > 0) flags |= this.takeShortName(from.shortAt(at), shortSize);
    const tag = from.tagAt(at);
    if (tag !== undefined) flags |= this.take(TAG, tag, TAG_SIZE);
    const digest = from.digest(at);
    const row = digest === undefined ? NO_ROW : this.blobs.find(from.view, digest);
    view.setInt32(start + SHORT.row, row, true);
    if (digest !== undefined && row === NO_ROW) flags |= this.take(DIGEST, digest, SHA1_BYTES);
    const children = this.rows.childCount(entry);
    if (children > 0) flags |= this.takeList(this.rows.firstChild(entry), children);
    const streams = from.streamCount(at);
    if (streams > 0) flags |= this.takeStreams(at, streams);
    short[start + SHORT.flags] = flags;
    return start;
  }

  /** True when it takes one byte for each of its units. */
  private takeName(at: number, size: number): boolean {
    const { short, bytes } = this;
    let to = this.end;
    // As if it were narrow; what was written is written over when it is not.
    for (let byte = at; byte < at + size; byte += 2) {
      if (bytes[byte + 1] !== 0) {
        this.take(0, at, size);
        return false;
      }
      short[to++] = bytes[byte]!;
    }
    this.end = to;
    return true;
  }

  private takeShortName(at: number, size: number): number {
    this.short[this.end++] = size >> 1;
    return SHORT_NAME | (this.takeName(at, size) ? SHORT_NARROW : 0);
  }

  private takeList(first: number, count: number): number {
    this.view.setInt32(this.end, first, true);
    this.view.setInt32(this.end + 4, count, true);
    this.end += LIST_SIZE;
    return LIST;
  }

  private takeStreams(at: number, count: number): number {
    this.view.setUint16(this.end, count, true);
    this.end += 2;
    for (const stream of this.from.streamsAt(at))
      this.take(0, stream, STREAM_SIZE + this.from.view.getUint16(stream + STREAM_AT.name, true));
    return STREAMS;
  }

  /** Answers the flag. A call of `copy` takes longer than these few bytes. */
  private take(flag: number, at: number, size: number): number {
    const { short, bytes } = this;
    let to = this.end;
    for (let byte = at; byte < at + size; byte++) short[to++] = bytes[byte]!;
    this.end = to;
    return flag;
  }
}
