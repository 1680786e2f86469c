// Writes registry edits into a hive through hivexregedit, wipes what they removed, and proves that nothing else changed.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, ToolError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import { openRegf, type RegfHive, type RegfKey } from '../formats/hive/hive.ts';
import { regText } from '../formats/hive/reg-text.ts';
import { freeLeftovers, orderSubkeys, tidy } from '../formats/hive/tidy.ts';
import { mergeReg } from '../tools/hivex.ts';
import { scratchFull, withScratch } from '../tools/scratch.ts';
import { guarded } from './hive.ts';
import { type HivePlan, planHive } from './hive-plan.ts';
import { verifyHive } from './hive-verify.ts';
import type { HiveEdit } from './image.ts';

/** What paths in the .reg text begin with; hivexregedit takes it off again. */
const PREFIX = 'HIVE';
/** A transaction log's own base block; its entries begin behind it. */
const LOG_HEADER_SIZE = 512;

export interface HiveOnDisk {
  /** Where the hive lies in the image, for messages. */
  readonly path: string;
  /** Content of its .LOG1, .LOG2 and .LOG, as far as they exist. */
  readonly logs: readonly Uint8Array[];
  readonly signal?: AbortSignal;
}

/**
 * The hive with the edits in it, and remarks for the report. The same bytes come back when everything is there already.
 * @throws ImageError HIVE_CORRUPT, HIVE_DIRTY, HIVE_VALUE_TOO_LARGE, HIVE_EDIT_REFUSED, HIVE_WRITE_FAILED, HIVE_WRITE_MISMATCH;
 *   ToolError TOOL_MISSING
 */
export async function applyHiveEdits(
  bytes: Uint8Array,
  edits: readonly HiveEdit[],
  about: HiveOnDisk,
): Promise<{ readonly bytes: Uint8Array; readonly notes: readonly string[] }> {
  const { regf, plan, removedCells } = guarded(about.path, () => {
    const opened = openRegf(bytes);
    const planned = planHive(opened, edits, about.path);
    return { regf: opened, plan: planned, removedCells: cellsBelow(opened, planned.removed) };
  });
  if (plan.removed.length === 0 && plan.keys.length === 0) return { bytes, notes: [] };
  const notes = checkLogs(regf, about);
  const written = await merge(bytes, plan, about);
  try {
    freeLeftovers(bytes, written, removedCells);
    repairLists(written, plan);
    tidy(written);
    verifyHive({ before: bytes, regf, plan, removedCells, after: written, path: about.path });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ImageError('HIVE_WRITE_MISMATCH', `${about.path}: hivexregedit left an unsound hive (${error.message})`, { cause: error });
  }
  return { bytes: written, notes };
}

/** Windows replays the logs of a hive whose last write did not finish; without them our edits would be overwritten at the first start. */
function checkLogs(regf: RegfHive, { path, logs }: HiveOnDisk): readonly string[] {
  if (!regf.dirty) return [];
  if (logs.some((log) => log.subarray(LOG_HEADER_SIZE).some((byte) => byte !== 0))) {
    throw new ImageError('HIVE_DIRTY', `${path}: was not closed properly and its transaction logs hold changes`, {
      hint: 'Load and unload the hive once on Windows (reg load, reg unload), or shut the reference machine down cleanly and capture again.',
    });
  }
  return [`${path}: was not closed properly (sequence numbers differ), and its transaction logs are empty or absent; taken as it is`];
}

async function merge(bytes: Uint8Array, plan: HivePlan, about: HiveOnDisk): Promise<Uint8Array> {
  return withScratch(async (folder) => {
    const [hive, reg] = [join(folder, 'hive'), join(folder, 'edits.reg')];
    await writeFile(hive, bytes, { mode: 0o600 });
    await writeFile(reg, regText(PREFIX, plan.removedPaths, plan.keys), { mode: 0o600 });
    try {
      await mergeReg(hive, reg, PREFIX, about.signal ? { signal: about.signal } : {});
    } catch (error) {
      if (!(error instanceof ToolError) || error.code === 'TOOL_MISSING') throw error;
      if (/no space left on device/i.test(error.message)) throw scratchFull();
      // Not its words and not the error as cause: hivexregedit repeats .reg lines, and these may hold secrets.
      throw new ImageError('HIVE_WRITE_FAILED', `${about.path}: hivexregedit does not write the hive (${reasonOf(error)})`, {
        hint: 'Use an image whose hives are whole.',
      });
    }
    const written = await readFile(hive);
    return new Uint8Array(written.buffer, written.byteOffset, written.length); // no copy: a SOFTWARE hive has 65 MB and more
  });
}

/** The system's words for the failure, which stand between the file's name and the place in the Perl source. */
function reasonOf(error: ToolError): string {
  return /: ([A-Z][a-z ]{3,60}) at \//.exec(error.message)?.[1] ?? 'it gives no reason';
}

/** hivexregedit adds keys in its own order. */
function repairLists(written: Uint8Array, plan: HivePlan): void {
  const hive = openRegf(written);
  for (const path of new Set(plan.keys.filter(({ existing }) => !existing).map(({ path }) => parentOf(path)))) {
    const parent = hive.find(path);
    if (parent) orderSubkeys(written, hive, parent);
  }
}

function parentOf(path: string): string {
  const cut = path.lastIndexOf('\\');
  return cut < 0 ? '' : path.slice(0, cut);
}

function cellsBelow(hive: RegfHive, keys: readonly RegfKey[]): ReadonlySet<number> {
  const cells = new Set<number>();
  const todo = [...keys];
  for (let key = todo.pop(); key; key = todo.pop()) {
    for (const cell of hive.cellsOf(key)) cells.add(cell);
    for (const subkey of hive.subkeys(key)) todo.push(subkey);
  }
  return cells;
}
