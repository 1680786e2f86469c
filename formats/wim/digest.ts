// How a WIM names a content: by its SHA-1.
import { createHash } from 'node:crypto';

export const SHA1_BYTES = 20;

/** The digest of no bytes. */
export const EMPTY_DIGEST = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';

/** In lower-case hex, as `BlobEntry.digest`. */
export function blobDigest(content: Uint8Array): string {
  return createHash('sha1').update(content).digest('hex');
}

/** Whether the 20 bytes there stand for nothing. */
export function isZero(view: DataView, at: number): boolean {
  for (let byte = 0; byte < SHA1_BYTES; byte += 4) if (view.getInt32(at + byte) !== 0) return false;
  return true;
}
