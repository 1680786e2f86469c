// cp: whole copies of any name, failures that name the tool, and a stop in the middle.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { copyWithCp } from '../../tools/cp.ts';
import { withScratch } from '../../tools/scratch.ts';
import { withMockCommand } from '../helpers/mock-command.ts';

test('the copy has the same bytes, whatever the names are', async () => {
  await withScratch(async (folder) => {
    for (const name of ['plain', "with 'quotes' and $(touch x)", '-r', 'line\nfeed']) {
      await writeFile(join(folder, name), name);
      await copyWithCp(join(folder, name), join(folder, `${name}.copy`));
      assert.is(await readFile(join(folder, `${name}.copy`), 'utf8'), name);
    }
    assert.not(existsSync(join(folder, 'x')));
  });
});

test('a source that is not there is a failure of the tool', async () => {
  await withScratch(async (folder) => {
    const error = await copyWithCp(join(folder, 'absent'), join(folder, 'copy')).catch((reason: unknown) => reason);
    assert.instance(error, ToolError);
    assert.is((error as ToolError).code, 'TOOL_FAILED');
  });
});

test('an abort ends the program at once', async () => {
  await withMockCommand('cp', 'exec sleep 30', async () => {
    const controller = new AbortController();
    const stop = new Error('interrupted');
    const started = Date.now();
    setTimeout(() => controller.abort(stop), 200);
    assert.is(await copyWithCp('/a', '/b', controller.signal).catch((reason: unknown) => reason), stop);
    assert.ok(Date.now() - started < 10_000);
  });
});

test.run();
