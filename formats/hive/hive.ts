// A lazy reader of regf hives: nothing but the base block and the bin headers is read until a key is asked for.
// Facts: Maxim Suhanov's "Windows registry file format specification"; checked against hivex on real hives of Windows 7 to 10.
// Stricter than hivex in three places: a cell that two others name is damage (hivex walks such a circle for ever), so is a file that
// ends before its bins do, and names are taken as UTF-16 units (hivex fails on a lone surrogate).
import { utf16 } from '../bytes.ts';
import { type BaseBlock, readBaseBlock } from './base-block.ts';
import { Cells, type FreeCell, NO_CELL } from './cells.ts';
import { upcase } from './upcase.ts';

/** Windows itself allows 512 levels of keys. */
const DEPTH_MAX = 512;
/** The widest real key (below WinSxS) has some ten thousand; hivex stops at 70,000. */
const SUBKEYS_MAX = 200_000;
/** hivex stops at 55,000; the widest real key seen has some thousand. */
const VALUES_MAX = 100_000;
/** One index of lists (ri) above the lists is all that Windows writes. */
const LIST_NESTING_MAX = 2;
/** A value above this size is stored in pieces ("db") since version 1.4. */
export const PLAIN_VALUE_MAX = 16_344;
/** How many sub-keys a generation of the cache holds. */
const KEPT_MAX = 50_000;

const KEY_ROOT = 0xffffffff; // owner mark of the root's cell
const FLAG_PREDEFINED = 0x40; // the value fields of such a key hold a handle, not a list (Perflib\009)
const FLAG_LATIN_NAME = 0x20;
const VALUE_FLAG_LATIN_NAME = 1;
const NAME_MAX = 32_767 * 2; // bytes of a value name at most; key names have 255 characters

/** A key: where it is and what its cell says. Valid with the hive that gave it only. */
export interface RegfKey {
  readonly name: string;
  /** Offset of its cell, counted from the first bin. */
  readonly cell: number;
  readonly depth: number;
  /** FILETIME of its last change. */
  readonly lastWritten: bigint;
  readonly subkeyCount: number;
  readonly valueCount: number;
}

export interface RegfValue {
  readonly name: string; // '' for the default value
  readonly type: number;
  readonly raw: Uint8Array;
  /** Offset of its cell, counted from the first bin. */
  readonly cell: number;
}

/** A leaf of the sub-key lists: li holds cells, lf and lh hold for each a cell and a hint of its name. */
export interface SubkeyList {
  readonly kind: string;
  /** File offset of the first entry. */
  readonly at: number;
  readonly count: number;
  readonly step: number;
}

interface Kept {
  readonly subkeys: readonly RegfKey[];
  readonly byName: ReadonlyMap<string, RegfKey>;
}

const NO_CHILDREN: Kept = { subkeys: [], byName: new Map() };

/** Opens a hive. @throws FormatError when base block or bins are not sound; what lies below a damaged key throws when visited. */
export function openRegf(bytes: Uint8Array): RegfHive {
  return new RegfHive(bytes);
}

/** Every free cell in file order: where deleted keys and values may still stand. @throws FormatError on a damaged bin. */
export function freeCells(bytes: Uint8Array): readonly FreeCell[] {
  const { binsSize } = readBaseBlock(bytes);
  return [...new Cells(bytes, binsSize).free()];
}

export class RegfHive {
  readonly header: BaseBlock;
  readonly root: RegfKey;
  private readonly cells: Cells;
  /** Two generations: when the young one is full it becomes the old one, and what is asked for again moves up. */
  private young = new Map<number, Kept>();
  private old = new Map<number, Kept>();
  private youngNames = 0;

  constructor(bytes: Uint8Array) {
    this.header = readBaseBlock(bytes);
    this.cells = new Cells(bytes, this.header.binsSize);
    this.root = this.readKey(this.header.root, KEY_ROOT, 0, 0x24);
  }

  /** True when the last write did not come to its end. */
  get dirty(): boolean {
    return this.header.sequences[0] !== this.header.sequences[1];
  }

  /** The key at a `\` separated path below the root, in any case; '' is the root. */
  find(path: string): RegfKey | undefined {
    let key = this.root;
    if (path === '') return key;
    for (const name of path.split('\\')) {
      const next = this.children(key).byName.get(upcase(name));
      if (next === undefined) return undefined;
      key = next;
    }
    return key;
  }

  /** The sub-keys in the order of their list. */
  subkeys(key: RegfKey): readonly RegfKey[] {
    return this.children(key).subkeys;
  }

  private children(key: RegfKey): Kept {
    if (key.subkeyCount === 0) return NO_CHILDREN;
    const young = this.young.get(key.cell);
    if (young) return young;
    const kept = this.old.get(key.cell) ?? this.readChildren(key);
    this.young.set(key.cell, kept);
    this.youngNames += kept.subkeys.length;
    if (this.youngNames > KEPT_MAX) {
      this.old = this.young;
      this.young = new Map();
      this.youngNames = 0;
    }
    return kept;
  }

