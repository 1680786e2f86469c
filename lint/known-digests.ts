// The digests of the verdict cache, found in its bytes as they are: a map of 100,000 texts would take more memory and time than all look-ups.
import { ENTRY_BYTES } from './cache-entries.ts';
import { DIGEST_BYTES } from './stored-digest.ts';

export class KnownDigests {
  private readonly entries: Buffer;
  /** Places of entries, from 1, by the first bytes of their digests; a place that is taken is followed by the next one. */
  private readonly table: Int32Array;

  /** @param bytes entries of lint/cache-entries.ts, sound ones */
  constructor(bytes: Uint8Array) {
    this.entries = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const count = bytes.length / ENTRY_BYTES;
    this.table = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 2)));
    for (let entry = 0; entry < count; entry++) {
      const at = entry * ENTRY_BYTES;
      this.table[this.slotOf(this.entries.subarray(at, at + DIGEST_BYTES))] = entry + 1; // the last entry of a digest counts
    }
  }

  /** The place of the entry, from 0; -1 when there is none. */
  find(digest: Buffer): number {
    return this.table[this.slotOf(digest)]! - 1;
  }

  /** Where the digest stands in the table, or the free place where it would. */
  private slotOf(digest: Buffer): number {
    const mask = this.table.length - 1;
    for (let slot = digest.readUInt32LE(0) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.table[slot]! - 1;
      if (entry < 0 || digest.compare(this.entries, entry * ENTRY_BYTES, entry * ENTRY_BYTES + DIGEST_BYTES) === 0) return slot;
    }
  }
}
