// A thread that looks at stored bytes while the image is walked. It decodes nothing: whatever the bytes are, they are compared and digested.
import { parentPort, workerData } from 'node:worker_threads';
import { BlobFailure } from '../image/containers/blob-source.ts';
import { StoredBytes } from '../image/containers/stored-bytes.ts';
import { KnownDigests } from './known-digests.ts';
import { storedDigest } from './stored-digest.ts';
import { NOT_KNOWN, type WeighedRows, type WeighTask } from './weigh.ts';

/** Bytes looked at in one go. */
const STEP = 1024 * 1024;

parentPort!.postMessage(weighed(workerData as WeighTask));

function weighed({ store, fd, baseFd, rows, known }: WeighTask): WeighedRows {
  const own = new StoredBytes(fd);
  const base = baseFd === undefined ? undefined : new StoredBytes(baseFd);
  const digests = known && new KnownDigests(known);
  const count = rows.offset.length;
  const result = { same: new Uint8Array(count), known: new Int32Array(count).fill(NOT_KNOWN) };
  for (let row = 0; row < count; row++) {
    const [offset, size, baseOffset] = [rows.offset[row]!, rows.size[row]!, rows.baseOffset[row]!];
    try {
      if (base && baseOffset > 0 && isSame(own, offset, base, baseOffset, size)) result.same[row] = 1;
      else if (digests) {
        const claims = { size, uncompressedSize: rows.uncompressedSize[row]!, flags: rows.flags[row]!, digest: sha1Of(rows.sha1, row) };
        result.known[row] = digests.find(storedDigest(store, claims, (from, bytes) => own.at(offset + from, bytes), STEP));
      }
    } catch (error) {
      if (!(error instanceof BlobFailure)) throw error; // nothing is known of it: whoever reads it tells why it cannot be read
    }
  }
  return result;
}

function isSame(own: StoredBytes, offset: number, base: StoredBytes, baseOffset: number, size: number): boolean {
  for (let at = 0; at < size; at += STEP) {
    const step = Math.min(STEP, size - at);
    if (!own.at(offset + at, step).equals(base.at(baseOffset + at, step))) return false;
  }
  return true;
}

function sha1Of(all: Uint8Array, row: number): string {
  return Buffer.from(all.buffer, all.byteOffset + row * 20, 20).toString('hex');
}
