// The directory tree of one WIM image: lookup by path without case, walking, and which names are one file.
import { ImageError } from '../../errors.ts';
import { upcase } from '../../formats/hive/upcase.ts';
import { ATTRIBUTE_DIRECTORY, type DirEntry } from '../../formats/wim/model.ts';
import { linkKey, type StreamRoles, streamRoles } from '../../formats/wim/streams.ts';
import type { WimParts } from './wim-parts.ts';

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

export class WimTree {
  private readonly parts: WimParts;
  private readonly root: DirEntry;
  /** Paths of each file that has more than one name, by link key. */
  private readonly linked = new Map<string, string[]>();
  /** Children by upper-case name, made when a folder is first looked into. */
  private readonly byName = new Map<DirEntry, Map<string, DirEntry[]>>();

  /** Goes once over the tree: gathers hard links and makes sure that the content of every file is in the container. */
  constructor(parts: WimParts, root: DirEntry) {
    this.parts = parts;
    this.root = root;
    this.checkContent({ path: '/', entry: root }, streamRoles(root));
    for (const place of this.walk()) {
      const { entry, path } = place;
      if (entry.digest === undefined && entry.streams.length === 0) continue;
      const roles = streamRoles(entry);
      this.checkContent(place, roles);
      const key = entry.linkGroup === 0n ? undefined : linkKey(entry, roles);
      if (key === undefined) continue;
      const names = this.linked.get(key);
      if (names) names.push(path);
      else this.linked.set(key, [path]);
    }
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

  /** The other names of the same file. */
  linksOf(place: Place, roles: StreamRoles): readonly string[] {
    const key = linkKey(place.entry, roles);
    if (key === undefined) return [];
    return this.linked.get(key)?.filter((path) => path !== place.path) ?? [];
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

  private checkContent({ path, entry }: Place, roles: StreamRoles): void {
    const digests = [roles.content, roles.reparse, ...entry.streams.map((stream) => stream.digest)];
    for (const digest of digests) {
      if (digest === undefined || this.parts.blobOf(digest)) continue;
      throw new ImageError('CONTENT_ABSENT', `${this.parts.path}: does not hold the content of ${path} (SHA-1 ${digest})`, {
        hint: 'If it is a delta WIM, export it together with its base: "wimlib-imagex export".',
      });
    }
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
