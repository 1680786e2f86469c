// A transaction log of a hive: its head, and the pages it holds for the hive, in the old ("DIRT") and the new ("HvLE") form.
// Facts: Maxim Suhanov's "Windows registry file format specification"; who may be applied as HvAnalyzeLogFiles of Windows 10 decides.
import { Bytes, FormatError } from '../bytes.ts';
import { BASE_BLOCK_SIZE, checksumOf } from './base-block.ts';
import { marvin32 } from './marvin32.ts';

export const LOG_FORMAT = 'regf transaction log';
const SECTOR = 512;
const PAGE = 0x1000;
const ENTRY_HEAD_SIZE = 40;
/** Windows takes a hive whose bins have less than 2 GiB; nothing of that size is a real hive, so ours ends at the size of the largest file read. */
export const BINS_MAX = 512 * 1024 * 1024;
/** Type 6 came with Windows 8.1; 1 is what every Windows before it wrote. */
const TYPE_OLD = 1;
const TYPE_NEW = 6;

/** The first sector of a log: a copy of the hive's own base block at the time of the log's first entry. */
export interface LogHead {
  /** Bytes +0x04 and +0x08, which are equal; the number of the first entry. */
  readonly sequence: number;
  /** +0x0c: the same in the hive that the log belongs to. */
  readonly lastWritten: bigint;
  readonly binsSize: number;
  readonly old: boolean;
}

/** One step of a replay: `pages` go to their places in the bins, which are `binsSize` long from now on. */
export interface LogEntry {
  readonly sequence: number;
  readonly binsSize: number;
  readonly pages: readonly { readonly at: number; readonly bytes: Uint8Array }[];
}

/** True when nothing stands behind the first sector: Windows makes its logs so, and commit leaves them empty. */
export function isEmptyLog(log: Uint8Array): boolean {
  for (let at = SECTOR; at < log.length; at++) if (log[at] !== 0) return false;
  return true;
}

/** @throws FormatError for what Windows would not take as the log of any hive. */
export function readLogHead(log: Uint8Array): LogHead {
  const at = new Bytes(LOG_FORMAT, log);
  at.need(0, SECTOR, 'first sector');
  if (at.u32(0) !== 0x66676572) at.fail('does not begin with "regf"', 0);
  if (at.u32(0x1fc) !== checksumOf(log)) at.fail('checksum of its first sector is wrong', 0x1fc);
  const sequence = at.u32(4);
  if (sequence !== at.u32(8)) at.fail('its sequence numbers differ', 4);
  const type = at.u32(0x1c);
  if (type !== TYPE_OLD && type !== TYPE_NEW) at.fail(`type ${type} is not known`, 0x1c);
  const binsSize = at.u32(0x28);
  checkBinsSize(at, binsSize, 0x28);
  return { sequence, lastWritten: at.u64(0x0c), binsSize, old: type === TYPE_OLD };
}

function checkBinsSize(at: Bytes, size: number, where: number): void {
  if (size === 0 || size % PAGE !== 0 || size > BINS_MAX) at.fail(`size of the bins is absurd (${size})`, where);
}

/** What a sound log holds, in order. The first entry that is not sound ends the log, as it does for Windows. */
export function* logEntries(log: Uint8Array, head: LogHead): Generator<LogEntry> {
  if (head.old) yield oldEntry(log, head);
  else yield* newEntries(log, head);
}

/** Behind "DIRT" a bit for each 512 bytes of the bins; the pages whose bit is set follow from the next sector on. */
function oldEntry(log: Uint8Array, head: LogHead): LogEntry {
  const at = new Bytes(LOG_FORMAT, log);
  if (at.u32(SECTOR, 'dirty vector') !== 0x54524944) at.fail('has no dirty vector ("DIRT")', SECTOR);
  const count = head.binsSize / SECTOR;
  const bits = at.slice(SECTOR + 4, count / 8, 'dirty vector');
  let from = Math.ceil((SECTOR + 4 + bits.length) / SECTOR) * SECTOR;
  const pages: { at: number; bytes: Uint8Array }[] = [];
  for (let page = 0; page < count; page++) {
    if (((bits[page >>> 3]! >>> (page & 7)) & 1) === 0) continue;
    pages.push({ at: page * SECTOR, bytes: at.slice(from, SECTOR, 'dirty page') });
    from += SECTOR;
  }
  return { sequence: head.sequence, binsSize: head.binsSize, pages };
}

function* newEntries(log: Uint8Array, head: LogHead): Generator<LogEntry> {
  let sequence = head.sequence;
  for (let from = SECTOR; from + ENTRY_HEAD_SIZE <= log.length; ) {
    const read = newEntry(log, from);
    // Older entries stand behind the last one of this round: the numbers tell them apart.
    if (!read || read.entry.sequence !== sequence) return;
    yield read.entry;
    from += read.size;
    sequence = (sequence + 1) >>> 0;
  }
}

/**
 * +0 "HvLE", +4 size, +8 flags, +12 sequence, +16 size of the bins, +20 count of pages, +24 hash of all from +40 on, +32 hash of the
 * first 32 bytes, +40 for each page its place in the bins and its size, then the pages one behind the other.
 */
function newEntry(log: Uint8Array, from: number): { readonly entry: LogEntry; readonly size: number } | undefined {
  const at = new Bytes(LOG_FORMAT, log);
  if (at.u32(from) !== 0x454c7648) return undefined;
  try {
    const size = at.u32(from + 4);
    if (size < ENTRY_HEAD_SIZE || size % SECTOR !== 0) return undefined;
    const whole = at.slice(from, size, 'log entry');
    if (at.u64(from + 32) !== marvin32(whole.subarray(0, 32))) return undefined;
    if (at.u64(from + 24) !== marvin32(whole.subarray(ENTRY_HEAD_SIZE))) return undefined;
    const binsSize = at.u32(from + 16);
    checkBinsSize(at, binsSize, from + 16);
    const pages = pagesOf(whole, at.u32(from + 20), binsSize);
    return { entry: { sequence: at.u32(from + 12), binsSize, pages }, size };
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function pagesOf(whole: Uint8Array, count: number, binsSize: number): LogEntry['pages'] {
  const at = new Bytes(LOG_FORMAT, whole);
  at.need(ENTRY_HEAD_SIZE, count * 8, 'list of pages');
  const pages: { at: number; bytes: Uint8Array }[] = [];
  let from = ENTRY_HEAD_SIZE + count * 8;
  for (let index = 0; index < count; index++) {
    const place = at.u32(ENTRY_HEAD_SIZE + index * 8);
    const size = at.u32(ENTRY_HEAD_SIZE + index * 8 + 4);
    if (place + size > binsSize) at.fail('a page lies outside of the bins', ENTRY_HEAD_SIZE + index * 8);
    pages.push({ at: place, bytes: at.slice(from, size, 'page') });
    from += size;
  }
  return pages;
}

/** Bytes of a hive file with bins of that size. */
export function fileSize(binsSize: number): number {
  return BASE_BLOCK_SIZE + binsSize;
}
