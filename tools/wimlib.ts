// wimlib-imagex: native decoders for the content of WIM files; it checks the SHA-1 of what it reads.
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeScratch, removeScratch } from './scratch.ts';
import { streamTool } from './stream-tool.ts';
import { runTool, type Tool } from './tool.ts';

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

export type WimCompression = 'none' | 'xpress' | 'lzx' | 'lzms';

export interface ExportOptions {
  readonly compress: WimCompression;
  /** One compressed stream over many files, as in an ESD: smaller, slow to write, and to be read from its start. */
  readonly solid?: boolean;
  /** A table of check sums behind the content. */
  readonly check?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Writes all images of a WIM or ESD into a new one. @throws ToolError */
export async function exportWim(from: string, to: string, { compress, solid, check, signal }: ExportOptions): Promise<void> {
  const more = [...(solid ? ['--solid'] : []), check ? '--check' : '--no-check'];
  await runTool(
    wimlib,
    ['export', resolve(from), 'all', resolve(to), `--compress=${compress.toUpperCase()}`, ...more],
    signal ? { signal } : {},
  );
}

/** Joins the parts of a split WIM; contents are copied as they are. @throws ToolError */
export async function joinWim(parts: readonly string[], to: string, signal?: AbortSignal): Promise<void> {
  await runTool(wimlib, ['join', resolve(to), ...parts.map((part) => resolve(part))], signal ? { signal } : {});
}

/** Splits a WIM into parts of at most `partMib` MiB: `first`, then `first` with 2, 3, … before its extension. @throws ToolError */
export async function splitWim(from: string, first: string, partMib: number, signal?: AbortSignal): Promise<void> {
  await runTool(wimlib, ['split', resolve(from), resolve(first), String(partMib)], signal ? { signal } : {});
}

/** Writes an image onto an NTFS volume in a file that is not mounted. @throws ToolError */
export async function applyToVolume(wim: string, index: number, volume: string, signal?: AbortSignal): Promise<void> {
  await runTool(wimlib, ['apply', resolve(wim), String(index), resolve(volume)], signal ? { signal } : {});
}

/** Makes a WIM of one image from an NTFS volume in a file that is not mounted. @throws ToolError */
export async function captureVolume(
  volume: string,
  wim: string,
  { name, compress, solid, signal }: ExportOptions & { readonly name: string },
): Promise<void> {
  const more = solid ? ['--solid'] : [];
  // A name that begins with a dash would be an option.
  await runTool(
    wimlib,
    [
      'capture',
      resolve(volume),
      resolve(wim),
      name.replace(/^-+/, '') || 'Windows',
      `--compress=${compress.toUpperCase()}`,
      '--no-check',
      ...more,
    ],
    signal ? { signal } : {},
  );
}
