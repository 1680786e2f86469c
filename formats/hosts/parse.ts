// The hosts file: addresses and the names that they stand for, line by line.
import { bufferOf, FormatError } from '../bytes.ts';

export interface HostsEntry {
  readonly line: number; // 1-based
  readonly address: string; // as written
  readonly names: readonly string[]; // lower case, without trailing dots
}

/** Block lists of a million lines are in use and take about 30 MB. */
export const HOSTS_MAX_BYTES = 128 * 1024 * 1024;
/** Names of one line that are looked at; Windows' resolver takes no more than a few. */
const NAMES_MAX = 256;
/** What is behind it on a line is not looked at. */
const LINE_MAX = 16 * 1024;

/**
 * Gives the entries in order, reading as it goes: a block list of a million lines is never in memory as objects.
 * Windows reads the file byte by byte as ASCII; a file that an editor saved as UTF-16 is read here all the same.
 * @throws FormatError when the file is larger than HOSTS_MAX_BYTES, or has lines longer than anybody reads.
 */
export function* hostsEntries(bytes: Uint8Array): Iterable<HostsEntry> {
  if (bytes.length > HOSTS_MAX_BYTES)
    throw new FormatError('hosts file', `is too large (${bytes.length} bytes, at most ${HOSTS_MAX_BYTES})`);
  let line = 0;
  for (const text of linesOf(bytes)) {
    line++;
    const [address, ...names] = text
      .replace(/#.*$/s, '')
      .trim()
      .split(/[\s\0]+/, NAMES_MAX);
    if (address === undefined || names.length === 0) continue;
    yield { line, address, names: names.map((name) => name.toLowerCase().replace(/\.+$/, '')) };
  }
}

function* linesOf(bytes: Uint8Array): Iterable<string> {
  const data = bufferOf(bytes);
  const wide = data[0] === 0xff && data[1] === 0xfe;
  const marked = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf;
  let at = wide ? 2 : 0;
  if (marked) at = 3;
  while (at < data.length) {
    const end = lineEnd(data, at, wide);
    if (end - at > LINE_MAX && !isComment(data, at)) throw new FormatError('hosts file', `has a line of ${end - at} bytes`, at);
    yield data.toString(wide ? 'utf16le' : 'latin1', at, Math.min(end, at + LINE_MAX));
    at = end + (wide ? 2 : 1);
  }
}

function lineEnd(data: Buffer, from: number, wide: boolean): number {
  for (let at = data.indexOf(0x0a, from); at >= 0; at = data.indexOf(0x0a, at + 1)) {
    if (!wide || ((at - from) % 2 === 0 && data[at + 1] === 0)) return at;
  }
  return data.length;
}

function isComment(data: Buffer, at: number): boolean {
  return data[at] === 0x23;
}
