// Writes the partition table of a new disk with one volume: protective MBR, GPT and its copy. Facts: UEFI specification chapter 5.
import { crc32 } from 'node:zlib';

const SECTOR = 512;
const MIB = 1024 * 1024;
const ENTRIES = 128;
const ENTRY_SIZE = 128;
const ENTRY_SECTORS = (ENTRIES * ENTRY_SIZE) / SECTOR;
const HEADER_SIZE = 92;
/** Microsoft's basic data partition, ebd0a0a2-b9e5-4433-87c0-68b6b72699c7, as stored. */
const BASIC_DATA = Buffer.from('a2a0d0ebe5b9334487c068b6b72699c7', 'hex');

/** In sectors from the start of the disk, which the boot sector of the volume repeats. */
export const VOLUME_SECTOR = MIB / SECTOR;

export interface GptIds {
  /** 16 bytes each. */
  readonly disk: Uint8Array;
  readonly partition: Uint8Array;
}

/** What stands before the volume and behind it, 1 MiB each. `volumeSize` is a whole number of MiB. */
export function gptAround(volumeSize: number, ids: GptIds): { readonly head: Uint8Array; readonly tail: Uint8Array } {
  if (volumeSize <= 0 || volumeSize % MIB !== 0) throw new RangeError(`a volume of ${volumeSize} bytes is no whole number of MiB`);
  const sectors = volumeSize / SECTOR + 2 * VOLUME_SECTOR;
  const entries = Buffer.alloc(ENTRIES * ENTRY_SIZE);
  BASIC_DATA.copy(entries, 0);
  entries.set(ids.partition, 16);
  entries.writeBigUInt64LE(BigInt(VOLUME_SECTOR), 32);
  entries.writeBigUInt64LE(BigInt(sectors - VOLUME_SECTOR - 1), 40);
  entries.write('Basic data partition', 56, 'utf16le');
  const head = Buffer.alloc(MIB);
  protectiveMbr(head, sectors);
  headerAt(1, sectors - 1, 2).copy(head, SECTOR);
  entries.copy(head, 2 * SECTOR);
  const tail = Buffer.alloc(MIB);
  const copyAt = MIB - (1 + ENTRY_SECTORS) * SECTOR;
  entries.copy(tail, copyAt);
  headerAt(sectors - 1, 1, sectors - 1 - ENTRY_SECTORS).copy(tail, MIB - SECTOR);
  return { head, tail };

  function headerAt(own: number, other: number, entriesAt: number): Buffer {
    const header = Buffer.alloc(SECTOR);
    header.write('EFI PART', 0, 'latin1');
    header.writeUInt32LE(0x10000, 8);
    header.writeUInt32LE(HEADER_SIZE, 12);
    header.writeBigUInt64LE(BigInt(own), 24);
    header.writeBigUInt64LE(BigInt(other), 32);
    header.writeBigUInt64LE(BigInt(2 + ENTRY_SECTORS), 40); // first usable
    header.writeBigUInt64LE(BigInt(sectors - 2 - ENTRY_SECTORS), 48); // last usable
    header.set(ids.disk, 56);
    header.writeBigUInt64LE(BigInt(entriesAt), 72);
    header.writeUInt32LE(ENTRIES, 80);
    header.writeUInt32LE(ENTRY_SIZE, 84);
    header.writeUInt32LE(crc32(entries), 88);
    header.writeUInt32LE(crc32(header.subarray(0, HEADER_SIZE)), 16);
    return header;
  }
}

function protectiveMbr(head: Buffer, sectors: number): void {
  head.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 446);
  head.writeUInt32LE(1, 454);
  head.writeUInt32LE(Math.min(sectors - 1, 0xffffffff), 458);
  head.writeUInt16LE(0xaa55, 510);
}
