// What of a content could be a product key in another writing: one pass over the bytes, so that only few texts are decoded and searched.
import { BASE64_LEAST, BASE64_MOST, type Spans } from './coded-runs.ts';

/** Which writings have something in the content that could be one of theirs. */
export interface WritingSigns {
  /** Groups of five letters, or 25 in a row. */
  readonly loose: boolean;
  readonly escapes: boolean;
  readonly base64: boolean;
  readonly numbers: boolean;
  /** Bytes of other encodings, dashes and letters: nothing is known before the text is decoded. */
  readonly foreign: boolean;
}

/** The signs, and where letters of Base64 stand in the bytes. */
export interface SeenSigns {
  readonly signs: WritingSigns;
  readonly spans: Spans;
}

const KEY = 1;
const HEX = 2;
const DIGIT = 4;
const WORD = 8;
const BASE64 = 16;
const ALL = KEY | HEX | DIGIT;

const CLASS = new Uint8Array(256);
for (let code = 0x30; code < 0x7b; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z0-9]/.test(char)) CLASS[code]! |= WORD | BASE64;
  if (/[BCDFGHJKMNPQRTVWXY2346789]/i.test(char)) CLASS[code]! |= KEY;
  if (/[0-9a-f]/i.test(char)) CLASS[code]! |= HEX;
  if (/\d/.test(char)) CLASS[code]! |= DIGIT;
}
CLASS[0x2b]! |= BASE64; // +
CLASS[0x2f]! |= BASE64; // /

const NUMBERS_LEAST = 25;
const KEY_LETTERS = 25;
/** Five groups, and four dashes between them: one escape after at most a group and its own length. */
const GROUPS = 5;
const DASHES = 4;
const ESCAPE_STEP = 13;

export function writingSigns(bytes: Uint8Array): SeenSigns {
  const spans: number[] = [];
  let [loose, base64, hasNumbers, escapes, foreign] = [false, false, false, false, false];
  let [word, classes, packed, groups, numbers] = [0, ALL, 0, 0, 0];
  let [lastEscape, escapeStreak, lastForeign, foreignStreak] = [-1e9, 0, -1e9, 0];
  // One place behind the end ends the last word.
  for (let at = 0; at <= bytes.length; at++) {
    const byte = at < bytes.length ? bytes[at]! : 0x20;
    const own = CLASS[byte]!;
    if (own >= BASE64) packed++;
    else if (packed !== 0) {
      if (packed >= BASE64_LEAST) {
        spans.push(at - packed, at);
        if (packed <= BASE64_MOST) base64 = true;
      }
      packed = 0;
    }
    if ((own & WORD) !== 0) {
      word++;
      classes &= own;
      continue;
    }
    if (word !== 0) {
      if (word === 5 && (classes & KEY) !== 0) {
        if (++groups >= GROUPS) loose = true;
      } else {
        groups = 0;
        if (word === 25 && (classes & KEY) !== 0) loose = true;
      }
      const isNumber = word === 4 || (word <= 3 && (classes & (word === 2 ? HEX : DIGIT)) !== 0);
      numbers = isNumber ? numbers + 1 : 0;
      if (numbers >= NUMBERS_LEAST) hasNumbers = true;
      word = 0;
      classes = ALL;
    }
    if (byte === 0 || byte >= 0xfe) foreign = true;
    else if (byte >= 0xad) {
      if (!isForeign(byte, bytes[at + 1] ?? 0)) continue;
      foreignStreak = at - lastForeign <= ESCAPE_STEP ? foreignStreak + 1 : 1;
      lastForeign = at;
      if (foreignStreak >= DASHES) foreign = true;
    } else if (isEscape(byte, bytes[at + 1] ?? 0)) {
      escapeStreak = at - lastEscape <= ESCAPE_STEP ? escapeStreak + 1 : 1;
      lastEscape = at;
      if (escapeStreak >= DASHES) escapes = true;
    }
  }
  return { signs: { loose, base64, numbers: hasNumbers, escapes, foreign }, spans };
}

/** True when there are as many letters of keys as one has, whatever stands between them. */
export function holdsKeyLetters(bytes: Uint8Array): boolean {
  let letters = 0;
  for (let at = 0; at < bytes.length; at++) if ((CLASS[bytes[at]!]! & KEY) !== 0 && ++letters === KEY_LETTERS) return true;
  return false;
}

/** U+2010 to U+206F, the minus sign, full-width letters, the soft hyphen (C2 AD), tags; accents in prose are none of these. */
function isForeign(first: number, second: number): boolean {
  return (first === 0xe2 && (second === 0x80 || second === 0x81 || second === 0x88)) || first === 0xef || first === 0xad || first === 0xf3;
}

/** `&#`, `&n`, `\u`, `\x`, `+A`, `%2`, `=2`. */
function isEscape(first: number, second: number): boolean {
  switch (first) {
    case 0x26:
      return second === 0x23 || (CLASS[second]! & WORD) !== 0;
    case 0x5c:
      return second === 0x75 || second === 0x78;
    case 0x2b:
      return second === 0x41; // a dash in UTF-7 is `+AC0-`
    case 0x25:
    case 0x3d:
      return (CLASS[second]! & HEX) !== 0;
    default:
      return false;
  }
}
