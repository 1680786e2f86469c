// The inner loops of the searches that see every byte of an image, in AssemblyScript: `npm run gen` compiles them to ../compiled.ts.
// They get addresses in the memory of the module and give one back; what stands there is judged by whoever called.

/** One byte for each value of a spread word, 1 where a word that is looked for has it: 256 KiB, which stay in the second cache. */
const WORD_BITS: u32 = 18;
export const MAYBE: usize = 0x1_0000;
/** The words themselves, in slots with the next ones behind; 0 is none. There is room for 2^17 slots. */
export const SLOTS: usize = MAYBE + (1 << WORD_BITS);
/** Where bytes are copied to that lie elsewhere, and behind it room for some that need no copy. */
export const COPY: usize = SLOTS + (4 << 17);
export const COPY_BYTES: usize = 0x4_0000;
export const ROOM: usize = COPY + COPY_BYTES;

/** Both cases of a letter, and other bytes in pairs that nobody minds (formats/yara/elements.ts). */
const FOLD: u32 = 0x2020_2020;
/** Odd and near 2^32 divided by the golden ratio: neighbouring values land far apart (Knuth, multiplicative hashing). */
const SPREAD: u32 = 0x9e37_79b1;
/** Another odd number (MurmurHash3's), so that what meets a word by chance in the first table does not in the second. */
const SPREAD_SLOTS: u32 = 0x85eb_ca6b;

/** The address of the next word, at `at` or a multiple of four behind it, that is one of those looked for; the first that is not whole before `end` if none is. */
export function nextWord(at: usize, end: usize, slotBits: u32): usize {
  while (true) {
    // Four at a time: the processor looks them up side by side, and guesses one branch for all.
    for (; at + 16 <= end; at += 16)
      if (maybe(load<u32>(at)) | maybe(load<u32>(at, 4)) | maybe(load<u32>(at, 8)) | maybe(load<u32>(at, 12))) break;
    const stop = min(at + 16, end);
    for (; at + 4 <= stop; at += 4) if (maybe(load<u32>(at)) && isWanted(load<u32>(at) | FOLD, slotBits)) return at;
    if (at + 4 > end) return at;
  }
}

export function addWord(word: u32, slotBits: u32): void {
  store<u8>(MAYBE + ((word * SPREAD) >>> (32 - WORD_BITS)), 1);
  if (slotBits > 0) store<u32>(slotOf(word, slotBits), word);
}

function maybe(word: u32): u32 {
  return load<u8>(MAYBE + (((word | FOLD) * SPREAD) >>> (32 - WORD_BITS)));
}

/** With too many words for the slots any could be one. */
function isWanted(word: u32, slotBits: u32): bool {
  return slotBits === 0 || load<u32>(slotOf(word, slotBits)) === word;
}

/** Where the word is, or would be. */
function slotOf(word: u32, slotBits: u32): usize {
  const mask: u32 = (1 << slotBits) - 1;
  let slot: u32 = (word * SPREAD_SLOTS) >>> (32 - slotBits);
  while (!holds(slot, word) && !holds(slot, 0)) slot = (slot + 1) & mask;
  return SLOTS + (slot << 2);
}

function holds(slot: u32, word: u32): bool {
  return load<u32>(SLOTS + (slot << 2)) === word;
}

/** Between the dashes of a product key, in units of one and of two bytes. */
const GROUP: usize = 6;
const WIDE_GROUP: usize = 12;
/** From block to block: the four dashes of a key take 19 bytes, so that they cannot all hide in 18 that are passed over. */
const STEP: usize = 16 + 18;

/**
 * The address of the next dash with another one as far from it as in a product key in ASCII or UTF-16; `end` if there is none. Of the dashes of each key one
 * is found, also when the key lies across `end` and the search goes on there: on one side are two of them, or the first block of sixteen bytes holds two.
 */
export function nextKeyDash(at: usize, end: usize): usize {
  const last = end - 16;
  if (at + 16 > end) return end;
  while (true) {
    const here = dashes(at);
    if (v128.any_true(here)) {
      const near = v128.or(dashes(at - GROUP), dashes(at + GROUP));
      const wide = v128.or(dashes(at - WIDE_GROUP), dashes(at + WIDE_GROUP));
      const found = i8x16.bitmask(v128.and(here, v128.or(near, wide)));
      if (found !== 0) return at + ctz(found);
    }
    if (at === last) return end;
    at = min(at + STEP, last);
  }
}

function dashes(at: usize): v128 {
  return i8x16.eq(v128.load(at), i8x16.splat(0x2d));
}
