// Partition tables: GPT, MBR with logical drives, or a bare file system without a table. Facts: UEFI specification chapter 5; the MBR as Windows writes it.
import { crc32 } from 'node:zlib';
import { Bytes, FormatError, utf16 } from '../bytes.ts';
import { guidAt, NO_GUID } from './guid.ts';
import type { ByteSource } from './source.ts';

const FORMAT = 'partition table';
const LOGICAL_MAX = 128;
const GPT_ENTRIES_MAX = 1024;
const GPT_ENTRY_MAX = 4096;
const PROTECTIVE = 0xee;
const EXTENDED = new Set([0x05, 0x0f, 0x85]);

export interface Partition {
  /** From 1: primary and GPT entries by their place in the table, logical drives from 5; a bare file system is 1. */
  readonly number: number;
  /** In bytes from the start of the disk. */
  readonly start: number;
  readonly size: number;
  /** MBR type as `07`, GPT type GUID, or `none`. */
  readonly type: string;
  readonly name: string;
}

export interface PartitionTable {
  readonly kind: 'gpt' | 'mbr' | 'none';
  readonly partitions: readonly Partition[];
}

/**
 * @param sectorSize of the disk; a raw file does not say it: 512 unless the GPT header stands at 4096
 * @throws FormatError for a damaged table, for partitions that overlap or reach past the end
 */
export async function readPartitions(disk: ByteSource, sectorSize = 512): Promise<PartitionTable> {
  if (disk.size < 512) throw new FormatError(FORMAT, `a disk of ${disk.size} bytes holds none`);
  const boot = await disk.read(0, 512);
  if (isBootSector(boot)) return { kind: 'none', partitions: [{ number: 1, start: 0, size: disk.size, type: 'none', name: '' }] };
  const bytes = new Bytes(FORMAT, boot);
  if (bytes.u16(510) !== 0xaa55)
    throw new FormatError(FORMAT, 'there is no partition table and no file system at the start of the disk', 510);
  const table = hasProtective(bytes)
    ? await readGpt(disk, sectorSize)
    : { kind: 'mbr' as const, partitions: await readMbr(disk, bytes, sectorSize) };
  refuseOverlaps(disk.size, table.partitions);
  return table;
}

/** The start of an NTFS, FAT, exFAT or BitLocker volume, which has the same two bytes at its end as a partition table. */
export function isBootSector(boot: Uint8Array): boolean {
  const name = Buffer.from(boot.subarray(3, 11)).toString('latin1');
  if (['NTFS    ', '-FVE-FS-', 'EXFAT   '].includes(name)) return true;
  const fat = Buffer.from(boot.subarray(54, 62)).toString('latin1');
  return /^FAT(?:12|16) {3}$/.test(fat) || Buffer.from(boot.subarray(82, 90)).toString('latin1') === 'FAT32   ';
}

/** A protective entry makes it a GPT, unless other entries stand beside it in a table without one. */
function hasProtective(boot: Bytes): boolean {
  return [0, 1, 2, 3].some((index) => boot.u8(446 + index * 16 + 4) === PROTECTIVE);
}

async function readGpt(disk: ByteSource, sectorSize: number): Promise<PartitionTable> {
  const faults: string[] = [];
  for (const sector of sectorSize === 512 ? [512, 4096] : [sectorSize]) {
    for (const at of [sector, Math.floor(disk.size / sector) * sector - sector]) {
      try {
        return { kind: 'gpt', partitions: await readGptAt(disk, at, sector) };
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        faults.push(error.message);
      }
    }
  }
  throw new FormatError(FORMAT, `neither the GPT nor its copy is sound (${faults[0]})`);
}

