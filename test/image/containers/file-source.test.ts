// A file as a source: bytes at offsets, and a clear word when it ends early.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { openFileSource } from '../../../image/containers/file-source.ts';

const test = suite('file-source');

test('reads at offsets; a file that shrinks while it is read is cut short', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  const path = join(folder, 'disk');
  writeFileSync(path, 'abcdefgh');
  const source = await openFileSource(path);
  try {
    assert.is(source.size, 8);
    assert.is(Buffer.from(await source.read(2, 3)).toString(), 'cde');
    truncateSync(path, 4);
    let code = '';
    await source.read(2, 4).catch((error) => {
      assert.instance(error, ImageError);
      code = error.code;
    });
    assert.is(code, 'CONTAINER_TRUNCATED');
  } finally {
    await source.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what is not there is an error of the file system', async () => {
  let code = '';
  await openFileSource('/nowhere/at/all').catch((error) => {
    code = error.code;
  });
  assert.is(code, 'ENOENT');
});

test.run();
