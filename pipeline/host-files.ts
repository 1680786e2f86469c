// Files of the host that steps read: plain files by a path from the config's folder, bounded, no link followed; each is noted as an input.
import { createHash } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';

/** A file that a step takes in whole: what is larger belongs into the image by other means. */
export const HOST_FILE_MAX = 256 * 1024 * 1024;
/** A folder that is copied in: entries, and how deep they may lie. */
export const HOST_ENTRIES_MAX = 20_000;
const DEPTH_MAX = 32;

/** What a step read from the host. The path is as the step was given it. */
export interface HostInput {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

export interface HostFile {
  /** From the folder that was asked for, with '/'. */
  readonly path: string;
  read(): Promise<Uint8Array>;
}

export interface HostFiles {
  /** Every file that was read so far, each once, in the order of reading. */
  readonly inputs: readonly HostInput[];
  /** @throws ConfigError HOST_FILE_ABSENT, HOST_FILE_LINK, HOST_FILE_SPECIAL, HOST_FILE_LARGE */
  read(path: string, max?: number): Promise<Uint8Array>;
  /** The files below a folder, in the order of their paths. @throws the same, and HOST_FOLDER_LARGE */
  list(folder: string): Promise<readonly HostFile[]>;
  /** Whether a file or a folder stands there; undefined when nothing does. @throws ConfigError HOST_FILE_LINK, HOST_FILE_SPECIAL */
  kind(path: string): Promise<'file' | 'folder' | undefined>;
}

/** @param folder the config's folder, where relative paths begin */
export function hostFiles(folder: string): HostFiles {
  const inputs = new Map<string, HostInput>();
  const read = async (path: string, max = HOST_FILE_MAX) => {
    const content = await readPlain(resolve(folder, path), path, max);
    inputs.set(path, { path, size: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    return content;
  };
  return {
    get inputs() {
      return [...inputs.values()];
    },
    read,
    async list(path) {
      const found: HostFile[] = [];
      for (const below of await filesBelow(resolve(folder, path), path)) {
        found.push({ path: below, read: () => read(join(path, below)) });
      }
      return found;
    },
    async kind(path) {
      const facts = await lstat(resolve(folder, path)).catch(() => undefined);
      if (!facts) return undefined;
      if (facts.isSymbolicLink()) throw linked(path);
      if (!facts.isFile() && !facts.isDirectory()) throw special(path);
      return facts.isFile() ? 'file' : 'folder';
    },
  };
}

async function readPlain(at: string, path: string, max: number): Promise<Uint8Array> {
  // A pipe must not block, and a link must not lead anywhere, even one that was put there a moment ago.
  const file = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ELOOP' ? linked(path) : absent(path, cause);
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw special(path);
    if (facts.size > max) {
      throw new ConfigError('HOST_FILE_LARGE', `${path}: is too large (${facts.size} bytes, at most ${max})`, {
        hint: 'Take a smaller file.',
      });
    }
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

async function filesBelow(top: string, path: string): Promise<readonly string[]> {
  const files: string[] = [];
  let entries = 0;
  let level = [''];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) throw tooLarge(path, `more than ${DEPTH_MAX} folders deep`);
    const next: string[] = [];
    for (const folder of level) {
      for (const entry of await entriesOf(join(top, folder), path)) {
        if (++entries > HOST_ENTRIES_MAX) throw tooLarge(path, `more than ${HOST_ENTRIES_MAX} entries`);
        const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isSymbolicLink()) throw linked(join(path, name));
        if (entry.isDirectory()) next.push(name);
        else if (entry.isFile()) files.push(name);
        else throw special(join(path, name));
      }
    }
    level = next;
  }
  return files.sort();
}

async function entriesOf(at: string, path: string): Promise<readonly Dirent[]> {
  const facts = await lstat(at).catch((cause: NodeJS.ErrnoException) => {
    throw absent(path, cause);
  });
  if (facts.isSymbolicLink()) throw linked(path);
  return readdir(at, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw absent(path, cause);
  });
}

function absent(path: string, cause: NodeJS.ErrnoException): ConfigError {
  return new ConfigError('HOST_FILE_ABSENT', `${path}: cannot be read (${cause.code ?? 'unknown'})`, {
    hint: "Check the path; it starts at the config's folder.",
    cause,
  });
}

function linked(path: string): ConfigError {
  return new ConfigError('HOST_FILE_LINK', `${path}: is a symbolic link, which is not followed`, {
    hint: 'Name the file itself, or copy it beside the config.',
  });
}

function special(path: string): ConfigError {
  return new ConfigError('HOST_FILE_SPECIAL', `${path}: is no plain file`, { hint: 'Name a file.' });
}

function tooLarge(path: string, fact: string): ConfigError {
  return new ConfigError('HOST_FOLDER_LARGE', `${path}: holds too much (${fact})`, {
    hint: 'Name the folder that is meant, or a smaller one.',
  });
}
