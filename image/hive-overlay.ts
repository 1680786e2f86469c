// A hive as it will be: the stored hive with the pending edits on top, so that a step reads what earlier steps set.
import type { Hive, StoredValue } from './image.ts';

interface Node {
  readonly path: string;
  /** The stored content of this key and everything below is hidden. */
  removed: boolean;
  /** The key exists because an edit made it or touched it. */
  alive: boolean;
  readonly values: Map<string, StoredValue | undefined>; // undefined: deleted
  readonly children: Map<string, string>; // added sub-keys, lower case → as written
}

export class HiveOverlay implements Hive {
  private readonly stored: Hive;
  private readonly nodes = new Map<string, Node>();

  constructor(stored: Hive) {
    this.stored = stored;
  }

  get dirty(): boolean {
    return this.stored.dirty;
  }

  has(key: string): boolean {
    return this.nodes.get(key.toLowerCase())?.alive || (!this.hidden(key) && this.stored.has(key));
  }

  value(key: string, name: string): StoredValue | undefined {
    const node = this.nodes.get(key.toLowerCase());
    const lower = name.toLowerCase();
    if (node?.values.has(lower)) return node.values.get(lower);
    return this.hidden(key) ? undefined : this.stored.value(key, name);
  }

  values(key: string): readonly StoredValue[] {
    const node = this.nodes.get(key.toLowerCase());
    const stored = this.hidden(key) ? [] : this.stored.values(key);
    if (!node) return stored;
    const kept = stored.filter((value) => !node.values.has(value.name.toLowerCase()));
    return [...kept, ...[...node.values.values()].filter((value) => value !== undefined)];
  }

  keys(key: string): readonly string[] {
    const prefix = key === '' ? '' : `${key}\\`;
    const stored = this.hidden(key) ? [] : this.stored.keys(key).filter((name) => this.has(`${prefix}${name}`));
    const seen = new Set(stored.map((name) => name.toLowerCase()));
    const added = [...(this.nodes.get(key.toLowerCase())?.children.entries() ?? [])].filter(([lower]) => !seen.has(lower));
    return [...stored, ...added.map(([, name]) => name)];
  }

  setValue(key: string, value: StoredValue): void {
    this.ensure(key).values.set(value.name.toLowerCase(), value);
  }

  deleteValue(key: string, name: string): void {
    this.ensure(key).values.set(name.toLowerCase(), undefined);
  }

  removeKey(key: string): void {
    const lower = key.toLowerCase();
    for (const path of [...this.nodes.keys()]) if (path === lower || path.startsWith(`${lower}\\`)) this.nodes.delete(path);
    this.nodes.set(lower, { path: key, removed: true, alive: false, values: new Map(), children: new Map() });
    const cut = lower.lastIndexOf('\\');
    this.nodes.get(cut < 0 ? '' : lower.slice(0, cut))?.children.delete(lower.slice(cut + 1));
  }

  private hidden(key: string): boolean {
    let path = key.toLowerCase();
    while (path !== '') {
      if (this.nodes.get(path)?.removed) return true;
      path = path.slice(0, Math.max(0, path.lastIndexOf('\\')));
    }
    return false;
  }

  private ensure(key: string): Node {
    const lower = key.toLowerCase();
    const found = this.nodes.get(lower);
    if (found?.alive) return found;
    const node = found ?? { path: key, removed: false, alive: true, values: new Map(), children: new Map() };
    node.alive = true;
    this.nodes.set(lower, node);
    if (key !== '') {
      const cut = key.lastIndexOf('\\');
      const name = key.slice(cut + 1);
      this.ensure(cut < 0 ? '' : key.slice(0, cut)).children.set(name.toLowerCase(), name);
    }
    return node;
  }
}
