// One record of the master file table: header, fix-ups, attributes. Facts: the NTFS documentation of linux-ntfs and ntfs-3g's layout.h.
import { type Bytes, FormatError } from '../bytes.ts';
import { ByteStore, type Kept } from './byte-store.ts';
import { u16, u32, u64, units } from './fields.ts';

const FORMAT = 'NTFS record';

export const TYPE_STANDARD_INFORMATION = 0x10;
export const TYPE_ATTRIBUTE_LIST = 0x20;
export const TYPE_FILE_NAME = 0x30;
export const TYPE_SECURITY_DESCRIPTOR = 0x50;
export const TYPE_VOLUME_NAME = 0x60;
export const TYPE_VOLUME_INFORMATION = 0x70;
export const TYPE_DATA = 0x80;
export const TYPE_INDEX_ROOT = 0x90;
export const TYPE_INDEX_ALLOCATION = 0xa0;
export const TYPE_BITMAP = 0xb0;
export const TYPE_REPARSE_POINT = 0xc0;
const TYPE_END = 0xffffffff;

export const FLAG_COMPRESSED = 0x0001;
export const FLAG_ENCRYPTED = 0x4000;

/** A record of 4 KiB has no room for more. */
const ATTRIBUTES_MAX = 256;

export interface Attribute {
  readonly type: number;
  readonly name: string;
  readonly flags: number;
  /** The value of a resident attribute. */
  readonly value: Uint8Array | undefined;
  /** The run list of a non-resident one, from `lowestVcn` on. */
  readonly runs: Uint8Array | undefined;
  readonly lowestVcn: number;
  /** Sizes stand in the first piece only. */
  readonly size: number;
  readonly initialized: number;
  /** Clusters of a compression unit as a power of two; 0: not compressed. */
  readonly unit: number;
}

export interface MftRecord {
  readonly inUse: boolean;
  readonly folder: boolean;
  readonly sequence: number;
  /** The record that this one continues; 0: none. */
  readonly base: number;
  readonly baseSequence: number;
  readonly attributes: readonly Attribute[];
}

/** The number and sequence of a file reference: 48 and 16 bits. */
export function referenceOf(bytes: Bytes, at: number): { readonly number: number; readonly sequence: number } {
  return { number: bytes.u32(at) + bytes.u16(at + 4) * 2 ** 32, sequence: bytes.u16(at + 6) };
}

/**
 * Undoes what guards a multi-sector structure against torn writes: the last two bytes of each 512 are a number whose originals
 * stand in its header. Works in place on `size` bytes from `start` on.
 * @throws FormatError when they do not match: the structure was not written to its end
 */
export function fixUp(data: Uint8Array, what: string, start = 0, size = data.length): void {
  const at = u16(data, start + 4); // +0x04 offset of the numbers, +0x06 how many
  const count = u16(data, start + 6);
  if (count !== size / 512 + 1 || at + count * 2 > 510) throw new FormatError(what, `${count} fix-ups at ${at} are not possible`, 4);
  const numbers = start + at;
  for (let sector = 1; sector < count; sector++) {
    const end = start + sector * 512 - 2;
    if (data[end] !== data[numbers] || data[end + 1] !== data[numbers + 1])
      throw new FormatError(what, 'it was not written to its end', end - start);
    data[end] = data[numbers + sector * 2]!;
    data[end + 1] = data[numbers + sector * 2 + 1]!;
  }
}

/**
 * Parses the record of `size` bytes at `start`; undoes its fix-ups in `data`. Values are parts of the copy that `store` makes of it.
 * @returns undefined for a record that is not in use or was never written
 */
export function parseRecord(data: Uint8Array, start = 0, size = data.length, store = new ByteStore(size)): MftRecord | undefined {
  const magic = u32(data, start);
  if (magic !== 0x454c4946) {
    // 'FILE'; never used records are zero, 'BAAD' ones were given up by chkdsk.
    if (magic === 0 || magic === 0x44414142) return undefined;
    throw new FormatError(FORMAT, `there is no record (0x${magic.toString(16)})`, 0);
  }
  const flags = u16(data, start + 22); // +0x16
  if ((flags & 1) === 0) return undefined;
  fixUp(data, FORMAT, start, size);
  const used = u32(data, start + 24); // +0x18 bytes in use
  if (used > size) throw new FormatError(FORMAT, `${used} bytes are in use of ${size}`, 24);
  return {
    inUse: true,
    folder: (flags & 2) !== 0,
    sequence: u16(data, start + 16),
    base: u32(data, start + 32) + u16(data, start + 36) * 2 ** 32, // +0x20 file reference
    baseSequence: u16(data, start + 38),
    attributes: attributesOf(store.keep(data, start, used), u16(data, start + 20)),
  };
}

