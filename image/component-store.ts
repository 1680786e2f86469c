// The component store (WinSxS): which of its components holds a file of Windows, and whether a file is the one that a component brought.
import type { Image, ImageFile } from './image.ts';

/** A component of Microsoft's: its key token stands in the name. Its files lie in the folder itself; f, r and n below hold deltas of servicing. */
const COMPONENT_FILE = /^\/Windows\/WinSxS\/([^/]*_31bf3856ad364e35_[^/]*)\/([^/]+)$/i;
const COMPARED_MAX = 64 * 1024 * 1024;

/** The component to which a path of the store belongs; undefined for deltas and for what is no component of Microsoft's. */
export function componentOf(path: string): string | undefined {
  return COMPONENT_FILE.exec(path)?.[1];
}

/**
 * The path of the file in the store that this file is: by hard link, by the same stored content, or by the same bytes. Only components
 * that have a manifest count. That the store itself is genuine cannot be proved from it.
 */
export async function storeCopyOf(image: Image, file: ImageFile): Promise<string | undefined> {
  for (const path of [file.path, ...file.links]) if (await hasManifest(image, path)) return path;
  for await (const other of storeFiles(image, nameOf(file.path))) {
    if (await isSame(file, other)) return other.path;
  }
  return undefined;
}

/** Files of the store with the name, of components that have a manifest, no deltas. */
export async function* storeFiles(image: Image, name: string): AsyncIterable<ImageFile> {
  for await (const file of image.walk({ files: [`/Windows/WinSxS/*/${name}`] })) {
    if (!file.folder && !file.reparse && file.size > 0 && (await hasManifest(image, file.path))) yield file;
  }
}

async function hasManifest(image: Image, path: string): Promise<boolean> {
  const component = componentOf(path);
  return component !== undefined && image.has(`/Windows/WinSxS/Manifests/${component}.manifest`);
}

/** Two files of one container with one digest are one stored content, whatever that digest is worth. */
async function isSame(a: ImageFile, b: ImageFile): Promise<boolean> {
  if (a.size !== b.size) return false;
  if (a.digest !== undefined && b.digest !== undefined) return a.digest === b.digest;
  if (a.size > COMPARED_MAX) return false;
  return Buffer.compare(await a.read(), await b.read()) === 0;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
