// Shows one image of a container as a folder of this machine, read-only, for a person who wants to look inside.
import { constants } from 'node:fs';
import { mkdir, open, readdir, realpath, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, ImageError } from '../errors.ts';
import { keeperOf, mountPath } from '../tools/kept-mount.ts';
import type { HeldMount } from '../tools/mount-keeper.ts';
import { mountNtfsReadOnly, requireFuse } from '../tools/ntfs-3g.ts';
import { canExport, type Slice, sliceExport } from '../tools/qemu-export.ts';
import { QEMU_FORMATS } from '../tools/qemu-img.ts';
import { keepScratch, makeScratch, removeScratch } from '../tools/scratch.ts';
import { captureFolder, mountWim } from '../tools/wimlib-mount.ts';
import { DiskImage } from './containers/disk-image.ts';
import type { NtfsNode } from './containers/ntfs-tree.ts';
import { makeSparse } from './containers/sparse-volume.ts';
import type { TreeNode } from './containers/tree-image.ts';
import { checkName } from './containers/wim-edit-tree.ts';
import { WimImage } from './containers/wim-image.ts';
import type { Image, ImageInfo } from './image.ts';
import { chooseImage, openContainer } from './open.ts';

export interface MountedImage {
  readonly info: ImageInfo;
  /** What a person must know of what is seen. */
  readonly notes: readonly string[];
}

/**
 * The mount stays until `unmountKept` or a plain umount ends it; its processes and temporary files go with it.
 * @throws ConfigError MOUNT_FOLDER; ImageError of the container; ToolError FUSE_ABSENT, FUSE_DENIED, TOOL_MISSING, MOUNT_FAILED. Then nothing is left.
 */
export async function mountContainer(
  path: string,
  folder: string,
  { index, signal }: { readonly index?: number | undefined; readonly signal?: AbortSignal } = {},
): Promise<MountedImage> {
  await requireFuse();
  const at = await emptyFolder(folder);
  const container = await openContainer(path);
  try {
    signal?.throwIfAborted();
    const image = await container.open(chooseImage(container, { index }));
    const own = await makeScratch();
    let mount: HeldMount;
    try {
      mount = await mountImage(image, { at, own, path, signal });
    } catch (error) {
      await removeScratch(own);
      throw error;
    }
    if (signal?.aborted) {
      await mount.unmount();
      signal.throwIfAborted();
    }
    mount.keep();
    keepScratch(own);
    return { info: image.info, notes: notesOf(image) };
  } finally {
    await container.close();
  }
}

interface Place {
  readonly at: string;
  /** Goes with the mount. */
  readonly own: string;
  readonly path: string;
  readonly signal: AbortSignal | undefined;
}

async function mountImage(image: Image, { at, own, path, signal }: Place): Promise<HeldMount> {
  if (image instanceof WimImage) {
    const { parts } = image;
    if (parts.path === path) return mountWim(path, image.info.index, at, { own });
    // What was unpacked for us goes with the mount, and not with the container.
    const plain = join(own, 'plain.wim');
    await rename(parts.path, plain);
    return mountWim(plain, image.info.index, at, { own });
  }
  if (!(image instanceof DiskImage)) throw new TypeError(`no image of a ${image.info.container} can be mounted`);
  const { volume, container } = image;
  if (!volume.ntfs) {
    const files = join(own, 'files');
    await unpackTree(volume.root, files, signal);
    const wim = join(own, 'volume.wim');
    await captureFolder(files, wim, signal);
    return mountWim(wim, 1, at, { own });
  }
  const file = join(own, 'volume');
  const { id, differencing, replayed } = container.disk;
  // qemu reads neither differencing VHDs nor, without writing, a VHDX with a log; our own reader does.
  if (!differencing && !replayed && (await canExport())) {
    await (await open(file, 'wx', 0o600)).close();
    const { start, size } = volume.partition;
    const slice: Slice = { path: container.path, format: QEMU_FORMATS[id], start, size };
    return mountNtfsReadOnly(file, at, { own, shown: sliceExport(slice, file) });
  }
  await makeSparse(volume.ntfs, volume.source, new Set(volume.ntfs.files.values()), file, signal);
  return mountNtfsReadOnly(file, at, { own });
}

/** @throws ConfigError MOUNT_FOLDER */
async function emptyFolder(folder: string): Promise<string> {
  const wrong = (fact: string, hint: string) => new ConfigError('MOUNT_FOLDER', `${folder}: ${fact}`, { hint });
  const at = await mountPath(folder);
  if ((await keeperOf(at)) !== undefined) throw wrong('is in use for a mount already', `End that one with "wtgforge unmount ${folder}".`);
  const facts = await stat(folder).catch(() => undefined);
  if (!facts) throw wrong('does not exist', 'Make an empty folder first.');
  if (!facts.isDirectory()) throw wrong('is not a folder', 'Give an empty folder.');
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw wrong(`cannot be read (${error.code})`, 'Give an empty folder of your own.');
  });
  if (names.length > 0) throw wrong('is not empty', 'Give an empty folder: what is in it would be hidden.');
  return realpath(folder);
}

/** A FAT volume has no program that every user may mount it with: its files come as they are read by us. Names are checked one by one. */
async function unpackTree(node: TreeNode, host: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (node.folder) {
    await mkdir(host, { mode: 0o700 });
    for (const child of node.children()) {
      checkName(child.name, child.name);
      if (child.name === '') throw new ImageError('PATH_INVALID', 'the FAT volume holds a file without a name');
      await unpackTree(child, join(host, child.name), signal);
    }
    return;
  }
  const file = await open(host, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    for await (const piece of node.pieces()) await file.write(piece);
  } finally {
    await file.close();
  }
}

/** Debian's ntfs-3g shows what Windows has compressed with CompactOS as links that lead nowhere. */
function notesOf(image: Image): readonly string[] {
  if (!(image instanceof DiskImage) || !image.volume.ntfs) return [];
  let compact = 0;
  const waiting: TreeNode[] = [image.volume.root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ((node as NtfsNode).overlaid) compact++;
    else if (node.folder) waiting.push(...node.children());
  }
  return compact === 0 ? [] : [`${compact} file(s) compressed with CompactOS are shown as broken links`];
}
