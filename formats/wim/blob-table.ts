// The blob table of a WIM: 50 bytes for each resource, its place, its reference count and its SHA-1. Facts: wimlib blob_table.c.
import { Bytes } from '../bytes.ts';
import type { BlobEntry } from './model.ts';

const FORMAT = 'WIM blob table';
export const BLOB_ENTRY_SIZE = 50;

/** A Windows image has about 100,000; a million keep the table itself at 50 MB. */
export const BLOBS_MAX = 1_000_000;

/** The digest field of an entry that stands for nothing. */
export const ZERO_DIGEST = '0'.repeat(40);

const MAX_HIGH = 0x1fffff; // of a 53-bit number

/** +0 resource header (24), +24 part number (2), +26 references (4), +30 SHA-1 (20). */
export function parseBlobTable(data: Uint8Array): BlobEntry[] {
  const bytes = new Bytes(FORMAT, data);
  if (data.length % BLOB_ENTRY_SIZE !== 0) bytes.fail(`has ${data.length} bytes, which is no multiple of ${BLOB_ENTRY_SIZE}`);
  const count = data.length / BLOB_ENTRY_SIZE;
  if (count > BLOBS_MAX) bytes.fail(`has ${count} entries (at most ${BLOBS_MAX} are read)`);
  // Read without the checks and bigints of `Bytes`: the length was checked, and this runs 100,000 times while a user waits.
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const blobs: BlobEntry[] = new Array(count);
  for (let index = 0; index < count; index++) {
    const at = index * BLOB_ENTRY_SIZE;
    const sizeHigh = buffer.readUIntLE(at + 4, 3);
    const offsetHigh = buffer.readUInt32LE(at + 12);
    const uncompressedHigh = buffer.readUInt32LE(at + 20);
    if (sizeHigh > MAX_HIGH || offsetHigh > MAX_HIGH || uncompressedHigh > MAX_HIGH)
      bytes.fail(`entry ${index} has an absurd size or offset`, at);
    blobs[index] = {
      resource: {
        size: sizeHigh * 2 ** 32 + buffer.readUInt32LE(at),
        flags: buffer[at + 7]!,
        offset: offsetHigh * 2 ** 32 + buffer.readUInt32LE(at + 8),
        uncompressedSize: uncompressedHigh * 2 ** 32 + buffer.readUInt32LE(at + 16),
      },
      part: buffer.readUInt16LE(at + 24),
      references: buffer.readUInt32LE(at + 26),
      digest: buffer.toString('hex', at + 30, at + 50),
    };
  }
  return blobs;
}
