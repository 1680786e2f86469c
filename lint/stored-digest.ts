// Our own digest of a content as it is stored: what a cache may rely on, since nobody can claim it.
import { createHash, type Hash } from 'node:crypto';
import type { ContentStore } from '../image/stored-content.ts';
import type { Wanted } from './reader-job.ts';

/** SHA-256, one byte to a character: the key of the verdict cache. */
export const DIGEST_BYTES = 32;

/**
 * Everything that decides what a reader makes of the bytes goes in: how they are decoded, to how many bytes, and which SHA-1 the content must have.
 * The same stored bytes under another claim are another content.
 */
export function beginStoredDigest(
  store: Pick<ContentStore, 'compression' | 'chunkSize'>,
  wanted: Pick<Wanted, 'size' | 'uncompressedSize' | 'flags' | 'digest'>,
): Hash {
  const { compression, chunkSize } = store;
  const { size, uncompressedSize, flags, digest } = wanted;
  return createHash('sha256').update(`${compression} ${chunkSize} ${flags} ${size} ${uncompressedSize} ${digest}\n`);
}
