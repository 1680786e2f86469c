// dism.exe of Windows (experimental): mounts an image into a folder, and saves or discards what was changed there.
import { spawnSync } from 'node:child_process';
import type { Tool } from './tool.ts';
import { runWindowsProgram } from './windows-program.ts';

export const dism: Tool = {
  name: 'dism.exe',
  package: 'Windows',
  purpose: 'mounts images on Windows hosts (experimental)',
  versionArgs: ['/English', '/?'],
  versionPattern: /Version: (\d+(?:\.\d+)+)/,
};

/** Mounts of this process: discarded at exit, whatever happens. A process that is killed leaves them to `dism /Cleanup-Mountpoints`. */
const mounts = new Set<string>();
process.on('exit', () => {
  for (const folder of mounts) spawnSync(dism.name, unmountArguments(folder, 'discard'), { windowsHide: true });
});

/** Messages in English: what they say is shown and looked into. */
const COMMON = '/English';

export interface DismMount {
  readonly folder: string;
  /** @throws ToolError */
  unmount(how: 'commit' | 'discard'): Promise<void>;
}

/** @throws ToolError TOOL_MISSING, NOT_ELEVATED, TOOL_FAILED */
export async function mountWithDism(
  file: string,
  index: number,
  folder: string,
  { writable = false, signal }: { readonly writable?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<DismMount> {
  const more = writable ? [] : ['/ReadOnly'];
  mounts.add(folder); // at once: an interrupted mount may be there all the same
  try {
    const args = [COMMON, '/Mount-Image', `/ImageFile:${file}`, `/Index:${index}`, `/MountDir:${folder}`, ...more];
    await runWindowsProgram(dism, args, signal);
  } catch (error) {
    if (signal?.aborted) await runWindowsProgram(dism, unmountArguments(folder, 'discard')).catch(() => undefined);
    mounts.delete(folder);
    throw error;
  }
  return {
    folder,
    async unmount(how) {
      // Never interrupted: half a commit would be worse than a late one.
      await runWindowsProgram(dism, unmountArguments(folder, how));
      mounts.delete(folder);
    },
  };
}

function unmountArguments(folder: string, how: 'commit' | 'discard'): readonly string[] {
  return [COMMON, '/Unmount-Image', `/MountDir:${folder}`, how === 'commit' ? '/Commit' : '/Discard'];
}

/** Copies one image into a new WIM, which holds nothing that was replaced or removed. @throws ToolError */
export async function exportWithDism(from: string, index: number, to: string, signal?: AbortSignal): Promise<void> {
  const args = [COMMON, '/Export-Image', `/SourceImageFile:${from}`, `/SourceIndex:${index}`, `/DestinationImageFile:${to}`];
  await runWindowsProgram(dism, args, signal);
}
