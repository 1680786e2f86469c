// The integrity table: layout, the range it covers, and tables that lie.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { integrityRange, parseIntegrity } from '../../../formats/wim/integrity.ts';
import { survives } from '../../helpers/damage.ts';

const HEADER = { blobTable: { size: 100, flags: 2, offset: 1108, uncompressedSize: 100 } };

function table(size: number, count: number, chunkSize: number, digests = count): Uint8Array {
  const bytes = new Uint8Array(12 + digests * 20).fill(0xab, 12);
  new DataView(bytes.buffer).setUint32(0, size, true);
  new DataView(bytes.buffer).setUint32(4, count, true);
  new DataView(bytes.buffer).setUint32(8, chunkSize, true);
  return bytes;
}

test('covers everything between header and the end of the blob table', () => {
  assert.equal(integrityRange(HEADER), { start: 208, end: 1208 });
  assert.equal(parseIntegrity(table(52, 2, 512), HEADER), { chunkSize: 512, digests: ['ab'.repeat(20), 'ab'.repeat(20)] });
});

test('refuses a table whose numbers do not agree', () => {
  assert.throws(() => parseIntegrity(table(53, 2, 512), HEADER), /says 53 bytes/);
  assert.throws(() => parseIntegrity(table(52, 2, 512, 1), HEADER), /32 bytes are there/);
  assert.throws(() => parseIntegrity(table(52, 2, 100), HEADER), /10 are needed/);
  assert.throws(() => parseIntegrity(table(52, 2, 0), HEADER), /chunk size of 0/);
  assert.throws(() => parseIntegrity(table(52, 2, 2 ** 31), HEADER), /chunk size/);
});

test('damage gives a FormatError or a table', () => survives(table(52, 2, 512), (bytes) => parseIntegrity(bytes, HEADER), FormatError));

test.run();
