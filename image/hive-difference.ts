// What is different between two states of a hive, as the changes that a step would record.
import { ImageError } from '../errors.ts';
import type { Hive, HiveEdit } from './image.ts';
import { sameStored } from './registry-value.ts';

/** Keys of one hive that are compared: a SOFTWARE hive has some 300,000. */
const KEYS_MAX = 3_000_000;

/**
 * Names, types and data of values, and keys. Class names, times and access lists of keys are no part of it.
 * @throws ImageError HIVE_VALUE_UNKNOWN for a value whose type and bytes do not agree: it cannot be written again
 */
export function hiveDifference(path: string, before: Hive, after: Hive): readonly HiveEdit[] {
  const edits: HiveEdit[] = [];
  const waiting: string[] = [''];
  for (let key = waiting.pop(), seen = 0; key !== undefined; key = waiting.pop()) {
    if (++seen > KEYS_MAX) throw new ImageError('HIVE_TOO_LARGE', `${path}: has more keys than are compared (${KEYS_MAX})`);
    edits.push(...valueEdits(path, key, before, after));
    const below = (name: string) => (key === '' ? name : `${key}\\${name}`);
    const now = after.keys(key);
    const kept = new Set(now.map((name) => name.toLowerCase()));
    for (const name of before.keys(key)) if (!kept.has(name.toLowerCase())) edits.push({ kind: 'remove-key', key: below(name) });
    for (const name of now) {
      if (!before.has(below(name))) edits.push({ kind: 'make-key', key: below(name) });
      waiting.push(below(name));
    }
  }
  return edits;
}

function valueEdits(path: string, key: string, before: Hive, after: Hive): readonly HiveEdit[] {
  const edits: HiveEdit[] = [];
  const now = after.values(key);
  const kept = new Set(now.map(({ name }) => name.toLowerCase()));
  for (const { name } of before.values(key)) if (!kept.has(name.toLowerCase())) edits.push({ kind: 'delete-value', key, name });
  for (const stored of now) {
    if (sameStored(before.value(key, stored.name), stored)) continue;
    if (!stored.decoded) {
      throw new ImageError(
        'HIVE_VALUE_UNKNOWN',
        `${path}: ${key}!${stored.name} has a type that cannot be written again (${stored.type})`,
        {
          hint: 'Let the program leave that value as it is.',
        },
      );
    }
    edits.push({ kind: 'set-value', key, name: stored.name, value: stored.decoded });
  }
  return edits;
}
