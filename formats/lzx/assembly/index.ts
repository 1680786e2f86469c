// Decodes one chunk of LZX, in AssemblyScript: `npm run gen` compiles it to ../compiled.ts. Facts: [MS-PATCH], wimlib lzx_constants.h.
// The input may be hostile. What is read lies in the memory of this module whatever the input says; content is written between OUTPUT and the end of it.
import { undoCalls } from './calls';
import { makeTable } from './codes';
import {
  ALIGNED,
  ALIGNED_BITS,
  ALIGNED_EXTRA,
  ALIGNED_SLOT,
  ALIGNED_SYMBOLS,
  CODE_MAX,
  INPUT,
  IS_ALIGNED,
  LENGTH,
  LENGTH_BITS,
  LENGTH_HEADERS,
  LENGTH_LENGTHS,
  LENGTH_SYMBOLS,
  LITERAL_END,
  LITERALS,
  LONG,
  MAIN,
  MAIN_BITS,
  MAIN_LENGTHS,
  MATCH_MIN,
  NO_SYMBOL,
  ORDER,
  OUTPUT,
  PRE,
  PRE_BITS,
  PRE_SYMBOLS,
  SLOT,
  SLOTS_MAX,
  SMALL_LENGTHS,
  SYMBOLS_MAX,
  WORDS_END,
  ZEROS,
} from './layout';

export { INPUT, OUTPUT } from './layout';

const BLOCK_VERBATIM: u32 = 1;
const BLOCK_ALIGNED: u32 = 2;
const BLOCK_UNCOMPRESSED: u32 = 3;
/** Size of a block whose header says "default" (WIM only). */
const BLOCK_SIZE_DEFAULT: u32 = 32768;

/** What is wrong, as decode() answers it. */
export const BLOCK_FAULT: u32 = 1;
export const CODES_FAULT: u32 = 2;
export const MATCH_FAULT: u32 = 3;
export const TYPE_FAULT: u32 = 4;
export const END_FAULT: u32 = 5;

/** The next bits, the first one on top, and how many of them there are. Those below may be there already. */
let buffer: u64 = 0;
let bits: u32 = 0;
/** Where the next word's end lies eight bytes above, and how far down there are words. */
let next: usize = 0;
let low: usize = 0;
/** The recent match offsets. */
let recent0: u32 = 1;
let recent1: u32 = 1;
let recent2: u32 = 1;

makeSlots();

