// Canonical Huffman codes as XPRESS uses them: lengths in, a lookup table out.
import { FormatError } from '../bytes.ts';

/** No code is longer. */
export const CODE_BITS_MAX = 16;

/**
 * A decoding table. Codes of up to `bits` bits are found by one look into `fast` (symbol << 4 | length; 0: none), longer ones
 * by `slow`. A code without any symbol is legal and decodes nothing.
 */
export class HuffmanTable {
  readonly fast: Uint16Array;
  readonly bits: number;
  private readonly format: string;
  private readonly count = new Int32Array(CODE_BITS_MAX + 1);
  /** First code of each length and the one behind its last, moved up to 16 bits. */
  private readonly first = new Int32Array(CODE_BITS_MAX + 1);
  private readonly limit = new Int32Array(CODE_BITS_MAX + 1);
  /** Where the symbols of each length begin in `sorted`. */
  private readonly start = new Int32Array(CODE_BITS_MAX + 2);
  private readonly sorted: Uint16Array;

  constructor(format: string, symbols: number, bits: number) {
    this.format = format;
    this.bits = bits;
    this.fast = new Uint16Array(1 << bits);
    this.sorted = new Uint16Array(symbols);
  }

  /** Takes the code lengths of the first `symbols` symbols. Throws unless they make a complete code or none at all. */
  build(lengths: Uint8Array, symbols: number): void {
    const { count, first, limit, start, sorted, fast, bits } = this;
    count.fill(0);
    for (let symbol = 0; symbol < symbols; symbol++) count[lengths[symbol]!]!++;
    count[0] = 0;
    let code = 0; // next free code, moved up to 16 bits
    start[1] = 0;
    for (let length = 1; length <= CODE_BITS_MAX; length++) {
      first[length] = code;
      code += count[length]! << (CODE_BITS_MAX - length);
      limit[length] = code;
      start[length + 1] = start[length]! + count[length]!;
    }
    if (code !== 0 && code !== 1 << CODE_BITS_MAX) throw new FormatError(this.format, 'a Huffman code is not complete');
    const next = start.slice();
    for (let symbol = 0; symbol < symbols; symbol++) {
      const length = lengths[symbol]!;
      if (length !== 0) sorted[next[length]!++] = symbol;
    }
    let at = 0;
    for (let length = 1; length <= bits; length++) {
      const span = 1 << (bits - length);
      for (let index = start[length]!; index < start[length + 1]!; index++) {
        fast.fill((sorted[index]! << 4) | length, at, at + span);
        at += span;
      }
    }
    fast.fill(0, at);
  }

  /** For codes longer than `bits`: symbol << 5 | length of the code that the next 16 bits begin with. */
  slow(next16: number): number {
    for (let length = this.bits + 1; length <= CODE_BITS_MAX; length++) {
      if (next16 < this.limit[length]!) {
        const index = this.start[length]! + ((next16 - this.first[length]!) >>> (CODE_BITS_MAX - length));
        return (this.sorted[index]! << 5) | length;
      }
    }
    throw new FormatError(this.format, 'a Huffman code that has no symbols is used');
  }
}
