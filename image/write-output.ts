// From an opened image and its edits to the file that ships, in the kind of container that is asked for.
import { rm } from 'node:fs/promises';
import { captureDisk } from './containers/disk-capture.ts';
import { commitDisk } from './containers/disk-commit.ts';
import type { DiskImage } from './containers/disk-image.ts';
import { makeDisk, type NewDiskOptions } from './containers/disk-make.ts';
import { openWim } from './containers/wim.ts';
import { commitOpenedWim } from './containers/wim-commit.ts';
import type { WimImage } from './containers/wim-image.ts';
import { needsPacking, packWim } from './containers/wim-pack.ts';
import type { FileEdit } from './image.ts';
import { isDiskFormat, type Packing } from './output-format.ts';

export interface WriteOptions {
  /** Where the staged file is made; the caller removes it when anything fails. */
  readonly staged: string;
  readonly images: 'built' | 'all';
  /** The kind of container to make; that of the source unless given. */
  readonly packing?: Packing;
  /** The time that new files and the image bear; now unless given (SOURCE_DATE_EPOCH). */
  readonly time?: Date;
  readonly signal?: AbortSignal;
}

export interface Written {
  readonly notes: readonly string[];
  /** Further files of the output: the parts of an SWM behind the first. */
  readonly parts: readonly string[];
}

/** A disk to a disk of some kind, or captured as a WIM, ESD or SWM. */
export async function writeFromDisk(image: DiskImage, edits: readonly FileEdit[], options: WriteOptions): Promise<Written> {
  const { staged, time, signal, packing } = options;
  const format = packing?.format ?? image.container.disk.id;
  if (!packing || isDiskFormat(format)) {
    await commitDisk(image, staged, { edits, as: isDiskFormat(format) ? format : undefined, time, signal });
    return { notes: [], parts: [] };
  }
  const { solid, compress = 'lzx' } = packing;
  const names = workNames(staged);
  return withoutLeftOvers([names.volume, names.plain], async () => {
    const plain = format === 'swm' ? names.plain : staged;
    await captureDisk(image, plain, { edits, compress, solid, copy: names.volume, time, signal });
    await rm(names.volume, { force: true });
    const stored = { ...packing, compress: undefined };
    const parts = plain === staged ? [] : await packWim(plain, staged, stored, { whole: names.whole, signal });
    return { notes: [CAPTURED], parts };
  });
}

/** A WIM to a WIM, ESD or SWM, or applied to a new disk. */
export async function writeFromWim(image: WimImage, edits: readonly FileEdit[], options: WriteOptions): Promise<Written> {
  const { staged, time, signal, packing } = options;
  const names = workNames(staged);
  const more = packing !== undefined && needsPacking(packing);
  const plain = more ? names.plain : staged;
  const disk = packing && isDiskFormat(packing.format) ? packing.format : undefined;
  const images = disk ? 'built' : options.images;
  return withoutLeftOvers(more ? [names.plain, names.whole, names.volume, names.head, names.tail] : [], async () => {
    const commitOptions = { index: image.info.index, edits, images, time, ...(signal ? { signal } : {}) } as const;
    const { notes } = await commitOpenedWim(image.parts, await image.metadata(), plain, commitOptions);
    if (!more) return { notes, parts: [] };
    if (!disk) return { notes, parts: await packWim(plain, staged, packing, { whole: names.whole, signal }) };
    await toDisk(plain, staged, { as: disk, diskSize: packing.diskSize, work: names, signal });
    return { notes: [...notes, NEW_DISK], parts: [] };
  });
}

const CAPTURED = 'the disk was captured as a WIM: its other partitions, page files and files of hibernation are not in it';
const NEW_DISK = 'the new disk holds one NTFS volume and no boot files: use it for native boot, or run bcdboot for it';

async function toDisk(plain: string, staged: string, options: Omit<NewDiskOptions, 'content'>): Promise<void> {
  const container = await openWim(plain);
  const { bytes } = container.images[0]!;
  await container.close();
  await makeDisk(plain, staged, { ...options, content: bytes });
}

/** What stands beside the staged file for a while. */
function workNames(staged: string) {
  const name = (what: string) => `${staged}.${what}`;
  return { plain: name('plain'), whole: name('whole'), volume: name('volume'), head: name('head'), tail: name('tail') };
}

async function withoutLeftOvers<T>(paths: readonly string[], use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    for (const path of paths) await rm(path, { force: true });
  }
}