  private readChildren(key: RegfKey): Kept {
    const { subkeys } = this.readSubkeys(key);
    const byName = new Map<string, RegfKey>();
    for (const subkey of subkeys) {
      const name = upcase(subkey.name);
      if (!byName.has(name)) byName.set(name, subkey);
    }
    return { subkeys, byName };
  }

  private readSubkeys(key: RegfKey): { readonly lists: readonly SubkeyList[]; readonly subkeys: readonly RegfKey[] } {
    const { at } = this.cells;
    const where = this.cells.content(key.cell, 'key', 0);
    if (key.depth >= DEPTH_MAX) at.fail(`keys are nested deeper than ${DEPTH_MAX}`, where);
    if (key.subkeyCount > SUBKEYS_MAX) at.fail(`key claims ${key.subkeyCount} sub-keys`, where + 20);
    const found = new Set<number>();
    const lists: SubkeyList[] = [];
    this.readList(at.u32(where + 28), key, where + 28, 1, found, lists);
    if (found.size !== key.subkeyCount) at.fail(`key claims ${key.subkeyCount} sub-keys, its lists hold ${found.size}`, where + 20);
    return { lists, subkeys: Array.from(found, (cell) => this.readKey(cell, key.cell, key.depth + 1, where + 28)) };
  }

  /** Where the entries for the sub-keys stand, in their order. */
  subkeyLists(key: RegfKey): readonly SubkeyList[] {
    return key.subkeyCount === 0 ? [] : this.readSubkeys(key).lists;
  }

  /** Gathers the key cells of a list: li (4 bytes an entry), lf and lh (8 bytes: cell and a hint of the name), ri (lists of lists). */
  private readList(cell: number, key: RegfKey, from: number, nesting: number, found: Set<number>, places: SubkeyList[]): void {
    const { at } = this.cells;
    const where = this.cells.claim(cell, key.cell, 'sub-key list', from);
    this.cells.hold(cell, 4, 'sub-key list');
    const kind = String.fromCharCode(at.u8(where), at.u8(where + 1));
    const count = at.u16(where + 2);
    const step = kind === 'lf' || kind === 'lh' ? 8 : 4;
    if (step === 4 && kind !== 'li' && kind !== 'ri') at.fail('is not a sub-key list', where);
    if (kind === 'ri' && nesting >= LIST_NESTING_MAX) at.fail('sub-key lists are nested too deep', where);
    this.cells.hold(cell, 4 + count * step, 'sub-key list');
    if (kind !== 'ri') places.push({ kind, at: where + 4, count, step });
    const lists = new Set<number>();
    for (let entry = where + 4; entry < where + 4 + count * step; entry += step) {
      const target = at.u32(entry);
      const seen = kind === 'ri' ? lists : found;
      if (seen.has(target)) at.fail(kind === 'ri' ? 'sub-key list is named twice' : 'sub-key is listed twice', entry);
      seen.add(target);
      if (kind === 'ri') this.readList(target, key, entry, nesting + 1, found, places);
      else if (found.size > key.subkeyCount) at.fail(`key claims ${key.subkeyCount} sub-keys, its lists hold more`, entry);
    }
  }

  /** A key's cell; `owner` is the cell of the key above. */
  private readKey(cell: number, owner: number, depth: number, from: number): RegfKey {
    const { at } = this.cells;
    const where = this.cells.claim(cell, owner, 'key', from);
    this.cells.hold(cell, 76, 'key');
    if (at.u16(where) !== 0x6b6e) at.fail('is not a key (no "nk")', where);
    const flags = at.u16(where + 2);
    const nameSize = at.u16(where + 72);
    this.cells.hold(cell, 76 + nameSize, 'key name');
    return {
      name: this.readName(where + 76, nameSize, (flags & FLAG_LATIN_NAME) !== 0),
      cell,
      depth,
      lastWritten: at.u64(where + 4),
      subkeyCount: at.u32(where + 20),
      valueCount: (flags & FLAG_PREDEFINED) === 0 ? at.u32(where + 36) : 0,
    };
  }

  private readName(where: number, size: number, latin: boolean): string {
    const { at } = this.cells;
    if (size > NAME_MAX) at.fail(`name is too long (${size} bytes)`, where);
    const stored = at.slice(where, size, 'name');
    if (latin) return Buffer.from(stored.buffer, stored.byteOffset, size).toString('latin1');
    if (size % 2 !== 0) at.fail(`name has an odd length (${size} bytes)`, where);
    return utf16(stored);
  }

  /** The values in stored order. `raw` is a view of the hive, except for values in pieces. */
  values(key: RegfKey): readonly RegfValue[] {
    if (key.valueCount === 0) return [];
    const { at } = this.cells;
    const where = this.cells.content(key.cell, 'key', 0);
    if (key.valueCount > VALUES_MAX) at.fail(`key claims ${key.valueCount} values`, where + 36);
    const list = at.u32(where + 40);
    const entries = this.cells.claim(list, key.cell, 'value list', where + 40);
    this.cells.hold(list, key.valueCount * 4, 'value list');
    const seen = new Set<number>();
    const values: RegfValue[] = [];
    for (let entry = entries; entry < entries + key.valueCount * 4; entry += 4) {
      const cell = at.u32(entry);
      if (seen.has(cell)) at.fail('value is listed twice', entry);
      seen.add(cell);
      values.push(this.readValue(cell, key.cell, entry));
    }
    return values;
  }

