// Writes a changed copy of a disk: the copy is made first, then a private sparse volume is mounted and edited, and only what changed goes back into the copy.
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../errors.ts';
import { readPartitions } from '../../formats/disk/partitions.ts';
import { copyWithCp } from '../../tools/cp.ts';
import { mountNtfs } from '../../tools/ntfs-3g.ts';
import { patchDisk } from '../../tools/qemu-io.ts';
import { withScratch } from '../../tools/scratch.ts';
import type { FileEdit } from '../image.ts';
import { diskErrorOf } from './disk-errors.ts';
import type { DiskImage } from './disk-image.ts';
import { openDisk } from './disk-layers.ts';
import { readVolumes } from './disk-volumes.ts';
import { proveDifference } from './ntfs-difference.ts';
import { editNtfs, isOverlaid, uncover } from './ntfs-edit.ts';
import { planNtfs } from './ntfs-plan.ts';
import { changesOf, makeSparse, type Patch } from './sparse-volume.ts';

export interface DiskCommitOptions {
  readonly edits: readonly FileEdit[];
  readonly time: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

const QEMU_FORMATS = { vhd: 'vpc', vhdx: 'vhdx', qcow2: 'qcow2' } as const;

/**
 * Makes `staged` from the opened disk and the edits.
 * @throws ImageError DISK_DIFFERENCING, DISK_LOG, VOLUME_DIRTY, VOLUME_HIBERNATED, VOLUME_UNKNOWN, DISK_WRITE_MISMATCH, and what an edit cannot be;
 *   ToolError for ntfs-3g, setfattr, qemu-io and FUSE
 */
export async function commitDisk(image: DiskImage, staged: string, { edits, time, signal }: DiskCommitOptions): Promise<void> {
  await refuseUnwritable(image);
  const plan = await planNtfs(image, edits);
  const { volume, container } = image;
  await copyWithCp(container.path, staged, signal);
  if (plan.actions.length === 0) return;
  const ntfs = volume.ntfs!;
  await withScratch(async (folder) => {
    const file = join(folder, 'volume');
    const copied = await makeSparse(ntfs, volume.source, plan.touched, file, signal);
    await mkdir(join(folder, 'mount'));
    const mount = join(folder, 'mount');
    if (plan.actions.some(isOverlaid)) await mounted(file, mount, (root) => uncover(root, plan.actions, signal));
    await mounted(file, mount, (root) => editNtfs(root, plan.actions, { time, signal }));
    const changes = changesOf(file, ntfs, volume.source, { copied, touched: plan.touched });
    await writeBack(image, staged, changes, signal);
  });
  await prove(image, staged, plan);
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

async function writeBack(image: DiskImage, staged: string, changes: AsyncIterable<Patch>, signal: AbortSignal | undefined): Promise<void> {
  const { start } = image.volume.partition;
  const { id, layout } = image.container.disk;
  const onDisk = async function* () {
    for await (const { offset, bytes } of changes) {
      signal?.throwIfAborted();
      yield { offset: start + offset, bytes };
    }
  };
  if (layout === 'mapped' && id !== 'raw') {
    await patchDisk(staged, QEMU_FORMATS[id], onDisk(), signal);
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

async function refuseUnwritable(image: DiskImage): Promise<void> {
  const { path, disk } = image.container;
  const { number } = image.volume.partition;
  if (disk.differencing) {
    throw new ImageError('DISK_DIFFERENCING', `${path}: is a differencing disk, which is only read`, {
      hint: 'Merge it with its parent on Windows (Merge-VHD).',
    });
  }
  if (disk.replayed) {
    throw new ImageError('DISK_LOG', `${path}: was not closed properly, its log holds changes`, {
      hint: 'Let them be written first: mount and detach the disk once on Windows, or run "qemu-img check -r all FILE" on a copy.',
    });
  }
  const { ntfs } = image.volume;
  if (!ntfs)
    throw new ImageError('VOLUME_UNKNOWN', `${path}: partition ${number} is no NTFS volume and is not written`, {
      hint: 'Use a disk with Windows on NTFS.',
    });
  if (ntfs.dirty) {
    throw new ImageError('VOLUME_DIRTY', `${path}: partition ${number} was not closed properly (its dirty flag is set)`, {
      hint: 'Run chkdsk on it on Windows and shut down fully (shutdown /s /f /t 0), then capture the disk again.',
    });
  }
  if (await isHibernated(image)) {
    throw new ImageError(
      'VOLUME_HIBERNATED',
      `${path}: the Windows on partition ${number} is hibernated or was shut down with fast startup`,
      {
        hint: 'Start it and shut it down fully (shutdown /s /f /t 0, powercfg /h off), then capture the disk again.',
      },
    );
  }
}

/** The file begins with `hibr` or `wake` in some case while a session is kept in it, and with zeros otherwise (ntfs-3g volume.c). */
async function isHibernated(image: DiskImage): Promise<boolean> {
  const file = image.place('/hiberfil.sys');
  if (!file || file.node.folder) return false;
  for await (const piece of file.node.pieces()) return /^(?:hibr|wake|rstr)$/i.test(Buffer.from(piece.subarray(0, 4)).toString('latin1'));
  return false;
}
