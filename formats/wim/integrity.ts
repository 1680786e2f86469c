// The integrity table of a WIM: SHA-1 of each stretch of the file between the header and the end of the blob table. Facts: wimlib integrity.c.
import { Bytes, bufferOf } from '../bytes.ts';
import { HEADER_SIZE, type WimHeader } from './model.ts';

const FORMAT = 'WIM integrity table';
const DIGEST_SIZE = 20;

/** wimlib refuses stretches of more than 128 MiB; they are hashed one at a time. */
export const INTEGRITY_CHUNK_MAX = 128 * 1024 * 1024;
/** Enough for a file of 3 TB in stretches of 10 MiB. */
export const INTEGRITY_BYTES_MAX = 8 * 1024 * 1024;

export interface IntegrityTable {
  readonly chunkSize: number;
  /** SHA-1 of each stretch in order, lower-case hex. */
  readonly digests: readonly string[];
}

/** The bytes of the file that the table covers, from `start` up to but without `end`. */
export function integrityRange(header: Pick<WimHeader, 'blobTable'>): { readonly start: number; readonly end: number } {
  return { start: HEADER_SIZE, end: header.blobTable.offset + header.blobTable.size };
}

/** +0 size of the table (4), +4 number of entries (4), +8 chunk size (4), +12 the digests (20 each). */
export function parseIntegrity(data: Uint8Array, header: Pick<WimHeader, 'blobTable'>): IntegrityTable {
  const bytes = new Bytes(FORMAT, data);
  const size = bytes.u32(0, 'size');
  const count = bytes.u32(4, 'number of entries');
  const chunkSize = bytes.u32(8, 'chunk size');
  if (size !== data.length || size !== 12 + count * DIGEST_SIZE)
    bytes.fail(`says ${size} bytes and ${count} entries (${data.length} bytes are there)`, 0);
  if (chunkSize === 0 || chunkSize > INTEGRITY_CHUNK_MAX) bytes.fail(`has a chunk size of ${chunkSize}`, 8);
  const { start, end } = integrityRange(header);
  const wanted = Math.ceil((end - start) / chunkSize);
  if (count !== wanted) bytes.fail(`has ${count} entries where ${wanted} are needed`, 4);
  const buffer = bufferOf(data);
  const digests = Array.from({ length: count }, (_, index) =>
    buffer.toString('hex', 12 + index * DIGEST_SIZE, 12 + (index + 1) * DIGEST_SIZE),
  );
  return { chunkSize, digests };
}
