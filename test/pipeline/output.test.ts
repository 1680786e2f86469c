// The place of the output: nothing is lost, and two builds never share it.
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { checkOutput, outputNames, withOutputLock } from '../../pipeline/output.ts';
import { withScratch } from '../../tools/scratch.ts';

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ConfigError ? error.code : String(error);
}

test('an output that is the source, by any name, is refused', async () => {
  await withScratch(async (folder) => {
    const source = join(folder, 'in.wim');
    await writeFile(source, 'x');
    await symlink(source, join(folder, 'link.wim'));
    await link(source, join(folder, 'hard.wim'));
    for (const output of ['in.wim', './in.wim', 'link.wim', 'hard.wim']) {
      assert.is(await codeOf(checkOutput(source, join(folder, output), true)), 'OUTPUT_IS_SOURCE', output);
    }
  });
});

test('an existing output needs force, a folder is never replaced, a new folder is made', async () => {
  await withScratch(async (folder) => {
    const output = join(folder, 'out.wim');
    await writeFile(output, 'x');
    assert.is(await codeOf(checkOutput('/absent', output, false)), 'OUTPUT_EXISTS');
    assert.is(await codeOf(checkOutput('/absent', output, true)), 'undefined');
    await mkdir(join(folder, 'd'));
    assert.is(await codeOf(checkOutput('/absent', join(folder, 'd'), true)), 'OUTPUT_IS_FOLDER');
    assert.is(await codeOf(checkOutput('/absent', join(folder, 'new/deep/out.wim'), false)), 'undefined');
  });
});

test('a folder that cannot be written is refused', async () => {
  // /proc refuses new files even to root, as a read-only disk does.
  assert.is(await codeOf(checkOutput('/absent', '/proc/out.wim', false)), 'OUTPUT_UNWRITABLE');
  await withScratch(async (folder) => {
    await writeFile(join(folder, 'file'), '');
    assert.is(await codeOf(checkOutput('/absent', join(folder, 'file/out.wim'), false)), 'OUTPUT_UNWRITABLE');
    if (process.getuid?.() !== 0) {
      await chmod(folder, 0o500);
      assert.is(await codeOf(checkOutput('/absent', join(folder, 'out.wim'), false)), 'OUTPUT_UNWRITABLE');
      await chmod(folder, 0o700);
    }
  });
});

test('the lock keeps a second build out and goes away on success and failure', async () => {
  await withScratch(async (folder) => {
    const output = join(folder, 'out.wim');
    const { lock } = outputNames(output);
    await withOutputLock(output, async () => {
      assert.ok(existsSync(lock));
      assert.is(await codeOf(withOutputLock(output, async () => {})), 'OUTPUT_LOCKED');
      assert.ok(existsSync(lock));
    });
    assert.not(existsSync(lock));
    await mustFail(withOutputLock(output, () => Promise.reject(new Error('x'))));
    assert.not(existsSync(lock));
  });
});

test('the lock of a process that is gone is taken over', async () => {
  await withScratch(async (folder) => {
    const output = join(folder, 'out.wim');
    // Process ids end far below this on Linux (PID_MAX_LIMIT is 4,194,304).
    await writeFile(outputNames(output).lock, '99999999');
    assert.is(await withOutputLock(output, async () => 'done'), 'done');
    await writeFile(outputNames(output).lock, 'garbage');
    assert.is(await withOutputLock(output, async () => 'done'), 'done');
  });
});

test('attachments stand beside the output', () => {
  assert.is(outputNames('/o/golden.wim').attachment('chrony.conf'), '/o/golden.chrony.conf');
});

async function mustFail(run: Promise<unknown>): Promise<void> {
  await run.then(
    () => assert.unreachable('should have failed'),
    () => {},
  );
}

test.run();
