// Stretches of a text that may be something in Base64 or as hexadecimal digits: found letter by letter, since an expression takes ten times as long.

export interface CodedRun {
  readonly text: string;
  /** Where it begins, in characters. */
  readonly index: number;
}

export interface CodedRuns {
  readonly base64: readonly CodedRun[];
  /** Digits with nothing between them, two for each byte; `0x` may stand before them. */
  readonly hex: readonly CodedRun[];
}

/** A key in Base64 has 34 characters at least; longer runs than that of a stored value are other data. */
export const BASE64_LEAST = 34;
export const BASE64_MOST = 8192;
/** A key has 25 letters. */
const HEX = /(?<![0-9a-z])(?:0x)?(?:[0-9a-f]{2}){25,}(?![0-9a-z])/gi;
const HEX_LEAST = 50;

const IN_BASE64 = new Uint8Array(128);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') IN_BASE64[char.charCodeAt(0)] = 1;
const EQUALS = 0x3d;

/** At most `most` of each kind, in order. */
export function codedRuns(text: string, most: number): CodedRuns {
  const [base64, hex] = [[] as CodedRun[], [] as CodedRun[]];
  let length = 0;
  for (let at = 0; at <= text.length; at++) {
    if ((IN_BASE64[text.charCodeAt(at)] ?? 0) !== 0) {
      length++;
      continue;
    }
    if (length >= BASE64_LEAST) take(at - length, at);
    length = 0;
  }
  return { base64, hex };

  function take(from: number, end: number): void {
    let signs = 0;
    while (signs < 3 && text.charCodeAt(end + signs) === EQUALS) signs++;
    // Not with more behind it than Base64 ends with, and not with more of it behind its end.
    const isWhole = signs < 3 && (signs === 0 || (IN_BASE64[text.charCodeAt(end + signs)] ?? 0) === 0);
    if (isWhole && end - from <= BASE64_MOST && base64.length < most) base64.push({ text: text.slice(from, end), index: from });
    if (end - from < HEX_LEAST || hex.length >= most) return;
    for (const match of text.slice(from, end).matchAll(HEX)) if (hex.length < most) hex.push({ text: match[0], index: from + match.index });
  }
}
