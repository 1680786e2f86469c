// LZX as WIM files use it: each chunk stands alone, the window is the chunk, E8 call targets are always translated. Facts: [MS-PATCH], wimlib lzx_constants.h.
import { FormatError } from '../bytes.ts';
import { HuffmanTable } from './huffman.ts';
import type { ChunkDecoder } from './model.ts';

const FORMAT = 'LZX data';

const BLOCK_VERBATIM = 1;
const BLOCK_ALIGNED = 2;
const BLOCK_UNCOMPRESSED = 3;
/** Size of a block whose header says "default" (WIM only). */
const BLOCK_SIZE_DEFAULT = 32768;

const LITERALS = 256;
const LENGTH_HEADERS = 8;
const LENGTH_SYMBOLS = 249;
const PRE_SYMBOLS = 20;
const ALIGNED_SYMBOLS = 8;
const MATCH_MIN = 2;
/** The file size that WIM's E8 translation pretends, whatever the real one is. */
const E8_FILE_SIZE = 12_000_000;
/** Translation leaves the last bytes of a chunk alone. */
const E8_TAIL = 10;

/** Slots of match offsets by window order (15 to 21). */
const OFFSET_SLOTS = [30, 32, 34, 36, 38, 42, 50] as const;
const WINDOW_ORDER_MIN = 15;
const WINDOW_ORDER_MAX = 21;

const EXTRA_BITS = Uint8Array.from({ length: 50 }, (_, slot) => (slot < 4 ? 0 : Math.min((slot >> 1) - 1, 17)));
const SLOT_OFFSET = new Int32Array(50);
for (let slot = 1; slot < 50; slot++) SLOT_OFFSET[slot] = SLOT_OFFSET[slot - 1]! + (1 << EXTRA_BITS[slot - 1]!);

/** Zero bytes behind the input, so that the reader may look ahead. */
const PADDING = 64;

/** A decoder for chunks of at most `chunkSize` bytes; its tables are made once. */
export function lzxDecoder(chunkSize: number): ChunkDecoder {
  const state = new LzxState(chunkSize);
  return (input, output) => state.decode(input, output);
}

class LzxState {
  private readonly input: Uint8Array;
  private readonly windowOrder: number;
  private readonly mainSymbols: number;
  private readonly main: HuffmanTable;
  private readonly length = new HuffmanTable(FORMAT, LENGTH_SYMBOLS, 10);
  private readonly aligned = new HuffmanTable(FORMAT, ALIGNED_SYMBOLS, 7);
  private readonly pre = new HuffmanTable(FORMAT, PRE_SYMBOLS, 8);
  private readonly mainLengths: Uint8Array;
  private readonly lengthLengths = new Uint8Array(LENGTH_SYMBOLS);
  private readonly smallLengths = new Uint8Array(PRE_SYMBOLS);
  /** The three recent match offsets. */
  private readonly recent = new Int32Array(3);
  /** Bit reader: 16-bit little-endian words, highest bit first; `buffer` keeps the next bits at its top. */
  private buffer = 0;
  private bits = 0;
  private at = 0;
  private end = 0;

  constructor(chunkSize: number) {
    this.windowOrder = Math.max(WINDOW_ORDER_MIN, Math.ceil(Math.log2(chunkSize)));
    if (this.windowOrder > WINDOW_ORDER_MAX) throw new FormatError(FORMAT, `a window of ${chunkSize} bytes is too large`);
    this.mainSymbols = LITERALS + OFFSET_SLOTS[this.windowOrder - WINDOW_ORDER_MIN]! * LENGTH_HEADERS;
    this.main = new HuffmanTable(FORMAT, this.mainSymbols, 11);
    this.mainLengths = new Uint8Array(this.mainSymbols);
    this.input = new Uint8Array(chunkSize + PADDING);
  }

  decode(input: Uint8Array, output: Uint8Array): void {
    if (input.length > this.input.length - PADDING) throw new FormatError(FORMAT, `a chunk of ${input.length} bytes is too large`);
    this.input.set(input);
    this.input.fill(0, input.length, input.length + PADDING);
    this.buffer = this.bits = this.at = 0;
    this.end = input.length;
    this.mainLengths.fill(0);
    this.lengthLengths.fill(0);
    this.recent.fill(1);
    let done = 0;
    while (done < output.length) {
      const type = this.read(3);
      const size = this.blockSize();
      if (size === 0 || size > output.length - done) throw new FormatError(FORMAT, `a block of ${size} bytes does not fit`, done);
      if (type === BLOCK_UNCOMPRESSED) this.copyBlock(output, done, done + size);
      else if (type === BLOCK_VERBATIM || type === BLOCK_ALIGNED) {
        this.readCodes(type);
        this.decodeBlock(type === BLOCK_ALIGNED, output, done, done + size);
      } else throw new FormatError(FORMAT, `block type ${type} is not known`, done);
      done += size;
    }
    if (this.at * 8 - this.bits > this.end * 8 + 7) this.ranOut();
    undoCallTranslation(output);
  }

