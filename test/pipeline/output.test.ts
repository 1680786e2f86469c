// The place of the output: nothing is lost, and two builds never share it.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, link, lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WtgforgeError } from '../../errors.ts';
import { checkAttachments, checkOutput, outputNames, withOutputLock } from '../../pipeline/output.ts';
import { withScratch } from '../../tools/scratch.ts';

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof WtgforgeError ? error.code : String(error);
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

test('a lock with our own number that we do not hold is a leftover of another container', async () => {
  await withScratch(async (folder) => {
    const output = join(folder, 'out.wim');
    await writeFile(outputNames(output).lock, String(process.pid));
    assert.is(await withOutputLock(output, async () => 'done'), 'done');
  });
});

test('a pipe or a device is never replaced, not even with force', async () => {
  await withScratch(async (folder) => {
    const pipe = join(folder, 'out.wim');
    execFileSync('mkfifo', [pipe]);
    await symlink('/dev/zero', join(folder, 'link.wim'));
    for (const output of [pipe, join(folder, 'link.wim')]) {
      assert.is(await codeOf(checkOutput('/absent', output, true)), 'OUTPUT_IS_SPECIAL');
    }
    assert.ok((await lstat(pipe)).isFIFO());
  });
});

test('a folder that bears one of our names beside the output is refused and keeps its content', async () => {
  for (const name of ['staged', 'rejected', 'lock', 'report', 'rejectedReport'] as const) {
    await withScratch(async (folder) => {
      const output = join(folder, 'out.wim');
      const path = outputNames(output)[name];
      await mkdir(path);
      await writeFile(join(path, 'precious'), 'x');
      assert.is(await codeOf(checkOutput('/absent', output, true)), 'OUTPUT_NAME_TAKEN', name);
      assert.equal(await readdir(path), ['precious']);
    });
  }
});

test('a name that leaves no room for the names beside it is refused before anything is made', async () => {
  await withScratch(async (folder) => {
    const ofBytes = (bytes: number) => join(folder, `${'ü'.repeat((bytes - 4) / 2)}.wim`);
    assert.is(await codeOf(checkOutput('/absent', ofBytes(202), false)), 'OUTPUT_NAME_LONG');
    assert.equal(await readdir(folder), []);
    assert.is(await codeOf(checkOutput('/absent', ofBytes(200), false)), 'undefined');
    assert.is(await withOutputLock(ofBytes(200), async () => 'done'), 'done');
  });
});

test('an attachment never hits the source, the output or a file of the build', async () => {
  await withScratch(async (folder) => {
    const [source, output] = [join(folder, 'golden.base.wim'), join(folder, 'golden.wim')];
    await writeFile(source, 'x');
    const check = (name: string) => codeOf(checkAttachments(source, output, [{ step: 's', name, content: '' }]));
    assert.is(await check('chrony.conf'), 'undefined');
    for (const name of ['base.wim', 'wim', 'wim.report.json', 'wim.lock']) assert.is(await check(name), 'ATTACHMENT_NAME', name);
    await mkdir(join(folder, 'golden.chrony.conf'));
    assert.is(await check('chrony.conf'), 'OUTPUT_NAME_TAKEN');
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
