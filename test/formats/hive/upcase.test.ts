// Upper case as Windows has it, against the $UpCase table of a fresh NTFS file where the tools are there.
import { spawnSync } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { upcase } from '../../../formats/hive/upcase.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { needTools } from '../../helpers/need.ts';

const withNtfs = needTools(test, { mkntfs: 'ntfs-3g', ntfscat: 'ntfs-3g' });

test('letters that are paired, and such that are not', () => {
  assert.is(upcase('abcXYZ_[`{1'), 'ABCXYZ_[`{1');
  assert.is(upcase('größe Ключ ελ éÿ'), 'GRÖßE КЛЮЧ ΕΛ ÉŸ');
  assert.is(upcase('ıſµ'), 'ıſµ');
  assert.is(upcase('\ud83d\ude00\ud801\udc28'), '\ud83d\ude00\ud801\udc28'); // pairs of surrogates are left alone
});

withNtfs('each UTF-16 unit as the table of an NTFS volume has it', async () => {
  await withScratch(async (folder) => {
    const volume = join(folder, 'ntfs');
    await writeFile(volume, '');
    await truncate(volume, 4 << 20);
    assert.is(spawnSync('mkntfs', ['-F', '-q', volume]).status, 0);
    const table = spawnSync('ntfscat', ['-i', '10', volume], { maxBuffer: 1 << 20 }).stdout; // inode 10 is $UpCase
    assert.is(table.length, 0x20000);
    for (let unit = 0; unit <= 0xffff; unit++) {
      const wanted = String.fromCharCode(table.readUInt16LE(unit * 2));
      const got = upcase(String.fromCharCode(unit));
      if (got !== wanted) assert.unreachable(`U+${unit.toString(16)}: ${got.charCodeAt(0).toString(16)}`);
    }
  });
});

test.run();
