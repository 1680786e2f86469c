// The difference of two hives, played onto the first, gives the second: on made cases and on random ones.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hiveDifference } from '../../image/hive-difference.ts';
import { HiveOverlay } from '../../image/hive-overlay.ts';
import type { Hive, HiveEdit } from '../../image/image.ts';
import { storedValue } from '../../image/registry-value.ts';
import { type FakeKeys, fakeImage } from '../helpers/fake-image.ts';

const hive = (keys: FakeKeys): Promise<Hive> => fakeImage({ SOFTWARE: keys }).hive('SOFTWARE');
const difference = async (before: FakeKeys, after: FakeKeys) => hiveDifference('SOFTWARE', await hive(before), await hive(after));

test('equal hives have none; each kind of change is one edit', async () => {
  assert.equal(await difference({ A: { x: 1 } }, { A: { x: 1 } }), []);
  assert.equal(await difference({ A: { x: 1, y: 'old', z: 3 }, B: {} }, { A: { x: 1, y: 'new' }, 'C\\D': { w: 5 } }), [
    { kind: 'remove-key', key: 'B' },
    { kind: 'make-key', key: 'C' },
    { kind: 'make-key', key: 'C\\D' },
    { kind: 'set-value', key: 'C\\D', name: 'w', value: { type: 'REG_DWORD', data: 5 } },
    { kind: 'delete-value', key: 'A', name: 'z' },
    { kind: 'set-value', key: 'A', name: 'y', value: { type: 'REG_SZ', data: 'new' } },
  ]);
});

test('another type with the same bytes is a change', async () => {
  const edits = await difference({ A: { x: { type: 'REG_SZ', data: 'a' } } }, { A: { x: { type: 'REG_EXPAND_SZ', data: 'a' } } });
  assert.is(edits.length, 1);
});

test('a value that cannot be written again is refused', async () => {
  const before = await hive({ A: {} });
  const odd: Hive = {
    ...(await hive({ A: {} })),
    values: (key) => (key === 'A' ? [{ name: 'x', type: 0x777, raw: new Uint8Array(3), decoded: undefined }] : []),
  };
  assert.throws(() => hiveDifference('SOFTWARE', before, odd), /A!x has a type that cannot be written again \(1911\)/);
});

const name = fc.constantFrom('a', 'b', 'c');
const keys = fc.dictionary(
  fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\\')),
  fc.dictionary(name, fc.oneof(fc.integer({ min: 0, max: 9 }), fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme-ascii' }))),
);

function play(overlay: HiveOverlay, edit: HiveEdit): void {
  if (edit.kind === 'make-key') overlay.makeKey(edit.key);
  else if (edit.kind === 'remove-key') overlay.removeKey(edit.key);
  else if (edit.kind === 'delete-value') overlay.deleteValue(edit.key, edit.name);
  else overlay.setValue(edit.key, storedValue(edit.name, edit.value));
}

test('playing the difference gives the second hive', async () => {
  await fc.assert(
    fc.asyncProperty(keys, keys, async (one, other) => {
      const [before, after] = [await hive(one), await hive(other)];
      const overlay = new HiveOverlay(before);
      for (const edit of hiveDifference('SOFTWARE', before, after)) play(overlay, edit);
      assert.equal(hiveDifference('SOFTWARE', overlay, after), []);
    }),
    { numRuns: 200 },
  );
});

test.run();
