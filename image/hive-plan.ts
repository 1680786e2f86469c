// From registry edits in order to what must be written: one list of removed keys, one of changed keys, nothing that is there already.
import { ImageError } from '../errors.ts';
import { PLAIN_VALUE_MAX, type RegfHive, type RegfKey, type RegfValue } from '../formats/hive/hive.ts';
import { nameFault, type RegKey } from '../formats/hive/reg-text.ts';
import { upcase } from '../formats/hive/upcase.ts';
import { encodeValue } from '../formats/hive/value.ts';
import type { HiveEdit } from './image.ts';

/** Windows' own limits for names, in characters. */
const KEY_NAME_MAX = 255;
const VALUE_NAME_MAX = 16_383;

type NewValue = { readonly name: string; readonly type: number; readonly raw: Uint8Array };

/** A key whose values change or that is made. */
export interface PlannedKey extends RegKey {
  /** The key as it is now; undefined when it is new, or removed first. */
  readonly existing: RegfKey | undefined;
}

export interface HivePlan {
  /** Keys that go with all below them, stored case. */
  readonly removed: readonly RegfKey[];
  readonly removedPaths: readonly string[];
  /** Every key after the one above it. */
  readonly keys: readonly PlannedKey[];
}

interface Pending {
  readonly path: string;
  /** Wanted even without values. */
  made: boolean;
  /** By upper-case name; undefined: the value goes. */
  readonly values: Map<string, { readonly name: string; readonly value: NewValue | undefined }>;
}

/**
 * What the edits come to. A removal drops what was set below it before; what is set after it makes the key anew.
 * @throws ImageError HIVE_EDIT_REFUSED for what .reg text cannot carry, HIVE_VALUE_TOO_LARGE; FormatError on a damaged key
 */
export function planHive(regf: RegfHive, edits: readonly HiveEdit[], hive: string): HivePlan {
  const pending = new Map<string, Pending>();
  const removals = new Set<string>();
  for (const edit of edits) {
    checkKey(edit.key, hive);
    const at = upcase(edit.key);
    if (edit.kind === 'remove-key') {
      if (edit.key === '') throw refused(hive, edit.key, 'the root of a hive cannot be removed');
      for (const path of pending.keys()) if (isAtOrBelow(path, at)) pending.delete(path);
      removals.add(at);
      continue;
    }
    const key: Pending = pending.get(at) ?? { path: edit.key, made: false, values: new Map() };
    pending.set(at, key);
    if (edit.kind === 'make-key') {
      key.made = true;
      continue;
    }
    checkName(edit, hive);
    const value = edit.kind === 'set-value' ? { name: edit.name, ...encodeValue(edit.value) } : undefined;
    key.values.set(upcase(edit.name), { name: edit.name, value });
  }
  const removed = outermost(removals)
    .map((path) => ({ path: storedPath(regf, path), key: regf.find(path) }))
    .filter((entry): entry is { path: string; key: RegfKey } => entry.key !== undefined);
  const goes = removed.map(({ path }) => upcase(path));
  const keys = new Map<string, PlannedKey>();
  for (const key of pending.values()) addKey(keys, regf, key, goes, hive);
  return { removed: removed.map(({ key }) => key), removedPaths: removed.map(({ path }) => path), keys: [...keys.values()] };
}

function addKey(
  keys: Map<string, PlannedKey>,
  regf: RegfHive,
  { path, made, values }: Pending,
  goes: readonly string[],
  hive: string,
): void {
  const gone = goes.some((removed) => isAtOrBelow(upcase(path), removed));
  const existing = gone ? undefined : regf.find(path);
  const stored = existing ? regf.values(existing) : [];
  const byName = new Map(stored.map((value) => [upcase(value.name), value]));
  const set: NewValue[] = [];
  const remove: string[] = [];
  for (const [name, { name: asked, value }] of values) {
    const old = byName.get(name);
    if (value === undefined) {
      if (old) remove.push(old.name);
    } else if (!old || !sameValue(old, value)) set.push({ ...value, name: old?.name ?? asked });
  }
  // A key is made for its values or because somebody wants it; an edit that only removes what is not there makes none.
  if (set.length === 0 && remove.length === 0 && (existing || !made)) return;
  checkSizes(hive, path, [...stored, ...set]);
  for (const { name } of stored) {
    const fault = nameFault(name);
    if (fault) throw refused(hive, path, `it holds a value whose name ${fault}`);
  }
  const whole = plannedPath(keys, storedPath(regf, path));
  addMissingParents(keys, regf, whole, goes);
  keys.set(upcase(whole), { path: whole, set, remove, existing });
}

