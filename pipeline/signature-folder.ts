// The folder of signature files that a config names: read and compiled as a whole before anything is opened.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../errors.ts';
import { loadSignatures } from '../lint/signatures.ts';

/** Far above any folder that a person looks after. */
const FILES_MAX = 1000;
const FILE_MAX = 8 * 1024 * 1024;
const ENDING = /\.yara?$/i;

/**
 * Texts of the `.yar` and `.yara` files that stand directly in the folder, by their names without ending.
 * @param taken names that the built-in signature files have.
 * @throws ConfigError SIGNATURES_UNREADABLE, SIGNATURES_INVALID (every file that is named wrong or does not compile, all at once).
 */
export async function readSignatureFolder(folder: string, taken: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const files = (await listed(folder)).filter((file) => ENDING.test(file)).sort();
  // An empty folder checks nothing, and looks as if it did.
  if (files.length === 0) throw unreadable(folder, 'holds no .yar file');
  if (files.length > FILES_MAX) throw unreadable(folder, `holds more than ${FILES_MAX} signature files`);
  const texts = new Map<string, string>();
  const faults: string[] = [];
  for (const file of files) {
    const name = file.replace(ENDING, '');
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) faults.push(`${file}: must have a name in kebab-case`);
    else if (taken.includes(name)) faults.push(`${file}: has the name of a built-in signature file; choose another`);
    else if (texts.has(name)) faults.push(`${file}: stands there twice, as .yar and .yara`);
    else texts.set(name, await textOf(join(folder, file)));
  }
  const { unusable } = await loadSignatures([...texts.keys()], async (name) => texts.get(name)!);
  faults.push(...unusable.values());
  if (faults.length > 0) {
    throw new ConfigError(
      'SIGNATURES_INVALID',
      `${folder}: ${faults.length} mistake(s)\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      {
        hint: 'Correct the files, or take them out of the folder. The language is that of YARA-X, without include.',
      },
    );
  }
  return texts;
}

async function listed(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw unreadable(folder, `cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, cause);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > FILE_MAX) throw unreadable(path, `is too large for a signature file (${size} bytes, at most ${FILE_MAX})`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw unreadable(path, `cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, cause);
  }
}

function unreadable(path: string, what: string, cause?: unknown): ConfigError {
  return new ConfigError('SIGNATURES_UNREADABLE', `${path}: ${what}`, {
    hint: 'lint.signatures of the config names a folder of .yar files.',
    cause,
  });
}
