// CompactOS data: what wimlib compressed in chunks of the four sizes comes back; damage and unknown kinds are refused.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { decodeWof, wofFormat } from '../../../formats/ntfs/wof.ts';
import { compressedResource, mixedContent } from '../../helpers/compressed.ts';
import { survives } from '../../helpers/damage.ts';
import { needTools } from '../../helpers/need.ts';
import { wofReparse } from '../../helpers/wof.ts';

const test = suite('wof');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
const content = mixedContent(150_000);
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

for (const [algorithm, compression, chunkSize] of [
  [0, 'xpress', 4096],
  [1, 'lzx', 32768],
  [2, 'xpress', 8192],
  [3, 'xpress', 16384],
] as const) {
  withTools(`algorithm ${algorithm}: ${compression} in chunks of ${chunkSize}`, () => {
    const { stored } = compressedResource(folder, content, compression, chunkSize)!;
    const format = wofFormat(wofReparse(algorithm))!;
    assert.is(format.chunkSize, chunkSize);
    const pieces = [...decodeWof(stored, content.length, format, 40_000)];
    assert.ok(pieces.length > 1);
    assert.is(Buffer.compare(Buffer.concat(pieces), content), 0);
    survives(stored.slice(), (bytes) => [...decodeWof(bytes, content.length, format)], FormatError, 60);
  });
}

test('a file kept in a WIM is not decoded; unknown versions and algorithms are refused; nothing is nothing', () => {
  const elsewhere = wofReparse(0);
  elsewhere[4] = 1;
  assert.is(wofFormat(elsewhere), undefined);
  for (const [at, value] of [
    [0, 9],
    [8, 9],
    [12, 9],
  ] as const) {
    const wrong = wofReparse(0);
    wrong[at] = value;
    assert.throws(
      () => wofFormat(wrong),
      (error: unknown) => error instanceof FormatError,
    );
  }
  assert.throws(
    () => wofFormat(new Uint8Array(5)),
    (error: unknown) => error instanceof FormatError,
  );
  assert.equal([...decodeWof(new Uint8Array(), 0, wofFormat(wofReparse(0))!)], []);
});

test.run();
