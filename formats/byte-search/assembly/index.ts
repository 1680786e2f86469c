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
/** Begin and end of stretches of Base64, four bytes each. */
export const SPANS: usize = COPY + COPY_BYTES + 64;
/** By byte: CLASS_KEY and so on. */
const CLASS: usize = SPANS + 0x1_0000;
export const ROOM: usize = CLASS + 0x100;

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

/** Classes of bytes in the writings of a key; the last one is the highest, so that a byte of Base64 is told by its size. */
const CLASS_KEY: u32 = 1;
const CLASS_HEX: u32 = 2;
const CLASS_DIGIT: u32 = 4;
const CLASS_WORD: u32 = 8;
const CLASS_BASE64: u32 = 16;
const CLASS_ALL: u32 = CLASS_KEY | CLASS_HEX | CLASS_DIGIT;

/** What was seen, one bit each. */
export const LOOSE: u32 = 1;
export const ESCAPES: u32 = 2;
export const BASE64: u32 = 4;
export const NUMBERS: u32 = 8;
export const FOREIGN: u32 = 16;

const NUMBERS_LEAST: u32 = 25;
/** Five groups, and four dashes between them: one escape after at most a group and its own length. */
const GROUPS: u32 = 5;
const DASHES: u32 = 4;
const ESCAPE_STEP: i32 = 13;
const LONG_AGO: i32 = -1_000_000;

for (let byte: u32 = 0; byte < 0x80; byte++) store<u8>(CLASS + byte, classOf(byte));

function classOf(byte: u32): u32 {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const upper = byte & 0xdf;
  const isLetter = upper >= 0x41 && upper <= 0x5a;
  if (!isDigit && !isLetter) return byte === 0x2b || byte === 0x2f ? CLASS_BASE64 : 0;
  const isHex = isDigit || upper <= 0x46;
  return (
    CLASS_WORD |
    CLASS_BASE64 |
    (isDigit ? CLASS_DIGIT : 0) |
    (isHex ? CLASS_HEX : 0) |
    (isKeyLetter(isDigit ? byte : upper) ? CLASS_KEY : 0)
  );
}

/** Of BCDFGHJKMNPQRTVWXY2346789. */
function isKeyLetter(byte: u32): bool {
  switch (byte) {
    case 0x30: // 0
    case 0x31: // 1
    case 0x35: // 5
    case 0x41: // A
    case 0x45: // E
    case 0x49: // I
    case 0x4c: // L
    case 0x4f: // O
    case 0x53: // S
    case 0x55: // U
    case 0x5a: // Z
      return false;
    default:
      return true;
  }
}

let place: i32 = 0;
let base64Least: u32 = 0;
let base64Most: u32 = 0;
let word: u32 = 0;
let classes: u32 = CLASS_ALL;
let packed: u32 = 0;
let groups: u32 = 0;
let numbers: u32 = 0;
let lastEscape: i32 = LONG_AGO;
let escapeStreak: u32 = 0;
let lastForeign: i32 = LONG_AGO;
let foreignStreak: u32 = 0;
let signs: u32 = 0;

/** Lengths of a stretch of Base64: the least that is told, the most that could be a key. */
export function beginSigns(least: u32, most: u32): void {
  base64Least = least;
  base64Most = most;
  place = 0;
  word = packed = groups = numbers = escapeStreak = foreignStreak = signs = 0;
  classes = CLASS_ALL;
  lastEscape = lastForeign = LONG_AGO;
}

export function signsSeen(): u32 {
  return signs;
}

/** Looks at the next bytes of a content, of which the one at `end` is there, too. Writes stretches of Base64 that end among them and gives their number. */
export function nextSigns(at: usize, end: usize): u32 {
  let spans: u32 = 0;
  for (; at < end; at++, place++) {
    const byte: u32 = load<u8>(at);
    const own: u32 = load<u8>(CLASS + byte);
    if (own >= CLASS_BASE64) packed++;
    else if (packed !== 0) {
      if (packed >= base64Least) {
        store<i32>(SPANS + (spans << 3), place - <i32>packed);
        store<i32>(SPANS + (spans << 3), place, 4);
        spans++;
        if (packed <= base64Most) signs |= BASE64;
      }
      packed = 0;
    }
    if ((own & CLASS_WORD) !== 0) {
      word++;
      classes &= own;
      continue;
    }
    if (word !== 0) endWord();
    if (byte < 0x80) {
      if (isEscape(byte, load<u8>(at, 1))) {
        escapeStreak = place - lastEscape <= ESCAPE_STEP ? escapeStreak + 1 : 1;
        lastEscape = place;
        if (escapeStreak >= DASHES) signs |= ESCAPES;
      } else if (byte === 0) signs |= FOREIGN;
    } else if (byte >= 0xfe) signs |= FOREIGN;
    else if (byte >= 0xad && isForeign(byte, load<u8>(at, 1))) {
      foreignStreak = place - lastForeign <= ESCAPE_STEP ? foreignStreak + 1 : 1;
      lastForeign = place;
      if (foreignStreak >= DASHES) signs |= FOREIGN;
    }
  }
  return spans;
}

function endWord(): void {
  const isKey = (classes & CLASS_KEY) !== 0;
  if (word === 5 && isKey) {
    if (++groups >= GROUPS) signs |= LOOSE;
  } else {
    groups = 0;
    if (word === 25 && isKey) signs |= LOOSE;
  }
  const isNumber = word === 4 || (word <= 3 && (classes & (word === 2 ? CLASS_HEX : CLASS_DIGIT)) !== 0);
  numbers = isNumber ? numbers + 1 : 0;
  if (numbers >= NUMBERS_LEAST) signs |= NUMBERS;
  word = 0;
  classes = CLASS_ALL;
}

/** U+2010 to U+206F, the minus sign, full-width letters, the soft hyphen (C2 AD), tags; accents in prose are none of these. */
function isForeign(first: u32, second: u32): bool {
  return (first === 0xe2 && (second === 0x80 || second === 0x81 || second === 0x88)) || first === 0xef || first === 0xad || first === 0xf3;
}

/** `&#`, `&n`, `\u`, `\x`, `+A`, `%2`, `=2`. */
function isEscape(first: u32, second: u32): bool {
  switch (first) {
    case 0x26:
      return second === 0x23 || (load<u8>(CLASS + second) & CLASS_WORD) !== 0;
    case 0x5c:
      return second === 0x75 || second === 0x78;
    case 0x2b:
      return second === 0x41; // a dash in UTF-7 is `+AC0-`
    case 0x25:
    case 0x3d:
      return (load<u8>(CLASS + second) & CLASS_HEX) !== 0;
    default:
      return false;
  }
}
