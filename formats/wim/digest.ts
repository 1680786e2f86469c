// How a WIM names a content: by its SHA-1.
import { createHash } from 'node:crypto';

/** In lower-case hex, as `BlobEntry.digest`. */
export function blobDigest(content: Uint8Array): string {
  return createHash('sha1').update(content).digest('hex');
}
