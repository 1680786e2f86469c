// The bytes of a directory entry: where each field stands, and names as texts. Facts: wimlib dentry.c, [MS-WIM].
import { bufferOf, viewOf } from '../bytes.ts';
import { isZero } from './digest.ts';
import { ATTRIBUTE_DIRECTORY } from './model.ts';

/** +0x66: the fixed part of an entry, without names. */
export const ENTRY_SIZE = 0x66;
/** +0x26: the fixed part of a stream entry. */
export const STREAM_SIZE = 0x26;
export const AT = {
  attributes: 0x08,
  security: 0x0c,
  folder: 0x10,
  creation: 0x28,
  access: 0x30,
  write: 0x38,
  digest: 0x40,
  unknown54: 0x54,
  tag: 0x58,
  streams: 0x60,
  shortName: 0x62,
  name: 0x64,
  names: ENTRY_SIZE,
} as const;
/** Those of a stream entry. */
export const STREAM_AT = { digest: 0x10, name: 0x24 } as const;

/** What of an entry is looked up, by where it begins. */
export interface EntryFields {
  readonly buffer: Buffer;
  readonly view: DataView;
  attributes(at: number): number;
  /** Index of the security descriptor; -1: none. */
  securityId(at: number): number;
  isFolder(at: number): boolean;
  name(at: number): string;
  /** Bytes of the name in UTF-16. */
  nameSize(at: number): number;
  /** A unit of UTF-16 of the name. */
  nameUnit(at: number, index: number): number;
  shortName(at: number): string;
  /** Of its own content: see DigestRef. */
  digest(at: number): DigestRef | undefined;
  /** Where its link group or its reparse tag stands; undefined when all of it is zero. */
  tagAt(at: number): number | undefined;
  streamCount(at: number): number;
  /** Where each stream entry of the entry begins. */
  streamsAt(at: number): Iterable<number>;
  streamName(stream: number): string;
}

/** A digest that is not zero: where its bytes stand in the entries, or, below ROW_REF, the row of the blob that has it, counted down. */
export type DigestRef = number;
export const ROW_REF = -1;

/** Reads fields of entries that were checked. */
export class EntryBytes implements EntryFields {
  readonly buffer: Buffer;
  readonly view: DataView;

  constructor(data: Uint8Array) {
    this.buffer = bufferOf(data);
    this.view = viewOf(data);
  }

  attributes(at: number): number {
    return this.view.getUint32(at + AT.attributes, true);
  }

  securityId(at: number): number {
    return this.view.getInt32(at + AT.security, true);
  }

  isFolder(at: number): boolean {
    return (this.attributes(at) & ATTRIBUTE_DIRECTORY) !== 0;
  }

  digest(at: number): DigestRef | undefined {
    return isZero(this.view, at + AT.digest) ? undefined : at + AT.digest;
  }

  tagAt(at: number): number | undefined {
    const tag = at + AT.tag;
    return this.view.getInt32(tag, true) === 0 && this.view.getInt32(tag + 4, true) === 0 ? undefined : tag;
  }

  nameSize(at: number): number {
    return this.view.getUint16(at + AT.name, true);
  }

  shortSize(at: number): number {
    return this.view.getUint16(at + AT.shortName, true);
  }

  /** A name is followed by a NUL that its length does not count; an absent name has none. */
  shortAt(at: number): number {
    const size = this.nameSize(at);
    return at + AT.names + (size === 0 ? 0 : size + 2);
  }

  namesEnd(at: number): number {
    const size = this.shortSize(at);
    return this.shortAt(at) + (size === 0 ? 0 : size + 2);
  }

  name(at: number): string {
    return this.text(at + AT.names, this.nameSize(at));
  }

  nameUnit(at: number, index: number): number {
    return this.view.getUint16(at + AT.names + 2 * index, true);
  }

  shortName(at: number): string {
    return this.text(this.shortAt(at), this.shortSize(at));
  }

  streamCount(at: number): number {
    return this.view.getUint16(at + AT.streams, true);
  }

  /** Where the entry ends, without its streams; of a stream entry where that ends. */
  endOf(at: number): number {
    return at + alignUp(this.view.getUint32(at, true));
  }

  *streamsAt(at: number): Generator<number> {
    let stream = this.endOf(at);
    for (let index = 0; index < this.streamCount(at); index++) {
      yield stream;
      stream = this.endOf(stream);
    }
  }

  streamName(stream: number): string {
    return this.text(stream + STREAM_SIZE, this.view.getUint16(stream + STREAM_AT.name, true));
  }

  text(at: number, size: number): string {
    return textOf(this.buffer, this.view, at, size);
  }
}

/** UTF-16LE; of ASCII a text of half the size, which is quicker in all that is done with it. */
export function textOf(buffer: Buffer, view: DataView, at: number, size: number): string {
  if (size === 0) return '';
  for (let byte = 0; byte < size; byte += 2) {
    const unit = view.getUint16(at + byte, true);
    if (unit > 0x7f) return buffer.toString('utf16le', at, at + size);
    narrow[byte >> 1] = unit;
  }
  return narrow.toString('latin1', 0, size >> 1);
}

const narrow = Buffer.alloc(0x8000); // as many units as a length of 16 bits can say

export function alignUp(value: number): number {
  return Math.ceil(value / 8) * 8;
}
