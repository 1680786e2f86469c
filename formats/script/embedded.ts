// What a script carries in coded form: commands for PowerShell, texts and programs in Base64, cabinets in Base85.
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { MappedText } from './mapped.ts';

export type CarriedKind = 'program' | 'cabinet' | 'zip' | '7z' | 'rar' | 'text' | 'unknown';

export interface Carried {
  readonly kind: CarriedKind;
  readonly coding: 'encoded command' | 'base64' | 'base85';
  readonly offset: number; // of the coded text in the file
  /** Decoded, and unpacked when it was packed; empty when the alphabet is not known. */
  readonly bytes: Uint8Array;
  /** Set when it could not be unpacked to its end. */
  readonly fault?: string;
}

/** Coded texts in one script; a self-extracting one has a few large ones. */
const CARRIED_MAX = 256;
/** Decoded bytes of one of them. */
const DECODED_MAX = 32 * 1024 * 1024;
/** Shorter runs of letters and digits are names, hashes and keys. */
const RUN_MIN = 512;
const LINE_MIN = 32;

const BEGINNINGS: readonly (readonly [CarriedKind, readonly number[]])[] = [
  ['program', [0x4d, 0x5a]],
  ['cabinet', [0x4d, 0x53, 0x43, 0x46]],
  ['zip', [0x50, 0x4b, 3, 4]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['rar', [0x52, 0x61, 0x72, 0x21]],
];

export interface CarriedTexts {
  readonly carried: readonly Carried[];
  /** True when there were more than are looked at. */
  readonly flooded: boolean;
}

export function carriedIn(source: MappedText): CarriedTexts {
  const carried: Carried[] = [];
  for (const one of allIn(source)) {
    if (carried.some(({ offset, coding }) => offset === one.offset && coding === one.coding)) continue;
    if (carried.length >= CARRIED_MAX) return { carried, flooded: true };
    carried.push(one);
  }
  return { carried, flooded: false };
}

function* allIn(source: MappedText): Iterable<Carried> {
  yield* encodedCommands(source);
  yield* decodedLiterals(source);
  yield* base64Runs(source);
  yield* base85Runs(source);
}

/** PowerShell takes any beginning of `-EncodedCommand`, and `-ec`; a dash may be a long one or a slash. */
function* encodedCommands(source: MappedText): Iterable<Carried> {
  const expression = /(?<![\w])[-/\u2010-\u2015]([a-z]{1,14})[:\s]\s*["']?([A-Za-z0-9+/]{8,}={0,2})/gi;
  for (const match of source.text.matchAll(expression)) {
    const name = match[1]!.toLowerCase();
    if (!('encodedcommand'.startsWith(name) || name === 'ec')) continue;
    const bytes = Buffer.from(match[2]!, 'base64');
    if (!looksWide(bytes)) continue;
    yield { kind: 'text', coding: 'encoded command', offset: source.at(match.index), bytes: new Uint8Array(bytes) };
  }
}

/** Every second byte of a command in Latin letters is zero. */
function looksWide(bytes: Buffer): boolean {
  const zeros = bytes.reduce((sum, byte, at) => sum + (at % 2 === 1 && byte === 0 ? 1 : 0), 0);
  return bytes.length >= 4 && zeros >= bytes.length / 4;
}

function* decodedLiterals(source: MappedText): Iterable<Carried> {
  for (const match of source.text.matchAll(/FromBase64String\s*\(\s*["']([A-Za-z0-9+/=\s]{16,})["']/gi))
    yield unpacked('base64', source.at(match.index), Buffer.from(match[1]!, 'base64'));
}

/** Runs that go over several lines, each of which may be echoed into a file or be a comment. */
function* base64Runs(source: MappedText): Iterable<Carried> {
  let [run, start] = ['', 0];
  for (const { text, index } of linesOf(source.text)) {
    const line = codedLine(text);
    const short = line !== undefined && line.length < LINE_MIN;
    if (line !== undefined && (!short || run !== '')) {
      if (run === '') start = index;
      run += line;
      if (!short && !line.endsWith('=')) continue;
    }
    yield* wholeRun(source, run, start);
    run = '';
    if (line === undefined) for (const { at, end } of longRuns(text)) yield* wholeRun(source, text.slice(at, end), index + at);
  }
  yield* wholeRun(source, run, start);
}

const OPENS = /[\s"'(@]*/y;
const SAYS = /(?:echo[.:\s(]|::|rem\s|#|')?/iy;
const QUOTES = /[\s"']*/y;
const CLOSES = /^[\s"'),;]*(?:[&+]\s*_?|>>?.*|\^)?$/;

/** What a line says when that is one coded word alone. Part by part: one expression for all of it would try a long line again at each letter. */
function codedLine(text: string): string | undefined {
  let from = 0;
  for (const part of [OPENS, SAYS, QUOTES]) {
    part.lastIndex = from;
    if (part.test(text)) from = part.lastIndex;
  }
  const end = endOfRun(text, from);
  if (end === from) return undefined;
  const padded = text[end] === '=' ? end + (text[end + 1] === '=' ? 2 : 1) : end;
  const rest = text.slice(padded).trimEnd();
  if (CLOSES.test(rest)) return text.slice(from, padded);
  // The sign that joins it to the next line may stand right behind it.
  return text[end - 1] === '+' && /^\s*_$/.test(rest) ? text.slice(from, end - 1) : undefined;
}

/** Where letters of Base64 that begin at `from` end. */
function endOfRun(text: string, from: number): number {
  let end = from;
  while (CODED[text.charCodeAt(end)]) end++;
  return end;
}

const CODED: readonly boolean[] = Array.from({ length: 128 }, (_, code) => /[A-Za-z0-9+/]/.test(String.fromCharCode(code)));

/** Runs of `RUN_MIN` letters and more, with their padding. */
function* longRuns(text: string): Iterable<{ readonly at: number; readonly end: number }> {
  // Of a run that is long enough one of these places is a letter.
  for (let probe = RUN_MIN - 1; probe < text.length; ) {
    let at = probe;
    while (CODED[text.charCodeAt(at - 1)] && at > probe - RUN_MIN) at--;
    const letters = endOfRun(text, probe);
    if (letters > probe && letters - at >= RUN_MIN)
      yield { at, end: text.startsWith('==', letters) ? letters + 2 : letters + (text[letters] === '=' ? 1 : 0) };
    probe = letters + RUN_MIN;
  }
}

function* wholeRun(source: MappedText, run: string, start: number): Iterable<Carried> {
  if (run.length < RUN_MIN) return;
  const found = unpacked('base64', source.at(start), Buffer.from(run, 'base64'));
  if (found.kind !== 'unknown') yield found;
}

/**
 * Base85 has many alphabets, but a cabinet begins `MSCF` and four zero bytes in all of them: its second group is one digit five times.
 * With 60 and more different characters in one run it is no line of a table.
 */
function* base85Runs(source: MappedText): Iterable<Carried> {
  for (const match of source.text.matchAll(/(?<![^\s:"'])(?::{1,3}|["'])?([\x21-\x7e]{5}([\x21-\x7e])\2{4}[\x21-\x7e]{54,400})/g)) {
    const run = match[1]!;
    const behind = source.text.slice(match.index, match.index + 4096).replace(/[\s:]/g, '');
    if (behind.length < RUN_MIN || new Set(behind).size < 60 || new Set(run.slice(0, 5)).size < 3) continue;
    yield { kind: 'cabinet', coding: 'base85', offset: source.at(match.index), bytes: new Uint8Array() };
  }
}

function unpacked(coding: 'base64', offset: number, decoded: Buffer): Carried {
  const inflated = inflate(decoded);
  const bytes = inflated.bytes.subarray(0, DECODED_MAX);
  const fault = inflated.fault ? { fault: inflated.fault } : {};
  return { kind: kindOf(bytes), coding, offset, bytes: new Uint8Array(bytes), ...fault };
}

/** gzip, zlib, or a raw deflate stream, which has no mark of its own and is taken only when it gives text or a known beginning. */
function inflate(data: Buffer): { bytes: Buffer; fault?: string } {
  const known = kindOf(data);
  if (known !== 'unknown') return { bytes: data };
  const options = { maxOutputLength: DECODED_MAX };
  try {
    if (data[0] === 0x1f && data[1] === 0x8b) return { bytes: gunzipSync(data, options) };
    if (data[0] === 0x78 && data.readUInt16BE(0) % 31 === 0) return { bytes: inflateSync(data, options) };
  } catch (error) {
    return { bytes: data, fault: `cannot be unpacked (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
  try {
    const bytes = inflateRawSync(data, options);
    return kindOf(bytes) === 'unknown' ? { bytes: data } : { bytes };
  } catch {
    return { bytes: data };
  }
}

function kindOf(bytes: Uint8Array): CarriedKind {
  const known = BEGINNINGS.find(([, beginning]) => beginning.every((byte, at) => bytes[at] === byte));
  if (known) return known[0];
  return looksLikeText(bytes) ? 'text' : 'unknown';
}

function looksLikeText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 512);
  let printable = 0;
  for (const byte of sample) if ((byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13) printable++;
  if (sample.length < 8) return false;
  return printable >= sample.length * 0.9 || (printable >= sample.length * 0.45 && looksWide(Buffer.from(sample)));
}

function* linesOf(text: string): Iterable<{ readonly text: string; readonly index: number }> {
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    yield { text: text.slice(from, to), index: from };
    from = to + 1;
  }
}
