// Images on Windows hosts, through DISM (experimental): the same contract as elsewhere, over a folder where Windows itself shows the image.
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImageError } from '../../errors.ts';
import { openRegf } from '../../formats/hive/hive.ts';
import { regText } from '../../formats/hive/reg-text.ts';
import { exportWithDism, mountWithDism } from '../../tools/dism.ts';
import { importIntoHive } from '../../tools/reg.ts';
import { makeScratch, removeScratch, withScratch } from '../../tools/scratch.ts';
import { guarded } from '../hive.ts';
import { loadHive } from '../hive-load.ts';
import { hivePath } from '../hive-path.ts';
import { planHive } from '../hive-plan.ts';
import type { Container, FileEdit, HiveEdit, HiveName, Image, ImageInfo } from '../image.ts';
import { folderTree } from './folder-tree.ts';
import { TreeImage, type TreeNode } from './tree-image.ts';
import { checkName } from './wim-edit-tree.ts';

/** For lists: nothing of this was ever run on Windows, its tests are played by stand-ins. */
export const DISM = { id: 'dism', title: 'WIM, VHD and VHDX, through DISM on Windows hosts' } as const;

/** What DISM mounts; other kinds are read by our own readers on Windows as well. */
const MOUNTABLE = new Set<Container['id']>(['wim', 'vhd', 'vhdx']);

/**
 * The container with its images opened through DISM. What it holds is told by our own reader, which no name in the file can mislead.
 * Access lists and named streams are not seen through a folder.
 */
export function dismContainer(inner: Container): Container {
  if (!MOUNTABLE.has(inner.id)) return inner;
  const { path, id, images } = inner;
  return {
    path,
    id,
    images,
    ...(inner.sides ? { sides: () => inner.sides!() } : {}),
    async open(index) {
      const summary = images[index - 1];
      // Our own reader has the words for what is not there.
      return summary ? openWithDism(path, summary.info) : inner.open(index);
    },
    close: () => inner.close(),
  };
}

export class DismImage extends TreeImage {
  readonly path: string;
  private readonly release: () => Promise<void>;

  constructor(root: TreeNode, info: ImageInfo, path: string, release: () => Promise<void>) {
    super(root, info, `image ${info.index} of ${path}`);
    this.path = path;
    this.release = release;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.release();
  }
}

async function openWithDism(path: string, info: ImageInfo): Promise<Image> {
  const folder = await makeScratch();
  try {
    const at = join(folder, 'mount');
    await mkdir(at);
    const mount = await mountWithDism(path, info.index, at);
    const release = async (): Promise<void> => {
      await mount.unmount('discard');
      await removeScratch(folder);
    };
    try {
      const image = new DismImage(await folderTree(at), info, path, release);
      await image.completeInfo();
      return image;
    } catch (error) {
      await mount.unmount('discard').catch(() => undefined);
      throw error;
    }
  } catch (error) {
    await removeScratch(folder);
    throw error;
  }
}

export interface DismCommitOptions {
  readonly edits: readonly FileEdit[];
  readonly hiveEdits: ReadonlyMap<HiveName, readonly HiveEdit[]>;
  readonly images: 'built' | 'all';
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies the container, mounts the copy for writing, makes the edits, saves. Nothing is saved when an edit fails.
 * @throws ImageError PATH_THROUGH_LINK, PATH_IS_LINK, PATH_IS_FOLDER, and what hive edits say; ToolError of dism.exe and reg.exe
 */
export async function commitWithDism(image: DismImage, staged: string, options: DismCommitOptions): Promise<readonly string[]> {
  const { images, signal } = options;
  const isWim = image.info.container === 'wim';
  const isExported = isWim && images === 'built';
  const work = isExported ? `${staged}.whole.wim` : staged;
  try {
    await copyFile(image.path, work, constants.COPYFILE_FICLONE);
    await withScratch(async (folder) => {
      const at = join(folder, 'mount');
      await mkdir(at);
      const mount = await mountWithDism(work, image.info.index, at, { writable: true, signal });
      try {
        await makeEdits(image, at, folder, options);
      } catch (error) {
        await mount.unmount('discard').catch(() => undefined);
        throw error;
      }
      await mount.unmount('commit');
    });
    if (isExported) await exportWithDism(work, image.info.index, staged, signal);
  } finally {
    if (work !== staged) await rm(work, { force: true });
  }
  return isWim && !isExported ? ['written by DISM (experimental): what was replaced stays in the file until it is exported'] : [NOTE];
}

const NOTE = 'written by DISM (experimental)';

async function makeEdits(image: DismImage, root: string, scratch: string, { edits, hiveEdits, signal }: DismCommitOptions): Promise<void> {
  for (const edit of edits) {
    signal?.throwIfAborted();
    if (edit.kind === 'remove') await rm(await hostPath(root, edit.path), { recursive: true, force: true });
    else await writeAt(root, edit.path, edit.content);
  }
  for (const [name, changes] of hiveEdits) {
    signal?.throwIfAborted();
    const { path, bytes } = await loadHive(image, hivePath(name));
    const plan = guarded(path, () => planHive(openRegf(bytes), changes, path));
    if (plan.keys.length + plan.removed.length === 0) continue;
    const text = (key: string) => regText(key, plan.removedPaths, plan.keys);
    const file = join(scratch, 'edits.reg');
    await importIntoHive(await hostPath(root, path), file, text, signal);
    await rm(file, { force: true });
  }
}

/** In place, so that the access list stays; a new file inherits from its folder, as NTFS does by itself. */
async function writeAt(root: string, path: string, content: Uint8Array): Promise<void> {
  const at = await hostPath(root, path);
  const facts = await lstat(at).catch(() => undefined);
  if (facts?.isSymbolicLink()) {
    throw new ImageError('PATH_IS_LINK', `${path}: is a link or reparse point and is not written through`, {
      hint: 'Write to the file that it points to, or remove the link first.',
    });
  }
  if (facts?.isDirectory()) throw new ImageError('PATH_IS_FOLDER', `${path}: is a folder, no file can be written there`);
  if (!facts) await mkdir(dirname(at), { recursive: true });
  const file = await open(at, facts ? 'r+' : 'wx');
  try {
    await file.truncate(0);
    await file.write(content, 0, content.length, 0);
  } finally {
    await file.close();
  }
}

/** Below the mount and nowhere else: names are checked, and no folder on the way may be a link. */
async function hostPath(root: string, path: string): Promise<string> {
  const names = path.split('/').filter((name) => name !== '');
  let at = root;
  for (const [depth, name] of names.entries()) {
    checkName(path, name);
    at = join(at, name);
    const isLast = depth === names.length - 1;
    if (!isLast && (await lstat(at).catch(() => undefined))?.isSymbolicLink()) {
      throw new ImageError('PATH_THROUGH_LINK', `${path}: runs through a link of the image`, { hint: 'Name the file by its real path.' });
    }
  }
  return at;
}
