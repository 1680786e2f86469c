// Integrity table written and read back.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIntegrity } from '../../../formats/wim/integrity.ts';
import { encodeIntegrityTable, INTEGRITY_CHUNK } from '../../../formats/wim/write-integrity.ts';

test('a table written and read is the same table', () => {
  const digests = [new Uint8Array(20).fill(1), new Uint8Array(20).fill(0xfe)];
  const blobTable = { size: 50, flags: 0, offset: INTEGRITY_CHUNK + 1000, uncompressedSize: 50 };
  const read = parseIntegrity(encodeIntegrityTable(digests, INTEGRITY_CHUNK), { blobTable });
  assert.equal(read, { chunkSize: 10485760, digests: ['01'.repeat(20), 'fe'.repeat(20)] });
});

test('a table without chunks is 12 bytes', () => {
  assert.is(encodeIntegrityTable([], INTEGRITY_CHUNK).length, 12);
});

test.run();
