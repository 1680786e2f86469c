// setfattr: the parts of an NTFS file that a mount shows as extended attributes - its security descriptor and its reparse point.
import { runTool, type Tool } from './tool.ts';

export const setfattr: Tool = {
  name: 'setfattr',
  package: 'attr',
  purpose: 'sets security descriptors on NTFS volumes',
  versionArgs: ['--version'],
  versionPattern: /setfattr (\d+(?:\.\d+)+)/,
};

/** @param descriptor self-relative */
export async function setDescriptor(file: string, descriptor: Uint8Array, signal?: AbortSignal): Promise<void> {
  const value = `0x${Buffer.from(descriptor).toString('hex')}`;
  await runTool(setfattr, ['-h', '-n', 'system.ntfs_acl', '-v', value, '--', file], signal ? { signal } : {});
}

export async function removeReparsePoint(file: string, signal?: AbortSignal): Promise<void> {
  await runTool(setfattr, ['-h', '-x', 'system.ntfs_reparse_data', '--', file], signal ? { signal } : {});
}
