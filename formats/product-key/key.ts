// Windows product keys as numbers: base 24 both ways, the fields and the checksum of the keys that hold an N.
import { FormatError } from '../bytes.ts';

/** The 24 letters in the order of their value; N is none of them, it marks the keys of Windows 8 and later. */
export const ALPHABET = 'BCDFGHJKMPQRTVWXY2346789';

/** Bytes of a key as stored in DigitalProductId and DigitalProductId4 (the 16th byte of the field is unused). */
export const KEY_BYTES = 15;
const LETTERS = 25;
const FORMAT = 'product key';
/** Bit 115: the key has an N. The often copied test `(byte14 / 6) & 1` is wrong for some values of byte 14; measured. */
const N_FLAG = 1n << 115n;
const NUMBER_MASK = N_FLAG - 1n;
const CHECKSUM_MASK = 0x3ffn << 103n;
const SHAPE = /^(?:[BCDFGHJKMNPQRTVWXY2346789]{5}-){4}[BCDFGHJKMNPQRTVWXY2346789]{5}$/;

/** Field plan by awuctl/licensing-stuff (product-keys.md); holds for every key with an N that Microsoft publishes. */
export interface KeyFields {
  readonly group: number; // bits 0-19
  readonly serial: number; // bits 20-49
  readonly security: bigint; // bits 50-102
  readonly checksum: number; // bits 103-112
  readonly upgrade: boolean; // bit 113
  readonly extra: boolean; // bit 114
}

export interface ProductKey {
  readonly text: string; // five groups of five with dashes
  /** pkey2009: Windows 8 and later, one N, with a checksum. pkey2005: Vista, 7, Office 2010; no check is possible without the public key. */
  readonly algorithm: 'pkey2005' | 'pkey2009';
  /** undefined for pkey2005, whose fields lie otherwise. */
  readonly fields: KeyFields | undefined;
  /** Whether the checksum fits; undefined for pkey2005. */
  readonly valid: boolean | undefined;
}

/** The key behind the stored bytes, or undefined when they are all zero (a key that was cleared, as MAK activation and `slmgr /cpky` do). */
export function decodeKey(bytes: Uint8Array): ProductKey | undefined {
  if (bytes.length < KEY_BYTES) throw new FormatError(FORMAT, `is too short (${bytes.length} bytes, ${KEY_BYTES} wanted)`);
  const stored = numberOf(bytes.subarray(0, KEY_BYTES));
  if (stored === 0n) return undefined;
  if (stored >> 116n !== 0n) throw new FormatError(FORMAT, 'has bits above the N flag', KEY_BYTES - 1);
  const hasN = (stored & N_FLAG) !== 0n;
  return productKeyOf(textOf(stored & NUMBER_MASK, hasN));
}

/** The 15 bytes that hold a key; the other way round of `decodeKey`. */
export function encodeKey(text: string): Uint8Array {
  const { number, hasN } = readText(text);
  const bytes = new Uint8Array(KEY_BYTES);
  let rest = hasN ? number | N_FLAG : number;
  for (let at = 0; at < KEY_BYTES; at++) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** Reads the text of a key; FormatError for what is not shaped like one. A wrong checksum is no error but `valid: false`. */
export function productKeyOf(text: string): ProductKey {
  const { number, hasN } = readText(text);
  if (!hasN) return { text, algorithm: 'pkey2005', fields: undefined, valid: undefined };
  const fields = fieldsOf(number);
  return { text, algorithm: 'pkey2009', fields, valid: fields.checksum === checksumOf(number) && !fields.upgrade && !fields.extra };
}

/** The text of a number below 2^115. */
export function textOf(number: bigint, hasN: boolean): string {
  const digits: number[] = [];
  let rest = number;
  for (let at = 0; at < LETTERS - 1; at++) {
    digits.unshift(Number(rest % 24n));
    rest /= 24n;
  }
  const first = Number(rest); // the place of the N, 0 to 24, or one more letter
  if (first > (hasN ? 24 : 23)) throw new FormatError(FORMAT, 'is larger than 25 letters can say');
  const letters = digits.map((digit) => ALPHABET[digit]).join('');
  const whole = hasN ? `${letters.slice(0, first)}N${letters.slice(first)}` : `${ALPHABET[first]}${letters}`;
  return whole.replace(/(.{5})(?=.)/g, '$1-');
}

/** The checksum that a number with an N must carry: the low 10 bits of CRC-32/BZIP2 over its 16 bytes without the checksum's own bits. */
export function checksumOf(number: bigint): number {
  let crc = 0xffffffff;
  let rest = number & ~CHECKSUM_MASK;
  for (let at = 0; at < 16; at++) {
    crc ^= Number(rest & 0xffn) << 24;
    rest >>= 8n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return ~crc & 0x3ff;
}

/**
 * A text that only stands for a key: few letters, one letter a group, or a run of the alphabet.
 * Real texts in the wild hold XXXXX-XXXXX-…, BBBBB-CCCCC-… and the like; none of the published keys has fewer than 9 different letters.
 */
export function isPlaceholder(text: string): boolean {
  const letters = text.replaceAll('-', '');
  if (new Set(letters).size <= 4) return true;
  const groups = text.split('-');
  if (groups.every((group) => new Set(group).size <= 1)) return true;
  return letters.startsWith(ALPHABET.slice(0, 15)) || groups.every((group) => group === groups[0]);
}

function readText(text: string): { number: bigint; hasN: boolean } {
  if (!SHAPE.test(text)) throw new FormatError(FORMAT, 'is not five groups of five letters of the key alphabet');
  const letters = text.replaceAll('-', '');
  const at = letters.indexOf('N');
  if (at !== letters.lastIndexOf('N')) throw new FormatError(FORMAT, 'has more than one N');
  const hasN = at >= 0;
  const digits = hasN ? letters.replace('N', '') : letters;
  let number = hasN ? BigInt(at) : 0n;
  for (const letter of digits) number = number * 24n + BigInt(ALPHABET.indexOf(letter));
  return { number, hasN };
}

function fieldsOf(number: bigint): KeyFields {
  return {
    group: Number(number & 0xfffffn),
    serial: Number((number >> 20n) & 0x3fffffffn),
    security: (number >> 50n) & ((1n << 53n) - 1n),
    checksum: Number((number >> 103n) & 0x3ffn),
    upgrade: ((number >> 113n) & 1n) === 1n,
    extra: ((number >> 114n) & 1n) === 1n,
  };
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
