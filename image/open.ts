// Opens a container file of any supported kind, and chooses one image of it.
import { type FileHandle, open, stat } from 'node:fs/promises';
import { ImageError } from '../errors.ts';
import { diskFormat } from './containers/disk.ts';
import { dismContainer } from './containers/dism.ts';
import { isoFormat } from './containers/iso.ts';
import { wimFormat } from './containers/wim.ts';
import type { Container, ContainerFormat, Image, ImageSummary } from './image.ts';

/** Every kind of container that can be opened. */
export const containerFormats: readonly ContainerFormat[] = [wimFormat, isoFormat(openContainer), diskFormat];

/** How much of a file is shown to `probe`: the mark of an ISO stands at 32 KiB. */
const HEAD_SIZE = 36 * 1024;

/** Opens the container; the caller closes it. Whatever is wrong with the file is an ImageError that names it as it was given. */
export async function openContainer(path: string): Promise<Container> {
  return onHost(await (await formatOf(path)).open(path));
}

/** The kind of the container, by its first bytes. */
export async function formatOf(path: string): Promise<ContainerFormat> {
  const head = await readHead(path);
  const format = containerFormats.find((candidate) => candidate.probe(head));
  if (format) return format;
  throw new ImageError('CONTAINER_UNKNOWN', `${path}: is not a container that can be read (its first bytes are not those of any)`, {
    hint: `Give a file of one of these kinds: ${supported()}.`,
  });
}

/** Windows mounts images itself. */
function onHost(container: Container, platform: NodeJS.Platform = process.platform): Container {
  return platform === 'win32' ? dismContainer(container) : container;
}

/** Opens one image of a container; closing the image closes the container. */
export async function openImage(path: string, index = 1): Promise<Image> {
  const container = await openContainer(path);
  try {
    const image = await container.open(index);
    const closeImage = image.close.bind(image);
    image.close = async () => {
      await closeImage();
      await container.close();
    };
    return image;
  } catch (error) {
    await container.close();
    throw error;
  }
}

/** The index of the image that is meant: by index, by edition, or the only one there is. */
export function chooseImage(
  container: Pick<Container, 'path' | 'images'>,
  wanted: { readonly index?: number | undefined; readonly edition?: string | undefined },
): number {
  const { path, images } = container;
  if (wanted.index !== undefined) {
    if (images.some(({ info }) => info.index === wanted.index)) return wanted.index;
    throw new ImageError('IMAGE_INDEX_ABSENT', `${path}: image ${wanted.index} does not exist (the file holds ${images.length})`, {
      hint: `Choose one of: ${listed(images)}.`,
    });
  }
  const edition = wanted.edition?.toLowerCase();
  const found = edition === undefined ? images : images.filter(({ info }) => info.edition.toLowerCase() === edition);
  if (found.length === 1) return found[0]!.info.index;
  if (images.length === 0)
    throw new ImageError('IMAGE_INDEX_ABSENT', `${path}: holds no image`, { hint: 'Give a file with an installed Windows.' });
  if (edition === undefined) {
    throw new ImageError('IMAGE_AMBIGUOUS', `${path}: it is not clear which image is meant (the file holds ${images.length})`, {
      hint: `Choose by index or edition: ${listed(images)}.`,
    });
  }
  if (found.length === 0) {
    throw new ImageError('IMAGE_EDITION_ABSENT', `${path}: holds no image of the edition ${wanted.edition} (it holds ${listed(images)})`, {
      hint: 'Choose one of these, by edition or by index.',
    });
  }
  throw new ImageError('IMAGE_AMBIGUOUS', `${path}: holds ${found.length} images of the edition ${wanted.edition} (${listed(found)})`, {
    hint: 'Choose by index.',
  });
}

function listed(images: readonly ImageSummary[]): string {
  return images.map(({ info }) => `${info.index} (${info.edition === 'unknown' ? info.name || 'unnamed' : info.edition})`).join(', ');
}

function supported(): string {
  return containerFormats.map((format) => `${format.id.toUpperCase()} (${format.extensions.join(', ')})`).join(', ');
}

async function readHead(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    const facts = await stat(path);
    if (facts.isDirectory())
      throw new ImageError('CONTAINER_NOT_A_FILE', `${path}: is a folder, not an image`, {
        hint: 'Give the path of an image file, such as install.wim.',
      });
    // A pipe or device would block or never end.
    if (!facts.isFile())
      throw new ImageError('CONTAINER_NOT_A_FILE', `${path}: is not a regular file`, {
        hint: 'Give the path of an image file, such as install.wim.',
      });
    if (facts.size === 0)
      throw new ImageError('CONTAINER_EMPTY', `${path}: is empty (0 bytes)`, { hint: 'Copy or download the image again.' });
    file = await open(path, 'r');
    const head = new Uint8Array(Math.min(HEAD_SIZE, facts.size));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } catch (error) {
    throw fileErrorOf(path, error);
  } finally {
    await file?.close();
  }
}

function fileErrorOf(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ImageError('CONTAINER_ABSENT', `${path}: does not exist`, {
      hint: 'Check the path; it is taken from the working directory.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new ImageError('CONTAINER_NO_ACCESS', `${path}: may not be read (${code})`, {
      hint: 'Check the permissions of the file.',
      cause: error,
    });
  }
  return error;
}