  private blockSize(): number {
    if (this.read(1) === 1) return BLOCK_SIZE_DEFAULT;
    let size = this.read(8);
    size = (size << 8) | this.read(8);
    return this.windowOrder >= 16 ? (size << 8) | this.read(8) : size;
  }

  private readCodes(type: number): void {
    const small = this.smallLengths;
    if (type === BLOCK_ALIGNED) {
      for (let symbol = 0; symbol < ALIGNED_SYMBOLS; symbol++) small[symbol] = this.read(3);
      this.aligned.build(small, ALIGNED_SYMBOLS);
    }
    this.readLengths(this.mainLengths, 0, LITERALS);
    this.readLengths(this.mainLengths, LITERALS, this.mainSymbols);
    this.main.build(this.mainLengths, this.mainSymbols);
    this.readLengths(this.lengthLengths, 0, LENGTH_SYMBOLS);
    this.length.build(this.lengthLengths, LENGTH_SYMBOLS);
  }

  /** Code lengths come as differences to the block before, run-length coded, in a code of their own. */
  private readLengths(lengths: Uint8Array, from: number, to: number): void {
    for (let symbol = 0; symbol < PRE_SYMBOLS; symbol++) this.smallLengths[symbol] = this.read(4);
    this.pre.build(this.smallLengths, PRE_SYMBOLS);
    let at = from;
    while (at < to) {
      const symbol = this.symbol(this.pre);
      let run = 1;
      let length = 0;
      if (symbol < 17) length = (lengths[at]! - symbol + 17) % 17;
      else if (symbol === 17) run = 4 + this.read(4);
      else if (symbol === 18) run = 20 + this.read(5);
      else {
        run = 4 + this.read(1);
        const difference = this.symbol(this.pre);
        if (difference > 17) throw new FormatError(FORMAT, 'a code length is wrong');
        length = (lengths[at]! - difference + 17) % 17;
      }
      if (at + run > to) throw new FormatError(FORMAT, 'a run of code lengths is too long');
      lengths.fill(length, at, at + run);
      at += run;
    }
  }

  private copyBlock(output: Uint8Array, from: number, to: number): void {
    // The block begins at the next 16-bit border; when the reader stands on one, a whole word is skipped.
    const word = Math.floor((this.at * 8 - this.bits) / 16) + 1;
    this.at = word * 2;
    this.buffer = this.bits = 0;
    const data = this.at + 12;
    if (data + (to - from) > this.end) this.ranOut();
    const view = new DataView(this.input.buffer, this.input.byteOffset);
    for (let index = 0; index < 3; index++) {
      this.recent[index] = view.getUint32(this.at + index * 4, true);
      if (this.recent[index]! <= 0) throw new FormatError(FORMAT, 'a match offset is wrong', from);
    }
    output.set(this.input.subarray(data, data + (to - from)), from);
    this.at = data + (to - from) + ((to - from) & 1);
  }

