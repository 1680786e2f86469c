// Secrets by reference: the config names where a secret is; the value is read only when a step reveals it.
import { readFile, stat } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';
import type { SecretRef } from './options.ts';

/** A secret file larger than this is surely the wrong file. */
const SECRET_FILE_MAX = 64 * 1024;

export const secret = {
  /** The value of an environment variable. */
  env: (name: string): SecretRef => ({ from: 'env', name }),
  /** The content of a file without its last line end. */
  file: (path: string): SecretRef => ({ from: 'file', name: path }),
};

/**
 * The value behind a reference.
 * @throws ConfigError SECRET_ABSENT when the variable is not set or the file cannot be read; never shows the value.
 */
export async function revealSecret(ref: SecretRef, env: Readonly<Record<string, string | undefined>> = process.env): Promise<string> {
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
    if ((await stat(ref.name)).size > SECRET_FILE_MAX) throw new Error(`is larger than ${SECRET_FILE_MAX} bytes`);
    return (await readFile(ref.name, 'utf8')).replace(/\r?\n$/, '');
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
