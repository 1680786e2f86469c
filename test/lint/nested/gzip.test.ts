// Small gzip files unpacked here; what is large, damaged or followed by something is left to 7-Zip.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSmallGzip } from '../../../lint/nested/gzip.ts';

const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
const text = Buffer.from('a page of a manual\n'.repeat(100));
const read = (bytes: Uint8Array, allowance = 1 << 28) => {
  const path = join(folder, 'content');
  writeFileSync(path, bytes);
  return readSmallGzip(path, bytes.length, allowance);
};

test('one content, without a name and with nothing in it', async () => {
  const found = await read(gzipSync(text));
  assert.is(found?.name, undefined);
  assert.ok(text.equals(Buffer.from(found!.bytes)));
  assert.is((await read(gzipSync('')))?.bytes.length, 0);
});

test('two contents one behind the other are one, as every tool has it', async () => {
  const found = await read(Buffer.concat([gzipSync(text), gzipSync('end')]));
  assert.is(Buffer.from(found!.bytes).toString(), `${text}end`);
});

test('what is damaged, cut, followed by something else, or too large is left to 7-Zip', async () => {
  const whole = gzipSync(text);
  const damaged = Buffer.from(whole);
  damaged[whole.length - 6]! ^= 1;
  assert.is(await read(damaged), undefined);
  assert.is(await read(whole.subarray(0, whole.length - 9)), undefined);
  assert.is(await read(Buffer.concat([whole, Buffer.from('MZ hidden')])), undefined);
  assert.is(await read(whole, text.length - 1), undefined);
  assert.ok(await read(whole, text.length));
  assert.is(await read(gzipSync(Buffer.alloc(33 * 1024 * 1024))), undefined);
  assert.is(await read(Buffer.alloc(4 * 1024 * 1024 + 1)), undefined);
});

test.after(() => rmSync(folder, { recursive: true, force: true }));

test.run();
