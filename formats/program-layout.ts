// Where a Windows program keeps what is not program: behind its last section, and in its resources. SFX files and installers carry archives there.
import { bufferOf } from './bytes.ts';
import { ZIP } from './content-kind.ts';

export interface ProgramLayout {
  /** Offset behind the last section: what follows is not loaded. The certificate table is left out when it stands there. */
  readonly overlay: { readonly start: number; readonly end: number };
  /** The raw data of the section that holds the resources; empty when there is none. */
  readonly resources: { readonly start: number; readonly end: number };
}

/** An archive in a program: what 7-Zip calls it, and where it begins. `whole` says that it is opened through the program and not alone. */
export interface Embedded {
  readonly id: string;
  readonly type: string | undefined;
  readonly offset: number;
  readonly whole: boolean;
}

/** How much of the beginning of a program holds its headers, in all but strange programs. */
export const PROGRAM_HEAD = 4096;
const SECTIONS_MAX = 96; // the loader's own limit
const DIRECTORY_RESOURCE = 2;
const DIRECTORY_CERTIFICATE = 4;
const NOWHERE = { start: 0, end: 0 };

/**
 * @param head the first PROGRAM_HEAD bytes of the file, or all of it
 * @returns undefined when this is no program, or one whose headers say nonsense
 */
export function programLayout(head: Uint8Array, size: number): ProgramLayout | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const u16 = (at: number) => (at + 2 <= head.length ? view.getUint16(at, true) : Number.NaN);
  const u32 = (at: number) => (at + 4 <= head.length ? view.getUint32(at, true) : Number.NaN);
  if (u16(0) !== 0x5a4d) return undefined;
  const pe = u32(0x3c);
  if (!(u32(pe) === 0x4550)) return undefined;
  const sections = u16(pe + 6);
  const optional = pe + 24;
  const table = optional + u16(pe + 20);
  const directories = optional + (u16(optional) === 0x20b ? 112 : 96);
  const directory = (index: number) =>
    directories + index * 8 + 8 <= table
      ? { at: u32(directories + index * 8), size: u32(directories + index * 8 + 4) }
      : { at: 0, size: 0 };
  if (!(sections <= SECTIONS_MAX) || !(table + sections * 40 <= head.length)) return undefined;

  const resource = directory(DIRECTORY_RESOURCE);
  let end = u32(optional + 60); // SizeOfHeaders
  let resources = NOWHERE;
  for (let index = 0; index < sections; index++) {
    const at = table + index * 40;
    const [virtualSize, virtualAt, rawSize, rawAt] = [u32(at + 8), u32(at + 12), u32(at + 16), u32(at + 20)] as const;
    if (rawSize === 0) continue;
    end = Math.max(end, rawAt + rawSize);
    if (resource.size > 0 && resource.at >= virtualAt && resource.at < virtualAt + Math.max(virtualSize, rawSize))
      resources = { start: Math.min(rawAt, size), end: Math.min(rawAt + rawSize, size) };
  }
  if (!Number.isFinite(end)) return undefined;
  return { overlay: overlayOf(Math.min(end, size), directory(DIRECTORY_CERTIFICATE), size), resources };
}

/** Certificates stand in the file and in no section: at its end as Windows writes them, or between program and overlay. */
function overlayOf(
  start: number,
  certificate: { readonly at: number; readonly size: number },
  size: number,
): { start: number; end: number } {
  const { at } = certificate;
  const behind = at + certificate.size;
  if (certificate.size === 0 || !(at >= start) || !(behind <= size)) return { start, end: size };
  if (at - start < 16) return { start: behind, end: size };
  return { start, end: size - behind < 16 ? at : size };
}

interface Mark {
  readonly id: string;
  readonly type: string | undefined;
  readonly bytes: Buffer;
  /** How far in front of the mark the archive begins. */
  readonly before: number;
  readonly whole: boolean;
  readonly fits: (data: Buffer, at: number) => boolean;
}

const mark = (id: string, type: string | undefined, bytes: string, more: Partial<Mark> = {}): Mark => ({
  id,
  type,
  bytes: Buffer.from(bytes, 'latin1'),
  before: 0,
  whole: false,
  fits: () => true,
  ...more,
});

/** What a chance match and the magics in a program that reads archives do not have behind them is asked for, too. */
const MARKS: readonly Mark[] = [
  // +0x06 version 0.x, +0x0c offset of the end header
  mark('7z', '7z', "7z\xbc\xaf'\x1c\0", { fits: (data, at) => (data[at + 7] ?? 99) <= 10 && at + 32 <= data.length }),
  mark('rar', undefined, 'Rar!\x1a\x07', { fits: (data, at) => data[at + 6] === 0 || (data[at + 6] === 1 && data[at + 7] === 0) }),
  // +0x08 size, +0x18 version 1.3
  mark('cab', 'Cab', 'MSCF\0\0\0\0', { fits: (data, at) => data[at + 24] === 3 && data[at + 25] === 1 && data.readUInt32LE(at + 8) >= 44 }),
  mark('nsis', 'Nsis', '\xef\xbe\xad\xdeNullsoftInst', { before: 4, whole: true }),
  mark('wim', 'wim', 'MSWIM\0\0\0', { fits: (data, at) => data[at + 8] === 0xd0 }),
  mark('zip', ZIP.type, 'PK\x03\x04', { whole: true, fits: (data, at) => (data[at + 5] ?? 9) <= 3 && (data[at + 4] ?? 99) <= 63 }),
  mark('Inno Setup', undefined, 'Inno Setup Setup Data (', { whole: true }),
];

/** More archives in one program than any installer has. */
const EMBEDDED_MAX = 16;

/** What a mark and the fields that are checked behind it may be long: two neighbouring windows of a search share as much. */
export const MARK_SPAN = 64;

/**
 * The archives that begin in `data`, a stretch of a program that begins at `base` in it, in their order.
 * @param from nothing that begins below counts: it was found in the window before
 */
export function embeddedArchives(data: Uint8Array, base: number, from = 0): readonly Embedded[] {
  const bytes = bufferOf(data);
  const found: Embedded[] = [];
  for (const { id, type, bytes: wanted, before, whole, fits } of MARKS) {
    let count = 0;
    for (let at = bytes.indexOf(wanted); at >= 0 && count < EMBEDDED_MAX; at = bytes.indexOf(wanted, at + 1)) {
      const offset = base + at - before;
      if (offset < from || at + MARK_SPAN / 2 > bytes.length || !fits(bytes, at)) continue;
      found.push({ id, type, offset, whole });
      count++;
    }
  }
  return found.sort((a, b) => a.offset - b.offset);
}

/** Bits per byte of information in the sample: above 7.5 it is compressed or encrypted. */
export function entropyOf(sample: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of sample) counts[byte]!++;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / sample.length) * Math.log2(count / sample.length);
  return bits;
}
