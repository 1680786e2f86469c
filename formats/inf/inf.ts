// Driver information files (INF): sections, entries and strings, read from hostile text within bounds; what a driver is and when Windows starts it.
import { FormatError } from '../bytes.ts';

/** The largest INF files of display drivers stay below 2 MB. */
export const INF_MAX_BYTES = 8 * 1024 * 1024;
export const INF_MAX_LINES = 200_000;
const SECTIONS_MAX = 20_000;
/** A line and what continues it with a backslash. */
const LINE_MAX = 65_536;
/** A string names no string of its own in Windows, so one round is enough. */
const TOKEN = /%([^%\r\n]{0,255})%/g;

export interface InfEntry {
  /** Left of `=`, or '' when the line has none; tokens are replaced. */
  readonly key: string;
  /** Right of `=`, cut at commas outside quotes, without quotes. */
  readonly values: readonly string[];
  readonly line: number;
}

export interface Inf {
  /** Entries by section name in lower case; sections of one name are one. */
  readonly sections: ReadonlyMap<string, readonly InfEntry[]>;
}

/** @throws FormatError when the bytes are no text, too large, or hold no section */
export function parseInf(bytes: Uint8Array): Inf {
  const lines = joinedLines(decode(bytes));
  const raw = new Map<string, { text: string; line: number }[]>();
  let current: { text: string; line: number }[] | undefined;
  for (const { text, line } of lines) {
    const name = /^\[([^\]]{1,255})\]\s*$/.exec(text)?.[1];
    if (name !== undefined) {
      const key = unquoted(name.trim()).toLowerCase();
      current = raw.get(key) ?? [];
      raw.set(key, current);
      if (raw.size > SECTIONS_MAX) throw new FormatError('INF', `has more than ${SECTIONS_MAX} sections`);
    } else {
      current?.push({ text, line });
    }
  }
  if (raw.size === 0) throw new FormatError('INF', 'has no section');
  const strings = stringsOf(raw);
  return {
    sections: new Map([...raw].map(([name, entries]) => [name, entries.map(({ text, line }) => entryOf(text, line, strings))])),
  };
}

/** UTF-16 with its mark, UTF-8, or an 8-bit code page of which only ASCII is understood. */
function decode(bytes: Uint8Array): string {
  if (bytes.length > INF_MAX_BYTES) throw new FormatError('INF', `is too large (${bytes.length} bytes, at most ${INF_MAX_BYTES})`);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.includes(0)) throw new FormatError('INF', 'is binary');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** Lines that say something, without comments, those that end with a backslash joined with the next; each with the number of its first. */
function joinedLines(text: string): readonly { text: string; line: number }[] {
  const source = text.split(/\r\n|\n|\r/);
  if (source.length > INF_MAX_LINES) throw new FormatError('INF', `has more than ${INF_MAX_LINES} lines`);
  const joined: { text: string; line: number }[] = [];
  let held = '';
  let from = 0;
  for (const [at, one] of source.entries()) {
    const bare = withoutComment(one).trim();
    if (held === '') from = at + 1;
    if (held.length + bare.length > LINE_MAX) throw new FormatError('INF', `line ${from} is longer than ${LINE_MAX} characters`);
    if (bare.endsWith('\\') && !/^\[/.test(bare)) {
      held += bare.slice(0, -1);
      continue;
    }
    const whole = held + bare;
    held = '';
    if (whole !== '') joined.push({ text: whole, line: from });
  }
  if (held !== '') joined.push({ text: held, line: from });
  return joined;
}

/** A semicolon outside quotes begins a comment. */
function withoutComment(line: string): string {
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === '"') quoted = !quoted;
    else if (character === ';' && !quoted) return line.slice(0, at);
  }
  return line;
}

/** [Strings], and what only a language has; names in lower case. */
function stringsOf(raw: ReadonlyMap<string, readonly { text: string }[]>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [section, entries] of [...raw].sort(([a], [b]) => a.length - b.length)) {
    if (section !== 'strings' && !/^strings\.[0-9a-f]{4}$/.test(section)) continue;
    for (const { text } of entries) {
      const cut = equalsIn(text);
      if (cut < 0) continue;
      const name = unquoted(text.slice(0, cut).trim()).toLowerCase();
      if (!found.has(name)) found.set(name, unquoted(text.slice(cut + 1).trim()));
    }
  }
  return found;
}

function entryOf(text: string, line: number, strings: ReadonlyMap<string, string>): InfEntry {
  const cut = equalsIn(text);
  const replaced = (part: string) =>
    part.replace(TOKEN, (token, name: string) => (name === '' ? '%' : (strings.get(name.toLowerCase()) ?? token)));
  const key = cut < 0 ? '' : replaced(unquoted(text.slice(0, cut).trim()));
  const values = splitAtCommas(cut < 0 ? text : text.slice(cut + 1)).map((part) => replaced(unquoted(part.trim())));
  return { key, values, line };
}

function equalsIn(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === '=' && !quoted) return at;
  }
  return -1;
}

function splitAtCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === ',' && !quoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** A quoted text without its quotes; two quotes in it are one. */
function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}
