// XPRESS: chunks that wimlib compressed come back, damaged ones end quickly with a FormatError.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { xpressDecoder } from '../../../formats/wim/xpress.ts';
import { testDecoder } from '../../helpers/chunk-decoder.ts';
import { compressedChunks, mixedContent } from '../../helpers/compressed.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('xpress');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

withTools('a chunk may be decoded in part, a cut one is refused', () => {
  const [chunk] = compressedChunks(folder, mixedContent(32768), 'xpress', 32768);
  const decode = xpressDecoder(32768);
  const part = new Uint8Array(100);
  decode(chunk!.stored, part);
  assert.is(Buffer.compare(part, chunk!.content.subarray(0, 100)), 0);
  assert.throws(() => decode(chunk!.stored.subarray(0, chunk!.stored.length / 2), new Uint8Array(32768)), /XPRESS data/);
});

testDecoder(test, withTools, {
  compression: 'xpress',
  decoderOf: xpressDecoder,
  chunkSizes: [4096, 32768, 65536],
  folder: () => folder,
});

test.run();
