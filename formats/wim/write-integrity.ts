// Writes the integrity table of a WIM: a SHA-1 for each chunk between header and end of the blob table. Facts: wimlib's integrity.c.

/** What Windows and wimlib use. */
export const INTEGRITY_CHUNK = 10 * 1024 * 1024;

/** `digests` are the 20-byte SHA-1s of the chunks in order; the last chunk may be shorter. */
export function encodeIntegrityTable(digests: readonly Uint8Array[], chunkSize: number): Uint8Array {
  const bytes = new Uint8Array(12 + 20 * digests.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true); // +0x00 size of the table
  view.setUint32(4, digests.length, true); // +0x04 number of chunks
  view.setUint32(8, chunkSize, true); // +0x08 size of a chunk
  for (const [index, digest] of digests.entries()) bytes.set(digest, 12 + 20 * index);
  return bytes;
}
