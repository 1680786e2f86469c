// wimlib-imagex: native decoders for the content of WIM files; it checks the SHA-1 of what it reads.
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeScratch, removeScratch } from './scratch.ts';
import { streamTool } from './stream-tool.ts';
import type { Tool } from './tool.ts';

export const wimlib: Tool = {
  name: 'wimlib-imagex',
  package: 'wimtools',
  purpose: 'reads the content of WIM images',
  versionArgs: ['--version'],
  versionPattern: /wimlib-imagex (\d+(?:\.\d+)+)/,
  minimum: '1.13',
};

/** Whether a list file can name the path: wimlib trims lines, takes a backslash as a separator and knows no lone surrogates. */
export function canList(path: string): boolean {
  return !/[\\\r\n]|\s$|\p{Surrogate}/u.test(path);
}

/**
 * The unnamed content of files of one image, one behind the other in the order of `paths` without anything between them.
 * Links cannot be named: wimlib ends with 42 in the middle of the stream. A digest that does not match is TOOL_FAILED.
 */
export async function* extractToStdout(
  wim: string,
  index: number,
  paths: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const folder = await makeScratch();
  try {
    const list = join(folder, 'list.txt');
    await writeFile(list, `${paths.join('\n')}\n`);
    // The user's environment must not decide which of two names that differ in case is read.
    yield* streamTool(wimlib, extractArguments(wim, index, list), { signal, env: { WIMLIB_IMAGEX_IGNORE_CASE: '0' } });
  } finally {
    await removeScratch(folder);
  }
}

/** Arguments to write the contents that a list file names to stdout. An absolute path cannot be taken for an option. */
export function extractArguments(wim: string, index: number, list: string): readonly string[] {
  return ['extract', resolve(wim), String(index), `@${list}`, '--to-stdout', '--no-globs', '--no-acls', '--quiet'];
}
