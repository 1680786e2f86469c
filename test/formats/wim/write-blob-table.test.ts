// Blob table written and read back.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { encodeBlobTable } from '../../../formats/wim/write-blob-table.ts';
import { blobEntries } from '../../helpers/blob-entries.ts';

const blob = fc.record({
  resource: fc.record({ size: fc.maxSafeNat(), flags: fc.nat(0xff), offset: fc.maxSafeNat(), uncompressedSize: fc.maxSafeNat() }),
  part: fc.nat(0xffff),
  references: fc.nat(0xffffffff),
  digest: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex')),
});

test('a table written and read is the same table', () => {
  fc.assert(
    fc.property(fc.array(blob, { maxLength: 20 }), (blobs) => {
      const bytes = encodeBlobTable(blobs);
      assert.is(bytes.length, 50 * blobs.length);
      assert.is(JSON.stringify(blobEntries(bytes)), JSON.stringify(blobs));
    }),
    { numRuns: 200 },
  );
});

test('what is no SHA-1 is refused', () => {
  const [good] = fc.sample(blob, 1);
  for (const digest of ['', 'ab', 'zz'.repeat(20)]) {
    assert.throws(
      () => encodeBlobTable([{ ...good!, digest }]),
      (error: unknown) => error instanceof FormatError,
      digest,
    );
  }
});

test.run();
