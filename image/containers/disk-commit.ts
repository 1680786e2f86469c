// Writes a changed copy of a disk: the copy is made first, then a private sparse volume is mounted and edited, and only what changed goes back into the copy.
import { type FileHandle, mkdir, open, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../errors.ts';
import { readPartitions } from '../../formats/disk/partitions.ts';
import { mountNtfs } from '../../tools/ntfs-3g.ts';
import { QEMU_FORMATS } from '../../tools/qemu-img.ts';
import { patchDisk } from '../../tools/qemu-io.ts';
import { withScratch } from '../../tools/scratch.ts';
import type { FileEdit } from '../image.ts';
import { atOnce } from './at-once.ts';
import { copyDisk } from './disk-copy.ts';
import { diskErrorOf } from './disk-errors.ts';
import type { DiskImage } from './disk-image.ts';
import { type DiskId, openDisk } from './disk-layers.ts';
import { refuseUnwritable } from './disk-state.ts';
import { readVolumes } from './disk-volumes.ts';
import { proveDifference } from './ntfs-difference.ts';
import { editNtfs, isOverlaid, uncover } from './ntfs-edit.ts';
import { type NtfsAction, planNtfs } from './ntfs-plan.ts';
import { writingTo } from './room.ts';
import { changesOf, makeSparse, type Patch } from './sparse-volume.ts';

/** Less than this is a full disk. */
const ROOM = 16 * 1024 * 1024;

export interface DiskCommitOptions {
  readonly edits: readonly FileEdit[];
  /** The kind of disk to make; that of the source unless given. */
  readonly as?: DiskId | undefined;
  readonly time: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes `staged` from the opened disk and the edits.
 * @throws ImageError DISK_SECTORS, VOLUME_DIRTY, VOLUME_HIBERNATED, VOLUME_UNKNOWN, VOLUME_FULL, DISK_WRITE_MISMATCH, and what an edit cannot be;
 *   ToolError for ntfs-3g, setfattr, qemu-img, qemu-io and FUSE
 */
export async function commitDisk(image: DiskImage, staged: string, { edits, as, time, signal }: DiskCommitOptions): Promise<void> {
  await refuseUnwritable(image);
  const plan = await planNtfs(image, edits);
  const { volume, container } = image;
  const kind = as ?? container.disk.id;
  const copy = (stop: AbortSignal | undefined) => copyDisk(container, staged, { as: kind, flat: `${staged}.flat`, signal: stop });
  if (plan.actions.length === 0) {
    await copy(signal);
    return;
  }
  const ntfs = volume.ntfs!;
  await withScratch(async (folder) => {
    const file = join(folder, 'volume');
    // Both only read the source; the copy is written when the volume has all its changes.
    const [, copied] = await atOnce(signal, copy, async (stop) => {
      const ranges = await makeSparse(ntfs, volume.source, plan.touched, file, stop);
      const mount = join(folder, 'mount');
      await mkdir(mount);
      await playActions(file, mount, plan.actions, { path: container.path, time, signal: stop });
      return ranges;
    });
    const changes = changesOf(file, ntfs, volume.source, { copied, touched: plan.touched });
    await writingTo(staged, writeBack(image, staged, changes, { as: kind, signal }));
  });
  await prove(image, staged, plan);
}

/** Mounts the volume in the file and makes the changes. @throws ImageError VOLUME_FULL */
export async function playActions(
  file: string,
  mount: string,
  actions: readonly NtfsAction[],
  { path, time, signal }: { readonly path: string; readonly time: Date | undefined; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  try {
    if (actions.some(isOverlaid)) await mounted(file, mount, (root) => uncover(root, actions, signal));
    await mounted(file, mount, (root) => editNtfs(root, actions, { time, signal }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || !(await hasRoom(file))) throw error;
    throw new ImageError('VOLUME_FULL', `${path}: the volume with the Windows has no room for what the steps write`, {
      hint: 'Free space on it, or make the volume larger on Windows.',
      cause: error,
    });
  }
}

/** Whether this machine's disk has some: then it is the volume in the image that is full. */
async function hasRoom(file: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(file);
  return bavail * bsize > ROOM;
}

/** What failed first is what is told. */
async function mounted(file: string, folder: string, use: (root: string) => Promise<void>): Promise<void> {
  const mount = await mountNtfs(file, folder);
  try {
    await use(mount.folder);
  } catch (error) {
    await mount.unmount().catch(() => undefined);
    throw error;
  }
  await mount.unmount();
}

async function writeBack(
  image: DiskImage,
  staged: string,
  changes: AsyncIterable<Patch>,
  { as, signal }: { readonly as: DiskId; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const { start } = image.volume.partition;
  const { id, layout } = image.container.disk;
  const flat = as === 'raw' || (as === id && layout === 'fixed'); // the bytes of the disk stand one behind the other
  const onDisk = async function* () {
    for await (const { offset, bytes } of changes) {
      signal?.throwIfAborted();
      yield { offset: start + offset, bytes };
    }
  };
  if (!flat) {
    await patchDisk(staged, QEMU_FORMATS[as], onDisk(), signal);
    return;
  }
  const file: FileHandle = await open(staged, 'r+');
  try {
    for await (const { offset, bytes } of onDisk()) await file.write(bytes, 0, bytes.length, offset);
  } finally {
    await file.close();
  }
}

/** Opened again from the file: what is there, not what was meant. */
async function prove(image: DiskImage, staged: string, plan: Awaited<ReturnType<typeof planNtfs>>): Promise<void> {
  const disk = await openDisk(staged);
  try {
    const { volumes } = await readVolumes(staged, disk.disk, await readPartitions(disk.disk, disk.sectorSize));
    const after = volumes.find(({ partition }) => partition.number === image.volume.partition.number)?.ntfs;
    if (!after) throw new ImageError('DISK_WRITE_MISMATCH', `${staged}: the volume that was written is no longer there`);
    await proveDifference(staged, image.volume.ntfs!, after, plan);
  } catch (error) {
    throw diskErrorOf(staged, error);
  } finally {
    await disk.close();
  }
}
