// The place of the output: checked before anything is made, and held by a lock so that two builds never share it.

import { rmSync } from 'node:fs';
import { access, constants, link, lstat, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import fse from 'fs-extra';
import { ConfigError, StepError } from '../errors.ts';
import { partName, partNumber, partsBeside } from '../image/split-names.ts';
import type { Attachment } from './run.ts';

/** File systems take 255 bytes; names beside the output are up to 50 longer than its own. */
const NAME_BYTES_MAX = 200;

/** What else bears the output's name while and after a build. */
export function outputNames(output: string) {
  return {
    staged: `${output}.staged`,
    rejected: `${output}.rejected`,
    lock: `${output}.lock`,
    report: `${output}.report.json`,
    rejectedReport: `${output}.rejected.json`,
    /** Of a split WIM, from 2 on: `golden2.swm`. */
    part: (number: number) => partName(output, number),
    rejectedPart: (number: number) => partName(`${output}.rejected`, number),
    /** `golden.wim` + `chrony.conf` → `golden.chrony.conf`, beside the output. */
    attachment: (name: string) => join(dirname(output), `${basename(output).replace(/\.[^.]+$/, '')}.${name}`),
  };
}

function ownFiles(output: string): readonly string[] {
  const { staged, rejected, lock, report, rejectedReport } = outputNames(output);
  return [staged, rejected, lock, report, rejectedReport];
}

/**
 * Makes sure that the output can be made without losing anything.
 * @throws ConfigError OUTPUT_IS_SOURCE, OUTPUT_EXISTS, OUTPUT_IS_FOLDER, OUTPUT_IS_SPECIAL, OUTPUT_NAME_LONG, OUTPUT_NAME_TAKEN, OUTPUT_UNWRITABLE
 */
export async function checkOutput(source: string, output: string, force: boolean, split = false): Promise<void> {
  const bytes = Buffer.byteLength(basename(output));
  if (bytes > NAME_BYTES_MAX) {
    throw new ConfigError('OUTPUT_NAME_LONG', `${output}: its name is too long (${bytes} bytes, at most ${NAME_BYTES_MAX})`, {
      hint: 'Choose a shorter name: the report and the staged file are called after it.',
    });
  }
  const there = await stat(output).catch(() => undefined);
  const origin = await stat(source).catch(() => undefined);
  if (there && origin && there.dev === origin.dev && there.ino === origin.ino) {
    throw new ConfigError('OUTPUT_IS_SOURCE', `${output}: is the source image itself`, {
      hint: 'Choose another output path: the source is never written.',
    });
  }
  if (there?.isDirectory()) throw new ConfigError('OUTPUT_IS_FOLDER', `${output}: is a folder`, { hint: 'Name the file to make.' });
  // To be renamed over, /dev/null or a pipe would be gone for every program of the machine.
  if (there && !there.isFile()) {
    throw new ConfigError('OUTPUT_IS_SPECIAL', `${output}: is a device, a pipe or a socket, which is never replaced`, {
      hint: 'Name a file to make.',
    });
  }
  await checkNeighbours(output);
  const [part] = split ? await partsThere(source, output) : [];
  if ((there || part !== undefined) && !force) {
    throw new ConfigError('OUTPUT_EXISTS', `${part ?? output}: exists already`, {
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

/** Files that further parts of a split output would replace. @throws ConfigError OUTPUT_IS_SOURCE when parts of the source are among them */
async function partsThere(source: string, output: string): Promise<readonly string[]> {
  const parts = await partsBeside(output).catch(() => []); // no folder yet
  if (parts.length > 0 && dirname(source) === dirname(output) && extname(source) === extname(output) && isPartOf(source, output)) {
    throw new ConfigError('OUTPUT_IS_SOURCE', `${output}: its parts would replace those of the source image`, {
      hint: 'Choose another output path: the source is never written.',
    });
  }
  for (const path of parts) await refuseTaken(path);
  return parts;
}

function isPartOf(source: string, output: string): boolean {
  return source === output || partNumber(basename(output), basename(source)) !== undefined;
}

/** What the build replaces or clears away beside the output is its own files: a folder of that name is somebody's. */
async function checkNeighbours(output: string): Promise<void> {
  for (const path of ownFiles(output)) await refuseTaken(path);
}

/**
 * What steps put beside the output must not hit the source, the output, or a file of the build's own.
 * @throws StepError ATTACHMENT_NAME; ConfigError OUTPUT_NAME_TAKEN
 */
export async function checkAttachments(source: string, output: string, attachments: readonly Attachment[]): Promise<void> {
  const { attachment: pathOf } = outputNames(output);
  const own = [output, ...ownFiles(output)];
  const origin = await stat(source).catch(() => undefined);
  for (const { step, name } of attachments) {
    const path = pathOf(name);
    await refuseTaken(path);
    await refuseTaken(`${path}.staged`);
    const there = await stat(path).catch(() => undefined);
    const isSource = there !== undefined && there.dev === origin?.dev && there.ino === origin.ino;
    if (isSource || own.includes(path) || own.includes(`${path}.staged`)) {
      throw new StepError(
        'ATTACHMENT_NAME',
        `${step}: attaches ${name}, which would replace ${isSource ? 'the source' : 'a file of the build'} (${path})`,
        {
          hint: 'Give the attachment another name.',
        },
      );
    }
  }
}

/** @throws ConfigError OUTPUT_NAME_TAKEN when something else than a file bears the name */
async function refuseTaken(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (!there || there.isFile() || there.isSymbolicLink()) return;
  throw new ConfigError(
    'OUTPUT_NAME_TAKEN',
    `${path}: is ${there.isDirectory() ? 'a folder' : 'no file'}, where the build needs a file of its own`,
    {
      hint: 'Move it away, or choose another output name.',
    },
  );
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
      // A killed build in a container leaves the very number that the next one gets.
      const isOwnLeftover = owner === process.pid && !held.has(lock);
      if (owner && !isOwnLeftover && isAlive(owner)) {
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
