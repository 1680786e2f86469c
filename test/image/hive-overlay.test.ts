// The overlay against a plain model: any sequence of edits shows the same keys and values.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HiveOverlay } from '../../image/hive-overlay.ts';
import { storedValue } from '../../image/registry-value.ts';
import { fakeHive } from '../helpers/fake-image.ts';

const BASE = { a: { v: 1 }, 'a\\b': { v: 2, w: 3 }, 'a\\b\\c': {}, d: { v: 4 } };
const name = fc.constantFrom('v', 'V', 'w');
const key = fc.constantFrom('a', 'A\\b', 'a\\B\\c', 'd', 'd\\e', 'f\\g');
const edit = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, name, data: fc.nat(9) }),
  fc.record({ kind: fc.constant('delete' as const), key, name }),
  fc.record({ kind: fc.constant('remove' as const), key }),
  fc.record({ kind: fc.constant('make' as const), key }),
);

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** The plain model: lower-case key → lower-case name → number. */
function modelOf(edits: readonly Edit[]): Map<string, Map<string, number>> {
  const model = new Map<string, Map<string, number>>();
  const ensure = (path: string): Map<string, number> => {
    const cut = path.lastIndexOf('\\');
    if (cut >= 0) ensure(path.slice(0, cut));
    const found = model.get(path) ?? new Map<string, number>();
    model.set(path, found);
    return found;
  };
  for (const [path, values] of Object.entries(BASE)) for (const [n, data] of Object.entries(values)) ensure(path).set(n, data as number);
  ensure('a\\b\\c');
  for (const change of edits) {
    const path = change.key.toLowerCase();
    if (change.kind === 'make') ensure(path);
    else if (change.kind === 'set') ensure(path).set(change.name.toLowerCase(), change.data);
    else if (change.kind === 'delete') model.get(path)?.delete(change.name.toLowerCase());
    else for (const known of [...model.keys()]) if (known === path || known.startsWith(`${path}\\`)) model.delete(known);
  }
  return model;
}

test('edits show as they would be written', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
      const overlay = new HiveOverlay(fakeHive(BASE));
      for (const change of edits) {
        if (change.kind === 'make') overlay.makeKey(change.key);
        else if (change.kind === 'set') overlay.setValue(change.key, storedValue(change.name, { type: 'REG_DWORD', data: change.data }));
        // The journal deletes only values that are there.
        else if (change.kind === 'delete') {
          if (overlay.value(change.key, change.name)) overlay.deleteValue(change.key, change.name);
        } else overlay.removeKey(change.key);
      }
      const model = modelOf(edits);
      for (const path of ['a', 'a\\b', 'a\\b\\c', 'd', 'd\\e', 'f', 'f\\g']) {
        assert.is(overlay.has(path), model.has(path), path);
        const values = Object.fromEntries(
          overlay
            .values(path)
            .map((value) => [value.name.toLowerCase(), value.decoded?.type === 'REG_DWORD' ? value.decoded.data : undefined]),
        );
        assert.equal(values, Object.fromEntries(model.get(path) ?? []), path);
        const children = [...model.keys()].filter((known) => known.startsWith(`${path}\\`) && !known.slice(path.length + 1).includes('\\'));
        assert.equal(
          overlay
            .keys(path)
            .map((child) => `${path}\\${child.toLowerCase()}`)
            .sort(),
          children.sort(),
          path,
        );
      }
    }),
    { numRuns: 300 },
  );
});

test.run();
