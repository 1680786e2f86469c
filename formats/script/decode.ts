// The bytes of a script as text with offsets: byte order marks, UTF-16 without one, code pages of consoles, zero bytes, look-alike letters.
import { bufferOf } from '../bytes.ts';
import { MappedBuilder, type MappedText } from './mapped.ts';

export type ScriptEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gbk' | 'ibm866' | 'ascii';

export interface DecodedScript {
  readonly encoding: ScriptEncoding;
  readonly text: MappedText;
}

/** Bytes from which the encoding is told when there is no mark. */
const SAMPLE = 8192;
/** Characters that nobody sees: zero-width ones, soft hyphens, direction marks. */
const INVISIBLE = /\u034f|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** Never fails: bytes that fit no encoding become replacement characters. Letters are brought to their plain form (NFKC). */
export function decodeScript(bytes: Uint8Array): DecodedScript {
  const { encoding, skip } = encodingOf(bytes);
  const builder = new MappedBuilder();
  if (encoding === 'utf-16le' || encoding === 'utf-16be') putWide(builder, bytes, skip, encoding);
  else putNarrow(builder, bytes, skip, encoding);
  return { encoding, text: builder.done() };
}

function encodingOf(bytes: Uint8Array): { encoding: ScriptEncoding; skip: number } {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', skip: 2 };
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', skip: 3 };
  const wide = wideOf(bytes.subarray(0, SAMPLE));
  if (wide) return { encoding: wide, skip: 0 };
  return { encoding: narrowOf(bytes), skip: 0 };
}

/** UTF-16 text of Latin letters has a zero in every second byte; which one tells the order. Padding with zeros has them anywhere. */
function wideOf(sample: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = sample.length >> 1;
  if (pairs < 2) return undefined;
  let [even, odd] = [0, 0];
  for (let at = 0; at + 1 < sample.length; at += 2) {
    if (sample[at] === 0 && sample[at + 1] !== 0) even++;
    if (sample[at] !== 0 && sample[at + 1] === 0) odd++;
  }
  if (odd > pairs * 0.5 && odd > 4 * even) return 'utf-16le';
  if (even > pairs * 0.5 && even > 4 * odd) return 'utf-16be';
  return undefined;
}

function narrowOf(bytes: Uint8Array): ScriptEncoding {
  if (isAscii(bytes)) return 'ascii';
  if (decodes('utf-8', bytes)) return 'utf-8';
  return decodes('gbk', bytes) ? 'gbk' : 'ibm866';
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! > 0x7f) return false;
  return true;
}

function decodes(encoding: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function putWide(builder: MappedBuilder, bytes: Uint8Array, skip: number, encoding: 'utf-16le' | 'utf-16be'): void {
  const even = bytes.subarray(skip, bytes.length - ((bytes.length - skip) % 2));
  // The decoder puts one replacement character for each lone surrogate, so that a character stays two bytes.
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(even);
  for (const [part, at] of partsOf(text, /[^\x01-\x7f]+/g)) {
    const plain = /^[\x01-\x7f]/.test(part);
    builder.put(plain ? part : plainForm(part), skip + 2 * at, plain ? 2 : 0);
  }
}

/** Runs of bytes that are not ASCII stand for one place each. In GBK the second byte of a letter may look like ASCII. */
function putNarrow(builder: MappedBuilder, bytes: Uint8Array, skip: number, encoding: ScriptEncoding): void {
  const data = bufferOf(bytes).subarray(skip);
  const decoder = new TextDecoder(encoding === 'ascii' ? 'utf-8' : encoding, { ignoreBOM: true });
  const foreign = encoding === 'gbk' ? /(?:[\x80-\xff][\x40-\xff]?|\0)+/g : /[\x80-\xff\0]+/g;
  for (const [part, at] of partsOf(data.toString('latin1'), foreign)) {
    const plain = /^[\x01-\x7f]/.test(part);
    builder.put(plain ? part : plainForm(decoder.decode(data.subarray(at, at + part.length))), skip + at, plain ? 1 : 0);
  }
}

/** The text cut at the matches: matches and what is between them, each with its index. */
function* partsOf(text: string, expression: RegExp): Iterable<readonly [string, number]> {
  let from = 0;
  for (const match of text.matchAll(expression)) {
    if (match.index > from) yield [text.slice(from, match.index), from];
    yield [match[0], match.index];
    from = match.index + match[0].length;
  }
  if (from < text.length) yield [text.slice(from), from];
}

function plainForm(text: string): string {
  return text.replaceAll('\0', '').normalize('NFKC').replace(INVISIBLE, '');
}
