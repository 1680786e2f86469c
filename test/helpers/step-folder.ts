// A folder of the host for tests of steps that read files from it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withScratch } from '../../tools/scratch.ts';

/** Writes the files by their paths, hands over the folder, and removes it. */
export async function inHostFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  return withScratch(async (folder) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return use(folder);
  });
}

/** The message of the refusal, or "taken". */
export async function refusalOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
}
