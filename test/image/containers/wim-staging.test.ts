// The staged copy: kept ranges stand where they stood, everything else is zero, with and without shared extents.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WtgforgeError } from '../../../errors.ts';
import { mergeRanges, type Range, StagedFile } from '../../../image/containers/wim-staging.ts';

const folder = mkdtempSync(join(tmpdir(), 'wtgforge-staging-'));
const at = (name: string) => join(folder, name);
test.after(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = Buffer.from('HEADER!!');
const cloning = async (source: string, path: string) => {
  copyFileSync(source, path);
  return true;
};
const copying = async () => false;

async function stage(source: Uint8Array, ranges: readonly Range[], clone: typeof cloning): Promise<Buffer> {
  writeFileSync(at('source'), source);
  const staged = await StagedFile.make(at('source'), at('staged'), HEADER, ranges, undefined, clone);
  await staged.append(Buffer.from('tail'));
  await staged.finish(HEADER);
  return readFileSync(at('staged'));
}
function expected(source: Uint8Array, ranges: readonly Range[]): Buffer {
  const bytes = Buffer.alloc(ranges.at(-1)?.end ?? HEADER.length);
  HEADER.copy(bytes);
  for (const { start, end } of ranges) bytes.set(source.subarray(start, end), start);
  return Buffer.concat([bytes, Buffer.from('tail')]);
}

test('any ranges, copied or shared', async () => {
  const cut = fc.uniqueArray(fc.integer({ min: 8, max: 64 }), { maxLength: 8 }).map((cuts) => {
    const sorted = cuts.sort((a, b) => a - b);
    return sorted.slice(0, sorted.length & ~1).flatMap((start, index) => (index % 2 === 0 ? [{ start, end: sorted[index + 1]! }] : []));
  });
  await fc.assert(
    fc.asyncProperty(cut, async (ranges) => {
      const source = Uint8Array.from({ length: 80 }, (_, index) => index + 1);
      for (const clone of [cloning, copying]) assert.ok((await stage(source, ranges, clone)).equals(expected(source, ranges)));
    }),
    { numRuns: 40 },
  );
});

test('ranges and gaps of many pieces', async () => {
  const source = new Uint8Array(20 * 1024 * 1024);
  for (let index = 0; index < source.length; index += 997) source[index] = index % 255;
  const ranges = [
    { start: 8, end: 9_000_001 },
    { start: 14_500_000, end: 20_000_000 },
  ];
  for (const clone of [cloning, copying]) assert.ok((await stage(source, ranges, clone)).equals(expected(source, ranges)));
});

test('a large source that is nearly all kept is copied as a whole, and what is not kept is zero', async () => {
  const source = new Uint8Array(70 * 1024 * 1024).fill(7);
  const ranges = [
    { start: 100, end: 30_000_000 },
    { start: 34_000_000, end: 70_000_000 },
  ];
  assert.ok((await stage(source, ranges, copying)).equals(expected(source, ranges)));
});

test('ranges that touch or overlap become one', () => {
  const merged = mergeRanges([
    { start: 30, end: 40 },
    { start: 10, end: 20 },
    { start: 20, end: 25 },
    { start: 12, end: 15 },
  ]);
  assert.equal(merged, [
    { start: 10, end: 25 },
    { start: 30, end: 40 },
  ]);
  assert.equal(mergeRanges([]), []);
});

test('a source that became shorter is an error, and no staged file stays', async () => {
  const work = stage(new Uint8Array(50), [{ start: 8, end: 60 }], copying);
  await work.then(
    () => assert.unreachable(),
    (error: WtgforgeError) => assert.is(error.code, 'CONTAINER_TRUNCATED'),
  );
  assert.is(existsSync(at('staged')), false);
});

test('a signal stops a copy in its middle', async () => {
  const controller = new AbortController();
  writeFileSync(at('source'), new Uint8Array(12 * 1024 * 1024));
  const work = StagedFile.make(at('source'), at('aborted'), HEADER, [{ start: 8, end: 12 * 1024 * 1024 }], controller.signal, copying);
  setImmediate(() => controller.abort());
  await work.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.name, 'AbortError'),
  );
  assert.is(existsSync(at('aborted')), false);
});

test('an output that cannot be made says so', async () => {
  writeFileSync(at('source'), new Uint8Array(20));
  mkdirSync(at('a folder'));
  for (const path of [at('absent/staged'), at('source/staged'), at('a folder')]) {
    await StagedFile.make(at('source'), path, HEADER, []).then(
      () => assert.unreachable(),
      (error: unknown) => {
        assert.instance(error, WtgforgeError);
        assert.is((error as WtgforgeError).code, 'OUTPUT_NOT_WRITABLE');
      },
    );
  }
});

test.run();
