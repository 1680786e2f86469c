// Temporary files of contents: private, cut at their limit, gone afterwards whatever happened.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSpool, withSpool } from '../../../lint/nested/spool.ts';

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test('what is written can be read, by us alone', async () => {
  let path = '';
  await withSpool(pieces('abc', 'def'), 100, async (spooled) => {
    path = spooled.path;
    assert.equal([spooled.size, spooled.cut], [6, false]);
    assert.is(readFileSync(path, 'utf8'), 'abcdef');
    assert.is(statSync(path).mode & 0o777, 0o600);
    assert.is(statSync(dirname(path)).mode & 0o777, 0o700);
    const read: string[] = [];
    for await (const piece of readSpool(path, 1, 5)) read.push(Buffer.from(piece).toString());
    assert.is(read.join(''), 'bcde');
  });
  assert.is(existsSync(dirname(path)), false);
});

test('at its limit it is cut', async () => {
  for (const [max, size, cut] of [
    [4, 4, true],
    [6, 6, false],
    [0, 0, true],
  ] as const)
    await withSpool(pieces('abc', 'def'), max, async (spooled) => assert.equal([spooled.size, spooled.cut], [size, cut]));
});

test('it goes away when its use or its source fails', async () => {
  let path = '';
  for (const run of [
    () =>
      withSpool(pieces('abc'), 9, async (spooled) => {
        path = spooled.path;
        throw new Error('no');
      }),
    () =>
      withSpool(
        (async function* () {
          yield Buffer.from('x');
          throw new Error('no');
        })(),
        9,
        async () => {},
      ),
  ]) {
    try {
      await run();
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, 'no');
    }
  }
  assert.is(existsSync(dirname(path)), false);
});

test.run();