function makeSlots(): void {
  v128.store(ORDER, i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  v128.store(ORDER, i8x16(4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15), 16);
  v128.store(ORDER, i8x16(8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15), 32);
  for (let slot: u32 = 3; slot <= SLOTS_MAX; slot++)
    v128.store(ORDER + (slot << 4), i8x16(12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  let base: u32 = 0;
  for (let slot: u32 = 0; slot < SLOTS_MAX; slot++) {
    const extra: u32 = slot < 4 ? 0 : min((slot >> 1) - 1, 17);
    // The first three mean the recent offsets, and what is made of them here goes nowhere.
    store<u32>(SLOT + (slot << 2), ((base - 2) << 5) | extra);
    const aligned = extra < ALIGNED_EXTRA ? extra : IS_ALIGNED | (ALIGNED_EXTRA << 4) | (extra - ALIGNED_EXTRA);
    store<u32>(ALIGNED_SLOT + (slot << 2), ((base - 2) << 8) | aligned);
    base += 1 << extra;
  }
  store<u32>(SLOT + (SLOTS_MAX << 2), NO_SYMBOL << 5);
  store<u32>(ALIGNED_SLOT + (SLOTS_MAX << 2), NO_SYMBOL << 8);
}

/** @param order the chunk has at most `1 << order` bytes, 15 to 21 @returns 0, or what is wrong */
export function decode(size: usize, outSize: usize, order: u32): u32 {
  begin(size);
  const symbols = LITERALS + slotsOf(order) * LENGTH_HEADERS;
  const end = OUTPUT + outSize;
  for (let out = OUTPUT; out < end; ) {
    const type = take(3);
    let block = BLOCK_SIZE_DEFAULT;
    if (take(1) === 0) {
      block = take(16);
      if (order >= 16) block = (block << 8) | take(8);
    }
    if (block === 0 || block > <u32>(end - out)) return BLOCK_FAULT;
    if (type === BLOCK_UNCOMPRESSED) {
      if (!copyBlock(size, out, block)) return BLOCK_FAULT;
    } else if (type === BLOCK_VERBATIM || type === BLOCK_ALIGNED) {
      if (!readCodes(type === BLOCK_ALIGNED, symbols) || next < low) return CODES_FAULT;
      if (!decodeBlock(type === BLOCK_ALIGNED, out, out + block)) return MATCH_FAULT;
    } else return TYPE_FAULT;
    out += block;
  }
  if (bitsRead() > size * 8 + 7) return END_FAULT;
  undoCalls(outSize);
  return 0;
}

function slotsOf(order: u32): u32 {
  if (order < 20) return 2 * order;
  return order === 20 ? 42 : SLOTS_MAX;
}

function begin(size: usize): void {
  memory.fill(INPUT + size, 0, 64);
  let to = WORDS_END - 16;
  for (let at = INPUT; at < INPUT + size; at += 16, to -= 16) {
    const words = v128.load(at);
    v128.store(to, i8x16.shuffle(words, words, 14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1));
  }
  // The last words may be looked at without being there, and so may the word before the first of them.
  low = WORDS_END - ((size + 1) & ~1) - 16;
  memory.fill(low - ZEROS, 0, ZEROS + 16);
  next = WORDS_END - 8;
  buffer = 0;
  bits = 0;
  recent0 = recent1 = recent2 = 1;
  memory.fill(MAIN_LENGTHS, 0, SYMBOLS_MAX);
  memory.fill(LENGTH_LENGTHS, 0, LENGTH_SYMBOLS);
}

function bitsRead(): usize {
  return (WORDS_END - 8 - next) * 8 - bits;
}

function refill(): void {
  buffer |= load<u64>(next) >>> bits;
  const words = (63 - bits) >>> 4;
  next -= words << 1;
  bits += words << 4;
}

function drop(count: u32): void {
  buffer <<= count;
  bits -= count;
}

/** @param count 1 to 16 */
function take(count: u32): u32 {
  refill();
  const value = <u32>(buffer >>> (64 - count));
  drop(count);
  return value;
}

function copyBlock(size: usize, out: usize, block: u32): bool {
  // It begins at the next 16-bit border; when the reader stands on one, a whole word is skipped.
  let at = ((bitsRead() >>> 4) + 1) << 1;
  if (at + 12 + block > size) return false;
  recent0 = load<u32>(INPUT + at);
  recent1 = load<u32>(INPUT + at, 4);
  recent2 = load<u32>(INPUT + at, 8);
  if (<i32>recent0 <= 0 || <i32>recent1 <= 0 || <i32>recent2 <= 0) return false;
  memory.copy(out, INPUT + at + 12, block);
  at += 12 + block + (block & 1);
  next = WORDS_END - 8 - at;
  buffer = 0;
  bits = 0;
  return true;
}

function readCodes(aligned: bool, symbols: u32): bool {
  if (aligned) {
    for (let symbol: u32 = 0; symbol < ALIGNED_SYMBOLS; symbol++) store<u8>(SMALL_LENGTHS + symbol, take(3));
    if (!makeTable(SMALL_LENGTHS, ALIGNED_SYMBOLS, ALIGNED, ALIGNED_BITS)) return false;
  }
  if (!readLengths(MAIN_LENGTHS, 0, LITERALS)) return false;
  if (!readLengths(MAIN_LENGTHS, LITERALS, symbols)) return false;
  if (!makeTable(MAIN_LENGTHS, symbols, MAIN, MAIN_BITS)) return false;
  if (!readLengths(LENGTH_LENGTHS, 0, LENGTH_SYMBOLS)) return false;
  return makeTable(LENGTH_LENGTHS, LENGTH_SYMBOLS, LENGTH, LENGTH_BITS);
}

/** Code lengths come as differences to the block before, run-length coded, in a code of their own. */
function readLengths(lengths: usize, from: u32, to: u32): bool {
  for (let symbol: u32 = 0; symbol < PRE_SYMBOLS; symbol++) store<u8>(SMALL_LENGTHS + symbol, take(4));
  if (!makeTable(SMALL_LENGTHS, PRE_SYMBOLS, PRE, PRE_BITS)) return false;
  for (let at = from; at < to; ) {
    const symbol = preSymbol();
    let run: u32 = 1;
    let length: u32 = 0;
    if (symbol < 17) length = changed(lengths + at, symbol);
    else if (symbol === 17) run = 4 + take(4);
    else if (symbol === 18) run = 20 + take(5);
    else {
      if (symbol !== 19) return false;
      run = 4 + take(1);
      const difference = preSymbol();
      if (difference > 17) return false;
      length = changed(lengths + at, difference);
    }
    if (at + run > to) return false;
    for (const end = at + run; at < end; at++) store<u8>(lengths + at, length);
  }
  return true;
}

function changed(length: usize, difference: u32): u32 {
  const value = 17 + <u32>load<u8>(length) - difference;
  return value < 17 ? value : value - 17;
}

function preSymbol(): u32 {
  refill();
  let entry = load<u32>(PRE + ((<usize>(buffer >>> (64 - PRE_BITS))) << 2));
  if (entry & LONG) entry = load<u32>(PRE + ((<usize>((entry >>> 8) + <u32>((buffer << PRE_BITS) >>> (64 - CODE_MAX + PRE_BITS)))) << 2));
  drop(entry & 31);
  return entry >>> 8;
}

// One long function with everything in local variables: this loop decides how long a large image takes to open. Of a shift count the processor takes the
// last six bits, which are all that counts of an entry and of `have`.
function decodeBlock(aligned: bool, from: usize, to: usize): bool {
  let ahead = buffer;
  let have: u32 = bits;
  let at = next;
  let recent = i32x4(recent0, recent1, recent2, 0);
  let out = from;
  while (out < to) {
    // 48 bits or more: three literals, or two and what tells of a match, have 16 at most.
    ahead |= load<u64>(at) >>> have;
    at -= (~have >>> 3) & 6;
    have |= 48;
    if (at < low) return false;
    let entry = load<u32>((<usize>(ahead >>> (64 - MAIN_BITS))) << 2, MAIN);
    if (entry < LITERAL_END) {
      store<u8>(out++, entry >>> 8);
      ahead <<= entry;
      have -= entry;
      if (out === to) break;
      entry = load<u32>((<usize>(ahead >>> (64 - MAIN_BITS))) << 2, MAIN);
      if (entry < LITERAL_END) {
        store<u8>(out++, entry >>> 8);
        ahead <<= entry;
        have -= entry;
        if (out === to) break;
        entry = load<u32>((<usize>(ahead >>> (64 - MAIN_BITS))) << 2, MAIN);
        if (entry < LITERAL_END) {
          store<u8>(out++, entry >>> 8);
          ahead <<= entry;
          have -= entry;
          continue;
        }
      }
    }
    if (entry & LONG) {
      entry = load<u32>((<usize>((entry >>> 8) + <u32>((ahead << MAIN_BITS) >>> (64 - CODE_MAX + MAIN_BITS)))) << 2, MAIN);
      if (entry < LITERAL_END) {
        store<u8>(out++, entry >>> 8);
        ahead <<= entry;
        have -= entry;
        continue;
      }
    }
    ahead <<= entry;
    have -= entry;
    // Again 48: what follows has 16 for the length and 17 for the offset, or 14 and 7 of the aligned ones.
    ahead |= load<u64>(at) >>> have;
    at -= (~have >>> 3) & 6;
    have |= 48;
    const symbol = (entry >>> 8) - LITERALS;
    let length = symbol & 7;
    const isLong = length === 7;
    let more = load<u32>((<usize>(ahead >>> (64 - LENGTH_BITS))) << 2, LENGTH);
    if (isLong && more & LONG)
      more = load<u32>((<usize>((more >>> 8) + <u32>((ahead << LENGTH_BITS) >>> (64 - CODE_MAX + LENGTH_BITS)))) << 2, LENGTH);
    more &= isLong ? -1 : 0;
    ahead <<= more;
    have -= more;
    length += MATCH_MIN + (more >>> 8);
    const slot = symbol >>> 3;
    let offset: u32;
    if (aligned) {
      const facts = load<u32>(slot << 2, ALIGNED_SLOT);
      const extra = facts & 15;
      // In two steps, since there may be none.
      offset = (facts >>> 8) + ((<u32>((ahead >>> 1) >>> (63 - extra))) << ((facts >>> 4) & 3));
      ahead <<= extra;
      const least = load<u32>((<usize>(ahead >>> (64 - ALIGNED_BITS))) << 2, ALIGNED) & (facts & IS_ALIGNED ? -1 : 0);
      ahead <<= least;
      have -= extra + least;
      offset += least >>> 8;
    } else {
      const facts = load<u32>(slot << 2, SLOT);
      const extra = facts & 31;
      offset = (facts >>> 5) + <u32>((ahead >>> 1) >>> (63 - extra));
      ahead <<= extra;
      have -= extra;
    }
    recent = i8x16.swizzle(i32x4.replace_lane(recent, 3, offset), v128.load((<usize>slot) << 4, ORDER));
    offset = i32x4.extract_lane(recent, 0);
    if (offset > <u32>(out - OUTPUT) || length > <u32>(to - out)) return false;
    copyMatch(out, out - offset, out + length, offset);
    out += length;
  }
  buffer = ahead;
  bits = have & 63;
  next = at;
  recent0 = i32x4.extract_lane(recent, 0);
  recent1 = i32x4.extract_lane(recent, 1);
  recent2 = i32x4.extract_lane(recent, 2);
  return true;
}

/** Up to 31 bytes behind the end are written as well, which what follows writes over. */
function copyMatch(out: usize, source: usize, end: usize, offset: u32): void {
  if (offset >= 16) {
    v128.store(out, v128.load(source));
    v128.store(out, v128.load(source, 16), 16);
    while (out + 32 < end) {
      out += 32;
      source += 32;
      v128.store(out, v128.load(source));
      v128.store(out, v128.load(source, 16), 16);
    }
  } else if (offset >= 8) {
    do {
      store<u64>(out, load<u64>(source));
      out += 8;
      source += 8;
    } while (out < end);
  } else if (offset === 1) {
    const bytes = i8x16.splat(load<u8>(source));
    do {
      v128.store(out, bytes);
      out += 16;
    } while (out < end);
  } else {
    do store<u8>(out++, load<u8>(source++));
    while (out < end);
  }
}
