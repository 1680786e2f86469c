// hivexregedit: merges .reg text into a hive file and exports a hive as .reg text.
import { type RunOptions, runTool, type Tool } from './tool.ts';

export const hivexregedit: Tool = {
  name: 'hivexregedit',
  package: 'libwin-hivex-perl',
  purpose: 'writes registry hives',
  versionArgs: ['--help'], // it has no option that prints a version
  versionPattern: /hivex (\d[\d.]*)/,
};

/**
 * Perl takes files as Latin-1 unless told otherwise. Names in .reg text are UTF-8, and a name that is already in the hive is found
 * again only when both are read as text.
 */
const UTF8 = { PERL_UNICODE: 'SD' };

/** Merges a .reg file into a hive, in place. Paths in the text begin with `prefix`. */
export async function mergeReg(hive: string, reg: string, prefix: string, options: Pick<RunOptions, 'signal'> = {}): Promise<void> {
  await runTool(hivexregedit, ['--merge', '--prefix', prefix, hive, reg], { ...options, env: UTF8 });
}

/** The hive from a key downwards (`\` is its root) as .reg text, all values but DWORDs in hex; keys and values are sorted. */
export async function exportReg(hive: string, key = '\\', options: Pick<RunOptions, 'signal'> = {}): Promise<string> {
  return (await runTool(hivexregedit, ['--export', hive, key], { ...options, env: UTF8 })).stdout.toString('utf8');
}
