// Bins and cells of a regf hive: where cells begin, and that each of them belongs to one owner only.
import { Bytes } from '../bytes.ts';
import { BASE_BLOCK_SIZE, FORMAT } from './base-block.ts';

export const NO_CELL = 0xffffffff;
const BIN_HEADER_SIZE = 0x20;
const BIN_SIGNATURE = 0x6e696268; // "hbin"
const PAGE = 0x1000;

// States of a slot (8 bytes of the bins) in the ownership table; any higher number is the owner's cell offset.
const NO_START = 0;
const FREE = 1;
const UNOWNED = 2;

/** A cell that is not in use: its place in the file and its whole size, header included. */
export interface FreeCell {
  readonly offset: number;
  readonly size: number;
}

/**
 * The cells of a hive. Bins are checked when the hive is opened, the cells of a bin when the first of them is asked for.
 *
 * A cell that two others point at would make a small file unfold into an endless tree, so each cell gets one owner at its
 * first use and refuses every other. That alone ends all cycles: no depth counter, no visited set.
 */
export class Cells {
  readonly at: Bytes;
  private readonly binsEnd: number;
  /** For each page of the bins the offset of its bin. */
  private readonly binOf: Uint32Array;
  /** For each bin, by its first page: 1 when its cells have been walked. */
  private readonly walked: Uint8Array;
  /** 4 bytes for each 8 of the hive: untouched parts cost address space only. */
  private readonly owners: Uint32Array;
  private claimed: Set<number> | undefined;

  constructor(bytes: Uint8Array, binsSize: number) {
    this.at = new Bytes(FORMAT, bytes);
    this.binsEnd = binsSize;
    this.binOf = new Uint32Array(binsSize / PAGE);
    this.walked = new Uint8Array(binsSize / PAGE);
    this.owners = new Uint32Array(binsSize / 8);
    for (let bin = 0; bin < binsSize; ) {
      const size = this.binSize(bin);
      this.binOf.fill(bin, bin / PAGE, (bin + size) / PAGE);
      bin += size;
    }
  }

  private binSize(bin: number): number {
    const at = BASE_BLOCK_SIZE + bin;
    if (this.at.u32(at) !== BIN_SIGNATURE) this.at.fail('bin does not begin with "hbin"', at);
    if (this.at.u32(at + 4) !== bin) this.at.fail('bin does not know its own place', at + 4);
    const size = this.at.u32(at + 8);
    if (size === 0 || size % PAGE !== 0 || size > this.binsEnd - bin) this.at.fail(`size of the bin is absurd (${size})`, at + 8);
    return size;
  }

  /** Fixes where the cells of a bin begin. They must fill it to the last byte. */
  private walk(bin: number): void {
    const end = bin + this.at.u32(BASE_BLOCK_SIZE + bin + 8);
    for (let cell = bin + BIN_HEADER_SIZE; cell < end; ) {
      const stored = this.at.u32(BASE_BLOCK_SIZE + cell) | 0;
      const size = Math.abs(stored);
      if (size < 8 || size % 8 !== 0 || size > end - cell) this.at.fail(`size of the cell is absurd (${stored})`, BASE_BLOCK_SIZE + cell);
      this.owners[cell / 8] = stored > 0 ? FREE : UNOWNED;
      cell += size;
    }
    this.walked[bin / PAGE] = 1;
  }

  /**
   * File offset of the cell's content (behind its size field).
   * @throws FormatError when no cell in use begins there, or when it is owned by another.
   */
  claim(cell: number, owner: number, what: string, from: number): number {
    const start = this.content(cell, what, from);
    this.claimed?.add(cell);
    const known = this.owners[cell / 8]!;
    if (known === UNOWNED) this.owners[cell / 8] = owner;
    else if (known !== owner) this.at.fail(`${what} is used twice`, BASE_BLOCK_SIZE + cell);
    return start;
  }

  /** The cells that `read` claims, whether for the first time or again. */
  claimedIn(read: () => void): Set<number> {
    const claimed = new Set<number>();
    this.claimed = claimed;
    try {
      read();
    } finally {
      this.claimed = undefined;
    }
    return claimed;
  }

  /** The same without a claim, for the security cells that many keys share. `from`: the file offset that names the cell. */
  content(cell: number, what: string, from: number): number {
    if (cell % 8 !== 0 || cell >= this.binsEnd) this.at.fail(`${what} lies outside of the bins (cell 0x${cell.toString(16)})`, from);
    const bin = this.binOf[Math.floor(cell / PAGE)]!;
    if (this.walked[bin / PAGE] === 0) this.walk(bin);
    const state = this.owners[cell / 8]!;
    if (state === NO_START) this.at.fail(`${what} is not where a cell begins (cell 0x${cell.toString(16)})`, from);
    if (state === FREE) this.at.fail(`${what} is a free cell (cell 0x${cell.toString(16)})`, from);
    return BASE_BLOCK_SIZE + cell + 4;
  }

  /** Bytes of content that a cell known to exist holds. */
  room(cell: number): number {
    return -(this.at.u32(BASE_BLOCK_SIZE + cell) | 0) - 4;
  }

  /** Throws unless the cell holds `size` bytes. */
  hold(cell: number, size: number, what: string): void {
    if (this.room(cell) < size)
      this.at.fail(`${what} does not fit its cell (${size} bytes, ${this.room(cell)} there)`, BASE_BLOCK_SIZE + cell);
  }

  /** Every free cell in file order; walks all bins. */
  *free(): Generator<FreeCell> {
    for (let bin = 0; bin < this.binsEnd; ) {
      const end = bin + this.at.u32(BASE_BLOCK_SIZE + bin + 8);
      if (this.walked[bin / PAGE] === 0) this.walk(bin);
      for (let cell = bin + BIN_HEADER_SIZE; cell < end; ) {
        const stored = this.at.u32(BASE_BLOCK_SIZE + cell) | 0;
        if (stored > 0) yield { offset: BASE_BLOCK_SIZE + cell, size: stored };
        cell += Math.abs(stored);
      }
      bin = end;
    }
  }
}
