// Finds digests among many that lie in rows of bytes, as they are: a map of 100,000 texts would take more memory and time than all look-ups.
import { randomBytes } from 'node:crypto';
import { viewOf } from './bytes.ts';

/** Where the digests lie. */
export interface DigestRows {
  readonly bytes: Uint8Array;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Of the digest in its row. */
  readonly at: number;
  /** Of the digest, in bytes; a multiple of four. */
  readonly width: number;
}

/** What is not found. */
export const NO_ROW = -1;

export class DigestIndex {
  private readonly rows: DigestRows;
  private readonly view: DataView;
  /** Rows, from 1; a place that is taken is followed by the next one. */
  private readonly table: Int32Array;
  private readonly shift: number;

  /** @param takes which rows are to be found; all of them unless given */
  constructor(rows: DigestRows, takes?: (row: number) => boolean) {
    this.rows = rows;
    const { bytes, stride } = rows;
    this.view = viewOf(bytes);
    const count = Math.floor(bytes.length / stride);
    const bits = Math.max(1, Math.ceil(Math.log2(2 * count + 2)));
    this.shift = 32 - bits;
    this.table = new Int32Array(2 ** bits);
    for (let row = 0; row < count; row++) if (!takes || takes(row)) this.add(row);
  }

  private add(row: number): void {
    const { table } = this;
    const mask = table.length - 1;
    let slot = this.slotOf(this.view, this.placeOf(row));
    while (table[slot] !== 0) slot = (slot + 1) & mask;
    table[slot] = row + 1;
  }

  /** The first row with the digest that stands at `at`, or NO_ROW. */
  find(view: DataView, at: number): number {
    const { table } = this;
    const mask = table.length - 1;
    for (let slot = this.slotOf(view, at); ; slot = (slot + 1) & mask) {
      const row = table[slot]! - 1;
      if (row < 0 || this.isAt(row, view, at)) return row;
    }
  }

  /** Calls `found` with every row of the digest, in order: a file may hold one twice. */
  each(view: DataView, at: number, found: (row: number) => void): void {
    const { table } = this;
    const mask = table.length - 1;
    for (let slot = this.slotOf(view, at); ; slot = (slot + 1) & mask) {
      const row = table[slot]! - 1;
      if (row < 0) return;
      if (this.isAt(row, view, at)) found(row);
    }
  }

  private isAt(row: number, view: DataView, at: number): boolean {
    return areSame(this.view, this.placeOf(row), view, at, this.rows.width);
  }

  private placeOf(row: number): number {
    return row * this.rows.stride + this.rows.at;
  }

  /** Each word times a number that nobody can foretell: whoever chose what the rows claim cannot make them all want one place. */
  private slotOf(view: DataView, at: number): number {
    const { width } = this.rows;
    let spread = 0;
    for (let byte = 0; byte < width; byte += 4) spread = (spread + Math.imul(view.getInt32(at + byte), FACTORS[byte >> 2]!)) | 0;
    return spread >>> this.shift;
  }
}

/** For digests of up to 64 bytes. Odd, so that no word is lost. */
const FACTORS = Int32Array.from({ length: 16 }, () => randomBytes(4).readInt32LE() | 1);

/** Whether the digests at two places are the same. */
export function areSame(a: DataView, at: number, b: DataView, bAt: number, width: number): boolean {
  for (let byte = 0; byte < width; byte += 4) if (a.getInt32(at + byte) !== b.getInt32(bAt + byte)) return false;
  return true;
}
