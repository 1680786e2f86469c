// SetupComplete.cmd shared with its owner: our lines between markers, every other byte as it was.
import { FormatError } from '../bytes.ts';

/** The command interpreter reads the file line by line; one larger than this is no script. */
export const SCRIPT_MAX_BYTES = 1024 * 1024;

// A word stands between rem and the arrows: the interpreter ignores what follows the first argument of rem, not redirection right behind it.
const open = (id: string) => `rem wtgforge >>> ${id}`;
const close = (id: string) => `rem wtgforge <<< ${id}`;
/** Any block of ours, whatever its id. */
const BLOCK_END = /^rem wtgforge <<< [a-z0-9-]+[ \t]*(?:\r?\n|$)/gim;

/**
 * The script with `lines` as the block `id`. A block of that id is replaced where it stands. A new one goes behind our other
 * blocks, or before the first command of the owner: a script that ends with `exit` would never reach its end.
 * @throws FormatError when the bytes are no text of an 8-bit code page, or a marker has lost its partner
 */
export function withBlock(content: Uint8Array | undefined, id: string, lines: readonly string[]): Uint8Array {
  const block = [open(id), ...lines, close(id)].map((line) => `${line}\r\n`).join('');
  if (!/^[\x20-\x7e\r\n\t]*$/.test(block)) throw new FormatError('setup script', `the block ${id} holds characters beyond ASCII`);
  if (!content || content.length === 0) return encode(`@echo off\r\n${block}`);
  const text = decode(content);
  const place = placeOf(text, id);
  if (place) return encode(text.slice(0, place.from) + block + text.slice(place.to));
  const at = insertionPoint(text);
  const glue = at > 0 && !text.slice(0, at).endsWith('\n') ? '\r\n' : '';
  return encode(text.slice(0, at) + glue + block + text.slice(at));
}

/** The lines of the block, or undefined when the script has none of that id. */
export function blockOf(content: Uint8Array, id: string): readonly string[] | undefined {
  const text = decode(content);
  const place = placeOf(text, id);
  return place && text.slice(place.from, place.to).trimEnd().split(/\r?\n/).slice(1, -1);
}

/** Bytes as characters of the same number, so that the owner's code page does not matter. */
function decode(content: Uint8Array): string {
  if (content.length > SCRIPT_MAX_BYTES) throw new FormatError('setup script', `is too large (${content.length} bytes)`);
  if (content.includes(0) || (content[0] === 0xff && content[1] === 0xfe)) {
    throw new FormatError('setup script', 'is UTF-16 or binary, which the command interpreter does not run');
  }
  return Buffer.from(content).toString('latin1');
}

function encode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function placeOf(text: string, id: string): { from: number; to: number } | undefined {
  const starts = positionsOf(text, open(id));
  const ends = positionsOf(text, close(id));
  if (starts.length === 0 && ends.length === 0) return undefined;
  if (starts.length !== 1 || ends.length !== 1 || ends[0]!.from < starts[0]!.from) {
    throw new FormatError('setup script', `has ${starts.length} begin and ${ends.length} end markers of ${id}, not one pair`);
  }
  return { from: starts[0]!.from, to: ends[0]!.to };
}

function positionsOf(text: string, marker: string): readonly { from: number; to: number }[] {
  const found = [...text.matchAll(new RegExp(`^${marker}[ \\t]*(?:\\r?\\n|$)`, 'gim'))];
  return found.map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

/** Behind our last block, else behind a leading `@echo off`, else at the start. */
function insertionPoint(text: string): number {
  const last = [...text.matchAll(BLOCK_END)].at(-1);
  if (last) return last.index + last[0].length;
  return /^(?:\xef\xbb\xbf)?[ \t]*@echo off[ \t]*(?:\r?\n|$)/i.exec(text)?.[0].length ?? 0;
}
