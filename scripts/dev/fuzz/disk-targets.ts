// Targets on disks: their containers, partition tables, NTFS and FAT volumes.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { crc32c } from '../../../formats/disk/crc32c.ts';
import { readPartitions } from '../../../formats/disk/partitions.ts';
import { isQcow2, readQcow2 } from '../../../formats/disk/qcow2.ts';
import type { ByteSource } from '../../../formats/disk/source.ts';
import { isVhdFooter, readVhd, VHD_FOOTER_SIZE } from '../../../formats/disk/vhd.ts';
import { isVhdx, readVhdx } from '../../../formats/disk/vhdx.ts';
import { type FatEntry, isFat, readFat } from '../../../formats/fat/fat.ts';
import { decodeLznt1 } from '../../../formats/ntfs/lznt1.ts';
import { readPieces } from '../../../formats/ntfs/stream.ts';
import { isNtfs, readNtfs } from '../../../formats/ntfs/volume.ts';
import { REAL } from './inputs.ts';
import { mutated } from './mutate.ts';
import type { Random } from './random.ts';
import { orRefusedLater } from './refused.ts';
import { changedPages, packed, SparseDisk } from './sparse.ts';
import type { Target } from './target.ts';

/** Of a content that is read in one case. */
const READ_MAX = 256 * 1024;
const FILES_READ = 40;

/** Real disks of the data set; those that are not there are left out. */
async function disks(...names: readonly string[]): Promise<readonly Uint8Array[]> {
  const paths = names.map((name) => join(REAL, 'images', name)).filter((path) => existsSync(path));
  return Promise.all(paths.map(async (path) => new Uint8Array(gunzipSync(await readFile(path)))));
}

/** Here and there in the disk that a container holds. */
async function sampled(disk: ByteSource): Promise<void> {
  for (const part of [0, 0.1, 0.5, 0.9, 1]) {
    const size = Math.min(8192, disk.size);
    await orRefusedLater(() => disk.read(Math.floor((disk.size - size) * part), size));
  }
}

const changed = (input: Uint8Array, random: Random) => changedPages(input, random).input;

export const vhdTarget: Target = {
  id: 'vhd',
  sources: ['formats/disk/vhd.ts', 'formats/disk/source.ts'],
  inputs: async () => (await disks('ntfs-dynamic.vhd.gz', 'ntfs-differential.vhd.gz', 'fat-parent.vhd.gz')).map(packed),
  change(input, random) {
    const { input: bytes, disk } = changedPages(input, random);
    if (!random.once(20)) for (const at of [0, 512, disk.size - VHD_FOOTER_SIZE]) sealVhd(disk, at);
    return bytes;
  },
  async run(input) {
    const file = new SparseDisk(input);
    if (!isVhdFooter(file.bytes(file.size - VHD_FOOTER_SIZE, 8))) return false;
    const vhd = await readVhd(file);
    await sampled(vhd.disk(vhd.parent ? { size: vhd.size, read: async (_, size) => new Uint8Array(size) } : undefined));
    return true;
  },
};

/** The sum of all bytes, inverted: of a footer at +64, of a dynamic header of 1024 bytes at +36. */
function sealVhd(disk: SparseDisk, at: number): void {
  const isHeader = at === 512;
  const field = isHeader ? 36 : 64;
  const bytes = disk.bytes(at, isHeader ? 1024 : VHD_FOOTER_SIZE);
  bytes.fill(0, field, field + 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(~bytes.reduce((total, byte) => total + byte, 0) >>> 0);
  disk.write(at + field, sum);
}

export const vhdxTarget: Target = {
  id: 'vhdx',
  sources: ['formats/disk/vhdx.ts', 'formats/disk/vhdx-log.ts', 'formats/disk/source.ts'],
  inputs: async () =>
    (await disks('ntfs-dynamic.vhdx.gz', 'ntfs-differential.vhdx.gz', 'ntfs-parent.vhdx.gz', 'vhdx-log-replay.vhdx.gz')).map(packed),
  change(input, random) {
    const { input: bytes, disk } = changedPages(input, random);
    // Two headers of 4 KiB and two region tables of 64 KiB; the sum stands at +4 of each.
    if (!random.once(20))
      for (const [at, size] of [
        [0x10000, 4096],
        [0x20000, 4096],
        [0x30000, 65536],
        [0x40000, 65536],
      ] as const)
        sealVhdx(disk, at, size);
    return bytes;
  },
  async run(input) {
    const file = new SparseDisk(input);
    if (!isVhdx(file.bytes(0, 8))) return false;
    const vhdx = await readVhdx(file);
    await sampled(vhdx.disk(vhdx.parent ? { size: vhdx.size, read: async (_, size) => new Uint8Array(size) } : undefined));
    return true;
  },
};

function sealVhdx(disk: SparseDisk, at: number, size: number): void {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32c(disk.bytes(at, size), 4) >>> 0);
  disk.write(at + 4, sum);
}

export const qcow2Target: Target = {
  id: 'qcow2',
  sources: ['formats/disk/qcow2.ts', 'formats/disk/source.ts'],
  inputs: async () => (await disks('windows_volume.qcow2.gz')).map(packed),
  change: changed,
  async run(input) {
    const file = new SparseDisk(input);
    if (!isQcow2(file.bytes(0, 16))) return false;
    await sampled(await readQcow2(file));
    return true;
  },
};

export const partitionTarget: Target = {
  id: 'partitions',
  sources: ['formats/disk/partitions.ts', 'formats/disk/guid.ts'],
  inputs: async () => (await disks('gpt.raw.gz', 'gpt_empty_with_mbr.raw.gz', 'mbr.raw.gz')).map(packed),
  change: changed,
  async run(input) {
    await readPartitions(new SparseDisk(input));
    return true;
  },
};

