// Mounts that "wtgforge mount" left behind for a person: found by the process that keeps each, so that no record can be out of date or forged.
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ToolError } from '../errors.ts';
import { KEEPER_NAME } from './mount-keeper.ts';
import { runTool, type Tool } from './tool.ts';

const fusermount: Tool = {
  name: 'fusermount',
  package: 'fuse3',
  purpose: 'unmounts what users have mounted',
  versionArgs: ['--version'],
  versionPattern: /version: (\d+(?:\.\d+)+)/,
};
const umount: Tool = {
  name: 'umount',
  package: 'mount',
  purpose: 'unmounts',
  versionArgs: ['--version'],
  versionPattern: /util-linux (\d+(?:\.\d+)+)/,
};

const ANY_CODE = Array.from({ length: 256 }, (_, code) => code);
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

/** The real path of a folder, also when its mount does not answer any more. */
export async function mountPath(folder: string): Promise<string> {
  const whole = resolve(folder);
  return realpath(whole).catch(async () => join(await realpath(dirname(whole)).catch(() => dirname(whole)), basename(whole)));
}

/** The process that keeps our mount at the real path, or undefined. Processes of others do not count, but for root. */
export async function keeperOf(path: string): Promise<number | undefined> {
  const me = process.getuid?.() ?? 0;
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    try {
      const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      if (words[1] !== '-c' || words[3] !== KEEPER_NAME || words[4] !== path) continue;
      const { uid } = await stat(`/proc/${pid}`);
      if (me === 0 || uid === me) return Number(pid);
    } catch {
      // It has ended meanwhile, or is none of our business.
    }
  }
  return undefined;
}

/**
 * Ends the mount and waits until its processes and temporary files are gone.
 * @throws ToolError MOUNT_NOT_OURS, MOUNT_BUSY
 */
export async function unmountKept(folder: string): Promise<void> {
  const path = await mountPath(folder);
  const keeper = await keeperOf(path);
  if (keeper === undefined) {
    throw new ToolError('MOUNT_NOT_OURS', `${folder}: is no mount that wtgforge has made`, {
      hint: 'Give the folder that was given to "wtgforge mount".',
    });
  }
  if (!(await unmounted(path, keeper))) {
    throw new ToolError('MOUNT_BUSY', `${folder}: cannot be unmounted, a program still uses it`, {
      hint: 'Leave the folder and end the programs that work in it (fuser -vm shows them), then unmount again.',
    });
  }
  for (let waited = 0; (await keeperOf(path)) !== undefined; waited += LOOK_MS) {
    if (waited > PATIENCE_MS) throw new ToolError('MOUNT_BUSY', `${folder}: is unmounted, but process ${keeper} does not end`);
    await wait(LOOK_MS);
  }
}

/** Not by force: a program that reads in it would lose its files. */
async function unmounted(path: string, keeper: number): Promise<boolean> {
  const ways: readonly (readonly [Tool, ...string[]])[] = [
    [umount, path],
    [fusermount, '-u', path],
    [{ ...fusermount, name: 'fusermount3' }, '-u', path],
  ];
  let said = '';
  for (const [tool, ...args] of ways) {
    const { exitCode, stderr } = await runTool(tool, args, { accept: ANY_CODE });
    if (exitCode === 0) return true;
    said += stderr;
  }
  if (/busy/i.test(said)) return false;
  // A mount of the setuid ntfs-3g is not in the user's name; who keeps it may end it.
  process.kill(keeper, 'SIGTERM');
  return true;
}
