// Temporary folders (mode 0700) that go away on success, failure and exit.

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const open = new Set<string>();

process.on('exit', () => {
  for (const folder of open) rmSync(folder, { recursive: true, force: true });
});

/** Runs `use` with a fresh private folder and removes the folder afterwards, whatever happened. */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeScratch();
  try {
    return await use(folder);
  } finally {
    await removeScratch(folder);
  }
}

/** A fresh private folder that the caller gives back with `removeScratch`; removed at exit in any case. */
export async function makeScratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wtgforge-'));
  open.add(folder);
  return folder;
}

export async function removeScratch(folder: string): Promise<void> {
  const { default: fse } = await import('fs-extra'); // late: loading it is dear for a command that needs no scratch
  await fse.remove(folder);
  open.delete(folder);
}
