// What PowerShell makes of a script's literals: escapes, texts put together from pieces, formats, characters by number.
import { type MappedText, replaceMapped } from './mapped.ts';

/** Each round joins what the one before has made. */
const ROUNDS_MAX = 4;

/** Texts of one line without quotes inside: what is put together to hide a name is short. */
const LITERAL = String.raw`(?:'([^'\r\n]{0,500})'|"([^"\r\n$]{0,500})")`;
const CHARACTER = /\[char\]\s*(?:\(\s*)?(0x[0-9a-f]{1,4}|\d{1,5})(?:\s*\))?/gi;
const JOINED = /['"]\s*\+\s*['"]/g;
const FORMAT = new RegExp(String.raw`${LITERAL}\s*-f\s*((?:['"][^'"\r\n]{0,200}['"]\s*,\s*){0,30}['"][^'"\r\n]{0,200}['"])`, 'gi');
const REPLACED = new RegExp(
  String.raw`${LITERAL}(?:\.replace\(\s*${LITERAL}\s*,\s*${LITERAL}\s*\)|\s*-c?replace\s*${LITERAL}\s*,\s*${LITERAL})`,
  'gi',
);

export function plainPowerShell(source: MappedText): MappedText {
  // `n and its kind end a word, any other backtick is dropped; at the end of a line it joins the next one.
  let text = replaceMapped(source, /`(\r?\n|[^\r\n])/g, ([, next]) => escapeOf(next!));
  text = replaceMapped(text, CHARACTER, ([, code]) => quoted(String.fromCharCode(Number(code))));
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = text;
    text = replaceMapped(text, FORMAT, formatted);
    text = replaceMapped(text, REPLACED, replaced);
    text = replaceMapped(text, /(?<!\w)\(\s*((?:'[^'\r\n]{0,500}'|"[^"\r\n]{0,500}"))\s*\)/g, ([, inner]) => inner);
    text = replaceMapped(text, JOINED, () => '');
    if (text === before) break;
  }
  return text;
}

function escapeOf(next: string): string {
  if (/^\r?\n$/.test(next)) return ' ';
  // Whether it stands in a text is not looked at: for a name split by backticks the letter counts, and `n before a word is rare.
  return next;
}

function quoted(character: string): string {
  return character === "'" ? `"'"` : `'${character}'`;
}

function formatted(match: RegExpExecArray): string {
  const template = match[1] ?? match[2] ?? '';
  const given = [...match[3]!.matchAll(/(['"])([^'"\r\n]*)\1/g)].map((one) => one[2]!);
  return `'${template.replace(/\{(\d{1,2})\}/g, (whole, index: string) => given[Number(index)] ?? whole)}'`;
}

function replaced(match: RegExpExecArray): string {
  const [value = '', old = '', by = ''] = match.slice(1).filter((group) => group !== undefined);
  return old === '' ? match[0] : `'${value.split(old).join(by)}'`;
}