function attributesOf({ data, start, end }: Kept, first: number): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const need = (at: number, size: number, what: string): void => {
    if (at + size > end)
      throw new FormatError(FORMAT, `${what} runs past the end (${size} bytes wanted, ${end - start} there)`, at - start);
  };
  for (let at = start + first; ; ) {
    need(at, 4, 'attribute type');
    if (u32(data, at) === TYPE_END) return attributes;
    need(at, 8, 'attribute length');
    const length = u32(data, at + 4);
    if (length < 24 || length % 8 !== 0 || attributes.length >= ATTRIBUTES_MAX)
      throw new FormatError(FORMAT, `an attribute of ${length} bytes is not possible`, at - start);
    need(at, length, 'attribute');
    attributes.push(new StoredAttribute(data, at, length));
    at += length;
  }
}

/** An attribute where it stands in the copy of its record: millions of them cost little until somebody asks for their bytes. */
class StoredAttribute implements Attribute {
  readonly name: string;
  private readonly data: Uint8Array;
  private readonly at: number;
  private readonly length: number;

  /** @throws FormatError when its parts do not lie in it */
  constructor(data: Uint8Array, at: number, length: number) {
    this.data = data;
    this.at = at;
    this.length = length;
    const nameLength = data[at + 9]! * 2;
    const nameAt = u16(data, at + 10);
    if (nameLength > 0) this.need(nameAt, nameLength, 'attribute name');
    this.name = nameLength === 0 ? '' : units(data, at + nameAt, nameLength / 2);
    if (this.resident) {
      this.need(u16(data, at + 20), u32(data, at + 16), 'attribute value');
      return;
    }
    this.need(0, 64, 'attribute header');
    this.need(u16(data, at + 32), 0, 'run list');
    // Sizes that no number can say are refused now, not when they are first asked for.
    if (this.lowestVcn === 0 && Math.max(this.size, this.initialized) > Number.MAX_SAFE_INTEGER)
      throw new FormatError(FORMAT, 'data size is absurd', 48);
    if (this.lowestVcn > Number.MAX_SAFE_INTEGER) throw new FormatError(FORMAT, 'lowest VCN is absurd', 16);
  }

  get type(): number {
    return u32(this.data, this.at);
  }

  get flags(): number {
    return u16(this.data, this.at + 12);
  }

  get value(): Uint8Array | undefined {
    return this.resident ? this.slice(u16(this.data, this.at + 20), u32(this.data, this.at + 16)) : undefined;
  }

  get runs(): Uint8Array | undefined {
    if (this.resident) return undefined;
    const runsAt = u16(this.data, this.at + 32);
    return this.slice(runsAt, this.length - runsAt);
  }

  get lowestVcn(): number {
    return this.resident ? 0 : u64(this.data, this.at + 16);
  }

  get size(): number {
    if (this.resident) return u32(this.data, this.at + 16);
    return this.lowestVcn === 0 ? u64(this.data, this.at + 48) : 0;
  }

  get initialized(): number {
    if (this.resident) return this.size;
    return this.lowestVcn === 0 ? u64(this.data, this.at + 56) : 0;
  }

  get unit(): number {
    return this.resident || this.lowestVcn !== 0 ? 0 : u16(this.data, this.at + 34);
  }

  private get resident(): boolean {
    return this.data[this.at + 8] === 0;
  }

  private slice(offset: number, size: number): Uint8Array {
    return this.data.subarray(this.at + offset, this.at + offset + size);
  }

  private need(offset: number, size: number, what: string): void {
    if (offset + size > this.length)
      throw new FormatError(FORMAT, `${what} runs past the end (${size} bytes wanted, ${this.length} there)`, offset);
  }
}
