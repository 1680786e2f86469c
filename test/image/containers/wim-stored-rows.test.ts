// Contents as rows: in the order of the file, whatever that of the table is, without metadata and what is stored nowhere.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BlobTable } from '../../../formats/wim/blob-table.ts';
import { type BlobEntry, RESOURCE_COMPRESSED, RESOURCE_METADATA } from '../../../formats/wim/model.ts';
import { encodeBlobTable } from '../../../formats/wim/write-blob-table.ts';
import { storedRowsOf } from '../../../image/containers/wim-stored-rows.ts';

const blob = (offset: number, size: number, flags = 0): BlobEntry => ({
  resource: { size, flags, offset, uncompressedSize: size * 2 },
  part: 1,
  references: 1,
  digest: offset.toString(16).padStart(40, '5'),
});

test('rows in the order of the file', () => {
  const blobs = [blob(900, 9, RESOURCE_COMPRESSED), blob(300, 3), blob(100, 7, RESOURCE_METADATA), blob(0, 0), blob(500, 2 ** 33)];
  const { inTable, offset, size, uncompressedSize, flags, sha1 } = storedRowsOf(new BlobTable(encodeBlobTable(blobs)));
  assert.equal([...inTable], [1, 4, 0]);
  assert.equal([...offset], [300, 500, 900]);
  assert.equal([...size], [3, 2 ** 33, 9]);
  assert.equal([...uncompressedSize], [6, 2 ** 34, 18]);
  assert.equal([...flags], [0, 0, RESOURCE_COMPRESSED]);
  assert.is(Buffer.from(sha1).toString('hex'), [1, 4, 0].map((row) => blobs[row]!.digest).join(''));
});

test('threads get the same memory, not a copy', () => {
  const rows = storedRowsOf(new BlobTable(encodeBlobTable([blob(300, 3)])));
  for (const { buffer } of [rows.offset, rows.size, rows.uncompressedSize, rows.flags, rows.sha1])
    assert.instance(buffer, SharedArrayBuffer);
});

test.run();