  private readValue(cell: number, owner: number, from: number): RegfValue {
    const { at } = this.cells;
    const where = this.cells.claim(cell, owner, 'value', from);
    this.cells.hold(cell, 20, 'value');
    if (at.u16(where) !== 0x6b76) at.fail('is not a value (no "vk")', where);
    const nameSize = at.u16(where + 2);
    this.cells.hold(cell, 20 + nameSize, 'value name');
    const latin = (at.u16(where + 16) & VALUE_FLAG_LATIN_NAME) !== 0;
    return {
      name: this.readName(where + 20, nameSize, latin),
      type: at.u32(where + 12),
      raw: this.readData(cell, where),
      cell,
    };
  }

  /** +4 size (high bit: up to four bytes stand in the offset field itself), +8 cell of the data. */
  private readData(value: number, where: number): Uint8Array {
    const { at } = this.cells;
    const stored = at.u32(where + 4);
    const size = stored & 0x7fffffff;
    if (stored >= 0x80000000) {
      if (size > 4) at.fail(`value claims ${size} bytes in a field of 4`, where + 4);
      return at.slice(where + 8, size);
    }
    if (size === 0) return new Uint8Array();
    const cell = at.u32(where + 8);
    const data = this.cells.claim(cell, value, 'data of the value', where + 8);
    if (size > PLAIN_VALUE_MAX && this.header.minor > 3 && this.cells.room(cell) < size) return this.readPieces(cell, size);
    this.cells.hold(cell, size, 'data of the value');
    return at.slice(data, size);
  }

  /** "db": +2 count of pieces, +4 cell of the list of their cells. All pieces but the last hold 16,344 bytes. */
  private readPieces(cell: number, size: number): Uint8Array {
    const { at } = this.cells;
    const where = this.cells.content(cell, 'data of the value', 0);
    this.cells.hold(cell, 8, 'big data');
    if (at.u16(where) !== 0x6264) at.fail(`data of the value does not fit its cell (${size} bytes)`, where);
    const count = at.u16(where + 2);
    if (count !== Math.ceil(size / PLAIN_VALUE_MAX)) at.fail(`big data of ${size} bytes claims ${count} pieces`, where + 2);
    const list = at.u32(where + 4);
    const entries = this.cells.claim(list, cell, 'list of pieces', where + 4);
    this.cells.hold(list, count * 4, 'list of pieces');
    // Pieces first, memory after: a lying size must not reserve anything.
    const pieces: Uint8Array[] = [];
    const seen = new Set<number>();
    for (let index = 0; index < count; index++) {
      const piece = at.u32(entries + index * 4);
      if (seen.has(piece)) at.fail('piece of a value is named twice', entries + index * 4);
      seen.add(piece);
      const part = Math.min(PLAIN_VALUE_MAX, size - index * PLAIN_VALUE_MAX);
      const start = this.cells.claim(piece, cell, 'piece of a value', entries + index * 4);
      this.cells.hold(piece, part, 'piece of a value');
      pieces.push(at.slice(start, part));
    }
    const whole = new Uint8Array(size);
    for (const [index, piece] of pieces.entries()) whole.set(piece, index * PLAIN_VALUE_MAX);
    return whole;
  }

  /** The cells that belong to a key alone: its own, its lists, its class name, its values and their data; not its sub-keys. */
  cellsOf(key: RegfKey): ReadonlySet<number> {
    const { at } = this.cells;
    const where = this.cells.content(key.cell, 'key', 0);
    const below: number[] = [];
    const cells = this.cells.claimedIn(() => {
      this.values(key);
      const named = at.u32(where + 48);
      if (named !== NO_CELL && at.u16(where + 74) > 0) this.cells.claim(named, key.cell, 'class name', where + 48);
      if (key.subkeyCount > 0) for (const { cell } of this.readSubkeys(key).subkeys) below.push(cell);
    });
    for (const cell of below) cells.delete(cell);
    return cells.add(key.cell);
  }

  /** The key's security descriptor, or undefined when it has none. Security cells ("sk") are shared by many keys. */
  descriptor(key: RegfKey): Uint8Array | undefined {
    const { at } = this.cells;
    const from = this.cells.content(key.cell, 'key', 0) + 44;
    const cell = at.u32(from);
    if (cell === NO_CELL) return undefined;
    const where = this.cells.content(cell, 'security of the key', from);
    this.cells.hold(cell, 20, 'security of the key');
    if (at.u16(where) !== 0x6b73) at.fail('is not a security cell (no "sk")', where);
    const size = at.u32(where + 16);
    this.cells.hold(cell, 20 + size, 'security descriptor');
    return at.slice(where + 20, size);
  }
}
