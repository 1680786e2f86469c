// The proof after a hive write: every edit is there, and no byte of any other key changed.
import { ImageError } from '../errors.ts';
import { BASE_BLOCK_SIZE } from '../formats/hive/base-block.ts';
import { openRegf, type RegfHive, type RegfKey, type RegfValue } from '../formats/hive/hive.ts';
import { changedCells } from '../formats/hive/tidy.ts';
import { upcase } from '../formats/hive/upcase.ts';
import type { HivePlan, PlannedKey } from './hive-plan.ts';

interface Write {
  readonly before: Uint8Array;
  readonly regf: RegfHive; // over `before`
  readonly plan: HivePlan;
  readonly removedCells: ReadonlySet<number>;
  readonly after: Uint8Array;
  readonly path: string;
}

/** @throws ImageError HIVE_WRITE_MISMATCH; FormatError when the result is not a sound hive */
export function verifyHive(write: Write): void {
  const result = openRegf(write.after);
  const made = new Set(write.plan.keys.filter(({ existing }) => !existing).map(({ path }) => upcase(path)));
  const parents = changedParents(write, made);
  for (const key of write.plan.keys) verifyKey(write, result, key);
  for (const [path, key] of parents) verifySubkeys(write, result, path, key, made);
  verifyRest(write, result, parents.values());
}

/** Existing keys that win or lose a sub-key. */
function changedParents({ regf, plan, path: hive }: Write, made: ReadonlySet<string>): ReadonlyMap<string, RegfKey> {
  const parents = new Map<string, RegfKey>();
  for (const path of [...plan.removedPaths.map(upcase), ...made]) {
    const cut = path.lastIndexOf('\\');
    const parent = cut < 0 ? '' : path.slice(0, cut);
    const key = regf.find(parent);
    if (key) parents.set(parent, key);
    else if (!made.has(parent)) throw mismatch(hive, path, 'the key above it is absent');
  }
  return parents;
}

function verifyKey({ regf, path: hive }: Write, result: RegfHive, planned: PlannedKey): void {
  const key = result.find(planned.path);
  if (!key) throw mismatch(hive, planned.path, 'it is absent');
  const gone = new Set([...planned.remove, ...planned.set.map(({ name }) => name)].map(upcase));
  const stored = planned.existing ? regf.values(planned.existing) : [];
  const wanted = [...stored.filter(({ name }) => !gone.has(upcase(name))), ...planned.set];
  if (!sameValues(wanted, result.values(key))) throw mismatch(hive, planned.path, 'its values are not those that were asked for');
}

function verifySubkeys(write: Write, result: RegfHive, path: string, key: RegfKey, made: ReadonlySet<string>): void {
  const removed = new Set(write.plan.removedPaths.map(upcase));
  // A key that itself stands below a removed one is verified as a made key.
  if ([...removed].some((above) => path === above || path.startsWith(`${above}\\`))) return;
  const prefix = path === '' ? '' : `${path}\\`;
  const kept = write.regf.subkeys(key).map(({ name }) => upcase(name));
  const wanted = kept.filter((name) => !removed.has(prefix + name));
  for (const above of made) {
    if (above.startsWith(prefix) && !above.slice(prefix.length).includes('\\')) wanted.push(above.slice(prefix.length));
  }
  const now = result.find(path);
  const names = now ? result.subkeys(now).map(({ name }) => upcase(name)) : [];
  if (!now || wanted.sort().join('\\') !== names.sort().join('\\')) throw mismatch(write.path, path, 'its sub-keys are not as expected');
  const edited = write.plan.keys.some((planned) => upcase(planned.path) === path);
  if (!edited && !sameValues(write.regf.values(key), result.values(now))) throw mismatch(write.path, path, 'its values changed');
}

/** hivex leaves cells where they are: whatever changed in place must belong to a key of the plan, or be a count of a security cell. */
function verifyRest(write: Write, result: RegfHive, parents: Iterable<RegfKey>): void {
  const allowed = new Set(write.removedCells);
  const keys = [...parents, ...write.plan.keys.flatMap(({ existing }) => existing ?? [])];
  for (const key of keys) for (const cell of write.regf.cellsOf(key)) allowed.add(cell);
  let securityFreed = false;
  for (const cell of changedCells(write.before, write.after)) {
    if (allowed.has(cell)) continue;
    const [old, now] = [write.before, write.after].map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset + BASE_BLOCK_SIZE + cell));
    if (old!.toString('latin1', 4, 6) !== 'sk') throw mismatch(write.path, `at cell 0x${cell.toString(16)}`, 'it changed without an edit');
    const size = -old!.readInt32LE(0);
    const freed = now!.readInt32LE(0) === size;
    securityFreed ||= freed;
    // +4 "sk", +8 and +12 its neighbours, +16 count of users; the descriptor itself must stay.
    if (!freed && (now!.readInt32LE(0) !== -size || Buffer.compare(old!.subarray(20, size), now!.subarray(20, size)) !== 0)) {
      throw mismatch(write.path, `at cell 0x${cell.toString(16)}`, 'a security descriptor changed');
    }
  }
  // A wrong count in the hive would make hivex free a descriptor that other keys still use.
  if (securityFreed) verifyDescriptors(result);
}

function verifyDescriptors(hive: RegfHive): void {
  const todo = [hive.root];
  for (let key = todo.pop(); key; key = todo.pop()) {
    hive.descriptor(key);
    for (const subkey of hive.subkeys(key)) todo.push(subkey);
  }
}

function sameValues(wanted: readonly Pick<RegfValue, 'name' | 'type' | 'raw'>[], found: readonly RegfValue[]): boolean {
  return (
    wanted.length === found.length &&
    wanted.every(({ name, type, raw }, index) => {
      const other = found[index]!;
      return name === other.name && type === other.type && Buffer.compare(raw, other.raw) === 0;
    })
  );
}

function mismatch(hive: string, key: string, why: string): ImageError {
  return new ImageError('HIVE_WRITE_MISMATCH', `${hive}: key ${key} is not as it should be after writing (${why})`, {
    hint: 'Report this: nothing was written into the image.',
  });
}
