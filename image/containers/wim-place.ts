// Finds a path in the tree of a WIM image without case, and replaces what stands there, sharing all that does not change.
import { ImageError } from '../../errors.ts';
import { upcase } from '../../formats/hive/upcase.ts';
import { ATTRIBUTE_REPARSE_POINT, type DirEntry } from '../../formats/wim/model.ts';

export interface Place {
  /** From the root to the deepest entry of the path that is there. */
  readonly chain: readonly DirEntry[];
  /** For each entry of the chain but the root: its position among its siblings. */
  readonly indices: readonly number[];
  /** The names of the path that are not there. */
  readonly missing: readonly string[];
}

/** @throws ImageError when the path is no path, runs through a link, or means two things at once. */
export function placeOf(root: DirEntry, path: string): Place {
  const names = path.split('/').slice(1);
  if (names.at(-1) === '') names.pop();
  if (!path.startsWith('/') || names.some((name) => name === '' || name === '.' || name === '..')) {
    throw new ImageError('PATH_INVALID', `${JSON.stringify(path)}: is no path from the root of the image`);
  }
  const chain = [root];
  const indices: number[] = [];
  for (const [depth, name] of names.entries()) {
    const parent = chain.at(-1)!;
    if (parent.attributes & ATTRIBUTE_REPARSE_POINT) {
      throw new ImageError('PATH_THROUGH_LINK', `${path}: runs through the link or reparse point ${pathOf({ chain })}`, {
        hint: 'Name the file by the path of the folder that the link points to.',
      });
    }
    const index = indexOf(parent.children, name, path);
    if (index < 0) return { chain, indices, missing: names.slice(depth) };
    indices.push(index);
    chain.push(parent.children[index]!);
  }
  return { chain, indices, missing: [] };
}

/** The name as written wins; without it, the one name that differs only by case. */
function indexOf(children: readonly DirEntry[], name: string, path: string): number {
  const exact = children.findIndex((child) => child.name === name);
  if (exact >= 0) return exact;
  const upper = upcase(name);
  const isSame = (child: DirEntry) => child.name.length === name.length && upcase(child.name) === upper;
  const found = children.findIndex(isSame);
  if (found < 0) return -1;
  const second = children.findIndex((child, index) => index > found && isSame(child));
  if (second < 0) return found;
  throw new ImageError('PATH_AMBIGUOUS', `${path}: ${children[found]!.name} and ${children[second]!.name} stand side by side`, {
    hint: 'Write the path in the case of the one that is meant.',
  });
}

/** The tree with another entry at the indices. */
export function replaceAt(root: DirEntry, indices: readonly number[], entry: DirEntry): DirEntry {
  const parents: DirEntry[] = [];
  let position = root;
  for (const index of indices) {
    parents.push(position);
    position = position.children[index]!;
  }
  return parents.reduceRight((child, parent, depth) => ({ ...parent, children: parent.children.with(indices[depth]!, child) }), entry);
}

export function parentOf(place: Place): DirEntry {
  return place.chain.at(-2)!;
}

/** The path in stored case. */
export function pathOf(place: Pick<Place, 'chain'>): string {
  return `/${place.chain
    .slice(1)
    .map((entry) => entry.name)
    .join('/')}`;
}
