// Finds 5x5 shaped text in bytes: ASCII and UTF-16 of either order at any alignment.
import { searchKeyDashes } from '../byte-search/byte-search.ts';

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

/** Calls `found` for every candidate in `data`, in no particular order. */
export function scanProductKeys(data: Uint8Array, found: (key: KeyText) => void): void {
  searchKeyDashes(data, (dash) => Math.max(scanRun(data, dash, 1, found), scanRun(data, dash, 2, found)));
}

/** Looks at all units of `width` bytes around `at` that could be in a key, and says where they end. */
function scanRun(data: Uint8Array, at: number, width: 1 | 2, found: (key: KeyText) => void): number {
  // In big-endian text the zero stands before the letter, so the last letter of the content has none behind it.
  const inKey = (unit: number): boolean => (CLASS[data[unit]!]! & IN_KEY) !== 0 && (width === 1 || (data[unit + 1] ?? 0) === 0);
  if (!inKey(at)) return at;
  let [first, end] = [at, at + width];
  while (first >= width && inKey(first - width)) first -= width;
  while (end < data.length && inKey(end)) end += width;
  const start = first % width;
  const units = Math.ceil((data.length - start) / width);
  // Every start, so that long runs cost no more than their length.
  for (let unit = (first - start) / width; unit + KEY_UNITS <= (end - start) / width; unit++)
    if (isKey(data, start, width, unit, units)) found(keyAt(data, start, width, unit));
  return end;
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
