// The first 4 KiB of a regf hive: what it says, its checksum, and how it is brought in order after a write.
// Facts: Maxim Suhanov's "Windows registry file format specification"; checked against real hives of Windows 7 to 10.
import { Bytes, FormatError } from '../bytes.ts';

export const FORMAT = 'regf hive';
/** Cell offsets count from here: the base block stands in front of the first bin. */
export const BASE_BLOCK_SIZE = 0x1000;
const CHECKSUM_AT = 0x1fc;

export interface BaseBlock {
  /** +0x04 and +0x08: equal when the last write came to its end. */
  readonly sequences: readonly [number, number];
  /** +0x0c FILETIME of the last write. */
  readonly lastWritten: bigint;
  /** +0x14, 1 in every Windows; +0x18: 3 (NT 4 to now), 5 (since XP), 6 (differencing hives). */
  readonly major: number;
  readonly minor: number;
  /** +0x24 offset of the root key's cell. */
  readonly root: number;
  /** +0x28 bytes of all bins together. */
  readonly binsSize: number;
}

/** Reads and checks the base block. A wrong checksum is corruption: nothing in the block can be trusted then. */
export function readBaseBlock(bytes: Uint8Array): BaseBlock {
  const at = new Bytes(FORMAT, bytes);
  at.need(0, BASE_BLOCK_SIZE, 'base block');
  if (at.u32(0) !== 0x66676572) at.fail('does not begin with "regf"', 0);
  if (at.u32(CHECKSUM_AT) !== checksumOf(bytes)) at.fail('checksum of the base block is wrong', CHECKSUM_AT);
  const [major, minor] = [at.u32(0x14), at.u32(0x18)];
  if (major !== 1 || minor < 2 || minor > 6) at.fail(`version ${major}.${minor} is not known`, 0x14);
  if (at.u32(0x1c) !== 0) at.fail(`is not a primary file (type ${at.u32(0x1c)})`, 0x1c);
  if (at.u32(0x20) !== 1) at.fail(`is not stored as a memory image (format ${at.u32(0x20)})`, 0x20);
  const binsSize = at.u32(0x28);
  if (binsSize === 0 || binsSize % 0x1000 !== 0) at.fail(`size of its bins is absurd (${binsSize})`, 0x28);
  at.need(BASE_BLOCK_SIZE, binsSize, 'the bins');
  return { sequences: [at.u32(4), at.u32(8)], lastWritten: at.u64(0x0c), major, minor, root: at.u32(0x24), binsSize };
}

/** XOR of the first 508 bytes as 32-bit words; 0 and 0xffffffff are never stored. */
export function checksumOf(bytes: Uint8Array): number {
  if (bytes.length < CHECKSUM_AT + 4) throw new FormatError(FORMAT, 'base block runs past the end', 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = 0;
  for (let at = 0; at < CHECKSUM_AT; at += 4) sum ^= view.getUint32(at, true);
  sum >>>= 0;
  if (sum === 0) return 1;
  return sum === 0xffffffff ? 0xfffffffe : sum;
}

/** Marks the hive as written to its end: equal sequence numbers, nothing recovered by the loader, right checksum. */
export function sealBaseBlock(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const newest = Math.max(view.getUint32(4, true), view.getUint32(8, true));
  view.setUint32(4, newest, true);
  view.setUint32(8, newest, true);
  view.setUint32(0xffc, 0, true); // +0xffc "boot recover": set only by a loader that replayed a log
  writeChecksum(bytes);
}

export function writeChecksum(bytes: Uint8Array): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setUint32(CHECKSUM_AT, checksumOf(bytes), true);
}
