// XPRESS with Huffman codes as WIM files use it: each chunk stands alone. Facts: [MS-XCA] LZ77+Huffman, wimlib xpress_constants.h.
import { FormatError } from '../bytes.ts';
import { HuffmanTable } from './huffman.ts';
import type { ChunkDecoder } from './model.ts';

const FORMAT = 'XPRESS data';
const SYMBOLS = 512;
const LITERALS = 256;
const LENGTHS_SIZE = SYMBOLS / 2;
const MATCH_MIN = 3;
const TABLE_BITS = 11;
/** Zero bytes behind the input, so that the reader may look ahead. */
const PADDING = 64;

/** A decoder for chunks of at most `chunkSize` bytes; its tables are made once. */
export function xpressDecoder(chunkSize: number): ChunkDecoder {
  const table = new HuffmanTable(FORMAT, SYMBOLS, TABLE_BITS);
  const lengths = new Uint8Array(SYMBOLS);
  const padded = new Uint8Array(chunkSize + PADDING);
  return (input, output) => {
    if (input.length > chunkSize) throw new FormatError(FORMAT, `a chunk of ${input.length} bytes is too large`);
    if (input.length < LENGTHS_SIZE) throw new FormatError(FORMAT, 'a chunk is too short for its code lengths', input.length);
    // 512 code lengths of 4 bits, the low half of each byte first.
    for (let index = 0; index < LENGTHS_SIZE; index++) {
      lengths[index * 2] = input[index]! & 15;
      lengths[index * 2 + 1] = input[index]! >> 4;
    }
    table.build(lengths, SYMBOLS);
    padded.set(input);
    padded.fill(0, input.length, input.length + PADDING);
    decode(table, padded, input.length, output);
  };
}

function decode(table: HuffmanTable, input: Uint8Array, end: number, output: Uint8Array): void {
  const fast = table.fast;
  const stop = end + 4; // the last words may be looked at without being there
  let at = LENGTHS_SIZE;
  // 16-bit little-endian words, highest bit first; `buffer` keeps the next bits at its top.
  let buffer = 0;
  let bits = 0;
  let out = 0;
  while (out < output.length) {
    if (bits < 16) {
      if (at >= stop) ranOut(end);
      buffer |= (input[at]! | (input[at + 1]! << 8)) << (16 - bits);
      bits += 16;
      at += 2;
    }
    const entry = fast[buffer >>> (32 - TABLE_BITS)]!;
    const found = entry !== 0 ? ((entry >> 4) << 5) | (entry & 15) : table.slow(buffer >>> 16);
    const symbol = found >> 5;
    buffer <<= found & 31;
    bits -= found & 31;
    if (symbol < LITERALS) {
      output[out++] = symbol;
      continue;
    }
    // The word for the offset is taken before the bytes of a long length: the order in the file depends on it.
    if (bits < 16) {
      if (at >= stop) ranOut(end);
      buffer |= (input[at]! | (input[at + 1]! << 8)) << (16 - bits);
      bits += 16;
      at += 2;
    }
    const offsetBits = (symbol >> 4) & 15;
    let offset = 1 << offsetBits;
    if (offsetBits !== 0) {
      offset |= buffer >>> (32 - offsetBits);
      buffer <<= offsetBits;
      bits -= offsetBits;
    }
    let length = symbol & 15;
    if (length === 15) {
      if (at >= end) ranOut(end);
      length += input[at++]!;
      if (length === 15 + 255) {
        if (at + 2 > end) ranOut(end);
        length = input[at]! | (input[at + 1]! << 8);
        at += 2;
      }
    }
    length += MATCH_MIN;
    if (offset > out || length > output.length - out) throw new FormatError(FORMAT, 'a match lies outside', out);
    const matchEnd = out + length;
    for (let source = out - offset; out < matchEnd; ) output[out++] = output[source++]!;
  }
  // What is not there lies last in the buffer, and may only be looked at.
  if ((at - end) * 8 > bits) ranOut(end);
}

function ranOut(end: number): never {
  throw new FormatError(FORMAT, 'a chunk ends too early', end);
}
