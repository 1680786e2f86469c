// A full disk, as the tools say it: told apart from a tool that fails.
import { ToolError } from '../../errors.ts';

/** Waits for what writes the file; when the disk below it is full, the error says so in a way of its own, whether a tool or the file system says it. */
export async function writingTo<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const full = saysFull(error) || (!(error instanceof ToolError) && (error as NodeJS.ErrnoException | undefined)?.code === 'ENOSPC');
    if (!full) throw error;
    // As cause: a ToolError, or a code of the error itself, would be about the disk of temporary files.
    throw new Error(`${path}: no space left on device`, { cause: Object.assign(new Error((error as Error).message), { code: 'ENOSPC' }) });
  }
}

export function saysFull(error: unknown): boolean {
  return error instanceof ToolError && error.code === 'TOOL_FAILED' && /no space left on device/i.test(error.message);
}
