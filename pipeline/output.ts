// The place of the output: checked before anything is made, and held by a lock so that two builds never share it.

import { rmSync } from 'node:fs';
import { access, constants, link, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import fse from 'fs-extra';
import { ConfigError } from '../errors.ts';

/** What else bears the output's name while and after a build. */
export function outputNames(output: string) {
  return {
    staged: `${output}.staged`,
    rejected: `${output}.rejected`,
    lock: `${output}.lock`,
    report: `${output}.report.json`,
    rejectedReport: `${output}.rejected.json`,
    /** `golden.wim` + `chrony.conf` → `golden.chrony.conf`, beside the output. */
    attachment: (name: string) => join(dirname(output), `${basename(output).replace(/\.[^.]+$/, '')}.${name}`),
  };
}

/**
 * Makes sure that the output can be made without losing anything.
 * @throws ConfigError OUTPUT_IS_SOURCE, OUTPUT_EXISTS, OUTPUT_IS_FOLDER, OUTPUT_UNWRITABLE
 */
export async function checkOutput(source: string, output: string, force: boolean): Promise<void> {
  const there = await stat(output).catch(() => undefined);
  const origin = await stat(source).catch(() => undefined);
  if (there && origin && there.dev === origin.dev && there.ino === origin.ino) {
    throw new ConfigError('OUTPUT_IS_SOURCE', `${output}: is the source image itself`, {
      hint: 'Choose another output path: the source is never written.',
    });
  }
  if (there?.isDirectory()) throw new ConfigError('OUTPUT_IS_FOLDER', `${output}: is a folder`, { hint: 'Name the file to make.' });
  if (there && !force) {
    throw new ConfigError('OUTPUT_EXISTS', `${output}: exists already`, {
      hint: 'Use --force to replace it once the new image is accepted.',
    });
  }
  const folder = dirname(output);
  try {
    await fse.ensureDir(folder);
    await access(folder, constants.W_OK | constants.X_OK);
    // access(2) always says yes to root, also on a read-only file system: only a write proves it.
    const probe = join(folder, `.wtgforge-${process.pid}`);
    await writeFile(probe, '', { flag: 'wx' });
    await unlink(probe);
  } catch (cause) {
    throw new ConfigError('OUTPUT_UNWRITABLE', `${folder}: cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      hint: 'Choose an output folder that you may write.',
      cause,
    });
  }
}

/** Held locks, removed at exit whatever happens. */
const held = new Set<string>();
process.on('exit', () => {
  for (const lock of held) rmSync(lock, { force: true });
});

/**
 * Holds the output's lock while `use` runs. A lock whose process is gone is taken over.
 * @throws ConfigError OUTPUT_LOCKED when another build holds it.
 */
export async function withOutputLock<T>(output: string, use: () => Promise<T>): Promise<T> {
  const { lock } = outputNames(output);
  await takeLock(lock, output);
  held.add(lock);
  try {
    return await use();
  } finally {
    await fse.remove(lock);
    held.delete(lock);
  }
}

async function takeLock(lock: string, output: string): Promise<void> {
  const mine = `${lock}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        // link(2) either makes the lock with its content or fails: nobody ever sees a lock without its owner.
        await link(mine, lock);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10);
      if (owner && isAlive(owner)) {
        throw new ConfigError('OUTPUT_LOCKED', `${output}: another build makes it right now (process ${owner})`, {
          hint: 'Wait for that build, or give this one another output path.',
        });
      }
      // Renaming takes the dead lock away for exactly one of several waiting builds.
      await rename(lock, `${mine}.stale`).catch(() => undefined);
    }
    throw new ConfigError('OUTPUT_LOCKED', `${output}: another build makes it right now`, { hint: 'Wait for that build.' });
  } finally {
    await fse.remove(mine);
    await fse.remove(`${mine}.stale`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
