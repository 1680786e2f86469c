// wimlib-imagex as a FUSE file system: an image of a WIM as a folder, for looking into it or for a program that changes it.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ToolError } from '../errors.ts';
import { type HeldMount, holdMount, mountBusy } from './mount-keeper.ts';
import { requireFuse } from './ntfs-3g.ts';
import { missingTool, runTool } from './tool.ts';
import { wimlib } from './wimlib.ts';

/** In the foreground, so that its end is seen: `--debug` is the one way to that. */
const FOREGROUND = ['--debug', '--streams-interface=windows'];

/** @throws ToolError TOOL_MISSING, FUSE_ABSENT, FUSE_DENIED, MOUNT_FAILED */
export async function mountWim(
  wim: string,
  index: number,
  folder: string,
  { own, mark, writable }: { readonly own?: string; readonly mark?: string; readonly writable?: boolean } = {},
): Promise<HeldMount> {
  await requireFuse();
  const verb = writable ? 'mountrw' : 'mount';
  return holdMount({
    command: [wimlib.name, verb, resolve(wim), String(index), folder, ...FOREGROUND],
    folder,
    what: 'wimlib-imagex: does not mount the image',
    hint: 'Check the file with "wimlib-imagex verify" and take a fresh copy when it is damaged.',
    missing: () => missingTool(wimlib),
    ...(own === undefined ? {} : { own }),
    ...(mark === undefined ? {} : { mark }),
  });
}

/** Writes what was changed in the mount into the WIM, and ends the mount. @throws ToolError MOUNT_BUSY, TOOL_FAILED */
export async function commitMountedWim(folder: string, signal?: AbortSignal): Promise<void> {
  try {
    await runTool(wimlib, ['unmount', folder, '--commit'], signal ? { signal } : {});
  } catch (error) {
    if (!(error instanceof ToolError) || !/busy|in use|open file/i.test(error.message)) throw error;
    throw mountBusy(folder, error);
  }
}

/** wimlib leaves out page files, System Volume Information and more, unless it is told to leave out nothing. */
const EVERYTHING = '[ExclusionList]\n';

/** Makes a WIM of one image from a folder with all that is in it, without compressing it. @throws ToolError */
export async function captureFolder(folder: string, wim: string, signal?: AbortSignal): Promise<void> {
  const config = `${resolve(wim)}.ini`;
  await writeFile(config, EVERYTHING);
  const args = ['capture', resolve(folder), resolve(wim), 'volume', '--compress=NONE', '--no-acls', '--no-check', `--config=${config}`];
  await runTool(wimlib, args, signal ? { signal } : {});
}
