// setfattr: the parts of an NTFS file that a mount shows as extended attributes - its security descriptor and its reparse point.
import { runTool, type Tool } from './tool.ts';

export const setfattr: Tool = {
  name: 'setfattr',
  package: 'attr',
  purpose: 'sets security descriptors on NTFS volumes',
  versionArgs: ['--version'],
  versionPattern: /setfattr (\d+(?:\.\d+)+)/,
};

/**
 * Sets all of them in one start of the program.
 * @param descriptors self-relative, by file
 * @throws ToolError TOOL_MISSING, TOOL_FAILED
 */
export async function setDescriptors(descriptors: ReadonlyMap<string, Uint8Array>, signal?: AbortSignal): Promise<void> {
  if (descriptors.size === 0) return;
  const entries = [...descriptors].map(
    ([file, bytes]) => `# file: ${quoted(file)}\nsystem.ntfs_acl=0x${Buffer.from(bytes).toString('hex')}\n`,
  );
  await runTool(setfattr, ['-h', '--restore=-'], { input: entries.join('\n'), ...(signal ? { signal } : {}) });
}

/** As getfattr writes a name: what would end the line, and what leads in such a code. */
function quoted(file: string): string {
  return file.replace(/[\\\n\r]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

export async function removeReparsePoint(file: string, signal?: AbortSignal): Promise<void> {
  await runTool(setfattr, ['-h', '-x', 'system.ntfs_reparse_data', '--', file], signal ? { signal } : {});
}
