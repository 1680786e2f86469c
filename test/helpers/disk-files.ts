// Disk images for tests: an NTFS volume from a tree, a disk with a boot partition in front of it, and the same disk in other containers.
import {
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ByteSource } from '../../formats/disk/source.ts';
import { applyToNtfs, makeWim, run, type WimTree } from './make-wim.ts';

const MIB = 1024 * 1024;

/** Programs that make and judge disks, by package, for `needTools`. */
export const DISK_TOOLS = {
  mkntfs: 'ntfs-3g',
  'wimlib-imagex': 'wimtools',
  'qemu-img': 'qemu-utils',
  mcopy: 'mtools',
  'mkfs.vfat': 'dosfstools',
} as const;

export function makeVolume(folder: string, tree: WimTree, size = 24 * MIB): string {
  const wim = join(folder, 'volume.wim');
  const volume = join(folder, 'volume.ntfs');
  makeWim(wim, { images: [{ files: tree }] });
  applyToNtfs(wim, volume, size);
  rmSync(wim);
  return volume;
}

export function makeFat(folder: string, files: Readonly<Record<string, string | Uint8Array>>, bits = 16, size = 16 * MIB): string {
  const volume = join(folder, 'volume.fat');
  rmSync(volume, { force: true });
  writeFileSync(volume, '');
  truncateSync(volume, size);
  run('mkfs.vfat', ['-F', String(bits), '-n', 'SYSTEM', volume]);
  const made = new Set<string>();
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/').slice(1);
    for (let depth = 1; depth < parts.length; depth++) {
      const above = parts.slice(0, depth).join('/');
      if (!made.has(above)) run('mmd', ['-i', volume, `::${above}`]);
      made.add(above);
    }
    const source = join(folder, 'content');
    writeFileSync(source, content);
    run('mcopy', ['-i', volume, source, `::${path}`]);
    rmSync(source);
  }
  return volume;
}

export interface DiskPart {
  readonly volume: string;
  readonly type: number;
}

/** An MBR disk with the volumes one behind the other, each from a whole MiB on. */
export function makeDisk(folder: string, parts: readonly DiskPart[]): string {
  const disk = join(folder, 'disk.raw');
  const boot = Buffer.alloc(512);
  boot.writeUInt16LE(0xaa55, 510);
  const contents = parts.map(({ volume }) => readFileSync(volume));
  let at = MIB;
  const file = openSync(disk, 'w');
  for (const [index, content] of contents.entries()) {
    const entry = 446 + index * 16;
    boot[entry + 4] = parts[index]!.type;
    boot.writeUInt32LE(at / 512, entry + 8);
    boot.writeUInt32LE(content.length / 512, entry + 12);
    writeSync(file, content, 0, content.length, at);
    at += Math.ceil(content.length / MIB) * MIB;
  }
  writeSync(file, boot, 0, 512, 0);
  closeSync(file);
  truncateSync(disk, at);
  return disk;
}

const QEMU_FORMATS = { vhd: 'vpc', vhdx: 'vhdx', qcow2: 'qcow2' } as const;

/** The same disk in another container, made by qemu-img. */
export function convertDisk(raw: string, to: keyof typeof QEMU_FORMATS | 'raw', options: readonly string[] = []): string {
  const path = raw.replace(/\.raw$/, `.${to === 'raw' ? 'img' : to}`);
  rmSync(path, { force: true });
  if (to === 'raw') copyFileSync(raw, path);
  else run('qemu-img', ['convert', '-f', 'raw', '-O', QEMU_FORMATS[to], ...options, raw, path]);
  return path;
}

/** A file as a source, for formats. */
export function fileSource(path: string): ByteSource & { close(): void } {
  const file = openSync(path, 'r');
  return {
    size: fstatSync(file).size,
    async read(offset, size) {
      const bytes = new Uint8Array(size);
      if (readSync(file, bytes, 0, size, offset) !== size) throw new RangeError(`${path}: ${size} bytes at ${offset} are not there`);
      return bytes;
    },
    close: () => closeSync(file),
  };
}

/** All of a source. */
export async function wholeOf(source: ByteSource): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < source.size; at += MIB) pieces.push(await source.read(at, Math.min(MIB, source.size - at)));
  return Buffer.concat(pieces);
}
