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

/** Where letters of Base64 stand, 34 or more, with none before and behind: begin and end by turns, in characters. */
export type Spans = readonly number[];

/** At most `most` of each kind, in order. @param spans all of the text, where they are known */
export function codedRuns(text: string, most: number, spans: Spans = spansOf(text)): CodedRuns {
  const [base64, hex] = [[] as CodedRun[], [] as CodedRun[]];
  for (let at = 0; at + 1 < spans.length && (base64.length < most || hex.length < most); at += 2) take(spans[at]!, spans[at + 1]!);
  return { base64, hex };

  function take(from: number, end: number): void {
    let signs = 0;
    while (signs < 3 && text.charCodeAt(end + signs) === EQUALS) signs++;
    // Not with more behind it than Base64 ends with, and not with more of it behind its end.
    const isWhole = signs < 3 && (signs === 0 || !isLetter(text.charCodeAt(end + signs)));
    if (isWhole && end - from <= BASE64_MOST && base64.length < most) base64.push({ text: text.slice(from, end), index: from });
    if (end - from < HEX_LEAST || hex.length >= most) return;
    for (const match of text.slice(from, end).matchAll(HEX)) if (hex.length < most) hex.push({ text: match[0], index: from + match.index });
  }
}

function spansOf(text: string): Spans {
  const spans: number[] = [];
  let length = 0;
  for (let at = 0; at <= text.length; at++) {
    if (isLetter(text.charCodeAt(at))) {
      length++;
      continue;
    }
    if (length >= BASE64_LEAST) spans.push(at - length, at);
    length = 0;
  }
  return spans;
}

/** False behind the end of a text, too: what stands there is no number. */
function isLetter(code: number): boolean {
  return code < IN_BASE64.length && IN_BASE64[code] === 1;
}
