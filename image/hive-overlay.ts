// A hive as it will be: the stored hive with the pending edits on top, so that a step reads what earlier steps set.
import { upcase } from '../formats/hive/upcase.ts';
import type { Hive, StoredValue } from './image.ts';

interface Node {
  readonly path: string;
  /** The stored content of this key and everything below is hidden. */
  removed: boolean;
  /** The key exists because an edit made it or touched it. */
  alive: boolean;
  readonly values: Map<string, StoredValue | undefined>; // undefined: deleted
  readonly children: Map<string, string>; // added sub-keys, upper case → as written
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
    return this.nodes.get(upcase(key))?.alive || (!this.hidden(key) && this.stored.has(key));
  }

  value(key: string, name: string): StoredValue | undefined {
    const node = this.nodes.get(upcase(key));
    const upper = upcase(name);
    if (node?.values.has(upper)) return node.values.get(upper);
    return this.hidden(key) ? undefined : this.stored.value(key, name);
  }

  values(key: string): readonly StoredValue[] {
    const node = this.nodes.get(upcase(key));
    const stored = this.hidden(key) ? [] : this.stored.values(key);
    if (!node) return stored;
    const kept = stored.filter((value) => !node.values.has(upcase(value.name)));
    return [...kept, ...[...node.values.values()].filter((value) => value !== undefined)];
  }

  keys(key: string): readonly string[] {
    const prefix = key === '' ? '' : `${key}\\`;
    const stored = this.hidden(key) ? [] : this.stored.keys(key).filter((name) => this.has(`${prefix}${name}`));
    const seen = new Set(stored.map((name) => upcase(name)));
    const added = [...(this.nodes.get(upcase(key))?.children.entries() ?? [])].filter(([upper]) => !seen.has(upper));
    return [...stored, ...added.map(([, name]) => name)];
  }

  setValue(key: string, value: StoredValue): void {
    this.ensure(key).values.set(upcase(value.name), value);
  }

  deleteValue(key: string, name: string): void {
    this.ensure(key).values.set(upcase(name), undefined);
  }

  makeKey(key: string): void {
    this.ensure(key);
  }

  removeKey(key: string): void {
    const upper = upcase(key);
    for (const path of [...this.nodes.keys()]) if (path === upper || path.startsWith(`${upper}\\`)) this.nodes.delete(path);
    this.nodes.set(upper, { path: key, removed: true, alive: false, values: new Map(), children: new Map() });
    const cut = upper.lastIndexOf('\\');
    this.nodes.get(cut < 0 ? '' : upper.slice(0, cut))?.children.delete(upper.slice(cut + 1));
  }

  private hidden(key: string): boolean {
    let path = upcase(key);
    while (path !== '') {
      if (this.nodes.get(path)?.removed) return true;
      path = path.slice(0, Math.max(0, path.lastIndexOf('\\')));
    }
    return false;
  }

  private ensure(key: string): Node {
    const upper = upcase(key);
    const found = this.nodes.get(upper);
    if (found?.alive) return found;
    const node = found ?? { path: key, removed: false, alive: true, values: new Map(), children: new Map() };
    node.alive = true;
    this.nodes.set(upper, node);
    if (key !== '') {
      const cut = key.lastIndexOf('\\');
      const name = key.slice(cut + 1);
      this.ensure(cut < 0 ? '' : key.slice(0, cut)).children.set(upcase(name), name);
    }
    return node;
  }
}
