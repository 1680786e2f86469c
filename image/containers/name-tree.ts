// The names of an image as a tree: lookup by path without case and never through a link, walking, and which names are one file.
import { ImageError } from '../../errors.ts';
import { upcase } from '../../formats/hive/upcase.ts';

/** A node under one of its names. */
export interface Place<N> {
  readonly path: string;
  readonly node: N;
}

/** How a tree asks its nodes; a node is a file or folder under one name. */
export interface NodeShape<N> {
  nameOf(node: N): string;
  childrenOf(node: N): readonly N[];
  /** True for a reparse point: what it leads to is not looked up. */
  isLink(node: N): boolean;
  /** The same for all names of one file; undefined when it has no other name. */
  identityOf(node: N): unknown;
  /** Quick to get, and the same when the identity is the same; the identity itself unless given. */
  groupOf?(node: N): unknown;
}

const NO_LINKS: readonly string[] = Object.freeze([]);
/** NTFS takes no more names of one file; an image of 100,000 names of one must not cost their square. */
export const LINKS_MAX = 1024;

/** Children that are looked at before all of a folder are sorted by name. */
const NEAR = 8;

export class NameTree<N> {
  private readonly root: N;
  private readonly shape: NodeShape<N>;
  /** Paths by identity; gathered in one go over the tree when somebody first asks for the links of a file. */
  private linked: Map<unknown, string[]> | undefined;
  /** Children by upper-case name, made when a folder is first looked into. */
  private readonly byName = new Map<N, Map<string, N[]>>();
  /** Place of the child that was found last, by folder. */
  private readonly lastOf = new Map<N, number>();
  /** The folder in which a path was last sought, by its path as it was asked for. */
  private folder: { readonly asked: string; readonly place: Place<N> };

  constructor(root: N, shape: NodeShape<N>) {
    this.root = root;
    this.shape = shape;
    this.folder = { asked: '', place: { path: '/', node: root } };
  }

  /** The node at the path, or undefined. @throws ImageError PATH_THROUGH_LINK, PATH_AMBIGUOUS */
  find(path: string): Place<N> | undefined {
    // One file after the other is asked for of the same folder.
    const slash = path.lastIndexOf('/');
    if (slash < 1 || slash !== this.folder.asked.length || !path.startsWith(this.folder.asked)) {
      const place = this.findFrom({ path: '/', node: this.root }, path.slice(0, Math.max(0, slash)), path);
      if (!place) return undefined;
      this.folder = { asked: path.slice(0, Math.max(0, slash)), place };
    }
    return this.findFrom(this.folder.place, path.slice(slash + 1), path);
  }

  private findFrom(start: Place<N>, below: string, path: string): Place<N> | undefined {
    let place = start;
    for (const name of below.split('/')) {
      if (name === '') continue;
      if (this.shape.isLink(place.node)) {
        throw new ImageError('PATH_THROUGH_LINK', `${path}: runs through a link of the image (${place.path})`, {
          hint: 'Name the file by its real path.',
        });
      }
      const child = this.child(place, name);
      if (child === undefined) return undefined;
      const own = this.shape.nameOf(child);
      place = { path: place.path === '/' ? `/${own}` : `${place.path}/${own}`, node: child };
    }
    return place;
  }

  /** Every file and folder below the root, each folder before its content; `enters` says for a path whether to look below it. */
  *walk(enters?: (path: string) => boolean): Generator<Place<N>> {
    const { nameOf, childrenOf } = this.shape;
    const pending: { readonly prefix: string; readonly children: readonly N[]; next: number }[] = [
      { prefix: '/', children: childrenOf(this.root), next: 0 },
    ];
    for (let level = pending.at(-1); level; level = pending.at(-1)) {
      const node = level.children[level.next++];
      if (node === undefined) {
        pending.pop();
        continue;
      }
      const path = level.prefix + nameOf(node);
      yield { path, node };
      const children = childrenOf(node);
      if (children.length > 0 && (!enters || enters(path))) pending.push({ prefix: `${path}/`, children, next: 0 });
    }
  }

  /** The other names of the same file, at most as many as NTFS takes. */
  linksOf({ path, node }: Place<N>): readonly string[] {
    const identity = this.shape.identityOf(node);
    if (identity === undefined) return NO_LINKS;
    this.linked ??= this.gatherLinks();
    return this.linked.get(identity)?.filter((other) => other !== path) ?? NO_LINKS;
  }

  /** WSL folders may hold names that differ only in case: the exact name wins, else the path is ambiguous. */
  private child({ path, node }: Place<N>, name: string): N | undefined {
    const { nameOf } = this.shape;
    const near = this.childNear(node, name);
    if (near !== undefined) return near;
    let children = this.byName.get(node);
    if (!children) {
      children = grouped(this.shape.childrenOf(node), nameOf);
      this.byName.set(node, children);
    }
    const found = children.get(upcase(name)) ?? [];
    if (found.length < 2) return found[0];
    const exact = found.find((child) => nameOf(child) === name);
    if (exact !== undefined) return exact;
    const names = found.map(nameOf).join(' and ');
    throw new ImageError('PATH_AMBIGUOUS', `${path === '/' ? '' : path}/${name}: is ambiguous (the folder holds ${names})`, {
      hint: 'Write the name in its exact case.',
    });
  }

  /** The child of that very name, where whoever asks goes over the tree in its order: the one found last or one soon behind it. */
  private childNear(node: N, name: string): N | undefined {
    const children = this.shape.childrenOf(node);
    const last = this.lastOf.get(node) ?? 0;
    for (let at = last; at < Math.min(last + NEAR, children.length); at++) {
      if (this.shape.nameOf(children[at]!) !== name) continue;
      this.lastOf.set(node, at);
      return children[at];
    }
    return undefined;
  }

  private gatherLinks(): Map<unknown, string[]> {
    const { shape } = this;
    const groupOf = (node: N) => (shape.groupOf ? shape.groupOf(node) : shape.identityOf(node));
    const [once, twice] = [new Set<unknown>(), new Set<unknown>()];
    const pending = [...shape.childrenOf(this.root)];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const group = groupOf(node);
      if (group !== undefined && once.size === once.add(group).size) twice.add(group);
      for (const child of shape.childrenOf(node)) pending.push(child);
    }
    const linked = new Map<unknown, string[]>();
    // In the order of a walk, but the paths of most files are not made.
    const places = twice.size > 0 ? [{ folder: '', node: this.root }] : [];
    for (let place = places.pop(); place; place = places.pop()) {
      const { folder, node } = place;
      const children = shape.childrenOf(node);
      const isLinked = node !== this.root && twice.has(groupOf(node));
      if (!isLinked && children.length === 0) continue;
      const path = node === this.root ? '' : `${folder}/${shape.nameOf(node)}`;
      for (const child of children.toReversed()) places.push({ folder: path, node: child });
      const identity = isLinked ? shape.identityOf(node) : undefined;
      if (identity === undefined) continue;
      const names = linked.get(identity);
      if (!names) linked.set(identity, [path]);
      else if (names.length < LINKS_MAX) names.push(path);
    }
    return new Map([...linked].filter(([, names]) => names.length > 1));
  }
}

function grouped<N>(nodes: readonly N[], nameOf: (node: N) => string): Map<string, N[]> {
  const groups = new Map<string, N[]>();
  for (const node of nodes) {
    const key = upcase(nameOf(node));
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return groups;
}
