// The contents of a file as rows of numbers: what a thread gets of them, since 100,000 objects would take it longer to receive than to look at.
import type { StoredResource } from '../image/stored-content.ts';

export const SHA1_BYTES = 20;

/** A row for each content, in the order in which they are stored. */
export interface Rows {
  readonly offset: Float64Array;
  readonly size: Float64Array;
  readonly uncompressedSize: Float64Array;
  readonly flags: Uint8Array;
  /** As the file claims it, 20 bytes a row. */
  readonly sha1: Uint8Array;
}

export const NO_ROW = -1;

export function rowsOf(contents: readonly StoredResource[]): Rows {
  const count = contents.length;
  // One call for all of them: each takes longer than its digits.
  const sha1 = Buffer.from(contents.map(({ digest }) => digest).join(''), 'hex');
  const rows = {
    offset: new Float64Array(count),
    size: new Float64Array(count),
    uncompressedSize: new Float64Array(count),
    flags: new Uint8Array(count),
    sha1,
  };
  for (let row = 0; row < count; row++) {
    const { resource } = contents[row]!;
    rows.offset[row] = resource.offset;
    rows.size[row] = resource.size;
    rows.uncompressedSize[row] = resource.uncompressedSize;
    rows.flags[row] = resource.flags;
  }
  return rows;
}

/** Rows by the SHA-1 that the file claims, found in their bytes as they are. */
export class RowFinder {
  private readonly sha1: Buffer;
  /** Places of rows, from 1, by the first bytes of their digests; a place that is taken is followed by the next one. */
  private readonly table: Int32Array;

  constructor(sha1: Uint8Array) {
    this.sha1 = Buffer.from(sha1.buffer, sha1.byteOffset, sha1.length);
    const count = sha1.length / SHA1_BYTES;
    this.table = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 2)));
    const mask = this.table.length - 1;
    for (let row = 0; row < count; row++) {
      let slot = this.sha1.readUInt32LE(row * SHA1_BYTES) & mask;
      while (this.table[slot] !== 0) slot = (slot + 1) & mask;
      this.table[slot] = row + 1;
    }
  }

  /** Calls `found` with every row of the digest at `at` of `bytes`: a file may hold it twice. */
  each(bytes: Buffer, at: number, found: (row: number) => void): void {
    const mask = this.table.length - 1;
    for (let slot = bytes.readUInt32LE(at) & mask; ; slot = (slot + 1) & mask) {
      const row = this.table[slot]! - 1;
      if (row < 0) return;
      const from = row * SHA1_BYTES;
      if (bytes.compare(this.sha1, from, from + SHA1_BYTES, at, at + SHA1_BYTES) === 0) found(row);
    }
  }
}
