// The staged file of a build, and what stands beside it for a while: gone afterwards, whatever happens.
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigError, ToolError } from '../errors.ts';
import { partNumber } from '../image/split-names.ts';

/** Of running builds: removed at exit. */
const stagedFiles = new Set<string>();
process.on('exit', () => {
  for (const staged of stagedFiles) removeStaged(staged);
});

/**
 * Runs `use` with the name of a file to make. What an earlier build that was killed left under it is removed first.
 * @throws ConfigError OUTPUT_DISK_FULL
 */
export async function withStaged<T>(staged: string, use: (staged: string) => Promise<T>): Promise<T> {
  stagedFiles.add(staged);
  try {
    removeStaged(staged);
    return await use(staged);
  } catch (error) {
    if (isDiskFull(error)) {
      throw new ConfigError('OUTPUT_DISK_FULL', `${staged}: the disk is full`, {
        hint: 'Free space where the output goes: the staged copy needs the size of the source and a little more; a change of format up to three times that.',
        cause: error,
      });
    }
    throw error;
  } finally {
    removeStaged(staged);
    stagedFiles.delete(staged);
  }
}

/** The file, what begins with its name and a dot, and the parts that are numbered after it (see `partsBeside`). */
function removeStaged(staged: string): void {
  const name = basename(staged);
  for (const there of namesIn(dirname(staged))) {
    if (there !== name && !there.startsWith(`${name}.`) && partNumber(name, there) === undefined) continue;
    try {
      rmSync(join(dirname(staged), there), { force: true });
    } catch {
      // A folder is not ours.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isDiskFull(error: unknown): boolean {
  // The temporary folder has a message of its own; it may be on another disk.
  if (error instanceof ToolError) return false;
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  return code === 'ENOSPC' || (cause !== undefined && isDiskFull(cause));
}
