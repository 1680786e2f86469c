// What was deleted from a hive and still lies in its free cells: found, at a location of its own.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyHive } from '../../formats/hive/empty.ts';
import { HiveSlack } from '../../lint/hive-slack.ts';
import { lintImage } from '../../lint/lint-image.ts';
import { productKey } from '../../rules/secrets/product-key.ts';
import { mergeReg } from '../../tools/hivex.ts';
import { withScratch } from '../../tools/scratch.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { edited, set } from '../helpers/hive-edits.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';

const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });
const HIVE = '/Windows/System32/config/SYSTEM';

/** A hive with one key as a value, and another that hivex deleted: it frees the cell and leaves what is in it. */
async function hiveWithDeleted(kept: string, deleted: string): Promise<Uint8Array> {
  const whole = await edited(emptyHive(), set('K', 'Kept', kept), set('K', 'Deleted', deleted));
  return withScratch(async (folder) => {
    const [hive, reg] = [join(folder, 'hive'), join(folder, 'delete.reg')];
    await writeFile(hive, whole);
    await writeFile(reg, 'Windows Registry Editor Version 5.00\r\n\r\n[HIVE\\K]\r\n"Deleted"=-\r\n');
    await mergeReg(hive, reg, 'HIVE');
    return new Uint8Array(await readFile(hive));
  });
}

const locations = async (files: Record<string, Uint8Array>) =>
  (await lintImage(fakeImage({ files }), { rules: [productKey] })).findings.map(({ at }) => {
    const { offset, ...place } = at as { offset?: number };
    assert.type(offset, 'number');
    return place;
  });

withTool('a key in a free cell is found there, one in use at the file', async () => {
  const hive = await hiveWithDeleted(madeKey(1), madeKey(2));
  assert.equal(await locations({ [HIVE]: hive }), [{ file: HIVE }, { slack: 'hive', of: HIVE }]);
  assert.equal(await locations({ '/Users/a/ntuser.dat': await edited(emptyHive(), set('K', 'Kept', madeKey(1))) }), [
    { file: '/Users/a/ntuser.dat' },
  ]);
});

withTool('under a name that no hive has, and in a damaged hive, all is found at the file', async () => {
  const hive = await hiveWithDeleted(madeKey(1), madeKey(2));
  assert.equal(await locations({ '/data.bin': hive }), [{ file: '/data.bin' }]);
  hive[0x1000] = 0;
  assert.equal(await locations({ [HIVE]: hive }), [{ file: HIVE }]);
});

withTool('a hive that our own write made has nothing in its free cells', async () => {
  const whole = await edited(emptyHive(), set('K', 'Deleted', madeKey(2)));
  assert.equal(await locations({ [HIVE]: await edited(whole, { kind: 'delete-value', key: 'K', name: 'Deleted' }) }), []);
});

withTool('a signature lies in free cells when all its strings do', async () => {
  const hive = await hiveWithDeleted(madeKey(1), madeKey(2));
  // The last one: hivex writes the values that stay anew.
  const at = (key: string) => Buffer.from(hive).lastIndexOf(Buffer.from(key, 'utf16le'));
  const hit = (rule: string, ...offsets: number[]) => ({
    signature: 's',
    rule,
    meta: {},
    strings: offsets.map((offset) => ({ id: '$a', offset, length: 1 })),
  });
  const [used, free] = [at(madeKey(1)), at(madeKey(2))];
  const hits = [hit('used', used), hit('free', free), hit('both', used, free), hit('none')];
  const file = (await fakeImage({ files: { [HIVE]: hive } }).find(HIVE))!;
  const parts = await new HiveSlack(new Map()).split({ file }, { hits, keys: [], flooded: false, kind: undefined });
  assert.equal(
    parts.map(({ place, result }) => [place.file.path, result.hits.map(({ rule }) => rule)]),
    [
      [HIVE, ['used', 'both', 'none']],
      [`hive-slack:${HIVE}`, ['free']],
    ],
  );
});

test.run();
