// Writes chunks of LZX by hand, with codes as deep as they may be: what no compressor would make.

/** 16-bit little-endian words, highest bit first. */
class BitWriter {
  private readonly bits: number[] = [];

  put(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) this.bits.push((value >>> bit) & 1);
  }

  bytes(): Uint8Array {
    const words = Math.ceil(this.bits.length / 16);
    const bytes = new Uint8Array(words * 2);
    for (const [at, bit] of this.bits.entries()) bytes[(at >> 4) * 2 + ((at & 15) < 8 ? 1 : 0)]! |= bit << (7 - (at & 7));
    return bytes;
  }
}

/** Bits of the code of each symbol; 0 for none. */
type Lengths = readonly number[];

/** Each symbol's code is a bit longer than the one before; the last two are equally long. @param most the length of those */
export function deepCode(symbols: readonly number[], count: number, most: number): Lengths {
  const lengths = new Array<number>(count).fill(0);
  for (const [at, symbol] of symbols.slice(0, most + 1).entries()) lengths[symbol] = Math.min(at + 1, most);
  return lengths;
}

function codesOf(lengths: Lengths): ReadonlyMap<number, readonly [code: number, bits: number]> {
  const sorted = [...lengths.keys()].filter((symbol) => lengths[symbol]! > 0).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const codes = new Map<number, readonly [number, number]>();
  let [code, bits] = [0, 0];
  for (const symbol of sorted) {
    code <<= lengths[symbol]! - bits;
    bits = lengths[symbol]!;
    codes.set(symbol, [code++, bits]);
  }
  return codes;
}

const LITERALS = 256;
const MAIN_SYMBOLS = LITERALS + 30 * 8;
const LENGTH_SYMBOLS = 249;
/** Twelve symbols of four bits and eight of five. */
const PRE_LENGTHS: Lengths = Array.from({ length: 20 }, (_, symbol) => (symbol < 12 ? 4 : 5));

export interface LzxCodes {
  readonly main: Lengths;
  readonly length: Lengths;
  /** Of eight symbols: then the block is one with aligned offsets. */
  readonly aligned?: Lengths;
}

export const lzxSymbols = { main: MAIN_SYMBOLS, length: LENGTH_SYMBOLS };

/** A literal, or a match by its slot (0 to 29); `more` are the bits of the offset behind it, of which as many count as the slot has. */
export type LzxToken = number | { readonly slot: number; readonly more: number; readonly length: number };

const extraOf = (slot: number) => (slot < 4 ? 0 : (slot >> 1) - 1);
const baseOf = (slot: number) => Array.from({ length: slot }, (_, before) => 2 ** extraOf(before)).reduce((sum, one) => sum + one, 0);

/** One block; what it decodes to stands beside it. Tokens whose symbols have no code, or that point outside, are left out. */
export function lzxChunk(codes: LzxCodes, tokens: readonly LzxToken[]): { readonly stored: Uint8Array; readonly content: Uint8Array } {
  const [main, length, aligned] = [codesOf(codes.main), codesOf(codes.length), codes.aligned && codesOf(codes.aligned)];
  const content: number[] = [];
  const written: (readonly [value: number, bits: number])[] = [];
  let recent = [1, 1, 1];
  for (const token of tokens) {
    if (typeof token === 'number') {
      if (!main.has(token)) continue;
      written.push(main.get(token)!);
      content.push(token);
      continue;
    }
    const header = Math.min(token.length - 2, 7);
    const symbol = LITERALS + token.slot * 8 + header;
    const extra = extraOf(token.slot);
    const more = token.more & (2 ** extra - 1);
    const offset = token.slot < 3 ? recent[token.slot]! : baseOf(token.slot) + more - 2;
    if (!main.has(symbol) || (header === 7 && !length.has(token.length - 9)) || offset > content.length) continue;
    written.push(main.get(symbol)!);
    if (header === 7) written.push(length.get(token.length - 9)!);
    if (aligned && extra >= 3) written.push([more >> 3, extra - 3], aligned.get(more & 7)!);
    else written.push([more, extra]);
    if (token.slot < 3) [recent[0], recent[token.slot]] = [offset, recent[0]!];
    else recent = [offset, recent[0]!, recent[1]!];
    for (let byte = 0; byte < token.length; byte++) content.push(content[content.length - offset]!);
  }
  const bits = new BitWriter();
  bits.put(aligned ? 2 : 1, 3);
  bits.put(0, 1);
  bits.put(content.length, 16);
  if (codes.aligned) for (const one of codes.aligned) bits.put(one, 3);
  putLengths(bits, codes.main.slice(0, LITERALS));
  putLengths(bits, codes.main.slice(LITERALS));
  putLengths(bits, codes.length);
  for (const [value, count] of written) bits.put(value, count);
  return { stored: bits.bytes(), content: Uint8Array.from(content) };
}

function putLengths(bits: BitWriter, lengths: Lengths): void {
  for (const one of PRE_LENGTHS) bits.put(one, 4);
  const codes = codesOf(PRE_LENGTHS);
  for (const one of lengths) bits.put(...codes.get((17 - one) % 17)!);
}
