// qemu-storage-daemon: shows one partition of a disk image as a plain file through FUSE, without copying it and without root.
import { resolve } from 'node:path';
import type { MountRequest } from './mount-keeper.ts';
import type { QemuFormat } from './qemu-img.ts';
import { type Tool, toolVersion } from './tool.ts';

export const qemuStorageDaemon: Tool = {
  name: 'qemu-storage-daemon',
  package: 'qemu-system-common',
  purpose: 'shows a partition for mount without copying it',
  versionArgs: ['--version'],
  versionPattern: /version (\d+(?:\.\d+)+)/,
  minimum: '6.0', // FUSE exports came with 6.0
};

export interface Slice {
  readonly path: string;
  /** qemu's name of the format; given, never guessed: a guest may write what looks like another one. */
  readonly format: QemuFormat;
  /** In bytes. */
  readonly start: number;
  readonly size: number;
}

/** What the keeper of a mount starts first. As JSON, so that no path can bring in an option; everything is opened for reading. */
export function sliceExport({ path, format, start, size }: Slice, file: string): NonNullable<MountRequest['export']> {
  const stored = { driver: 'file', 'read-only': true, filename: resolve(path) };
  const disk =
    format === 'raw' ? stored : { driver: format, 'read-only': true, file: stored, ...(format === 'qcow2' ? { backing: null } : {}) };
  return {
    file,
    blockdev: JSON.stringify({ driver: 'raw', 'node-name': 'slice', 'read-only': true, offset: start, size, file: disk }),
    export: JSON.stringify({
      type: 'fuse',
      id: 'slice',
      'node-name': 'slice',
      mountpoint: file,
      writable: false,
      growable: false,
      'allow-other': 'off',
    }),
  };
}

/** ntfs-3g is setuid root, and FUSE lets root look into the mounts of others only where an administrator allowed it: then the volume is copied. */
export async function canExport(): Promise<boolean> {
  return process.getuid?.() === 0 && (await toolVersion(qemuStorageDaemon)) !== undefined;
}
