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
export interface HiveOnDisk {
  /** Where the hive lies in the image, for messages. */
  readonly path: string;
  readonly signal?: AbortSignal;
}

/**
 * The hive with the edits in it. The same bytes come back when everything is there already.
 * @param bytes the hive as Windows would load it: what its transaction logs add is in it (`loadHive`)
 * @throws ImageError HIVE_CORRUPT, HIVE_VALUE_TOO_LARGE, HIVE_EDIT_REFUSED, HIVE_WRITE_FAILED, HIVE_WRITE_MISMATCH;
 *   ToolError TOOL_MISSING
 */
export async function applyHiveEdits(bytes: Uint8Array, edits: readonly HiveEdit[], about: HiveOnDisk): Promise<Uint8Array> {
  const { regf, plan, removedCells } = guarded(about.path, () => {
    const opened = openRegf(bytes);
    const planned = planHive(opened, edits, about.path);
    return { regf: opened, plan: planned, removedCells: cellsBelow(opened, planned.removed) };
  });
  if (plan.removed.length === 0 && plan.keys.length === 0) return bytes;
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
  return written;
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
