// Secrets by reference: the config names where a secret is; the value is read only when a step reveals it.
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { SecretRef } from './options.ts';

/** A secret file larger than this is surely the wrong file. */
const SECRET_FILE_MAX = 64 * 1024;

export const secret = {
  /** The value of an environment variable. */
  env: (name: string): SecretRef => ({ from: 'env', name }),
  /** The content of a file without its last line end; the path starts at the config's folder. */
  file: (path: string): SecretRef => ({ from: 'file', name: path }),
};

/** Where a reference leads: the folder at which paths of files start, and the environment. */
export interface SecretPlaces {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The value behind a reference.
 * @throws ConfigError SECRET_ABSENT when the variable is not set or the file cannot be read; never shows the value.
 */
export async function revealSecret(ref: SecretRef, { folder = process.cwd(), env = process.env }: SecretPlaces = {}): Promise<string> {
  if (ref.from === 'env') {
    const value = env[ref.name];
    if (value === undefined || value === '') {
      throw new ConfigError('SECRET_ABSENT', `secret.env("${ref.name}"): the environment variable is not set`, {
        hint: `Set ${ref.name} in the environment of the build.`,
      });
    }
    return value;
  }
  try {
    const path = resolve(folder, ref.name);
    if ((await stat(path)).size > SECRET_FILE_MAX) throw new Error(`is larger than ${SECRET_FILE_MAX} bytes`);
    const text = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    if (text === '') throw new Error('is empty');
    return text;
  } catch (cause) {
    throw new ConfigError('SECRET_ABSENT', `secret.file("${ref.name}"): cannot be read (${(cause as Error).message})`, {
      hint: 'Name a readable file that holds nothing but the secret.',
      cause,
    });
  }
}

/** How a reference is shown in plans and reports. */
export function showSecretRef(ref: SecretRef): string {
  return `secret.${ref.from}("${ref.name}")`;
}
