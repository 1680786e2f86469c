// The entries of a blob table, all of them as objects.
import { BlobTable } from '../../formats/wim/blob-table.ts';
import type { BlobEntry } from '../../formats/wim/model.ts';

export function blobEntries(data: Uint8Array): BlobEntry[] {
  const table = new BlobTable(data);
  return Array.from({ length: table.count }, (_, row) => table.entry(row));
}
