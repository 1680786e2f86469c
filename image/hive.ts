// A hive of an image: the Hive contract over the regf reader, with damage named by the hive's path.
import { ImageError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import { openRegf, type RegfHive, type RegfKey, type RegfValue } from '../formats/hive/hive.ts';
import { upcase } from '../formats/hive/upcase.ts';
import { decodeValue } from '../formats/hive/value.ts';
import type { Hive, RegistryValue, StoredValue } from './image.ts';

/**
 * Opens a hive; keys are read when asked for, so damage in a sub-tree shows when it is visited, as an error and never as absence.
 * @param path where the hive lies in the image, for messages
 * @throws ImageError HIVE_CORRUPT, here or from any method of the hive
 */
export function openHive(bytes: Uint8Array, path: string): Hive {
  const regf = guarded(path, () => openRegf(bytes));
  const guard = <T>(read: () => T): T => guarded(path, read);
  return {
    dirty: regf.dirty,
    has: (key) => guard(() => regf.find(key) !== undefined),
    value: (key, name) => guard(() => findValue(regf, key, name)),
    values: (key) => guard(() => valuesOf(regf, key).map(storedValue)),
    keys: (key) => guard(() => keysOf(regf, key, path)),
  };
}

/** Runs `read` and turns a FormatError into the ImageError that names the hive. */
export function guarded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ImageError('HIVE_CORRUPT', `${path}: is not a sound hive (${error.message})`, {
      hint: 'Use an image whose hives are whole.',
      cause: error,
    });
  }
}

function valuesOf(regf: RegfHive, path: string): readonly RegfValue[] {
  const key = regf.find(path);
  return key ? regf.values(key) : [];
}

function findValue(regf: RegfHive, key: string, name: string): StoredValue | undefined {
  const wanted = upcase(name);
  const found = valuesOf(regf, key).find((value) => upcase(value.name) === wanted);
  return found && storedValue(found);
}

/**
 * Names that a path cannot tell apart (twice the same, or with a separator inside) would hide a key from whoever walks by path:
 * Windows never makes them, so they are damage.
 */
function keysOf(regf: RegfHive, path: string, hive: string): readonly string[] {
  const key = regf.find(path);
  if (!key) return [];
  const subkeys = regf.subkeys(key);
  const seen = new Set<string>();
  for (const subkey of subkeys) {
    const name = upcase(subkey.name);
    if (seen.has(name) || name === '' || name.includes('\\')) throw ambiguous(hive, path, subkey);
    seen.add(name);
  }
  return subkeys.map((subkey) => subkey.name);
}

function ambiguous(hive: string, path: string, subkey: RegfKey): ImageError {
  const place = `cell 0x${subkey.cell.toString(16)}`;
  return new ImageError('HIVE_CORRUPT', `${hive}: a sub-key of ${JSON.stringify(path)} has a name that no path can reach (${place})`, {
    hint: 'Use an image whose hives are whole.',
  });
}

function storedValue(value: RegfValue): StoredValue {
  let decoded: RegistryValue | undefined;
  let done = false;
  return {
    name: value.name,
    type: value.type,
    raw: value.raw,
    // Decoded when looked at: a walk over a whole SOFTWARE hive decodes a fraction of its values.
    get decoded() {
      if (!done) {
        decoded = decodeValue(value.type, value.raw);
        done = true;
      }
      return decoded;
    },
  };
}
