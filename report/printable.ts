// Text from an image as a person may see it: what could forge or hide lines of a report is written out.

/** Control characters, line and paragraph separators, and what reorders or hides text (bidi, zero width, tags, lone surrogates). */
const UNPRINTABLE =
  /[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** One line, whatever the text holds: `a\nb` becomes `a\u{a}b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
