// Hashing beside the main thread, and the way to the disk.
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf, syncToDisk } from '../../image/artifact.ts';
import { withScratch } from '../../tools/scratch.ts';

test('the digest is SHA-256 of the whole file, also over several pieces', async () => {
  await withScratch(async (folder) => {
    for (const size of [0, 1, 1024 * 1024, 2_500_000]) {
      const content = randomBytes(size);
      const path = join(folder, String(size));
      await writeFile(path, content);
      assert.is(await digestOf(path), createHash('sha256').update(content).digest('hex'));
    }
  });
});

test('a file that is not there and an abort end the work', async () => {
  await withScratch(async (folder) => {
    const reason = async (run: Promise<unknown>) => run.catch((error: unknown) => error);
    assert.is(((await reason(digestOf(join(folder, 'absent')))) as NodeJS.ErrnoException).code, 'ENOENT');
    const path = join(folder, 'large');
    await writeFile(path, Buffer.alloc(200_000_000));
    const controller = new AbortController();
    const stop = new Error('interrupted');
    const hashing = digestOf(path, controller.signal);
    controller.abort(stop);
    assert.is(await reason(hashing), stop);
    assert.is(await reason(digestOf(path, controller.signal)), stop);
  });
});

test('files and folders can be pushed to the disk', async () => {
  await withScratch(async (folder) => {
    await writeFile(join(folder, 'a'), 'x');
    await syncToDisk(join(folder, 'a'));
    await syncToDisk(folder);
    assert.is(((await syncToDisk(join(folder, 'absent')).catch((error: unknown) => error)) as NodeJS.ErrnoException).code, 'ENOENT');
  });
});

test.run();
