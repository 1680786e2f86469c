// The smallest hive: read by our reader and by hivex.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { freeCells, openRegf } from '../../../formats/hive/hive.ts';
import { exportReg } from '../../../tools/hivex.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { needTools } from '../../helpers/need.ts';

const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });

test('an empty hive: one key, no value, one free cell', () => {
  const bytes = emptyHive();
  assert.is(bytes.length, 8192);
  const hive = openRegf(bytes);
  assert.equal([hive.root.name, hive.dirty, hive.subkeys(hive.root), hive.values(hive.root)], ['ROOT', false, [], []]);
  assert.is(hive.find('Nothing\\Here'), undefined);
  const [free] = freeCells(bytes);
  assert.is(free!.offset + free!.size, 8192);
  assert.is(hive.descriptor(hive.root)?.length, 20 + 16 + 12 + 76);
});

test('the same bytes each time, in memory of their own', () => {
  const [one, two] = [emptyHive(), emptyHive()];
  assert.equal(one, two);
  one[0] = 0;
  assert.is(two[0], 0x72);
});

withTool('hivex reads it', async () => {
  await withScratch(async (folder) => {
    await writeFile(join(folder, 'hive'), emptyHive());
    assert.is(await exportReg(join(folder, 'hive')), 'Windows Registry Editor Version 5.00\n\n[\\]\n\n');
  });
});

test.run();
