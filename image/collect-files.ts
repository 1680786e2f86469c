// Finds files of an image at given places and by globs, in any case, and reads those that are small enough: answer files, for one.
import { ImageError } from '../errors.ts';
import type { Image, ImageFile } from './image.ts';

/** A configuration file is far smaller; the image may be hostile. */
const CONTENT_MAX = 16 * 1024 * 1024;
/** An image with more of them was made to flood the report. */
const FILES_MAX = 2000;

export interface CollectedFile {
  readonly path: string; // as it stands in the image
  /** undefined when it could not be read; `fault` then says why. */
  readonly content: Uint8Array | undefined;
  readonly fault: string | undefined;
}

export interface Collection {
  readonly files: readonly CollectedFile[];
  /** False when there were too many to collect all. */
  readonly complete: boolean;
}

/** The files at `paths`, in that order, then those that `globs` take, in tree order; each file once. */
export async function collectFiles(image: Image, paths: readonly string[], globs: readonly string[]): Promise<Collection> {
  const found = new Map<string, CollectedFile>();
  let complete = true;
  const add = async (file: ImageFile) => {
    const id = file.path.toLowerCase();
    if (file.folder || found.has(id)) return;
    if (found.size < FILES_MAX) found.set(id, await collected(file));
    else complete = false;
  };
  for (const path of paths) {
    try {
      const file = await image.find(path);
      if (file) await add(file);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      found.set(path.toLowerCase(), { path, content: undefined, fault: error.message });
    }
  }
  if (globs.length > 0) for await (const file of image.walk({ files: globs })) await add(file);
  return { files: [...found.values()], complete };
}

async function collected(file: ImageFile): Promise<CollectedFile> {
  const { path } = file;
  const unread = (fault: string) => ({ path, content: undefined, fault });
  if (file.reparse) return unread(`${path}: is a link, which is not followed`);
  if (file.size > CONTENT_MAX) return unread(`${path}: is too large (${file.size} bytes, at most ${CONTENT_MAX})`);
  try {
    return { path, content: await file.read(), fault: undefined };
  } catch (error) {
    if (error instanceof ImageError) return unread(error.message);
    throw error;
  }
}
