// Scratch folders are private and go away: after success, after failure, and when the process ends.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { makeScratch, removeScratch, withScratch } from '../../tools/scratch.ts';

test('the folder is there for its use, readable by its owner alone, and gone afterwards', async () => {
  const folder = await withScratch(async (path) => {
    assert.is(statSync(path).mode & 0o777, 0o700);
    writeFileSync(join(path, 'file'), 'x');
    return path;
  });
  assert.not.ok(existsSync(folder));
});

test('a failure passes through and the folder goes, too', async () => {
  let folder = '';
  try {
    await withScratch(async (path) => {
      folder = path;
      throw new Error('on the way');
    });
    assert.unreachable('nothing was thrown');
  } catch (error) {
    assert.is((error as Error).message, 'on the way');
  }
  assert.ok(folder !== '');
  assert.not.ok(existsSync(folder));
});

test('a place where nothing can be made is named, and so is one without room', async () => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = '/nonexistent';
  try {
    await makeScratch();
    assert.unreachable('nothing was thrown');
  } catch (error) {
    assert.instance(error, ToolError);
    assert.is((error as ToolError).code, 'SCRATCH_UNWRITABLE');
    assert.match((error as ToolError).message, /^\/nonexistent: /);
    assert.match((error as ToolError).hint ?? '', /TMPDIR/);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  try {
    await withScratch(() => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })));
    assert.unreachable('nothing was thrown');
  } catch (error) {
    assert.is((error as ToolError).code, 'SCRATCH_FULL');
  }
});

test('two folders are two', async () => {
  const [a, b] = [await makeScratch(), await makeScratch()];
  assert.is.not(a, b);
  await removeScratch(a);
  assert.not.ok(existsSync(a));
  assert.ok(existsSync(b));
  await removeScratch(b);
});

test('a process that exits in the middle leaves nothing', () => {
  const scratch = fileURLToPath(new URL('../../tools/scratch.ts', import.meta.url));
  const script = `import { makeScratch } from ${JSON.stringify(scratch)}; console.log(await makeScratch()); process.exit(3);`;
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], { encoding: 'utf8' });
  assert.is(run.status, 3, run.stderr);
  const folder = run.stdout.trim();
  assert.match(folder, /wtgforge-/);
  assert.not.ok(existsSync(folder));
});

test.run();
