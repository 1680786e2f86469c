// hivexregedit as we start it: merge in place, export, names as UTF-8, and a failure as ToolError.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { emptyHive } from '../../formats/hive/empty.ts';
import { exportReg, hivexregedit, mergeReg } from '../../tools/hivex.ts';
import { withScratch } from '../../tools/scratch.ts';
import { toolVersion } from '../../tools/tool.ts';
import { needTools } from '../helpers/need.ts';

const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });

withTool('merges .reg text and exports it again', async () => {
  await withScratch(async (folder) => {
    const [hive, reg] = [join(folder, 'hive'), join(folder, 'edits.reg')];
    await writeFile(hive, emptyHive());
    await writeFile(reg, 'Windows Registry Editor Version 5.00\n\n[P\\Ü]\n"日本"=hex(3):01\n\n');
    await mergeReg(hive, reg, 'P');
    assert.is(await exportReg(hive), 'Windows Registry Editor Version 5.00\n\n[\\]\n\n[\\Ü]\n"日本"=hex(3):01\n\n');
    assert.is(await exportReg(hive, '\\Ü'), 'Windows Registry Editor Version 5.00\n\n[\\Ü]\n"日本"=hex(3):01\n\n');
  });
});

withTool('a file that is no hive is a failure of the tool', async () => {
  await withScratch(async (folder) => {
    await writeFile(join(folder, 'hive'), 'text');
    try {
      await exportReg(join(folder, 'hive'));
      assert.unreachable('went on');
    } catch (error) {
      assert.instance(error, ToolError);
      assert.is((error as ToolError).code, 'TOOL_FAILED');
    }
  });
});

withTool('it is there, though it tells no version', async () => {
  assert.is(await toolVersion(hivexregedit), 'unknown');
});

test.run();
