// The blob table of a WIM: 50 bytes for each resource, its place, its reference count and its SHA-1. Facts: wimlib blob_table.c.
import { Bytes, bufferOf, viewOf } from '../bytes.ts';
import { DigestIndex } from '../digest-index.ts';
import { isZero, SHA1_BYTES } from './digest.ts';
import { type BlobEntry, RESOURCE_METADATA, type ResourceHeader } from './model.ts';

const FORMAT = 'WIM blob table';
export const BLOB_ENTRY_SIZE = 50;

/** A Windows image has about 100,000; a million keep the table itself at 50 MB. */
export const BLOBS_MAX = 1_000_000;

/** The digest field of an entry that stands for nothing. */
export const ZERO_DIGEST = '0'.repeat(40);

const SHA1_AT = 30;
const MAX_HIGH = 0x1fffff; // of a 53-bit number

/**
 * The entries as rows, read from the bytes where somebody asks: as objects, 100,000 of them would take longer to make than to look at.
 * +0 resource header (24), +24 part number (2), +26 references (4), +30 SHA-1 (20).
 */
export class BlobTable {
  readonly count: number;
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private index: DigestIndex | undefined;
  private inOrder: Uint32Array | undefined;

  /** Keeps the bytes. @throws FormatError */
  constructor(data: Uint8Array) {
    const bytes = new Bytes(FORMAT, data);
    if (data.length % BLOB_ENTRY_SIZE !== 0) bytes.fail(`has ${data.length} bytes, which is no multiple of ${BLOB_ENTRY_SIZE}`);
    this.count = data.length / BLOB_ENTRY_SIZE;
    if (this.count > BLOBS_MAX) bytes.fail(`has ${this.count} entries (at most ${BLOBS_MAX} are read)`);
    this.buffer = bufferOf(data);
    this.view = viewOf(data);
    for (let at = 0; at < data.length; at += BLOB_ENTRY_SIZE) {
      const sizeHigh = this.view.getUint32(at + 4, true) & 0xffffff;
      if (sizeHigh > MAX_HIGH || this.view.getUint32(at + 12, true) > MAX_HIGH || this.view.getUint32(at + 20, true) > MAX_HIGH)
        bytes.fail(`entry ${at / BLOB_ENTRY_SIZE} has an absurd size or offset`, at);
    }
  }

  /** Bytes in the file. */
  size(row: number): number {
    const at = row * BLOB_ENTRY_SIZE;
    return (this.view.getUint32(at + 4, true) & 0xffffff) * 2 ** 32 + this.view.getUint32(at, true);
  }

  flags(row: number): number {
    return this.view.getUint8(row * BLOB_ENTRY_SIZE + 7);
  }

  offset(row: number): number {
    return this.number(row * BLOB_ENTRY_SIZE + 8);
  }

  uncompressedSize(row: number): number {
    return this.number(row * BLOB_ENTRY_SIZE + 16);
  }

  part(row: number): number {
    return this.view.getUint16(row * BLOB_ENTRY_SIZE + 24, true);
  }

  isMetadata(row: number): boolean {
    return (this.flags(row) & RESOURCE_METADATA) !== 0;
  }

  digest(row: number): string {
    const at = row * BLOB_ENTRY_SIZE + SHA1_AT;
    return this.buffer.toString('hex', at, at + SHA1_BYTES);
  }

  /** Its 20 bytes. */
  copySha1(row: number, into: DataView, to: number): void {
    const at = row * BLOB_ENTRY_SIZE + SHA1_AT;
    for (let byte = 0; byte < SHA1_BYTES; byte += 4) into.setInt32(to + byte, this.view.getInt32(at + byte));
  }

  resource(row: number): ResourceHeader {
    return { size: this.size(row), flags: this.flags(row), offset: this.offset(row), uncompressedSize: this.uncompressedSize(row) };
  }

  /** A new object each time. */
  entry(row: number): BlobEntry {
    const at = row * BLOB_ENTRY_SIZE;
    return {
      resource: this.resource(row),
      part: this.part(row),
      references: this.view.getUint32(at + 26, true),
      digest: this.digest(row),
    };
  }

  /** The first content with the SHA-1 that stands at `at`, or NO_ROW. */
  find(view: DataView, at: number): number {
    // Metadata is no content, and a digest of zeros stands for nothing.
    this.index ??= new DigestIndex(
      { bytes: this.buffer, stride: BLOB_ENTRY_SIZE, at: SHA1_AT, width: SHA1_BYTES },
      (row) => !this.isMetadata(row) && !isZero(this.view, row * BLOB_ENTRY_SIZE + SHA1_AT),
    );
    return this.index.find(view, at);
  }

  /** What makes look-ups quick is made again when there is one more. */
  forgetIndex(): void {
    this.index = undefined;
  }

  /** Rows of what is stored, by place in the file. The same array each time. */
  rowsInOrder(): Uint32Array {
    this.inOrder ??= this.sorted();
    return this.inOrder;
  }

  private sorted(): Uint32Array {
    const rows = new Uint32Array(this.count);
    let count = 0;
    let end = 0;
    // Most files have them in order, and sorting 100,000 takes a while.
    let isOrdered = true;
    for (let row = 0; row < this.count; row++) {
      if (this.size(row) === 0) continue;
      rows[count++] = row;
      isOrdered &&= this.offset(row) >= end;
      end = this.offset(row);
    }
    const stored = rows.subarray(0, count);
    return isOrdered ? stored : stored.sort((a, b) => this.offset(a) - this.offset(b));
  }

  private number(at: number): number {
    return this.view.getUint32(at + 4, true) * 2 ** 32 + this.view.getUint32(at, true);
  }
}
