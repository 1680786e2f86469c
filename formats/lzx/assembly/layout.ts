// What the numbers of LZX are, and where everything lies in the memory of the decoder.

export const LITERALS: u32 = 256;
export const LENGTH_HEADERS: u32 = 8;
export const LENGTH_SYMBOLS: u32 = 249;
export const PRE_SYMBOLS: u32 = 20;
export const ALIGNED_SYMBOLS: u32 = 8;
export const SLOTS_MAX: u32 = 50;
export const SYMBOLS_MAX: u32 = LITERALS + SLOTS_MAX * LENGTH_HEADERS;
export const MATCH_MIN: u32 = 2;
/** A chunk is its own window. */
export const CHUNK_MAX: usize = 1 << 21;

/** No code is longer. */
export const CODE_MAX: u32 = 16;
/** Bits that the first look into a table takes; the second takes the rest. Codes of the alignment have at most seven. */
export const MAIN_BITS: u32 = 11;
export const LENGTH_BITS: u32 = 10;
export const ALIGNED_BITS: u32 = 7;
export const PRE_BITS: u32 = 8;

// An entry of a table of codes is `symbol << 8 | bits`, or `place of the longer codes << 8 | LONG`. A table has 4 << bits bytes, and 4 << (16 - bits) more for
// each beginning that longer codes share; two codes at least share one, so those of main are at most 8 + 328 / 8 KiB.
export const LONG: u32 = 0x80;
/** What a literal's entry stays under. The place of longer codes is at least 1 << MAIN_BITS, so that their entries do not. */
export const LITERAL_END: u32 = LITERALS << 8;
/** The symbol of a code that has none: no match is as long or lies as far back. */
export const NO_SYMBOL: u32 = 0xff_ffff;
export const MAIN: usize = 0x1_0000;
export const LENGTH: usize = MAIN + 0x1_0000;
export const ALIGNED: usize = LENGTH + 0x1_0000;
export const PRE: usize = ALIGNED + 0x1000;

/** By slot of match offsets, four bytes: what is added to the extra bits, and how many of them there are (`<< 5`). Where there is no slot, more than a chunk is added. */
export const SLOT: usize = PRE + 0x8000;
/** The same for blocks with aligned offsets: the number to add `<< 8`, then 1 for an aligned offset, two bits for how far the others move up, four for their count. */
export const ALIGNED_SLOT: usize = SLOT + 0x100;
export const IS_ALIGNED: u32 = 0x40;
export const ALIGNED_EXTRA: u32 = 3;
/** By slot, sixteen bytes: where the three recent offsets and the one just read go. */
export const ORDER: usize = ALIGNED_SLOT + 0x100;

/** Bits of each code, kept from block to block: what is stored is the difference. */
export const MAIN_LENGTHS: usize = ORDER + 0x400;
export const LENGTH_LENGTHS: usize = MAIN_LENGTHS + 0x400;
export const SMALL_LENGTHS: usize = LENGTH_LENGTHS + 0x100;
/** Symbols by length of their codes. */
export const SORTED: usize = SMALL_LENGTHS + 0x100;
/** Two bytes for each length: how many codes have it, and where the next of them goes. */
export const COUNT: usize = SORTED + 0x800;
export const NEXT: usize = COUNT + 0x40;

export const INPUT: usize = 0x4_0000;
/** What a block's codes take at most lies below the words, as zeros: 905 codes of 16 bits with five more each, and their own. */
export const ZEROS: usize = 4096;
/** The words of the input from here downwards, so that eight bytes hold the next four of them with the first one on top. */
export const WORDS_END: usize = INPUT + CHUNK_MAX + ZEROS + CHUNK_MAX + 0x1000;
export const OUTPUT: usize = WORDS_END + 0x1000;
