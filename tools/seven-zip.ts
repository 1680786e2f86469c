// 7-Zip, through node-7z: the names inside an archive (zip, 7z, cab, rar and more). Nothing is unpacked.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import node7z from 'node-7z';
import { ToolError } from '../errors.ts';
import { withScratch } from './scratch.ts';
import { missingTool, type Tool } from './tool.ts';

export const sevenZip: Tool = {
  name: '7zz',
  package: '7zip',
  purpose: 'lists archives that lie inside an image',
  versionArgs: ['i'],
  versionPattern: /7-Zip \(z\) (\d+\.\d+)/,
};

/** An archive of a million names is a bomb or a backup; what comes after is not listed and the caller is told. */
const NAMES_MAX = 200_000;
/** A listing of a real archive takes milliseconds. */
const SECONDS_MAX = 60;

export interface ArchiveListing {
  /** `/` separated, as the archive says them. */
  readonly names: readonly string[];
  /** False when there are more names than we take. */
  readonly complete: boolean;
}

/**
 * The names of all files and folders in the archive.
 * @throws ToolError TOOL_MISSING; ARCHIVE_UNREADABLE when 7-Zip cannot list it (damaged, encrypted names, not an archive, too slow).
 */
export async function listArchive(path: string): Promise<ArchiveListing> {
  // A password keeps 7-Zip from asking for one; archives with encrypted names answer with an error.
  const stream = node7z.list(path, {
    $bin: sevenZip.name,
    password: '-',
    $spawnOptions: { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  });
  const names: string[] = [];
  let stopped: 'names' | 'time' | undefined;
  const stop = (why: 'names' | 'time'): void => {
    stopped ??= why;
    stream._childProcess.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop('time'), SECONDS_MAX * 1000);
  const endWithUs = (): void => void stream._childProcess.kill('SIGKILL');
  process.once('exit', endWithUs);
  try {
    await new Promise<void>((resolve, reject) => {
      let failure: Error | undefined;
      stream.on('data', (entry: { readonly file?: string }) => {
        if (names.length >= NAMES_MAX) stop('names');
        else if (entry.file) names.push(entry.file);
      });
      stream.on('error', (error: Error) => {
        failure ??= error;
      });
      stream._childProcess.on('error', (error) => {
        failure = error;
      });
      stream._childProcess.on('close', (code) => {
        if (failure && 'code' in failure && failure.code === 'ENOENT') reject(missingTool(sevenZip));
        else if (stopped === 'names') resolve();
        else if (stopped === 'time') reject(unreadable(`listing took longer than ${SECONDS_MAX} s`, failure));
        else if (code !== 0) reject(unreadable('damaged, encrypted or not an archive', failure));
        else setImmediate(resolve); // node-7z says `end` by itself; what it has pushed is handed out before this
      });
    });
  } finally {
    clearTimeout(timer);
    process.off('exit', endWithUs);
  }
  return { names, complete: stopped === undefined };
}

/** The same for an archive that is held in memory: it stands in a private file for as long as 7-Zip reads it. */
export async function listArchiveBytes(content: Uint8Array): Promise<ArchiveListing> {
  return withScratch(async (folder) => {
    const path = join(folder, 'archive');
    await writeFile(path, content, { mode: 0o600 });
    return listArchive(path);
  });
}

/** Whether a file of this beginning is one of the archives that `listArchive` is asked about: zip, 7z, cab, rar. */
export function isArchive(head: Uint8Array): boolean {
  const start = Buffer.from(head.subarray(0, 8)).toString('latin1');
  return ['PK\x03\x04', 'PK\x05\x06', '7z\xbc\xaf\x27\x1c', 'MSCF\0\0\0\0', 'Rar!\x1a\x07'].some((magic) => start.startsWith(magic));
}

function unreadable(why: string, cause: Error | undefined): ToolError {
  return new ToolError('ARCHIVE_UNREADABLE', `archive: cannot be listed (${why})`, { cause });
}
