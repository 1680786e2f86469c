// Temporary folders (mode 0700) that go away on success, failure and exit.

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';

const open = new Set<string>();

process.on('exit', () => {
  for (const folder of open) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A mount in it goes a moment after us; the other folders go all the same.
    }
  }
});

/** Runs `use` with a fresh private folder and removes the folder afterwards, whatever happened. */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeScratch();
  try {
    return await use(folder);
  } catch (error) {
    throw (error as NodeJS.ErrnoException | undefined)?.code === 'ENOSPC' ? scratchFull(error) : error;
  } finally {
    await removeScratch(folder);
  }
}

/** The disk of the temporary folder is full, which need not be the one where the output goes. */
export function scratchFull(cause?: unknown): ToolError {
  return new ToolError('SCRATCH_FULL', `${tmpdir()}: there is no room for temporary files`, {
    hint: 'Free space there, or let TMPDIR name a folder with more.',
    cause,
  });
}

/**
 * A fresh private folder that the caller gives back with `removeScratch`; removed at exit in any case.
 * @throws ToolError SCRATCH_UNWRITABLE, SCRATCH_FULL
 */
export async function makeScratch(): Promise<string> {
  let folder: string;
  try {
    folder = await mkdtemp(join(tmpdir(), 'wtgforge-'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw scratchFull(cause);
    throw new ToolError('SCRATCH_UNWRITABLE', `${tmpdir()}: temporary files cannot be made there (${code ?? 'unknown'})`, {
      hint: 'Let TMPDIR name a folder that you may write.',
      cause,
    });
  }
  open.add(folder);
  return folder;
}

export async function removeScratch(folder: string): Promise<void> {
  const { default: fse } = await import('fs-extra'); // late: loading it is dear for a command that needs no scratch
  await fse.remove(folder);
  open.delete(folder);
}

/** It belongs to another process from now on, which removes it. */
export function keepScratch(folder: string): void {
  open.delete(folder);
}
