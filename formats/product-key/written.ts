// Product keys in text that is not plain: without or with other dashes, as escapes, as numbers, in Base64, as a stored DigitalProductId.
import { FormatError } from '../bytes.ts';
import { type CodedRun, type CodedRuns, codedRuns, type Spans } from './coded-runs.ts';
import { parseDigitalProductId, parseDigitalProductId4 } from './digital-product-id.ts';
import { type ProductKey, productKeyOf } from './key.ts';
import { holdsKeyLetters, type WritingSigns } from './writing-signs.ts';

export interface WrittenKey {
  readonly key: ProductKey;
  /** Phrase for people: `in Base64`. */
  readonly how: string;
  /** Where its writing begins in the text, in characters. */
  readonly index: number;
}

/** Coded runs in one text that are decoded; more is data and no writing of a person. */
const RUNS_MAX = 2000;
/** Characters of a coded run that are decoded: the largest stored value, 1272 bytes, as `0x00, ` each. */
const RUN_MAX = 8192;

const LETTER = '[BCDFGHJKMNPQRTVWXY2346789]';
const DASHES = '[-\\u2010-\\u2015\\u2212_.: ]';
/** Five groups with the same thing, or nothing, between them. Glued to another letter it is a piece of something longer. */
const LOOSE = new RegExp(`(?<![A-Za-z0-9+/])${LETTER}{5}(?:(${DASHES}{0,3})${LETTER}{5})(?:\\1${LETTER}{5}){3}(?![A-Za-z0-9+/])`, 'gi');
const ESCAPES =
  /&#x[0-9a-f]{1,6};|&#\d{1,7};|\\u\{?[0-9a-f]{4}\}?|\\x[0-9a-f]{2}|%[0-9a-f]{2}|=[0-9A-F]{2}|&(?:hyphen|dash|ndash|shy|ZeroWidthSpace|zwnj|zwj);/gi;
/** Digits with something between them, or before each two of them. */
const HEX =
  /(?<![0-9A-Za-z])(?:(?:0x|\\x|&h)?[0-9a-f]{2}(?:[\s,;:\\]{1,8}(?=(?:0x|\\x|&h)?[0-9a-f]{2}\b)|(?=(?:0x|\\x|&h)?[0-9a-f]{2}))){24,}(?:0x|\\x|&h)?[0-9a-f]{2}(?![0-9a-z])/gi;
/** Numbers of characters as scripts put them together. */
const DECIMAL = /(?<![\d.])(?:\d{2,3}[\s,;]{1,3}){24,60}\d{2,3}(?![\d.])/g;

/** Bytes of the smaller stored value. */
const STORED_LEAST = 164;
const NONE: CodedRuns = { base64: [], hex: [] };
const ANY: WritingSigns = { loose: true, escapes: true, base64: true, numbers: true, foreign: true };

/**
 * Every key in `text` that is not written in the plain form with dashes; keys without an N only in stored values, where they cannot be anything else.
 * Writings of which `signs` says that there are none are not looked for. `spans` are those of this very text.
 */
export function keysWritten(text: string, signs: WritingSigns = ANY, spans?: Spans): readonly WrittenKey[] {
  const found = new Map<string, WrittenKey>();
  const add = (key: ProductKey, how: string, index: number) => {
    if (!found.has(key.text)) found.set(key.text, { key, how, index });
  };
  const wants = (sign: keyof WritingSigns) => signs[sign] || signs.foreign;
  for (const { key, index, separator } of wants('loose') ? looseKeys(text) : []) {
    if (separator !== '-') add(key, separator === '' ? 'without dashes' : 'with other signs for dashes', index);
  }
  const plain = wants('escapes') ? withoutEscapes(text) : text;
  if (plain !== text) for (const { key } of looseKeys(plain)) if (!text.toUpperCase().includes(key.text)) add(key, 'as escapes', 0);
  const { base64, hex } = wants('base64') ? codedRuns(text, RUNS_MAX, spans) : NONE;
  for (const run of base64) keysOfBytes(Buffer.from(run.text, 'base64'), 'in Base64', run.index, add);
  const spaced = wants('numbers') || signs.escapes ? runs(text, HEX) : [];
  for (const run of [...hex, ...spaced]) {
    const digits = run.text
      .slice(0, RUN_MAX)
      .replace(/0x|\\x|&h/gi, '')
      .replace(/[^0-9a-f]/gi, '');
    keysOfBytes(Buffer.from(digits.slice(0, digits.length & ~1), 'hex'), 'as hexadecimal numbers', run.index, add);
  }
  for (const { text: run, index } of wants('numbers') ? runs(text, DECIMAL) : []) {
    const codes = run
      .slice(0, RUN_MAX)
      .split(/[\s,;]+/)
      .map(Number);
    if (codes.every((code) => code < 256)) keysOfBytes(Buffer.from(codes), 'as numbers', index, add);
  }
  return [...found.values()];
}

type Add = (key: ProductKey, how: string, index: number) => void;

function keysOfBytes(bytes: Buffer, how: string, index: number, add: Add): void {
  if (bytes.length < STORED_LEAST && !holdsKeyLetters(bytes)) return;
  const stored = storedKey(bytes);
  if (stored) {
    add(stored, `${how}, as a stored value`, index);
    return;
  }
  const wide = bytes.length > 1 && bytes[1] === 0;
  for (const { key } of looseKeys(bytes.toString(wide ? 'utf16le' : 'latin1'))) add(key, how, index);
}

/** DigitalProductId and DigitalProductId4 begin with their own size. */
function storedKey(bytes: Uint8Array): ProductKey | undefined {
  const parse = bytes.length >= 1272 ? parseDigitalProductId4 : parseDigitalProductId;
  try {
    return bytes.length >= STORED_LEAST ? parse(bytes).key : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

interface LooseKey {
  readonly key: ProductKey;
  readonly index: number;
  readonly separator: string;
}

/** Those with an N and a fitting checksum: without them any 25 letters would be one. */
function looseKeys(text: string): readonly LooseKey[] {
  const keys: LooseKey[] = [];
  for (const match of text.matchAll(LOOSE)) {
    const separator = match[1] ?? '';
    const letters = (separator === '' ? match[0] : match[0].replaceAll(separator, '')).toUpperCase();
    const key = validKey(letters.replace(/.{5}(?=.)/g, '$&-'));
    if (key) keys.push({ key, index: match.index, separator });
  }
  return keys;
}

function validKey(text: string): ProductKey | undefined {
  try {
    const key = productKeyOf(text);
    return key.valid === true ? key : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Character references, escapes of JSON, C, URLs and quoted-printable as the characters they mean; signs that nobody sees are gone. */
function withoutEscapes(text: string): string {
  return text
    .replace(/=\r?\n/g, '')
    .replace(ESCAPES, (coded) => {
      const decimal = /^&#(\d+);$/.exec(coded)?.[1];
      const hex = /([0-9a-f]+)\}?;?$/i.exec(coded)?.[1];
      if (/^&[a-z]/i.test(coded)) return /shy|zero|zw/i.test(coded) ? '' : '-';
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : coded;
    })
    .normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]|[\u{e0000}-\u{e007f}]/gu, '');
}

function* runs(text: string, expression: RegExp): Iterable<CodedRun> {
  let count = 0;
  for (const match of text.matchAll(expression)) {
    if (++count > RUNS_MAX) return;
    yield { text: match[0], index: match.index };
  }
}
