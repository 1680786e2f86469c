// The directory tree of one WIM image: lookup by path without case, walking, and which names are one file.
import { ImageError } from '../../errors.ts';
import { upcase } from '../../formats/hive/upcase.ts';
import { ATTRIBUTE_DIRECTORY, type DirEntry } from '../../formats/wim/model.ts';
import { linkKey, type StreamRoles, streamRoles } from '../../formats/wim/streams.ts';

export interface Place {
  readonly path: string;
  readonly entry: DirEntry;
}

export function isFolder(entry: DirEntry): boolean {
  return (entry.attributes & ATTRIBUTE_DIRECTORY) !== 0;
}

/** The entry itself and everything below it, in no special order. */
export function* entriesOf(root: DirEntry): Generator<DirEntry> {
  const pending = [root];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    yield entry;
    for (const child of entry.children) pending.push(child);
  }
}

const NO_LINKS: readonly string[] = Object.freeze([]);
/** NTFS takes no more names of one file; a WIM of 100,000 names of one must not cost their square. */
export const LINKS_MAX = 1024;

export class WimTree {
  private readonly root: DirEntry;
  /** Paths by link key; gathered in one go over the tree when the first file with a link group is asked for. */
  private linked: Map<string, string[]> | undefined;
  /** Children by upper-case name, made when a folder is first looked into. */
  private readonly byName = new Map<DirEntry, Map<string, DirEntry[]>>();

  constructor(root: DirEntry) {
    this.root = root;
  }

  /** The entry at the path, or undefined. Never goes through a reparse point. */
  find(path: string): Place | undefined {
    let place: Place = { path: '/', entry: this.root };
    for (const name of path.split('/')) {
      if (name === '') continue;
      if (place.entry.reparse) {
        throw new ImageError('PATH_THROUGH_LINK', `${path}: runs through a link of the image (${place.path})`, {
          hint: 'Name the file by its real path.',
        });
      }
      const child = this.child(place, name);
      if (!child) return undefined;
      place = { path: place.path === '/' ? `/${child.name}` : `${place.path}/${child.name}`, entry: child };
    }
    return place;
  }

  /** Every file and folder below the root, each folder before its content. */
  *walk(): Generator<Place> {
    const pending: { readonly prefix: string; readonly children: readonly DirEntry[]; next: number }[] = [
      { prefix: '/', children: this.root.children, next: 0 },
    ];
    for (let level = pending.at(-1); level; level = pending.at(-1)) {
      const entry = level.children[level.next++];
      if (!entry) {
        pending.pop();
        continue;
      }
      const path = level.prefix + entry.name;
      yield { path, entry };
      if (entry.children.length > 0) pending.push({ prefix: `${path}/`, children: entry.children, next: 0 });
    }
  }

  /** The other names of the same file, at most as many as NTFS takes. */
  linksOf(place: Place, roles: StreamRoles): readonly string[] {
    const key = linkKey(place.entry, roles);
    if (key === undefined) return NO_LINKS;
    this.linked ??= this.gatherLinks();
    return this.linked.get(key)?.filter((path) => path !== place.path) ?? NO_LINKS;
  }

  /** WSL folders may hold names that differ only in case: the exact name wins, else the path is ambiguous. */
  private child({ path, entry }: Place, name: string): DirEntry | undefined {
    let children = this.byName.get(entry);
    if (!children) {
      children = grouped(entry.children);
      this.byName.set(entry, children);
    }
    const found = children.get(upcase(name)) ?? [];
    if (found.length < 2) return found[0];
    const exact = found.find((child) => child.name === name);
    if (exact) return exact;
    const names = found.map((child) => child.name).join(' and ');
    throw new ImageError('PATH_AMBIGUOUS', `${path === '/' ? '' : path}/${name}: is ambiguous (the folder holds ${names})`, {
      hint: 'Write the name in its exact case.',
    });
  }

  private gatherLinks(): Map<string, string[]> {
    const linked = new Map<string, string[]>();
    for (const { entry, path } of this.walk()) {
      const key = entry.linkGroup === 0n ? undefined : linkKey(entry, streamRoles(entry));
      if (key === undefined) continue;
      const names = linked.get(key);
      if (!names) linked.set(key, [path]);
      else if (names.length < LINKS_MAX) names.push(path);
    }
    return linked;
  }
}

function grouped(entries: readonly DirEntry[]): Map<string, DirEntry[]> {
  const groups = new Map<string, DirEntry[]>();
  for (const entry of entries) {
    const key = upcase(entry.name);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}
