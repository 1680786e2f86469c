// A new disk from a WIM: one NTFS volume in a GPT, as a disk for native boot has it; boot files are not part of it.
import { open, writeFile } from 'node:fs/promises';
import { ConfigError, ToolError } from '../../errors.ts';
import { gptAround, VOLUME_SECTOR } from '../../formats/disk/write-gpt.ts';
import { makeNtfs } from '../../tools/mkntfs.ts';
import { convertDisk } from '../../tools/qemu-img.ts';
import { applyToVolume } from '../../tools/wimlib.ts';
import type { DiskId } from './disk-layers.ts';
import { saysFull, writingTo } from './room.ts';
import { derivedGuid } from './wim-guid.ts';

const MIB = 1024 * 1024;
/** NTFS's own tables, and something to work with. */
const SPARE = 256 * MIB;

export interface NewDiskOptions {
  readonly as: DiskId;
  /** What the image's files hold, in bytes. */
  readonly content: number;
  /** In MiB; the content and a quarter more unless given. */
  readonly diskSize: number | undefined;
  /** Files that may stand beside the disk for a while. */
  readonly work: { readonly volume: string; readonly head: string; readonly tail: string };
  readonly signal?: AbortSignal | undefined;
}

/** Applies the first image of the WIM. @throws ConfigError DISK_SIZE_SMALL; ToolError for mkntfs, wimlib-imagex and qemu-img */
export async function makeDisk(wim: string, to: string, options: NewDiskOptions): Promise<void> {
  const { as, content, diskSize, work, signal } = options;
  const wanted = diskSize === undefined ? Math.ceil((content * 1.25 + SPARE) / MIB) * MIB : (diskSize - 2) * MIB;
  if (wanted < content + MIB) throw tooSmall(to, diskSize!, content);
  const { volume, head, tail } = work;
  const file = await open(volume, 'wx');
  await file.truncate(wanted);
  await file.close();
  await makeNtfs(volume, { label: 'Windows', firstSector: VOLUME_SECTOR, signal });
  try {
    await applyToVolume(wim, 1, volume, signal);
  } catch (error) {
    // libntfs says the same for a full volume and for a full disk below it.
    if (diskSize !== undefined && saysFull(error) && content * 1.1 + SPARE > wanted) throw tooSmall(to, diskSize, content);
    if (error instanceof ToolError) await writingTo(to, Promise.reject(error));
    throw error;
  }
  const gpt = gptAround(wanted, { disk: await derivedGuid(wim, 'disk'), partition: await derivedGuid(wim, 'partition') });
  await writeFile(head, gpt.head);
  await writeFile(tail, gpt.tail);
  await writingTo(to, convertDisk([head, volume, tail], 'raw', to, { as, signal }));
}

function tooSmall(to: string, diskSize: number, content: number): ConfigError {
  return new ConfigError(
    'DISK_SIZE_SMALL',
    `${to}: output.diskSize of ${diskSize} MiB is too small (the files hold ${Math.ceil(content / MIB)} MiB)`,
    {
      hint: 'Leave it out, or give half as much again as the files hold.',
    },
  );
}
