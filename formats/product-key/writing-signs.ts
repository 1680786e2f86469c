// What of a content could be a product key in another writing: one pass over the bytes, so that only few texts are decoded and searched.
import { searchSigns } from '../byte-search/byte-search.ts';
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

const KEY_LETTERS = 25;
/** 1 for each letter of keys. */
const IN_KEYS = new Uint8Array(256);
for (const char of 'BCDFGHJKMNPQRTVWXY2346789') for (const form of [char, char.toLowerCase()]) IN_KEYS[form.charCodeAt(0)] = 1;

export function writingSigns(bytes: Uint8Array): SeenSigns {
  return searchSigns(bytes, { least: BASE64_LEAST, most: BASE64_MOST });
}

/** True when there are as many letters of keys as one has, whatever stands between them. */
export function holdsKeyLetters(bytes: Uint8Array): boolean {
  let letters = 0;
  for (let at = 0; at < bytes.length; at++) if (IN_KEYS[bytes[at]!] === 1 && ++letters === KEY_LETTERS) return true;
  return false;
}
