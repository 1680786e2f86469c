// The blob table: entries as written, and tables that cannot be.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import type { BlobEntry } from '../../../formats/wim/model.ts';
import { encodeBlobTable } from '../../../formats/wim/write-blob-table.ts';
import { blobEntries } from '../../helpers/blob-entries.ts';
import { survives } from '../../helpers/damage.ts';

const BLOBS: BlobEntry[] = [
  { resource: { size: 10, flags: 4, offset: 208, uncompressedSize: 40 }, part: 1, references: 3, digest: 'ab'.repeat(20) },
  {
    resource: { size: 2 ** 40 + 5, flags: 0, offset: 2 ** 41, uncompressedSize: 2 ** 40 + 5 },
    part: 2,
    references: 2 ** 32 - 1,
    digest: '01'.repeat(20),
  },
];

test('reads entries in order, large numbers included', () => {
  assert.equal(blobEntries(encodeBlobTable(BLOBS)), BLOBS);
  assert.equal(blobEntries(new Uint8Array()), []);
});

test('refuses a table that is no multiple of an entry', () => {
  assert.throws(() => blobEntries(encodeBlobTable(BLOBS).slice(0, 99)), /no multiple of 50/);
});

test('refuses sizes and offsets beyond 2^53', () => {
  for (const at of [6, 15, 23]) {
    const bytes = encodeBlobTable(BLOBS);
    bytes[at] = 0xff;
    assert.throws(() => blobEntries(bytes), /entry 0 has an absurd/);
  }
});

test('damage gives a FormatError or entries', () => survives(encodeBlobTable(BLOBS), blobEntries, FormatError));

test.run();
