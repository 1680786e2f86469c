// wtgforge init: writes a config that loads, and never over another.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../pipeline/load-config.ts';
import { withScratch } from '../../tools/scratch.ts';
import { cli } from '../helpers/run-cli.ts';

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const before = process.cwd();
  return withScratch(async (folder) => {
    process.chdir(folder);
    try {
      return await use(folder);
    } finally {
      process.chdir(before);
    }
  });
}

test('the written config loads and has the six steps', async () => {
  await inFolder(async (folder) => {
    assert.is((await cli(['init'])).code, 0);
    const config = await loadConfig(join(folder, 'build.config.ts'));
    assert.is(config.steps.length, 6);
  });
});

test('an existing config is not replaced', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'build.config.ts'), 'mine');
    const { code, err } = await cli(['init']);
    assert.is(code, 2);
    assert.match(err, 'it exists already');
    assert.is(await readFile(join(folder, 'build.config.ts'), 'utf8'), 'mine');
  });
});

test.run();
