// The images that the lint is measured on: files of this machine under a Windows shape, in several sizes, and one with a hundredth of them changed.
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeSmallImage } from '../fixtures.ts';
import { type OwnFile, ownFiles } from './own-files.ts';

const ROOTS = ['/usr'];
/** wimlib's lesser effort: what is measured is reading. */
const COMPRESSION = 'LZX:20';
const QUIET: ExecFileSyncOptions = { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 2 ** 28 };

export interface BenchImage {
  readonly path: string;
  readonly files: number;
  /** Of content, not stored. */
  readonly bytes: number;
  /** Of the container. */
  readonly stored: number;
}

/**
 * @param share of the machine's files, up to 2: over 1, files are there a second time with other first bytes
 */
export async function shareImage(folder: string, share: number): Promise<BenchImage> {
  const path = join(folder, `lint-${share}.wim`);
  const facts = `${path}.json`;
  if (existsSync(facts)) return { ...(JSON.parse(readFileSync(facts, 'utf8')) as BenchImage), path };
  const scratch = join(folder, `scratch-${share}`);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const shape = await makeSmallImage(folder, { name: 'shape', compression: 'LZX' });
  const tree = join(scratch, 'shape');
  execFileSync('wimlib-imagex', ['apply', shape, '1', tree], QUIET);
  const all = [...ownFiles(ROOTS)];
  const chosen = shareOf(all, share);
  const twins = share > 1 ? shareOf(all, share - 1).map((one, at) => twinOf(one, join(scratch, `${at}`))) : [];
  const list = [tree, ...chosen, ...twins].map((one) => (typeof one === 'string' ? `"${one}" /` : `"${one.from}" "${one.to}"`));
  writeFileSync(join(scratch, 'list'), `${list.join('\n')}\n`);
  const part = `${path}.part`;
  rmSync(part, { force: true });
  const words = ['capture', join(scratch, 'list'), part, 'bench', '--source-list', `--compress=${COMPRESSION}`, '--no-acls'];
  execFileSync('wimlib-imagex', words, QUIET);
  rmSync(scratch, { recursive: true, force: true });
  renameSync(part, path);
  const made = [...chosen, ...twins];
  const image = { path, files: made.length, bytes: made.reduce((sum, { size }) => sum + size, 0), stored: statSync(path).size };
  writeFileSync(facts, JSON.stringify(image));
  return image;
}

/** The same image with every hundredth file changed. */
export function changedImage(folder: string, { path }: BenchImage, share: number): string {
  const changed = join(folder, `lint-${share}-changed.wim`);
  if (existsSync(changed)) return changed;
  const scratch = join(folder, 'scratch-changed');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const some = shareOf([...ownFiles(ROOTS)], share).filter((_, at) => at % 100 === 0);
  const commands = some.map((one, at) => twinOf(one, join(scratch, `${at}`))).map(({ from }, at) => `add "${from}" "${some[at]!.to}"`);
  copyFileSync(path, `${changed}.part`);
  execFileSync('wimlib-imagex', ['update', `${changed}.part`, '1'], {
    ...QUIET,
    stdio: ['pipe', 'ignore', 'pipe'],
    input: commands.join('\n'),
  });
  rmSync(scratch, { recursive: true, force: true });
  renameSync(`${changed}.part`, changed);
  return changed;
}

function shareOf(all: readonly OwnFile[], share: number): readonly OwnFile[] {
  return all.filter((_, at) => (at % 8) / 8 < share);
}

function twinOf({ from, to, size }: OwnFile, beside: string): OwnFile {
  writeFileSync(beside, Buffer.concat([Buffer.from('twin'), readFileSync(from)]));
  return { from: beside, to: join(dirname(to), `twin of ${to.slice(dirname(to).length + 1)}`), size: size + 4 };
}
