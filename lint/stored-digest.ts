// Our own digest of a content as it is stored: what a cache may rely on, since nobody can claim it.
import { createHash, type Hash, hash } from 'node:crypto';
import type { ContentStore } from '../image/stored-content.ts';
import type { Wanted } from './reader-job.ts';

/** SHA-256, one byte to a character: the key of the verdict cache. */
export const DIGEST_BYTES = 32;

type Store = Pick<ContentStore, 'compression' | 'chunkSize'>;
type Claims = Pick<Wanted, 'size' | 'uncompressedSize' | 'flags' | 'digest'>;

/**
 * Everything that decides what a reader makes of the bytes goes in: how they are decoded, to how many bytes, and which SHA-1 the content must have.
 * The same stored bytes under another claim are another content.
 */
export function beginStoredDigest(store: Store, claims: Claims): Hash {
  return createHash('sha256').update(headOf(store, claims));
}

/** Bytes up to which the digest is made in one call: it takes a third of the time for a content of usual size. */
const SMALL_MAX = 64 * 1024;
const HEAD_MAX = 256;
const scratch = Buffer.allocUnsafeSlow(HEAD_MAX + SMALL_MAX);

/** One byte to a character. @param at gives bytes of the content, which hold until the next call */
export function storedDigest(store: Store, claims: Claims, at: (offset: number, size: number) => Uint8Array, step: number): string {
  const { size } = claims;
  if (size <= SMALL_MAX) {
    const head = scratch.write(headOf(store, claims), 0, 'latin1');
    scratch.set(at(0, size), head);
    return hash('sha256', scratch.subarray(0, head + size), 'binary');
  }
  const digest = beginStoredDigest(store, claims);
  for (let done = 0; done < size; done += step) digest.update(at(done, Math.min(step, size - done)));
  return digest.digest('binary');
}

function headOf({ compression, chunkSize }: Store, { size, uncompressedSize, flags, digest }: Claims): string {
  return `${compression} ${chunkSize} ${flags} ${size} ${uncompressedSize} ${digest}\n`;
}
