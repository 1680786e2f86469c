// Writes the blob table of a WIM: 50 bytes for each blob. Facts: wimlib's blob_table.c, struct blob_descriptor_disk.
import { FormatError } from '../bytes.ts';
import type { BlobEntry } from './model.ts';
import { encodeResource } from './write-header.ts';

const ENTRY_SIZE = 50;

/** Metadata resources must come in image order: the first one in the table belongs to image 1. */
export function encodeBlobTable(blobs: readonly BlobEntry[]): Uint8Array {
  const bytes = Buffer.alloc(blobs.length * ENTRY_SIZE);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [index, blob] of blobs.entries()) {
    const at = index * ENTRY_SIZE;
    encodeResource(view, at, blob.resource); // +0x00 where it lies
    view.setUint16(at + 0x18, blob.part, true); // +0x18 part number
    view.setUint32(at + 0x1a, blob.references, true); // +0x1a reference count
    // +0x1e SHA-1 of the uncompressed content
    if (bytes.write(blob.digest, at + 0x1e, 20, 'hex') !== 20) throw new FormatError('WIM', `${blob.digest} is no SHA-1`);
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
