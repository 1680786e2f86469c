// The blob table: entries as written, and tables that cannot be.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError, viewOf } from '../../../formats/bytes.ts';
import { NO_ROW } from '../../../formats/digest-index.ts';
import { BlobTable } from '../../../formats/wim/blob-table.ts';
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

test('finds contents by digest, also when what makes that quick was forgotten', () => {
  const table = new BlobTable(encodeBlobTable(BLOBS));
  const rowOf = (digest: string) => table.find(viewOf(Buffer.from(digest, 'hex')), 0);
  const digests = ['ab', '01', 'cd'].map((byte) => byte.repeat(20));
  const rows = digests.map(rowOf);
  table.forgetIndex();
  assert.equal(rows, [0, 1, NO_ROW]);
  assert.equal(digests.map(rowOf), rows);
});

test('gives what is stored by place, wherever it stands in the table', () => {
  const [first, last] = BLOBS as [BlobEntry, BlobEntry];
  const empty = { ...first, resource: { ...first.resource, size: 0 } };
  for (const [blobs, order] of [
    [
      [first, last],
      [0, 1],
    ],
    [
      [last, empty, first],
      [2, 0],
    ],
    [[empty], []],
  ] as const)
    assert.equal([...new BlobTable(encodeBlobTable(blobs)).rowsInOrder()], order);
});

test('damage gives a FormatError or entries', () => survives(encodeBlobTable(BLOBS), blobEntries, FormatError));

test.run();
