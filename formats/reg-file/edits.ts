// The values that a .reg file writes, read as regedit reads it: what it does not understand it leaves out, and goes on.

import { decodeValue, REG_BINARY, REG_DWORD } from '../hive/value.ts';
import { decodeScript } from '../script/decode.ts';

/** Values of one file; regedit's export of a whole hive has some hundred thousands. */
const VALUES_MAX = 200_000;
const HEADER = /^\ufeff?\s*(?:Windows Registry Editor Version \d|REGEDIT4?)/i;
/** A longer value is no command, host or path. */
const HEX_MAX = 64 * 1024;

export interface RegFileEdit {
  readonly key: string;
  readonly name: string;
  readonly data: string;
  readonly line: number;
}

/** Undefined when the text does not begin like a .reg file. `complete` is false when it holds more than is looked at. */
export function regFileEdits(bytes: Uint8Array): { readonly edits: readonly RegFileEdit[]; readonly complete: boolean } | undefined {
  const { text } = decodeScript(bytes).text;
  if (!HEADER.test(text)) return undefined;
  const edits: RegFileEdit[] = [];
  let key: string | undefined;
  let held: { readonly text: string; readonly line: number } | undefined;
  for (const [index, one] of text.split(/\r\n|\n|\r/).entries()) {
    const whole = held ? held.text + one.trim() : one.trim();
    const line = held?.line ?? index + 1;
    held = undefined;
    if (/=\s*hex[^"]*\\$/i.test(whole) && whole.length < HEX_MAX * 3) {
      held = { text: whole.slice(0, -1), line };
      continue;
    }
    const named = /^\[(-?)(.*)\]/.exec(whole);
    if (named) key = named[1] === '-' ? undefined : named[2]!;
    const value = /^(?:"((?:[^"\\]|\\.)*)"|@)\s*=\s*(.*)$/.exec(whole);
    const data = value && dataOf(value[2]!);
    if (key === undefined || data === undefined || data === null) continue;
    if (edits.length >= VALUES_MAX) return { edits, complete: false };
    edits.push({ key, name: unescaped(value![1] ?? ''), data, line });
  }
  return { edits, complete: true };
}

/** Text in quotes, `dword:1688`-like numbers, `hex(2):` with the type in hex; undefined for `-` and anything else. */
function dataOf(written: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(written)?.[1];
  if (quoted !== undefined) return unescaped(quoted);
  const number = /^dword:([0-9a-f]{1,8})/i.exec(written)?.[1];
  if (number !== undefined) return String(Number.parseInt(number, 16));
  const [, type, digits] = /^hex(?:\(([0-9a-f]{1,8})\))?:([0-9a-f, \t]*)/i.exec(written) ?? [];
  if (digits === undefined) return undefined;
  const raw = Uint8Array.from(digits.split(',').map((byte) => Number.parseInt(byte, 16) & 0xff));
  return rawText(type === undefined ? REG_BINARY : Number.parseInt(type, 16), raw);
}

function rawText(type: number, raw: Uint8Array): string {
  if (type === REG_DWORD && raw.length === 4) return String(new DataView(raw.buffer).getUint32(0, true));
  const decoded = decodeValue(type, raw);
  if (decoded && typeof decoded.data === 'string') return decoded.data;
  if (decoded?.type === 'REG_MULTI_SZ') return decoded.data.join(' ');
  const wide = raw.length > 1 && raw[1] === 0;
  return Buffer.from(raw)
    .toString(wide ? 'utf16le' : 'latin1')
    .replaceAll('\0', ' ')
    .trim();
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
