// Names of the parts of a split WIM, as wimlib and DISM give them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { partName, partNumber, partsBeside } from '../../image/split-names.ts';
import { withScratch } from '../../tools/scratch.ts';

test('the number stands in front of the last extension', () => {
  assert.is(partName('/a/golden.swm', 2), '/a/golden2.swm');
  assert.is(partName('/a/golden.swm.staged', 12), '/a/golden.swm12.staged');
});

test('only what is numbered from 2 on is a further part', () => {
  const numbers = ['golden2.swm', 'golden12.swm', 'golden.swm', 'golden1.swm', 'golden02.swm', 'goldenx.swm', 'golden2.wim', 'other2.swm'];
  assert.equal(
    numbers.map((name) => partNumber('golden.swm', name)),
    [2, 12, undefined, undefined, undefined, undefined, undefined, undefined],
  );
});

test('the parts of a folder come in order of their numbers', () =>
  withScratch(async (folder) => {
    for (const name of ['a10.swm', 'a2.swm', 'a.swm', 'b3.swm']) writeFileSync(join(folder, name), '');
    assert.equal(await partsBeside(join(folder, 'a.swm')), [join(folder, 'a2.swm'), join(folder, 'a10.swm')]);
  }));

test.run();
