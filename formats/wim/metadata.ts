// The metadata resource of one image as objects: security descriptors and the tree of directory entries.
import { EntryTable } from './entry-table.ts';
import type { ImageMetadata } from './model.ts';

/** Reads the whole tree. Any contradiction is a FormatError that names the offset of the entry. */
export function parseMetadata(data: Uint8Array): ImageMetadata {
  return new EntryTable(data).tree();
}
