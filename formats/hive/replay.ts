// A hive as Windows would load it: the transaction logs of a hive whose last write did not finish are part of it.
// Which logs and in which order: as HvAnalyzeLogFiles of Windows 10 (1809) decides; the results match hives that Windows 7 and 10 recovered.
import { Bytes, FormatError } from '../bytes.ts';
import { BASE_BLOCK_SIZE, checksumOf, FORMAT, writeChecksum } from './base-block.ts';
import { fileSize, isEmptyLog, type LogEntry, type LogHead, logEntries, readLogHead } from './log.ts';

const SECTOR = 512;

export interface NamedLog {
  /** For messages: its path or suffix. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Replayed {
  /** The hive as loaded; the very bytes given when no log was applied. */
  readonly bytes: Uint8Array;
  /** Whether the primary file says that its last write did not finish. */
  readonly dirty: boolean;
  /** Logs that were applied, with the number of their entries. */
  readonly applied: readonly { readonly name: string; readonly entries: number }[];
}

interface Fitting {
  readonly name: string;
  readonly head: LogHead;
  readonly bytes: Uint8Array;
}

/** How Windows finds the primary file. */
type State = { readonly dirty: false } | { readonly dirty: true; readonly headSound: boolean };

/**
 * Applies the logs of a dirty hive. A hive with a right checksum and equal sequence numbers is taken as it is, whatever its logs hold.
 * So is a dirty hive whose logs are empty or absent, unless its own base block is damaged.
 * @throws FormatError when logs hold something and none of them fits the hive (Windows: STATUS_REGISTRY_CORRUPT), or when the base block
 *   is damaged and no log mends it
 */
export function replayLogs(hive: Uint8Array, logs: readonly NamedLog[]): Replayed {
  const state = stateOf(hive);
  if (!state.dirty) return { bytes: hive, dirty: false, applied: [] };
  const filled = logs.filter(({ bytes }) => !isEmptyLog(bytes));
  if (filled.length === 0) {
    if (!state.headSound) throw new FormatError(FORMAT, 'checksum of the base block is wrong', 0x1fc);
    return { bytes: hive, dirty: true, applied: [] };
  }
  const chosen = chooseLogs(fittingLogs(hive, filled, state.headSound));
  const entries = chosen.map(({ name, bytes, head }) => ({ name, entries: [...logEntries(bytes, head)] }));
  const newest = chosen.at(-1)!;
  const bytes = applied(hive, state.headSound ? undefined : newest.bytes, inRow(entries), newest.head.sequence);
  return { bytes, dirty: true, applied: entries.map(({ name, entries: own }) => ({ name, entries: own.length })) };
}

/** True when the transaction logs have a say: unequal sequence numbers, or a wrong checksum. @throws FormatError for what is no hive */
export function isDirty(hive: Uint8Array): boolean {
  return stateOf(hive).dirty;
}

function stateOf(hive: Uint8Array): State {
  const at = new Bytes(FORMAT, hive);
  at.need(0, BASE_BLOCK_SIZE, 'base block');
  if (at.u32(0) !== 0x66676572) at.fail('does not begin with "regf"', 0);
  const headSound = at.u32(0x1fc) === checksumOf(hive);
  return headSound && at.u32(4) === at.u32(8) ? { dirty: false } : { dirty: true, headSound };
}

/** Those that Windows would apply: sound, written at the hive's own time, and not older than the hive. */
function fittingLogs(hive: Uint8Array, logs: readonly NamedLog[], headSound: boolean): readonly Fitting[] {
  const at = new Bytes(FORMAT, hive);
  const times = headSound ? [at.u64(0x0c)] : [at.u64(0x0c), at.length >= BASE_BLOCK_SIZE + 28 ? at.u64(BASE_BLOCK_SIZE + 20) : 0n];
  const known = headSound ? at.u32(8) : 0;
  const fitting: Fitting[] = [];
  const reasons: string[] = [];
  for (const { name, bytes } of logs) {
    const read = headOrReason(bytes);
    if (typeof read === 'string') reasons.push(`${name}: ${read}`);
    else if (!times.includes(read.lastWritten)) reasons.push(`${name}: it is the log of another hive or another time`);
    else if (read.sequence < known) reasons.push(`${name}: it is older than the hive`);
    else fitting.push({ name, bytes, head: read });
  }
  if (fitting.length === 0)
    throw new FormatError(FORMAT, `its last write did not finish, and no transaction log fits (${reasons.join('; ')})`);
  return fitting;
}

function headOrReason(log: Uint8Array): LogHead | string {
  try {
    return readLogHead(log);
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

/** The newest one; before it the other one, when its last entry is the one before the newest log's first. */
function chooseLogs(fitting: readonly Fitting[]): readonly Fitting[] {
  const sorted = [...fitting].sort((a, b) => (isOlder(a.head.sequence, b.head.sequence) ? -1 : 1));
  const [newest, before] = [sorted.at(-1)!, sorted.at(-2)];
  if (!before) return [newest];
  const last = [...logEntries(before.bytes, before.head)].at(-1)?.sequence ?? before.head.sequence;
  return (last + 1) >>> 0 === newest.head.sequence ? [before, newest] : [newest];
}

/** Sequence numbers wrap round at 2^32. */
function isOlder(a: number, b: number): boolean {
  return a !== b && (b - a) >>> 0 < 0x80000000;
}

/** Across two logs the numbers go on without a gap; what comes after a gap is not applied. */
function inRow(logs: readonly { readonly entries: readonly LogEntry[] }[]): readonly LogEntry[] {
  const row: LogEntry[] = [];
  for (const entry of logs.flatMap(({ entries }) => entries)) {
    const before = row.at(-1);
    if (before && entry.sequence !== (before.sequence + 1) >>> 0) break;
    row.push(entry);
  }
  return row;
}

function applied(hive: Uint8Array, head: Uint8Array | undefined, entries: readonly LogEntry[], sequence: number): Uint8Array {
  const bins = entries.at(-1)?.binsSize ?? new Bytes(FORMAT, hive).u32(0x28);
  const size = Math.max(hive.length, fileSize(Math.max(bins, ...entries.map(({ binsSize }) => binsSize))));
  // Bins that grow are in the log to their last byte; a size that only claims them must not reserve memory.
  const held = entries.reduce((sum, { pages }) => pages.reduce((all, { bytes }) => all + bytes.length, sum), 0);
  if (size > hive.length + held) throw new FormatError(FORMAT, `its log grows it to ${size} bytes without holding them`);
  const bytes = new Uint8Array(size);
  bytes.set(hive);
  const view = new DataView(bytes.buffer);
  if (head) {
    bytes.fill(0, 0, BASE_BLOCK_SIZE);
    bytes.set(head.subarray(0, SECTOR));
    view.setUint32(0x1c, 0, true); // a primary file again
  }
  for (const { pages } of entries) for (const page of pages) bytes.set(page.bytes, BASE_BLOCK_SIZE + page.at);
  const next = ((entries.at(-1)?.sequence ?? sequence) + 1) >>> 0;
  view.setUint32(4, next, true);
  view.setUint32(8, next, true);
  view.setUint32(0x28, bins, true);
  writeChecksum(bytes);
  return bytes;
}
