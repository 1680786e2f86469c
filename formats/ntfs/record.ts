// One record of the master file table: header, fix-ups, attributes. Facts: the NTFS documentation of linux-ntfs and ntfs-3g's layout.h.
import { Bytes, FormatError, utf16 } from '../bytes.ts';

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
 * stand in its header. Works in place.
 * @throws FormatError when they do not match: the structure was not written to its end
 */
export function fixUp(data: Uint8Array, what: string): void {
  const bytes = new Bytes(what, data);
  const at = bytes.u16(4); // +0x04 offset of the numbers, +0x06 how many
  const count = bytes.u16(6);
  if (count !== data.length / 512 + 1 || at + count * 2 > 510) throw new FormatError(what, `${count} fix-ups at ${at} are not possible`, 4);
  for (let sector = 1; sector < count; sector++) {
    const end = sector * 512 - 2;
    if (data[end] !== data[at] || data[end + 1] !== data[at + 1]) throw new FormatError(what, 'it was not written to its end', end);
    data[end] = data[at + sector * 2]!;
    data[end + 1] = data[at + sector * 2 + 1]!;
  }
}

/**
 * Parses a record; undoes its fix-ups in `data`. Values are parts of one copy of it.
 * @returns undefined for a record that is not in use or was never written
 */
export function parseRecord(data: Uint8Array): MftRecord | undefined {
  const bytes = new Bytes(FORMAT, data);
  const magic = bytes.u32(0);
  if (magic !== 0x454c4946) {
    // 'FILE'; never used records are zero, 'BAAD' ones were given up by chkdsk.
    if (magic === 0 || magic === 0x44414142) return undefined;
    throw new FormatError(FORMAT, `there is no record (0x${magic.toString(16)})`, 0);
  }
  const flags = bytes.u16(22); // +0x16
  if ((flags & 1) === 0) return undefined;
  fixUp(data, FORMAT);
  const used = bytes.u32(24); // +0x18 bytes in use
  if (used > data.length) throw new FormatError(FORMAT, `${used} bytes are in use of ${data.length}`, 24);
  const base = referenceOf(bytes, 32); // +0x20
  return {
    inUse: true,
    folder: (flags & 2) !== 0,
    sequence: bytes.u16(16),
    base: base.number,
    baseSequence: base.sequence,
    // One copy for all values: a buffer for each of them costs more than it holds.
    attributes: attributesOf(new Bytes(FORMAT, new Uint8Array(data.subarray(0, used))), bytes.u16(20)),
  };
}

function attributesOf(bytes: Bytes, first: number): readonly Attribute[] {
  const attributes: Attribute[] = [];
  let at = first;
  while (bytes.u32(at, 'attribute type') !== TYPE_END) {
    const length = bytes.u32(at + 4, 'attribute length');
    if (length < 24 || length % 8 !== 0 || attributes.length >= ATTRIBUTES_MAX)
      throw new FormatError(FORMAT, `an attribute of ${length} bytes is not possible`, at);
    attributes.push(attributeOf(new Bytes(FORMAT, bytes.slice(at, length, 'attribute'))));
    at += length;
  }
  return attributes;
}

function attributeOf(bytes: Bytes): Attribute {
  const nameLength = bytes.u8(9);
  const head = {
    type: bytes.u32(0),
    name: nameLength === 0 ? '' : utf16(bytes.slice(bytes.u16(10), nameLength * 2, 'attribute name')),
    flags: bytes.u16(12),
  };
  if (bytes.u8(8) === 0) {
    const size = bytes.u32(16);
    const value = bytes.slice(bytes.u16(20), size, 'attribute value');
    return { ...head, value, runs: undefined, lowestVcn: 0, size, initialized: size, unit: 0 };
  }
  bytes.need(0, 64, 'attribute header');
  const lowestVcn = bytes.size64(16, 'lowest VCN');
  const runsAt = bytes.u16(32);
  const runs = bytes.slice(runsAt, Math.max(0, bytes.length - runsAt), 'run list');
  return {
    ...head,
    value: undefined,
    runs,
    lowestVcn,
    size: lowestVcn === 0 ? bytes.size64(48, 'data size') : 0,
    initialized: lowestVcn === 0 ? bytes.size64(56, 'initialized size') : 0,
    unit: lowestVcn === 0 ? bytes.u16(34) : 0,
  };
}
