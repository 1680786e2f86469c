// Plays a journal into a staged copy of the container: one write per hive, one update of the container. The source is only read.
import { ImageError } from '../errors.ts';
import { DiskImage } from './containers/disk-image.ts';
import { commitWithDism, DismImage } from './containers/dism.ts';
import { WimImage } from './containers/wim-image.ts';
import { applyHiveEdits } from './hive-edit.ts';
import { loadHive } from './hive-load.ts';
import { hivePath } from './hive-path.ts';
import type { FileEdit, HiveEdit, HiveName, Image } from './image.ts';
import type { Journal } from './journal.ts';
import { type WriteOptions, type Written, writeFromDisk, writeFromWim } from './write-output.ts';

export type CommitOptions = WriteOptions;

/**
 * Makes the staged file; it is whole, but neither hashed nor on the disk yet: that is done while it is linted.
 * Files that begin with its name and a dot stand beside it for a while.
 * @throws ImageError when an edit cannot be made; then the staged file is worth nothing.
 */
export async function commit(journal: Journal, options: CommitOptions): Promise<Written> {
  const { image } = journal;
  if (image instanceof DismImage) return commitOnWindows(image, journal, options);
  if (!(image instanceof WimImage) && !(image instanceof DiskImage)) {
    throw new ImageError('CONTAINER_UNSUPPORTED', `an image in a ${image.info.container} cannot be changed`, {
      hint: 'Use a WIM or a disk.',
    });
  }
  const { edits, notes } = await fileEditsOf(journal, options.signal);
  const made = image instanceof DiskImage ? await writeFromDisk(image, edits, options) : await writeFromWim(image, edits, options);
  return { notes: [...notes, ...made.notes], parts: made.parts };
}

/** Windows edits the hives itself. */
async function commitOnWindows(image: DismImage, journal: Journal, { staged, images, packing, signal }: CommitOptions): Promise<Written> {
  if (packing && packing.format !== image.info.container) {
    throw new ImageError('CONTAINER_UNSUPPORTED', `${packing.format}: cannot be made from a ${image.info.container} on Windows`, {
      hint: 'Leave output.format out, or build on Linux.',
    });
  }
  const { fileEdits: edits, hiveEdits } = journal;
  return { notes: await commitWithDism(image, staged, { edits, hiveEdits, images, signal }), parts: [] };
}

/** The journal as file edits only: hives with their changes, their transaction logs emptied. */
export async function fileEditsOf(
  journal: Journal,
  signal?: AbortSignal,
): Promise<{ readonly edits: readonly FileEdit[]; readonly notes: readonly string[] }> {
  const edits: FileEdit[] = [...journal.fileEdits];
  const notes: string[] = [];
  for (const [name, hiveEdits] of journal.hiveEdits) {
    signal?.throwIfAborted();
    const written = await hiveFileEdits(journal.image, name, hiveEdits, edits, signal);
    edits.push(...written.edits);
    notes.push(...written.notes);
  }
  return { edits, notes };
}

async function hiveFileEdits(
  image: Image,
  name: HiveName,
  hiveEdits: readonly HiveEdit[],
  others: readonly FileEdit[],
  signal: AbortSignal | undefined,
): Promise<{ edits: FileEdit[]; notes: readonly string[] }> {
  const path = hivePath(name);
  if (others.some((edit) => edit.path.toLowerCase() === path.toLowerCase())) {
    throw new ImageError('HIVE_REPLACED', `${path}: a step replaces or removes the hive as a file, and a step edits it`, {
      hint: 'Leave one of the two out.',
    });
  }
  const loaded = await loadHive(image, path);
  const bytes = await applyHiveEdits(loaded.bytes, hiveEdits, { path, ...(signal ? { signal } : {}) });
  if (bytes === loaded.bytes) return { edits: [], notes: [] };
  const emptied = loaded.logs.map((log): FileEdit => ({ kind: 'write', path: log, content: new Uint8Array() }));
  return { edits: [{ kind: 'write', path, content: bytes }, ...emptied], notes: loaded.notes };
}
