// Edits in order become one plan: parents first, stored case, nothing that is there already.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageError } from '../../errors.ts';
import { emptyHive } from '../../formats/hive/empty.ts';
import { openRegf } from '../../formats/hive/hive.ts';
import { applyHiveEdits } from '../../image/hive-edit.ts';
import { planHive } from '../../image/hive-plan.ts';
import type { HiveEdit } from '../../image/image.ts';
import { needTools } from '../helpers/need.ts';

const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });
const set = (key: string, name: string, data = 1): HiveEdit => ({ kind: 'set-value', key, name, value: { type: 'REG_DWORD', data } });
const deleteValue = (key: string, name: string): HiveEdit => ({ kind: 'delete-value', key, name });
const removeKey = (key: string): HiveEdit => ({ kind: 'remove-key', key });

/** The plan in words: `-key` for a removed key, then each key with the names it sets and removes. */
function planned(bytes: Uint8Array, ...edits: HiveEdit[]): string[] {
  const plan = planHive(openRegf(bytes), edits, 'x');
  const keys = plan.keys.map(({ path, set, remove }) =>
    [path, ...set.map(({ name }) => `+${name}`), ...remove.map((name) => `-${name}`)].join(' '),
  );
  return [...plan.removedPaths.map((path) => `-${path}`), ...keys];
}

test('parents that are not there come first, each once', () => {
  assert.equal(planned(emptyHive(), set('A\\B\\C', 'x'), set('a\\b\\D', 'y')), ['A', 'A\\B', 'A\\B\\C +x', 'A\\B\\D +y']);
  assert.equal(planned(emptyHive(), set('', 'x')), [' +x']);
});

test('the last word on a value counts, in any case; what is removed is not made', () => {
  assert.equal(planned(emptyHive(), set('A', 'x', 1), set('a', 'X', 2)), ['A +X']);
  assert.equal(planned(emptyHive(), set('A', 'x'), deleteValue('A', 'X')), []);
  assert.equal(planned(emptyHive(), set('A\\B', 'x'), set('AB', 'y'), removeKey('a')), ['AB +y']);
  assert.equal(planned(emptyHive(), deleteValue('A', 'x'), removeKey('A\\B')), []);
});

test('a key is made when it is wanted, once, and not where it is already', () => {
  const make = (key: string): HiveEdit => ({ kind: 'make-key', key });
  assert.equal(planned(emptyHive(), make('A\\B'), make('a\\b')), ['A', 'A\\B']);
  assert.equal(planned(emptyHive(), make('A'), set('A', 'x')), ['A +x']);
  assert.equal(planned(emptyHive(), set('A\\B', 'x'), make('a')), ['A', 'A\\B +x']);
  assert.equal(planned(emptyHive(), make('A'), deleteValue('A', 'x')), ['A']);
  assert.equal(planned(emptyHive(), make('A\\B'), removeKey('A')), []);
  assert.equal(planned(emptyHive(), make('')), []);
});

withTool('stored case, equal values, removal and making anew', async () => {
  const bytes = await applyHiveEdits(emptyHive(), [set('Key\\Sub', 'Name'), set('Key', 'Other')], { path: 'x' });
  assert.equal(planned(bytes, set('KEY\\SUB', 'NAME', 2), set('key\\sub\\New', 'v')), ['Key\\Sub +Name', 'Key\\Sub\\New +v']);
  assert.equal(planned(bytes, set('key\\sub', 'name', 1), deleteValue('key', 'absent')), []);
  assert.equal(planned(bytes, deleteValue('KEY', 'OTHER')), ['Key -Other']);
  assert.equal(planned(bytes, removeKey('KEY\\sub'), removeKey('key')), ['-Key']);
  assert.equal(planned(bytes, removeKey('KEY'), set('key\\sub', 'name', 1)), ['-Key', 'Key', 'Key\\Sub +name']);
});

test('what cannot be carried is refused before anything is written', () => {
  const code = (edit: HiveEdit) => {
    try {
      planned(emptyHive(), edit);
      return 'none';
    } catch (error) {
      return (error as ImageError).code;
    }
  };
  assert.is(code(set('A[b', '=- "x" \\')), 'none');
  assert.is(code(set('A', 'n'.repeat(16_383))), 'none');
  for (const edit of [removeKey(''), set('A\\', 'x'), set('a]', 'x'), set('A', 'a\nb'), set('A', 'n'.repeat(16_384))]) {
    assert.is(code(edit), 'HIVE_EDIT_REFUSED');
  }
  const big = (size: number): HiveEdit => ({
    kind: 'set-value',
    key: 'A',
    name: 'x',
    value: { type: 'REG_BINARY', data: new Uint8Array(size) },
  });
  assert.equal([code(big(16_344)), code(big(16_345))], ['none', 'HIVE_VALUE_TOO_LARGE']);
});

test.run();
