// A full disk, as the tools say it: told apart from a tool that fails.
import { ToolError } from '../../errors.ts';

/** Waits for a tool that writes the file; when the disk is full, the error says so in the way of the file system. */
export async function writingTo<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ToolError) || !saysFull(error)) throw error;
    // No ToolError, which would be about the disk of temporary files.
    throw Object.assign(new Error(`${path}: no space left on device`, { cause: error }), { code: 'ENOSPC' });
  }
}

export function saysFull(error: unknown): boolean {
  return error instanceof ToolError && error.code === 'TOOL_FAILED' && /no space left on device/i.test(error.message);
}
