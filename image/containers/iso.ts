// ISO images of Windows media: the images of sources\install.wim, .esd or .swm, and the rest of the disc beside them.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, ToolError } from '../../errors.ts';
import { makeScratch, removeScratch } from '../../tools/scratch.ts';
import { unpackAll } from '../../tools/unpack.ts';
import type { Container, ContainerFormat, ImageInfo, ImageSummary, SideTree } from '../image.ts';
import { folderTree } from './folder-tree.ts';
import { TreeImage, type TreeNode } from './tree-image.ts';

/** ECMA-119: the first volume descriptor stands in sector 16. UDF discs have one, too. */
const MARK_AT = 16 * 2048 + 1;

export function isoFormat(openInner: (path: string) => Promise<Container>): ContainerFormat {
  return {
    id: 'iso',
    extensions: ['.iso'],
    probe: (head) => /^(?:CD001|BEA01)$/.test(Buffer.from(head.subarray(MARK_AT, MARK_AT + 5)).toString('latin1')),
    open: (path) => openIso(path, openInner),
  };
}

/** @throws ImageError ISO_NO_WINDOWS, CONTAINER_CORRUPT, and what opening the image in it says */
async function openIso(path: string, openInner: (path: string) => Promise<Container>): Promise<Container> {
  const folder = await makeScratch();
  try {
    await unpackAll(path, folder).catch((error) => {
      if (!(error instanceof ToolError) || error.code !== 'TOOL_FAILED' || /no space left/i.test(error.message)) throw error;
      throw new ImageError('CONTAINER_CORRUPT', `${path}: cannot be unpacked (${error.message})`, {
        hint: 'Take a fresh copy of the ISO.',
        cause: error,
      });
    });
    const found = await findInstall(folder);
    if (!found) {
      throw new ImageError('ISO_NO_WINDOWS', `${path}: holds no image of Windows (no sources/install.wim, .esd or .swm)`, {
        hint: 'Give the ISO of Windows media.',
      });
    }
    const inner = await openInner(join(folder, found.folder, found.name)).catch((error) => {
      // The temporary path says nothing to anybody.
      if (!(error instanceof ImageError)) throw error;
      const said = error.message.replace(`${join(folder, found.folder, found.name)}: `, '');
      throw new ImageError(
        error.code,
        `${path}: ${found.folder}/${found.name}: ${said}`,
        error.hint === undefined ? { cause: error } : { hint: error.hint, cause: error },
      );
    });
    const isImage = (at: string) => new RegExp(`^/${found.folder}/install\\d*\\.(?:wim|esd|swm)$`, 'i').test(at);
    return new IsoContainer(path, folder, inner, await folderTree(folder, isImage));
  } catch (error) {
    await removeScratch(folder);
    throw error;
  }
}

/** Without case: discs that others made spell it in many ways. */
async function findInstall(folder: string): Promise<{ readonly folder: string; readonly name: string } | undefined> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.toLowerCase() !== 'sources') continue;
    const files = (await readdir(join(folder, entry.name), { withFileTypes: true })).filter((file) => file.isFile());
    for (const wanted of ['install.wim', 'install.esd', 'install.swm']) {
      const file = files.find(({ name }) => name.toLowerCase() === wanted);
      if (file) return { folder: entry.name, name: file.name };
    }
  }
  return undefined;
}

class IsoContainer implements Container {
  readonly id = 'iso';
  readonly path: string;
  readonly images: readonly ImageSummary[];
  private readonly folder: string;
  private readonly inner: Container;
  private readonly disc: TreeNode;

  constructor(path: string, folder: string, inner: Container, disc: TreeNode) {
    this.path = path;
    this.folder = folder;
    this.inner = inner;
    this.disc = disc;
    this.images = inner.images.map((image) => ({ ...image, info: inIso(image.info) }));
  }

  async open(index: number) {
    const image = await this.inner.open(index);
    return Object.assign(image, { info: inIso(image.info) });
  }

  sides(): readonly SideTree[] {
    const info: ImageInfo = { container: 'iso', index: 1, name: '', edition: 'unknown', build: 0, architecture: 'unknown' };
    return [{ partition: 0, image: new TreeImage(this.disc, info, `the disc ${this.path}`) }];
  }

  async close(): Promise<void> {
    await this.inner.close();
    await removeScratch(this.folder);
  }
}

function inIso(info: ImageInfo): ImageInfo {
  return { ...info, container: 'iso' };
}
