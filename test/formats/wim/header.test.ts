// The WIM header: fields, and what is refused.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { chunkSizeOf, compressionOf, isPipableWim, isWim, parseHeader } from '../../../formats/wim/header.ts';
import { FLAG_COMPRESSION, FLAG_LZX, FLAG_XPRESS, type WimHeader } from '../../../formats/wim/model.ts';
import { encodeHeader } from '../../../formats/wim/write-header.ts';
import { survives } from '../../helpers/damage.ts';

const GOOD: WimHeader = {
  version: 0x10d00,
  flags: FLAG_COMPRESSION | FLAG_LZX,
  chunkSize: 32768,
  guid: Uint8Array.from({ length: 16 }, (_, at) => at),
  partNumber: 1,
  totalParts: 1,
  imageCount: 2,
  blobTable: { size: 100, flags: 2, offset: 5000, uncompressedSize: 100 },
  xml: { size: 300, flags: 2, offset: 5100, uncompressedSize: 300 },
  bootMetadata: { size: 0, flags: 0, offset: 0, uncompressedSize: 0 },
  bootIndex: 1,
  integrity: { size: 52, flags: 0, offset: 5400, uncompressedSize: 52 },
};
const bytes = encodeHeader(GOOD);

function patched(at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
}

test('reads every field', () => {
  assert.equal(parseHeader(bytes), GOOD);
  assert.is(isWim(bytes), true);
  assert.is(isPipableWim(bytes), false);
});

test('knows the compression and its chunk size', () => {
  assert.is(compressionOf({ flags: 0x80 }), 'none');
  assert.is(compressionOf({ flags: FLAG_COMPRESSION | FLAG_XPRESS }), 'xpress');
  assert.is(chunkSizeOf({ flags: 0x80, chunkSize: 0 }), 0);
  assert.is(chunkSizeOf({ flags: GOOD.flags, chunkSize: 0 }), 32768);
  assert.is(chunkSizeOf({ flags: GOOD.flags, chunkSize: 2 ** 21 }), 2 ** 21);
});

for (const [name, at, value, said] of [
  ['signature', 0, 0x41414141, 'MSWIM'],
  ['header size', 0x08, 207, '207'],
  ['version', 0x0c, 0x20000, 'version'],
  ['compression flag without a kind', 0x10, FLAG_COMPRESSION, 'not how'],
  ['chunk size that is no power of two', 0x14, 40000, '40000'],
  ['chunk size beyond LZX', 0x14, 2 ** 22, 'LZX'],
  ['part 2 of 1', 0x28, 0x00010002, 'part 2 of 1'],
  ['too many images', 0x2c, 70000, '70000'],
  ['boot index beyond the images', 0x78, 3, 'image 3'],
] as const) {
  test(`refuses: ${name}`, () => {
    assert.throws(
      () => parseHeader(patched(at, value)),
      (error: unknown) => error instanceof FormatError && error.message.includes(said),
    );
  });
}

test('refuses a cut header at every length', () => {
  for (let size = 0; size < bytes.length; size++) assert.throws(() => parseHeader(bytes.slice(0, size)), /past the end/);
});

test('damage gives a FormatError or a header, never anything else', () => survives(bytes, parseHeader, FormatError, 500));

test.run();