/** hivexregedit makes one level at a time. A key that exists is not named: it would be rewritten for nothing. */
function addMissingParents(keys: Map<string, PlannedKey>, regf: RegfHive, path: string, goes: readonly string[]): void {
  const names = path.split('\\');
  for (let length = 1; length < names.length; length++) {
    const parent = names.slice(0, length).join('\\');
    const at = upcase(parent);
    const there = regf.find(parent) !== undefined && !goes.some((removed) => isAtOrBelow(at, removed));
    if (!there && !keys.has(at)) keys.set(at, { path: parent, set: [], remove: [], existing: undefined });
  }
}

/** The path in stored case as far as its keys exist, the rest as given. */
function storedPath(regf: RegfHive, path: string): string {
  const names: string[] = [];
  for (const name of path === '' ? [] : path.split('\\')) {
    const parent = regf.find(names.join('\\'));
    const wanted = upcase(name);
    const known = parent && regf.subkeys(parent).find((subkey) => upcase(subkey.name) === wanted);
    names.push(known?.name ?? name);
  }
  return names.join('\\');
}

/** The path in the case in which the plan makes its keys: hivex does not find `é` as `É`. */
function plannedPath(keys: ReadonlyMap<string, PlannedKey>, path: string): string {
  let whole = '';
  for (const name of path.split('\\')) {
    const next = whole === '' ? name : `${whole}\\${name}`;
    whole = keys.get(upcase(next))?.path ?? next;
  }
  return whole;
}

function outermost(paths: ReadonlySet<string>): readonly string[] {
  return [...paths].filter((path) => ![...paths].some((other) => other !== path && isAtOrBelow(path, other)));
}

function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}\\`);
}

function sameValue(stored: RegfValue, value: NewValue): boolean {
  return stored.type === value.type && Buffer.compare(stored.raw, value.raw) === 0;
}

function checkKey(key: string, hive: string): void {
  if (key === '') return;
  for (const name of key.split('\\')) {
    if (name === '' || name.length > KEY_NAME_MAX) throw refused(hive, key, `a key name has 1 to ${KEY_NAME_MAX} characters`);
    const fault = nameFault(name) ?? (name.includes(']') ? 'holds a "]"' : undefined);
    if (fault) throw refused(hive, key, `a key name ${fault}`);
  }
}

function checkName(edit: Extract<HiveEdit, { name: string }>, hive: string): void {
  const fault = nameFault(edit.name) ?? (edit.name.length > VALUE_NAME_MAX ? `is longer than ${VALUE_NAME_MAX} characters` : undefined);
  if (fault) throw refused(hive, edit.key, `a value name ${fault}`);
}

/**
 * hivexregedit writes all values of a key that it touches, each in one cell. Windows expects a value above the limit in pieces, so
 * it would not read one of them again.
 */
function checkSizes(hive: string, key: string, values: readonly NewValue[]): void {
  const large = values.find(({ raw }) => raw.length > PLAIN_VALUE_MAX);
  if (!large) return;
  throw new ImageError(
    'HIVE_VALUE_TOO_LARGE',
    `${hive}: key ${key} cannot be changed because of its value ${large.name === '' ? '(default)' : large.name} (${large.raw.length} bytes, at most ${PLAIN_VALUE_MAX} can be written)`,
    { hint: 'Change another key, or let a script make this change at the first start of Windows.' },
  );
}

function refused(hive: string, key: string, why: string): ImageError {
  return new ImageError('HIVE_EDIT_REFUSED', `${hive}: key ${JSON.stringify(key)} cannot be written (${why})`, {
    hint: 'Use names that a .reg file can carry.',
  });
}
