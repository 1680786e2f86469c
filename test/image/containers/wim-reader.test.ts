// Reading resources at their place: whole and in pieces, raw and compressed; a file that ends too early.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WimHeader } from '../../../formats/wim/model.ts';
import { readWim } from '../../../image/containers/wim-parts.ts';
import { ResourceReader, readExactly } from '../../../image/containers/wim-reader.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { makeWim, run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('wim-reader');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
let folder = '';
let file: FileHandle;
const content = mixedContent(2_500_000);
test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  writeFileSync(join(folder, 'raw'), content);
  file = await open(join(folder, 'raw'), 'r');
});
test.after(async () => {
  await file.close();
  rmSync(folder, { recursive: true, force: true });
});

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<{ count: number; bytes: Buffer }> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece)); // a copy: a piece holds only until the next
  return { count: all.length, bytes: Buffer.concat(all) };
}

test('raw resources, whole and in pieces', async () => {
  const reader = new ResourceReader('x.wim', file, { flags: 0, chunkSize: 0 } as WimHeader);
  const resource = { size: 2_400_000, flags: 0, offset: 1000, uncompressedSize: 2_400_000 };
  const wanted = content.subarray(1000, 2_401_000);
  assert.is(Buffer.compare(await reader.whole(resource), wanted), 0);
  const { count, bytes } = await joined(reader.pieces(resource));
  assert.is(count, 3);
  assert.is(Buffer.compare(bytes, wanted), 0);
});

test('a file that ends too early', async () => {
  try {
    await readExactly('x.wim', file, content.length - 10, 20);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /x\.wim: is cut short \(it ended at byte 2500000/);
  }
});

for (const options of [['--compress=XPRESS', '--chunk-size=4096'], ['--compress=LZX'], ['--compress=LZX', '--chunk-size=2097152']]) {
  withTools(`pieces and whole agree: ${options.join(' ')}`, async () => {
    const plain = join(folder, 'plain.wim');
    const path = join(folder, 'packed.wim');
    makeWim(plain, { images: [{ files: { '/x': { content } } }] });
    run('wimlib-imagex', ['export', plain, '1', path, ...options, '--quiet']);
    const parts = await readWim(path);
    const blob = parts.blobs.find(({ resource }) => resource.uncompressedSize === content.length)!;
    assert.ok(blob.resource.size < content.length);
    const { bytes } = await joined(parts.streamBlob(blob));
    assert.is(Buffer.compare(bytes, content), 0);
    assert.is(Buffer.compare(await parts.readBlob(blob), content), 0);
    await parts.close();
    rmSync(path);
  });
}

test.run();
