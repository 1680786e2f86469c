// The copy of a disk that is then written: the same kind as it is, another kind through a conversion that streams.
import { open, rm } from 'node:fs/promises';
import { ImageError } from '../../errors.ts';
import type { ByteSource } from '../../formats/disk/source.ts';
import { copyWithCp } from '../../tools/cp.ts';
import { convertDisk } from '../../tools/qemu-img.ts';
import type { DiskId, OpenDisk } from './disk-layers.ts';
import { writingTo } from './room.ts';

const PIECE = 1024 * 1024;
const ZEROS = Buffer.alloc(PIECE);

export interface DiskCopyOptions {
  readonly as: DiskId;
  /** A file that may stand beside the copy for a while. */
  readonly flat: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes `to` a disk with the content of the opened one, parents and replayed logs included.
 * @throws ImageError DISK_SECTORS; ToolError for cp and qemu-img
 */
export async function copyDisk(
  { path, disk }: { readonly path: string; readonly disk: OpenDisk },
  to: string,
  { as, flat, signal }: DiskCopyOptions,
): Promise<void> {
  const whole = !disk.differencing && !disk.replayed; // the file alone is the disk
  if (whole && disk.id === as) {
    await writingTo(to, copyWithCp(path, to, signal));
    return;
  }
  if (disk.sectorSize !== 512) {
    throw new ImageError('DISK_SECTORS', `${path}: has sectors of ${disk.sectorSize} bytes, a converted disk would have 512`, {
      hint: `Let the output be of the kind ${disk.id}.`,
    });
  }
  if (as === 'raw') {
    await writingTo(to, flatten(disk.disk, to, signal));
    return;
  }
  // Our size of a VHD and QEMU's may differ: it takes heads, tracks and sectors of some writers for the truth.
  if (whole && disk.id !== 'vhd') {
    await writingTo(to, convertDisk([path], disk.id, to, { as, signal }));
    return;
  }
  try {
    await writingTo(flat, flatten(disk.disk, flat, signal));
    await writingTo(to, convertDisk([flat], 'raw', to, { as, signal }));
  } finally {
    await rm(flat, { force: true });
  }
}

/** Zeros stay holes. */
async function flatten(disk: ByteSource, to: string, signal: AbortSignal | undefined): Promise<void> {
  const file = await open(to, 'wx');
  try {
    await file.truncate(disk.size);
    for (let at = 0; at < disk.size; at += PIECE) {
      signal?.throwIfAborted();
      const bytes = await disk.read(at, Math.min(PIECE, disk.size - at));
      if (Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) !== 0) await file.write(bytes, 0, bytes.length, at);
    }
  } finally {
    await file.close();
  }
}