export const ntfsTarget: Target = {
  id: 'ntfs',
  sources: ['formats/ntfs/'],
  inputs: async () => (await disks('ntfs.raw.gz', 'dfir_ntfs3.raw.gz', 'dfir_ntfs3_attrlist.raw.gz')).map(volumeOf).map(packed),
  change: changed,
  async run(input) {
    const disk = new SparseDisk(input);
    if (!isNtfs(disk.bytes(0, 512))) return false;
    const volume = await readNtfs(disk);
    for (const file of [...volume.files.values()].slice(0, FILES_READ)) {
      await orRefusedLater(() => volume.descriptorOf(file));
      for (const stream of [...file.streams, ...(file.reparse ? [file.reparse] : [])]) {
        await orRefusedLater(() => firstOf(readPieces(volume, stream)));
      }
    }
    return true;
  },
};

/** The first partition where there is a table of them. */
function volumeOf(disk: Uint8Array): Uint8Array {
  if (isNtfs(disk.subarray(0, 512))) return disk;
  const start = new DataView(disk.buffer, disk.byteOffset).getUint32(0x1be + 8, true) * 512;
  return disk.subarray(start);
}

async function firstOf(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  let done = 0;
  for await (const piece of pieces) {
    done += piece.length;
    if (done >= READ_MAX) return;
  }
}

export const fatTarget: Target = {
  id: 'fat',
  sources: ['formats/fat/'],
  inputs: async () => [packed(smallFat())],
  change: changed,
  async run(input) {
    const disk = new SparseDisk(input);
    if (!isFat(disk.bytes(0, 512))) return false;
    const volume = await readFat(disk);
    const open: FatEntry[] = [...volume.root];
    for (let seen = 0; open.length > 0 && seen < 1000; seen++) {
      const entry = open.pop()!;
      open.push(...entry.children);
      if (!entry.folder) await orRefusedLater(() => firstOf(volume.pieces(entry)));
    }
    return true;
  },
};

/** A FAT12 volume of 256 KiB with a folder, a long name and a file of three clusters (Microsoft, FAT specification 1.03). */
function smallFat(): Uint8Array {
  const disk = Buffer.alloc(256 * 1024);
  Buffer.from([0xeb, 0x3c, 0x90]).copy(disk, 0);
  disk.write('MSDOS5.0', 3, 'latin1');
  disk.writeUInt16LE(512, 11);
  disk.writeUInt8(1, 13);
  disk.writeUInt16LE(1, 14);
  disk.writeUInt8(2, 16);
  disk.writeUInt16LE(64, 17);
  disk.writeUInt16LE(512, 19);
  disk.writeUInt8(0xf8, 21);
  disk.writeUInt16LE(2, 22);
  disk.writeUInt8(0x29, 38);
  disk.write('A LABEL    FAT12   ', 43, 'latin1');
  disk.writeUInt16LE(0xaa55, 510);
  const link = (cluster: number, next: number) => {
    for (const table of [512, 512 * 3]) {
      const at = table + Math.floor(cluster * 1.5);
      const old = disk.readUInt16LE(at);
      disk.writeUInt16LE(cluster % 2 ? (old & 0x000f) | (next << 4) : (old & 0xf000) | next, at);
    }
  };
  for (const [cluster, next] of [
    [0, 0xff8],
    [1, 0xfff],
    [2, 0xfff],
    [3, 4],
    [4, 5],
    [5, 0xfff],
  ] as const)
    link(cluster, next);
  const root = 512 * 5;
  const data = (cluster: number) => root + 64 * 32 + (cluster - 2) * 512;
  const entry = (at: number, name: string, attributes: number, cluster: number, size: number) => {
    disk.write(name, at, 'latin1');
    disk.writeUInt8(attributes, at + 11);
    disk.writeUInt16LE(cluster, at + 26);
    disk.writeUInt32LE(size, at + 28);
  };
  entry(root, 'FOLDER     ', 0x10, 2, 0);
  const sum = [...Buffer.from('LONGNA~1TXT')].reduce((total, byte) => (((total & 1) << 7) + (total >> 1) + byte) & 255, 0);
  const long = Buffer.from('long name.tx', 'utf16le');
  disk.writeUInt8(0x41, root + 32);
  long.copy(disk, root + 33, 0, 10);
  disk.writeUInt8(0x0f, root + 32 + 11);
  disk.writeUInt8(sum, root + 32 + 13);
  long.copy(disk, root + 32 + 14, 10, 22);
  long.copy(disk, root + 32 + 28, 22, 24);
  entry(root + 64, 'LONGNA~1TXT', 0x20, 3, 1300);
  entry(data(2), '.          ', 0x10, 2, 0);
  entry(data(2) + 32, '..         ', 0x10, 0, 0);
  entry(data(2) + 64, 'INNER   TXT', 0x20, 3, 1300);
  disk.fill('content ', data(3), data(6));
  return new Uint8Array(disk);
}

export const lznt1Target: Target = {
  id: 'lznt1',
  sources: ['formats/ntfs/lznt1.ts'],
  inputs: async () => [
    new Uint8Array(Buffer.from('38b0886162636465666768003fe0050607082008b0' + '0000', 'hex')),
    new Uint8Array(Buffer.from('0330616263640000', 'hex')),
  ],
  change: (input, random, inputs) => mutated(input, random, inputs),
  async run(input) {
    decodeLznt1(input, new Uint8Array(16 * 4096));
    return input.length > 1;
  },
};