  // One long function with everything in local variables: this loop decides how long a large image takes to open.
  private decodeBlock(aligned: boolean, output: Uint8Array, from: number, to: number): void {
    const input = this.input;
    const stop = this.end + 4; // the last words may be looked at without being there
    const main = this.main.fast;
    const mainShift = 32 - this.main.bits;
    const lengthTable = this.length.fast;
    const lengthShift = 32 - this.length.bits;
    let { buffer, bits, at } = this;
    let r0 = this.recent[0]!;
    let r1 = this.recent[1]!;
    let r2 = this.recent[2]!;
    let out = from;
    while (out < to) {
      if (bits < 16) {
        if (at >= stop) this.ranOut();
        buffer |= (input[at]! | (input[at + 1]! << 8)) << (16 - bits);
        bits += 16;
        at += 2;
      }
      const entry = main[buffer >>> mainShift]!;
      let symbol: number;
      if (entry !== 0) {
        symbol = entry >> 4;
        buffer <<= entry & 15;
        bits -= entry & 15;
      } else {
        const found = this.main.slow(buffer >>> 16);
        symbol = found >> 5;
        buffer <<= found & 31;
        bits -= found & 31;
      }
      if (symbol < LITERALS) {
        output[out++] = symbol;
        continue;
      }
      let length = symbol & 7;
      const slot = (symbol - LITERALS) >> 3;
      if (length === 7) {
        if (bits < 16) {
          if (at >= stop) this.ranOut();
          buffer |= (input[at]! | (input[at + 1]! << 8)) << (16 - bits);
          bits += 16;
          at += 2;
        }
        const long = lengthTable[buffer >>> lengthShift]!;
        if (long !== 0) {
          length += long >> 4;
          buffer <<= long & 15;
          bits -= long & 15;
        } else {
          const found = this.length.slow(buffer >>> 16);
          length += found >> 5;
          buffer <<= found & 31;
          bits -= found & 31;
        }
      }
      length += MATCH_MIN;
      let offset: number;
      if (slot === 0) offset = r0;
      else if (slot === 1) {
        offset = r1;
        r1 = r0;
        r0 = offset;
      } else if (slot === 2) {
        offset = r2;
        r2 = r0;
        r0 = offset;
      } else {
        let extra = EXTRA_BITS[slot]!;
        offset = SLOT_OFFSET[slot]! - 2;
        const useAligned = aligned && extra >= 3;
        if (useAligned) extra -= 3;
        while (bits < 17) {
          if (at >= stop) this.ranOut();
          buffer |= (input[at]! | (input[at + 1]! << 8)) << (16 - bits);
          bits += 16;
          at += 2;
        }
        if (extra !== 0) {
          offset += (buffer >>> (32 - extra)) << (useAligned ? 3 : 0);
          buffer <<= extra;
          bits -= extra;
        }
        if (useAligned) {
          if (bits < 16) {
            if (at >= stop) this.ranOut();
            buffer |= (input[at]! | (input[at + 1]! << 8)) << (16 - bits);
            bits += 16;
            at += 2;
          }
          const low = this.aligned.fast[buffer >>> 25]!;
          if (low === 0) throw new FormatError(FORMAT, 'a Huffman code that has no symbols is used', out);
          offset += low >> 4;
          buffer <<= low & 15;
          bits -= low & 15;
        }
        r2 = r1;
        r1 = r0;
        r0 = offset;
      }
      if (offset > out || length > to - out) throw new FormatError(FORMAT, 'a match lies outside', out);
      const matchEnd = out + length;
      for (let source = out - offset; out < matchEnd; ) output[out++] = output[source++]!;
    }
    this.buffer = buffer;
    this.bits = bits;
    this.at = at;
    this.recent[0] = r0;
    this.recent[1] = r1;
    this.recent[2] = r2;
  }

  private read(count: number): number {
    if (this.bits < count) this.refill();
    const value = this.buffer >>> (32 - count);
    this.buffer <<= count;
    this.bits -= count;
    return value;
  }

  private symbol(table: HuffmanTable): number {
    if (this.bits < 16) this.refill();
    const entry = table.fast[this.buffer >>> (32 - table.bits)]!;
    const found = entry !== 0 ? ((entry >> 4) << 5) | (entry & 15) : table.slow(this.buffer >>> 16);
    this.buffer <<= found & 31;
    this.bits -= found & 31;
    return found >> 5;
  }

  private refill(): void {
    if (this.at >= this.end + 4) this.ranOut();
    this.buffer |= (this.input[this.at]! | (this.input[this.at + 1]! << 8)) << (16 - this.bits);
    this.bits += 16;
    this.at += 2;
  }

  private ranOut(): never {
    throw new FormatError(FORMAT, 'a chunk ends too early', this.end);
  }
}

/** Compressors make the targets of x86 call instructions absolute, which compresses better; this makes them relative again. */
function undoCallTranslation(data: Uint8Array): void {
  const stop = data.length - E8_TAIL;
  if (stop <= 0) return;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = data.indexOf(0xe8); at >= 0 && at < stop; at = data.indexOf(0xe8, at + 5)) {
    const target = view.getInt32(at + 1, true);
    if (target >= 0) {
      if (target < E8_FILE_SIZE) view.setInt32(at + 1, target - at, true);
    } else if (target >= -at) view.setInt32(at + 1, target + E8_FILE_SIZE, true);
  }
}
