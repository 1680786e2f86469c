// The Hive contract over real bytes: lookups in any case, decoded views, damage as ImageError and never as absence.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { emptyHive } from '../../formats/hive/empty.ts';
import { openHive } from '../../image/hive.ts';
import { applyHiveEdits } from '../../image/hive-edit.ts';
import { needRealData, needTools, realData } from '../helpers/need.ts';

const withReal = needRealData(test);
const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });
const real = (name: string) => openHive(new Uint8Array(readFileSync(join(realData, 'hives', name))), `/Windows/${name}`);

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    assert.instance(error, ImageError);
    return `${(error as ImageError).code} ${(error as ImageError).message}`;
  }
}

test('an empty hive has its root and nothing else', () => {
  const hive = openHive(emptyHive(), 'x');
  assert.equal([hive.dirty, hive.has(''), hive.keys(''), hive.values('')], [false, true, [], []]);
  assert.equal([hive.has('A'), hive.keys('A\\B'), hive.values('A'), hive.value('A', 'b')], [false, [], [], undefined]);
});

test('what is not a hive is refused with the path', () => {
  assert.match(
    codeOf(() => openHive(new Uint8Array(100), '/Windows/x')),
    /^HIVE_CORRUPT \/Windows\/x: is not a sound hive \(regf hive: base block runs past the end/,
  );
  assert.match(
    codeOf(() => openHive(new TextEncoder().encode('text'.repeat(4096)), '/x')),
    /^HIVE_CORRUPT .*does not begin with "regf"/,
  );
});

withReal('values of a real hive, found in any case, stored and decoded', () => {
  const hive = real('mini/win10.SYSTEM-min');
  assert.equal(hive.value('SELECT', 'default')?.decoded, { type: 'REG_DWORD', data: 1 });
  assert.is(hive.value('select', 'DEFAULT')?.name, 'Default');
  assert.equal([...hive.value('Select', 'Default')!.raw], [1, 0, 0, 0]);
  assert.ok(hive.keys('').includes('ControlSet001'));
  assert.is(hive.value('Select', 'Nothing'), undefined);
  assert.is(real('win7.SECURITY').dirty, true);
});

withReal('types without a decoded form keep their bytes', () => {
  const hive = real('edge/ez-SAM_hasBigEndianDWord');
  const found: number[] = [];
  const todo = [''];
  for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
    for (const { type, decoded, raw } of hive.values(key)) {
      if (type !== 5) continue;
      assert.is(decoded, undefined);
      found.push(raw.length);
    }
    for (const name of hive.keys(key)) todo.push(key === '' ? name : `${key}\\${name}`);
  }
  assert.ok(found.length > 0);
});

withReal('damage throws where it is visited; the rest of the hive can be read', () => {
  const hive = real('edge/plaso-corrupt_sub_key_list.hiv');
  assert.ok(hive.has(''));
  for (const visit of [() => hive.keys(''), () => hive.has('key1'), () => hive.values('key1'), () => hive.value('key1', 'x')]) {
    assert.match(codeOf(visit), /^HIVE_CORRUPT .*at offset 0x/);
  }
});

withTool('sub-keys that no path can tell apart are damage, not a key less', async () => {
  const edits = ['first', 'secon'].map((key) => ({ kind: 'set-value', key, name: 'v', value: { type: 'REG_DWORD', data: 1 } }) as const);
  const bytes = await applyHiveEdits(emptyHive(), edits, { path: 'x' });
  for (const name of ['FIRST', 'a\\b\\c']) {
    const twisted = Buffer.from(bytes);
    twisted.write(name, twisted.indexOf('secon'), 'latin1');
    const hive = openHive(new Uint8Array(twisted), 'x');
    assert.match(
      codeOf(() => hive.keys('')),
      /^HIVE_CORRUPT .*name that no path can reach/,
    );
  }
  assert.equal(openHive(bytes, 'x').keys(''), ['first', 'secon']);
});

test.run();
