// cp: copies a large file inside the kernel, and can be stopped, which a copy by Node.js cannot.
import { runTool, type Tool } from './tool.ts';

export const cp: Tool = {
  name: 'cp',
  package: 'coreutils',
  purpose: 'copies the base image',
  versionArgs: ['--version'],
  versionPattern: /coreutils\) (\d+(?:\.\d+)+)/,
};

/**
 * Makes `to` a copy of `from`, sharing its extents where the file system can.
 * @throws ToolError when cp fails; what it began is left for the caller to remove.
 */
export async function copyWithCp(from: string, to: string, signal?: AbortSignal): Promise<void> {
  await runTool(cp, ['--reflink=auto', '--', from, to], signal ? { signal } : {});
}
