// The bytes of a directory entry: where each field stands, and names as texts. Facts: wimlib dentry.c, [MS-WIM].
import { viewOf } from '../bytes.ts';
import { ATTRIBUTE_DIRECTORY } from './model.ts';

/** +0x66: the fixed part of an entry, without names. */
export const ENTRY_SIZE = 0x66;
/** Where fields stand that both forms of an entry have, from its beginning. */
export interface EntryLayout {
  readonly attributes: number;
  readonly security: number;
  readonly digest: number;
  readonly tag: number;
  readonly streams: number;
  readonly shortName: number;
  readonly name: number;
  /** The names themselves. */
  readonly names: number;
}
/** +0x26: the fixed part of a stream entry. */
export const STREAM_SIZE = 0x26;
/** As a file has it, with the fields that only a file has. */
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
/** As it is kept to look things up: without lengths, times, and where the list of a folder stands; stream entries follow the names. */
export const SHORT_AT: EntryLayout = { attributes: 0, security: 4, digest: 8, tag: 28, streams: 36, shortName: 38, name: 40, names: 42 };
/** Those of a stream entry. */
export const STREAM_AT = { digest: 0x10, name: 0x24 } as const;

/** Reads fields of entries that were checked, by where the entry begins. */
export class EntryBytes {
  readonly buffer: Buffer;
  readonly view: DataView;
  readonly layout: EntryLayout;

  constructor(data: Uint8Array, layout: EntryLayout = AT) {
    this.layout = layout;
    this.buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.view = viewOf(data);
  }

  isFolder(at: number): boolean {
    return (this.view.getUint32(at + this.layout.attributes, true) & ATTRIBUTE_DIRECTORY) !== 0;
  }

  /** Bytes of the name. */
  nameSize(at: number): number {
    return this.view.getUint16(at + this.layout.name, true);
  }

  shortSize(at: number): number {
    return this.view.getUint16(at + this.layout.shortName, true);
  }

  /** A name is followed by a NUL that its length does not count; an absent name has none. */
  shortAt(at: number): number {
    const size = this.nameSize(at);
    return at + this.layout.names + (size === 0 ? 0 : size + 2);
  }

  namesEnd(at: number): number {
    const size = this.shortSize(at);
    return this.shortAt(at) + (size === 0 ? 0 : size + 2);
  }

  name(at: number): string {
    return this.text(at + this.layout.names, this.nameSize(at));
  }

  shortName(at: number): string {
    return this.text(this.shortAt(at), this.shortSize(at));
  }

  streamCount(at: number): number {
    return this.view.getUint16(at + this.layout.streams, true);
  }

  /** Where the entry ends, without its streams; of a stream entry where that ends. */
  endOf(at: number): number {
    return at + alignUp(this.view.getUint32(at, true));
  }

  /** Where each stream entry of the entry begins. */
  *streamsAt(at: number): Generator<number> {
    let stream = this.layout === SHORT_AT ? this.namesEnd(at) : this.endOf(at);
    for (let index = 0; index < this.streamCount(at); index++) {
      yield stream;
      stream = this.endOf(stream);
    }
  }

  streamName(stream: number): string {
    return this.text(stream + STREAM_SIZE, this.view.getUint16(stream + STREAM_AT.name, true));
  }

  /** UTF-16LE; of ASCII a text of half the size, which is quicker in all that is done with it. */
  text(at: number, size: number): string {
    if (size === 0) return '';
    for (let byte = 0; byte < size; byte += 2) {
      const unit = this.view.getUint16(at + byte, true);
      if (unit > 0x7f) return this.buffer.toString('utf16le', at, at + size);
      narrow[byte >> 1] = unit;
    }
    return narrow.toString('latin1', 0, size >> 1);
  }
}

const narrow = Buffer.alloc(0x8000); // as many units as a length of 16 bits can say

export function alignUp(value: number): number {
  return Math.ceil(value / 8) * 8;
}
