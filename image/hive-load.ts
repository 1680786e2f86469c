// Reads a hive of an image as Windows would load it: the primary file, and its transaction logs when its last write did not finish.
import { ImageError } from '../errors.ts';
import { isDirty, replayLogs } from '../formats/hive/replay.ts';
import { guarded, openHive } from './hive.ts';
import type { Hive, Image, ImageFile } from './image.ts';

/** `.LOG` alone up to Windows XP and in Windows PE; `.LOG1` and `.LOG2` since Vista. */
const LOG_SUFFIXES = ['.LOG', '.LOG1', '.LOG2'];

export interface LoadedHive {
  /** Where it lies, stored case. */
  readonly path: string;
  /** The primary file with what its logs add to it. */
  readonly bytes: Uint8Array;
  /** Whether the primary file says that its last write did not finish. */
  readonly dirty: boolean;
  /** Logs that hold a byte: to be emptied when the hive is written. */
  readonly logs: readonly string[];
  /** What the report has to say of a hive that was not closed properly. */
  readonly notes: readonly string[];
}

/**
 * @throws ImageError HIVE_ABSENT; HIVE_CORRUPT when the file is no hive, or is dirty and its logs do not fit it: Windows would refuse it
 */
export async function loadHive(image: Pick<Image, 'find'>, path: string): Promise<LoadedHive> {
  const file = await image.find(path);
  if (!file || file.folder)
    throw new ImageError('HIVE_ABSENT', `${path}: is not in the image`, {
      hint: 'Use an image with an installed Windows that has this hive.',
    });
  const logs: { suffix: string; file: ImageFile }[] = [];
  for (const suffix of LOG_SUFFIXES) {
    const log = await image.find(`${path}${suffix}`);
    if (log && !log.folder && log.size > 0) logs.push({ suffix, file: log });
  }
  const found = { path: file.path, logs: logs.map((log) => log.file.path) };
  const stored = await file.read();
  if (!guarded(file.path, () => isDirty(stored))) return { ...found, bytes: stored, dirty: false, notes: [] };
  const read = await Promise.all(logs.map(async (log) => ({ name: log.suffix, bytes: await log.file.read() })));
  const { bytes, applied } = guarded(file.path, () => replayLogs(stored, read));
  return { ...found, bytes, dirty: true, notes: [noteOf(file.path, applied)] };
}

/** The hive ready to be read. */
export async function openImageHive(image: Pick<Image, 'find'>, path: string): Promise<Hive> {
  const { path: stored, bytes, dirty } = await loadHive(image, path);
  return { ...openHive(bytes, stored), dirty };
}

function noteOf(path: string, applied: readonly { readonly name: string; readonly entries: number }[]): string {
  if (applied.length === 0)
    return `${path}: was not closed properly (sequence numbers differ), and its transaction logs are empty or absent; taken as it is`;
  const logs = applied.map(({ name, entries }) => `${name} (${entries})`).join(' and ');
  return `${path}: was not closed properly; the entries of its transaction logs were applied, as Windows does: ${logs}`;
}
