// Finds what a path of Windows leads to: through the links that stand inside the image, and by short names.
import { ImageError } from '../errors.ts';
import type { Image, ImageFile } from './image.ts';

/** Windows follows 63 links; more than a few are a maze. */
const HOPS_MAX = 16;
const PARTS_MAX = 256;

export interface Followed {
  /** What stands at the end; undefined when nothing does, or when a link leads out of the image or in a circle. */
  readonly file: ImageFile | undefined;
  /** The links on the way, in order. */
  readonly links: readonly ImageFile[];
}

/** As `image.find`, but goes on behind links: `C:` is the image's own drive, and nothing of the host is ever looked at. */
export async function findThroughLinks(image: Image, path: string): Promise<Followed> {
  const links: ImageFile[] = [];
  let open = partsOf(path);
  let at = '';
  while (open.length > 0) {
    if (open.length > PARTS_MAX) return { file: undefined, links };
    const [part, ...rest] = open as [string, ...string[]];
    const found = (await findOrNothing(image, `${at}/${part}`)) ?? (await findByShortName(image, at, part));
    if (!found) return { file: undefined, links };
    const target = found.reparse?.target;
    if (target === undefined) {
      if (rest.length === 0) return { file: found, links };
      at = found.path;
      open = rest;
      continue;
    }
    links.push(found);
    const next = targetPath(target, at);
    if (next === undefined || links.length > HOPS_MAX) return { file: undefined, links };
    open = [...partsOf(next), ...rest];
    at = '';
  }
  return { file: undefined, links };
}

/** `\??\C:\a` and `C:\a` from the root, `\a` too, anything else from the folder of the link. */
function targetPath(target: string, folder: string): string | undefined {
  const path = target.replace(/^\\(?:\?\?|\\[?.])\\/, '').replaceAll('\\', '/');
  if (/^c:\//i.test(path)) return path.slice(2);
  if (/^[^/]*:|^\/\/|^volume\{/i.test(path)) return undefined;
  return path.startsWith('/') ? path : `${folder}/${path}`;
}

function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/** Paths by folder and short name; gathered in one walk when the first path with a short name is asked for. */
const shortNames = new WeakMap<Image, Promise<ReadonlyMap<string, string>>>();

async function findByShortName(image: Image, folder: string, name: string): Promise<ImageFile | undefined> {
  if (!/~\d/.test(name)) return undefined;
  const known = shortNames.get(image) ?? gatherShortNames(image);
  shortNames.set(image, known);
  const path = (await known).get(`${folder}/${name}`.toLowerCase());
  return path === undefined ? undefined : findOrNothing(image, path);
}

async function gatherShortNames(image: Image): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for await (const { path, shortName } of image.walk()) {
    if (shortName !== '') paths.set(`${path.slice(0, path.lastIndexOf('/'))}/${shortName}`.toLowerCase(), path);
  }
  return paths;
}

async function findOrNothing(image: Image, path: string): Promise<ImageFile | undefined> {
  try {
    return await image.find(path);
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}
