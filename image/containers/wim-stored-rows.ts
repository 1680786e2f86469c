// The contents of a WIM as rows of numbers, for threads that look at stored bytes.
import { sharedBytes, viewOf } from '../../formats/bytes.ts';
import type { BlobTable } from '../../formats/wim/blob-table.ts';
import { SHA1_BYTES } from '../../formats/wim/digest.ts';
import type { StoredRows } from '../stored-content.ts';

/** Without metadata, in the order in which they lie, and in memory that threads share with whoever made them. */
export function storedRowsOf(table: BlobTable): StoredRows {
  const inTable = table.rowsInOrder().filter((row) => !table.isMetadata(row));
  const count = inTable.length;
  const numbers = () => new Float64Array(sharedBytes(count * Float64Array.BYTES_PER_ELEMENT).buffer);
  const rows = {
    inTable,
    offset: numbers(),
    size: numbers(),
    uncompressedSize: numbers(),
    flags: sharedBytes(count),
    sha1: sharedBytes(count * SHA1_BYTES),
  };
  const sha1 = viewOf(rows.sha1);
  for (let at = 0; at < count; at++) {
    const row = inTable[at]!;
    rows.offset[at] = table.offset(row);
    rows.size[at] = table.size(row);
    rows.uncompressedSize[at] = table.uncompressedSize(row);
    rows.flags[at] = table.flags(row);
    table.copySha1(row, sha1, at * SHA1_BYTES);
  }
  return rows;
}
