// LZNT1, the compression of NTFS itself (`compact` without /exe). Facts: [MS-XCA] 2.5.
import { FormatError } from '../bytes.ts';

const FORMAT = 'LZNT1 data';
const CHUNK = 4096;

/** Fills `output`; what the data does not reach stays zero. */
export function decodeLznt1(input: Uint8Array, output: Uint8Array): void {
  let at = 0;
  for (let start = 0; start < output.length && at + 2 <= input.length; start += CHUNK) {
    const header = input[at]! | (input[at + 1]! << 8);
    if (header === 0) return;
    const size = (header & 0xfff) + 1;
    at += 2;
    if ((header & 0x7000) !== 0x3000 || at + size > input.length) throw new FormatError(FORMAT, 'a chunk header is wrong', at - 2);
    const chunk = output.subarray(start, Math.min(start + CHUNK, output.length));
    if (header & 0x8000) decodeChunk(input.subarray(at, at + size), chunk, at);
    else {
      if (size > chunk.length) throw new FormatError(FORMAT, 'a chunk is longer than its place', at);
      chunk.set(input.subarray(at, at + size));
    }
    at += size;
  }
}

function decodeChunk(input: Uint8Array, output: Uint8Array, offset: number): void {
  let from = 0;
  let to = 0;
  while (from < input.length) {
    const flags = input[from++]!;
    for (let bit = 0; bit < 8 && from < input.length; bit++) {
      if ((flags & (1 << bit)) === 0) {
        if (to >= output.length) throw new FormatError(FORMAT, 'a chunk holds too much', offset + from);
        output[to++] = input[from++]!;
        continue;
      }
      if (from + 2 > input.length || to === 0)
        throw new FormatError(FORMAT, 'a match is cut short or points before the chunk', offset + from);
      const token = input[from]! | (input[from + 1]! << 8);
      from += 2;
      // The further on in the chunk, the more bits are distance and the fewer are length.
      let lengthBits = 12;
      for (let reach = to - 1; reach >= 16; reach >>= 1) lengthBits--;
      const distance = (token >> lengthBits) + 1;
      const length = (token & ((1 << lengthBits) - 1)) + 3;
      if (distance > to || to + length > output.length) throw new FormatError(FORMAT, 'a match leaves the chunk', offset + from);
      for (let copied = 0; copied < length; copied++, to++) output[to] = output[to - distance]!;
    }
  }
}
