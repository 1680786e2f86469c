// The names that a folder's index ($I30) gives: what Windows finds by path. Facts: ntfs-3g layout.h, index.c.
import { Bytes, FormatError } from '../bytes.ts';
import { units } from './fields.ts';
import { fixUp, referenceOf } from './record.ts';

const FORMAT = 'NTFS index';
const FLAG_LAST = 2;

export interface IndexName {
  readonly number: number;
  readonly sequence: number;
  readonly name: string;
  /** 0 POSIX, 1 Windows, 2 DOS, 3 both. */
  readonly space: number;
}

/** Names in the index root, the value of a resident attribute. */
export function rootNames(value: Uint8Array): IndexName[] {
  // +0x10 index header
  return entriesOf(new Bytes(FORMAT, value), 16);
}

/** Names in the blocks of the index; `bitmap` says which blocks are in use. Undoes fix-ups in `data`. */
export function blockNames(data: Uint8Array, blockSize: number, bitmap: Uint8Array): IndexName[] {
  const names: IndexName[] = [];
  for (let block = 0; (block + 1) * blockSize <= data.length; block++) {
    if (((bitmap[block >> 3] ?? 0) & (1 << (block & 7))) === 0) continue;
    const bytes = data.subarray(block * blockSize, (block + 1) * blockSize);
    if (new Bytes(FORMAT, bytes).u32(0) !== 0x58444e49) throw new FormatError(FORMAT, 'there is no index block', block * blockSize); // 'INDX'
    fixUp(bytes, FORMAT);
    for (const name of entriesOf(new Bytes(FORMAT, bytes), 24)) names.push(name); // +0x18 index header
  }
  return names;
}

/** Offsets in the index header count from its own start. */
function entriesOf(bytes: Bytes, header: number): IndexName[] {
  const names: IndexName[] = [];
  let at = header + bytes.u32(header);
  const end = header + bytes.u32(header + 4);
  if (end > bytes.length) throw new FormatError(FORMAT, 'its entries run past its end', header);
  while (at + 16 <= end) {
    const length = bytes.u16(at + 8);
    if (bytes.u16(at + 12) & FLAG_LAST) break;
    if (length < 16) throw new FormatError(FORMAT, `an entry of ${length} bytes is not possible`, at);
    // +0x10 a file name attribute: +0x40 length, +0x41 name space, +0x42 name
    const key = at + 16;
    const count = bytes.u8(key + 64);
    bytes.need(key + 66, count * 2, 'name');
    const { number, sequence } = referenceOf(bytes, at);
    names.push({ number, sequence, name: units(bytes.data, key + 66, count), space: bytes.u8(key + 65) });
    at += length;
  }
  return names;
}
