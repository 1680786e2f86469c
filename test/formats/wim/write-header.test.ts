// Header and resource headers written and read back.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseHeader } from '../../../formats/wim/header.ts';
import type { WimHeader } from '../../../formats/wim/model.ts';
import { encodeHeader } from '../../../formats/wim/write-header.ts';

const resource = fc.record({
  size: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  flags: fc.nat(0xff),
  offset: fc.maxSafeNat(),
  uncompressedSize: fc.maxSafeNat(),
});
const header = fc.record({
  version: fc.constant(0x10d00),
  flags: fc.constantFrom(0, 0x80, 0x40082, 0x20002 | 0x40),
  chunkSize: fc.constant(32768),
  guid: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  partNumber: fc.constant(1),
  totalParts: fc.integer({ min: 1, max: 0xffff }),
  imageCount: fc.integer({ min: 3, max: 1000 }),
  blobTable: resource,
  xml: resource,
  bootMetadata: resource,
  bootIndex: fc.nat(3),
  integrity: resource,
});

test('a header written and read is the same header', () => {
  fc.assert(
    fc.property(header, (given: WimHeader) => {
      const bytes = encodeHeader(given);
      assert.is(bytes.length, 208);
      assert.is(JSON.stringify(plain(parseHeader(bytes))), JSON.stringify(plain(given)));
    }),
    { numRuns: 300 },
  );
});

test('a size that JavaScript cannot hold exactly is refused', () => {
  const [good] = fc.sample(header, 1);
  for (const size of [-1, 2 ** 53, Number.NaN, 1.5]) {
    const bad = { ...good!, xml: { ...good!.xml, size } };
    assert.throws(
      () => encodeHeader(bad),
      (error: unknown) => error instanceof FormatError,
      String(size),
    );
  }
});

/** The fields in one order, bytes as numbers. */
function plain(header: WimHeader): unknown {
  return Object.entries({ ...header, guid: [...header.guid] }).sort(([a], [b]) => (a < b ? -1 : 1));
}

test.run();
