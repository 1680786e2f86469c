// Finds 5x5 shaped text in bytes: ASCII and UTF-16 of either order at any alignment, in jumps as long as a key.

export interface KeyText {
  readonly text: string; // upper case, with dashes
  readonly offset: number; // in the bytes given
  readonly encoding: 'ascii' | 'utf-16le';
  readonly before: string;
}

const KEY_UNITS = 29;
const BEFORE_UNITS = 64;
const LETTER = 1;
const DASH = 2;
/** Letters, digits and dashes: glued to one of them it is no key but a piece of something longer. */
const WORD = 4;

const CLASS = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-')
  for (const form of [char, char.toLowerCase()]) CLASS[form.charCodeAt(0)]! |= WORD;
// The 24 letters of a key and N, which keys of Windows 8 and later hold once.
for (const char of 'BCDFGHJKMNPQRTVWXY2346789') for (const form of [char, char.toLowerCase()]) CLASS[form.charCodeAt(0)]! |= LETTER;
CLASS[0x2d]! |= DASH;
const IN_KEY = LETTER | DASH;
/** 1 for each of both. */
const LETTER_OR_DASH = CLASS.map((kind) => ((kind & IN_KEY) === 0 ? 0 : 1));

/** Calls `found` for every candidate in `data`, in no particular order. */
export function scanProductKeys(data: Uint8Array, found: (key: KeyText) => void): void {
  scanUnits(data, 0, 1, found);
  scanUnits(data, 0, 2, found);
  scanUnits(data, 1, 2, found);
}

/**
 * Units of `width` bytes from `start`. A probe that can be in no key skips a whole key's length (as Boyer and Moore do). Three units are probed at once:
 * of one alone, every second letter of a text could be in a key, and a processor cannot guess which.
 */
function scanUnits(data: Uint8Array, start: number, width: 1 | 2, found: (key: KeyText) => void): void {
  // In big-endian text the zero stands before the letter, so the last letter of the content has none behind it.
  const units = Math.ceil((data.length - start) / width);
  const wide = width === 2;
  const inKey = (unit: number): boolean => {
    const at = start + unit * width;
    return (CLASS[data[at]!]! & IN_KEY) !== 0 && (!wide || (data[at + 1] ?? 0) === 0);
  };
  let probe = KEY_UNITS - 1;
  while (probe < units) {
    probe = wide ? nextWide(data, start, probe, units) : nextNarrow(data, probe, units);
    if (probe >= units) return;
    if (!inKey(probe)) {
      probe += KEY_UNITS;
      continue;
    }
    let first = probe;
    const lowest = probe - KEY_UNITS + 1;
    while (first > lowest && inKey(first - 1)) first--;
    if (first > lowest) {
      probe = first + KEY_UNITS - 1;
      continue;
    }
    // All units up to here could be in a key: look at every start while that goes on, so that long runs cost no more than their length.
    while (probe < units && inKey(probe)) {
      const unit = probe - KEY_UNITS + 1;
      if (isKey(data, start, width, unit, units)) found(keyAt(data, start, width, unit));
      probe++;
    }
    probe += KEY_UNITS;
  }
}

/** The first of the units from `probe` on, in steps, at which three that follow each other could be in a key; the number of units when there is none. */
function nextNarrow(data: Uint8Array, probe: number, units: number): number {
  let at = probe;
  while (at < units && (LETTER_OR_DASH[data[at]!]! & LETTER_OR_DASH[data[at - 1]!]! & LETTER_OR_DASH[data[at - 2]!]!) === 0)
    at += KEY_UNITS - 2;
  return at;
}

function nextWide(data: Uint8Array, start: number, probe: number, units: number): number {
  // The last unit may be half; whoever asked looks at it by itself.
  for (let unit = probe; ; unit += KEY_UNITS - 2) {
    if (unit + 1 >= units) return unit;
    const at = start + unit * 2;
    const low = LETTER_OR_DASH[data[at]!]! & LETTER_OR_DASH[data[at - 2]!]! & LETTER_OR_DASH[data[at - 4]!]!;
    if (low !== 0 && (data[at + 1]! | data[at - 1]! | data[at - 3]!) === 0) return unit;
  }
}

function isKey(data: Uint8Array, start: number, width: 1 | 2, unit: number, units: number): boolean {
  // No function of its own for the class at a place: a long run of letters comes through here once for each of them.
  const from = start + unit * width;
  for (let index = 5; index < KEY_UNITS; index += 6) if (!(CLASS[data[from + index * width]!]! & DASH)) return false;
  let marks = 0;
  for (let index = 0; index < KEY_UNITS; index++) {
    if (index % 6 === 5) continue;
    const byte = data[from + index * width]!;
    if (!(CLASS[byte]! & LETTER)) return false;
    if ((byte | 0x20) === 0x6e) marks++;
  }
  return marks <= 1 && !isWord(data, start, width, unit - 1, units) && !isWord(data, start, width, unit + KEY_UNITS, units);
}

function isWord(data: Uint8Array, start: number, width: 1 | 2, unit: number, units: number): boolean {
  if (unit < 0 || unit >= units) return false;
  const at = start + unit * width;
  return (CLASS[data[at]!]! & WORD) !== 0 && (width === 1 || (data[at + 1] ?? 0) === 0);
}

function keyAt(data: Uint8Array, start: number, width: 1 | 2, unit: number): KeyText {
  const decode = (from: number, to: number) => {
    const bytes = Buffer.alloc((to - from) * width); // zeros, for the half of a unit that the content may lack
    bytes.set(data.subarray(start + from * width, start + to * width));
    return bytes.toString(width === 2 ? 'utf16le' : 'latin1');
  };
  return {
    text: decode(unit, unit + KEY_UNITS).toUpperCase(),
    offset: start + unit * width,
    encoding: width === 2 ? 'utf-16le' : 'ascii',
    before: decode(Math.max(0, unit - BEFORE_UNITS), unit).replace(/^.*[\r\n\0]/s, ''),
  };
}
