// Writes a file that appears whole or not at all, and never over another one unless that was asked for.
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../errors.ts';

export interface WholeFileOptions {
  /** Replace a file that is there. */
  readonly force: boolean;
  /** Only the owner may read it. */
  readonly secret: boolean;
}

/** @throws ConfigError OUTPUT_EXISTS, OUTPUT_IS_FOLDER, OUTPUT_UNWRITABLE */
export async function writeWholeFile(path: string, content: Uint8Array, { force, secret }: WholeFileOptions): Promise<void> {
  await checkPlace(path, force);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, 'wx', secret ? 0o600 : 0o666);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // link(2) refuses a file that came up meanwhile; rename(2) would replace it.
    await (force ? rename(temporary, path) : link(temporary, path));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists(path);
    throw new ConfigError('OUTPUT_UNWRITABLE', `${path}: cannot be written (${code ?? 'unknown'})`, {
      hint: 'Choose a folder that is there and that you may write.',
      cause,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Said before any work is done, so that nobody waits for nothing. */
export async function checkPlace(path: string, force: boolean): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw new ConfigError('OUTPUT_IS_FOLDER', `${path}: is a folder`, { hint: 'Name the file to make.' });
  if (there && !there.isFile()) throw new ConfigError('OUTPUT_UNWRITABLE', `${path}: is not a plain file`);
  if (there && !force) throw exists(path);
}

function exists(path: string): ConfigError {
  return new ConfigError('OUTPUT_EXISTS', `${path}: exists already`, { hint: 'Use --force to replace it.' });
}