async function readGptAt(disk: ByteSource, at: number, sectorSize: number): Promise<readonly Partition[]> {
  if (at < 0 || at + 512 > disk.size) throw new FormatError(FORMAT, 'the disk is too small for a GPT header', at);
  const header = new Bytes(FORMAT, await disk.read(at, 512));
  if (Buffer.from(header.data.subarray(0, 8)).toString('latin1') !== 'EFI PART')
    throw new FormatError(FORMAT, 'there is no GPT header', at);
  const size = header.u32(12); // +0x0c header size
  if (size < 92 || size > 512) throw new FormatError(FORMAT, `a GPT header of ${size} bytes is not possible`, at);
  const summed = new Uint8Array(header.slice(0, size));
  summed.fill(0, 16, 20);
  if (crc32(summed) !== header.u32(16)) throw new FormatError(FORMAT, 'the GPT header does not match its checksum', at);
  const entrySize = header.u32(84);
  const count = header.u32(80);
  if (count > GPT_ENTRIES_MAX || entrySize < 128 || entrySize > GPT_ENTRY_MAX) {
    throw new FormatError(FORMAT, `${count} GPT entries of ${entrySize} bytes are not possible`, at + 80);
  }
  const entriesAt = header.size64(72) * sectorSize;
  if (entriesAt + count * entrySize > disk.size) throw new FormatError(FORMAT, 'the GPT entries lie behind the end of the disk', entriesAt);
  const entries = new Bytes(FORMAT, await disk.read(entriesAt, count * entrySize));
  if (crc32(entries.data) !== header.u32(88)) throw new FormatError(FORMAT, 'the GPT entries do not match their checksum', entriesAt);
  const partitions: Partition[] = [];
  for (let index = 0; index < count; index++) {
    const entry = index * entrySize;
    const type = guidAt(entries.data, entry);
    if (type === NO_GUID) continue;
    const first = entries.size64(entry + 32);
    const last = entries.size64(entry + 40);
    if (last < first) throw new FormatError(FORMAT, `GPT partition ${index + 1} ends before it begins`, entriesAt + entry);
    const name = utf16(entries.slice(entry + 56, 72)).replace(/\0.*$/s, '');
    partitions.push({ number: index + 1, start: first * sectorSize, size: (last - first + 1) * sectorSize, type, name });
  }
  return partitions;
}

interface MbrEntry {
  readonly type: number;
  readonly first: number;
  readonly count: number;
}

function mbrEntries(boot: Bytes): readonly MbrEntry[] {
  return [0, 1, 2, 3].map((index) => {
    const at = 446 + index * 16;
    return { type: boot.u8(at + 4), first: boot.u32(at + 8), count: boot.u32(at + 12) };
  });
}

async function readMbr(disk: ByteSource, boot: Bytes, sectorSize: number): Promise<readonly Partition[]> {
  const partitions: Partition[] = [];
  let logical = 5;
  for (const [index, entry] of mbrEntries(boot).entries()) {
    if (entry.type === 0 || entry.count === 0) continue;
    if (!EXTENDED.has(entry.type)) {
      partitions.push(partitionOf(index + 1, entry.first, entry, sectorSize));
      continue;
    }
    // A chain of sectors, each with one logical drive and the place of the next, which counts from the first.
    const seen = new Set<number>();
    let at = entry.first;
    while (!seen.has(at) && seen.size < LOGICAL_MAX) {
      seen.add(at);
      if ((at + 1) * sectorSize > disk.size)
        throw new FormatError(FORMAT, 'a logical drive lies behind the end of the disk', at * sectorSize);
      const sector = new Bytes(FORMAT, await disk.read(at * sectorSize, 512));
      if (sector.u16(510) !== 0xaa55) throw new FormatError(FORMAT, 'the chain of logical drives is broken', at * sectorSize);
      const [drive, next] = mbrEntries(sector) as [MbrEntry, MbrEntry];
      if (drive.type !== 0 && drive.count > 0) partitions.push(partitionOf(logical++, at + drive.first, drive, sectorSize));
      if (!EXTENDED.has(next.type) || next.count === 0) break;
      at = entry.first + next.first;
      if (seen.has(at)) throw new FormatError(FORMAT, 'the chain of logical drives runs in a circle', at * sectorSize);
    }
  }
  return partitions;
}

function partitionOf(number: number, first: number, { type, count }: MbrEntry, sectorSize: number): Partition {
  return { number, start: first * sectorSize, size: count * sectorSize, type: type.toString(16).padStart(2, '0'), name: '' };
}

function refuseOverlaps(diskSize: number, partitions: readonly Partition[]): void {
  const sorted = [...partitions].sort((a, b) => a.start - b.start);
  for (const [index, { number, start, size }] of sorted.entries()) {
    if (start + size > diskSize) {
      throw new FormatError(FORMAT, `partition ${number} ends at byte ${start + size}, the disk at byte ${diskSize}`, start);
    }
    const next = sorted[index + 1];
    if (next && next.start < start + size) throw new FormatError(FORMAT, `partitions ${number} and ${next.number} overlap`, next.start);
  }
}
