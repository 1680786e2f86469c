// Digests of contents, against the vectors of FIPS 180 and what wimlib stores.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blobDigest, EMPTY_DIGEST } from '../../../formats/wim/digest.ts';

test('SHA-1 in lower-case hex', () => {
  assert.is(blobDigest(new Uint8Array(Buffer.from('abc'))), 'a9993e364706816aba3e25717850c26c9cd0d89d');
  assert.is(blobDigest(new Uint8Array()), EMPTY_DIGEST);
  assert.is(blobDigest(new Uint8Array(Buffer.from('xabcx')).subarray(1, 4)), 'a9993e364706816aba3e25717850c26c9cd0d89d');
});

test.run();
