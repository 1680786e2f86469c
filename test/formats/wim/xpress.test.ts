// XPRESS: chunks that wimlib compressed come back, damaged ones end quickly with a FormatError.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { xpressDecoder } from '../../../formats/wim/xpress.ts';
import { compressedChunks, mixedContent } from '../../helpers/compressed.ts';
import { testDamage } from '../../helpers/decoder-damage.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('xpress');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

for (const chunkSize of [4096, 32768, 65536]) {
  withTools(`decodes what wimlib compressed in chunks of ${chunkSize}`, () => {
    const chunks = compressedChunks(folder, mixedContent(chunkSize * 2 + 12345), 'xpress', chunkSize);
    assert.ok(chunks.length >= 2);
    const decode = xpressDecoder(chunkSize);
    for (const { stored, content } of chunks) {
      const output = new Uint8Array(content.length);
      decode(stored, output);
      assert.is(Buffer.compare(output, content), 0);
    }
  });
}

withTools('small contents of many sizes', () => {
  const decode = xpressDecoder(32768);
  let decoded = 0;
  for (const size of [600, 601, 1000, 4095, 9999]) {
    for (const { stored, content } of compressedChunks(folder, new Uint8Array(size).fill(0x41, 0, size - 7), 'xpress', 32768)) {
      const output = new Uint8Array(content.length);
      decode(stored, output);
      assert.is(Buffer.compare(output, content), 0);
      decoded++;
    }
  }
  assert.is(decoded, 5);
});

withTools('a chunk may be decoded in part, a cut one is refused', () => {
  const [chunk] = compressedChunks(folder, mixedContent(32768), 'xpress', 32768);
  const decode = xpressDecoder(32768);
  const part = new Uint8Array(100);
  decode(chunk!.stored, part);
  assert.is(Buffer.compare(part, chunk!.content.subarray(0, 100)), 0);
  assert.throws(() => decode(chunk!.stored.subarray(0, chunk!.stored.length / 2), new Uint8Array(32768)), /XPRESS data/);
});

testDamage(
  test,
  withTools,
  () => xpressDecoder(32768),
  'xpress',
  () => compressedChunks(folder, mixedContent(32768), 'xpress', 32768)[0]!,
);

test.run();
