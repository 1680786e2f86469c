// From a disk image file to the disk in it: VHD, VHDX, qcow2 or raw, with the parents of a differencing disk.
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { isBootSector } from '../../formats/disk/partitions.ts';
import { isQcow2, readQcow2 } from '../../formats/disk/qcow2.ts';
import type { ByteSource } from '../../formats/disk/source.ts';
import { isVhdFooter, readVhd, VHD_FOOTER_SIZE } from '../../formats/disk/vhd.ts';
import { isVhdx, readVhdx } from '../../formats/disk/vhdx.ts';
import { diskErrorOf } from './disk-errors.ts';
import { type FileSource, openFileSource } from './file-source.ts';

export type DiskId = 'vhd' | 'vhdx' | 'qcow2' | 'raw';

export interface OpenDisk {
  readonly id: DiskId;
  /** `fixed`: the disk's bytes stand one behind the other from the start of the file, as in a raw image. */
  readonly layout: 'fixed' | 'mapped';
  readonly disk: ByteSource;
  readonly sectorSize: number;
  /** Set when its content lies partly in another file: such a disk is only read. */
  readonly differencing: boolean;
  /** Set when a log was replayed in memory: the file itself is not as it is read. */
  readonly replayed: boolean;
  close(): Promise<void>;
}

/** Hyper-V itself warns of long chains; a circle would never end. */
const PARENTS_MAX = 16;

/** @throws ImageError CONTAINER_CORRUPT, CONTAINER_TRUNCATED, PARENT_ABSENT, PARENT_CHANGED */
export async function openDisk(path: string): Promise<OpenDisk> {
  const files: FileSource[] = [];
  const close = async (): Promise<void> => {
    for (const file of files.splice(0)) await file.close();
  };
  try {
    const { identity: _, ...opened } = await openLayer(path, files, 0);
    return { ...opened, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Layer extends Omit<OpenDisk, 'close'> {
  /** What a child calls its parent by. */
  readonly identity: string;
}

async function openLayer(path: string, files: FileSource[], depth: number): Promise<Layer> {
  const file = await openFileSource(path);
  files.push(file);
  try {
    return await readLayer(path, file, files, depth);
  } catch (error) {
    throw diskErrorOf(path, error);
  }
}

async function readLayer(path: string, file: FileSource, files: FileSource[], depth: number): Promise<Layer> {
  const head = await file.read(0, Math.min(file.size, 4096));
  const plain = { layout: 'mapped', sectorSize: 512, differencing: false, replayed: false, identity: '' } as const;
  if (isVhdx(head)) {
    const { disk, id, parent, sectorSize, replayed } = await readVhdx(file);
    const above = parent && (await openParent(path, parent.paths, parent.ids, files, depth));
    return { ...plain, id: 'vhdx', disk: disk(above?.disk), identity: id, sectorSize, replayed, differencing: above !== undefined };
  }
  if (isQcow2(head)) return { ...plain, id: 'qcow2', disk: await readQcow2(file) };
  const raw: Layer = { ...plain, id: 'raw', layout: 'fixed', disk: file };
  if (!(await hasFooter(file)) && !isVhdFooter(head)) return raw;
  const vhd = await readVhd(file).catch((error) => {
    // The end of a fixed VHD, cut out together with its last volume: that is still a volume.
    if (error instanceof FormatError && !isVhdFooter(head) && isBootSector(head)) return undefined;
    throw error;
  });
  if (!vhd) return raw;
  const { parent } = vhd;
  const above = parent && (await openParent(path, [...parent.paths, parent.name], [parent.id], files, depth));
  const layout = vhd.kind === 'fixed' ? 'fixed' : 'mapped';
  return { ...plain, id: 'vhd', layout, disk: vhd.disk(above?.disk), identity: vhd.id, differencing: above !== undefined };
}

async function hasFooter(file: ByteSource): Promise<boolean> {
  return file.size >= VHD_FOOTER_SIZE && isVhdFooter(await file.read(file.size - VHD_FOOTER_SIZE, VHD_FOOTER_SIZE));
}

/** Only by its name and only beside the child: a disk image must not choose which files of this machine are opened. */
async function openParent(
  path: string,
  named: readonly string[],
  ids: readonly string[],
  files: FileSource[],
  depth: number,
): Promise<Layer> {
  if (depth >= PARENTS_MAX) {
    throw new ImageError('PARENT_TOO_MANY', `${path}: is the last of more than ${PARENTS_MAX} differencing disks`, {
      hint: 'Merge the disks on Windows (Merge-VHD).',
    });
  }
  const names = [...new Set(named.map((name) => basename(name.replaceAll('\\', '/'))))].filter(
    (name) => name !== '' && name !== '..' && !name.includes('\0'),
  );
  for (const name of names) {
    const candidate = join(dirname(path), name);
    const facts = await stat(candidate).catch(() => undefined);
    if (!facts?.isFile()) continue;
    const parent = await openLayer(candidate, files, depth + 1);
    if (ids.includes(parent.identity)) return parent;
    throw new ImageError(
      'PARENT_CHANGED',
      `${path}: its parent ${name} is another disk or was written since (it is ${parent.identity || 'without an id'}, not ${ids[0]})`,
      {
        hint: 'Put the parent as it was when the differencing disk was made beside it, or merge the two on Windows (Merge-VHD).',
      },
    );
  }
  throw new ImageError(
    'PARENT_ABSENT',
    `${path}: is the difference to another disk, which is not beside it (${names.join(' or ') || 'it has no name'})`,
    {
      hint: 'Put the parent into the same folder, or merge the two on Windows (Merge-VHD).',
    },
  );
}
