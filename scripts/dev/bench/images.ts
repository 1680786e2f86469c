// The images that the bench measures on: a large one from this machine's own files under a Windows shape, and one of 100,000 small files.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ACL } from '../fixtures/acl.ts';
import { kernelStub } from '../fixtures/kernel-stub.ts';
import { Tree } from '../fixtures/tree.ts';
import { writeWim } from '../fixtures/wim-file.ts';
import { makeSmallImage } from '../fixtures.ts';
import { type OwnFile, ownFiles } from './own-files.ts';

/** Content to gather so that the WIM, compressed as Microsoft compresses an install.wim, is over 1 GB. */
const CONTENT = 3.6e9;
const FOLDERS = ['/usr/lib', '/usr/bin', '/usr/share', '/opt'];
const LARGEST = 200e6;

export interface LargeImage {
  readonly name: string;
  /** In bytes. */
  readonly content: number;
  readonly compression: 'XPRESS' | 'LZX';
}

export async function largeImage(
  folder: string,
  { name, content, compression }: LargeImage = { name: 'large.wim', content: CONTENT, compression: 'LZX' },
): Promise<string> {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const shape = await makeSmallImage(folder, {
    name: 'shape',
    compression,
    extraFiles: { '/Windows/System32/ntoskrnl.exe': kernelStub() },
  });
  const part = `${path}.part`;
  copyFileSync(shape, part);
  const commands = gather(content).map(({ from, to }) => `add '${from}' '${to}'`);
  execFileSync('wimlib-imagex', ['update', part, '1'], { input: commands.join('\n'), stdio: ['pipe', 'ignore', 'inherit'] });
  renameSync(part, path);
  return path;
}

function gather(wanted: number): readonly OwnFile[] {
  const found: OwnFile[] = [];
  let bytes = 0;
  for (const file of ownFiles(FOLDERS)) {
    if (file.size > LARGEST) continue;
    found.push(file);
    bytes += file.size;
    if (bytes > wanted) break;
  }
  return found;
}

export function manyFilesImage(folder: string): string {
  const path = join(folder, 'many.wim');
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const tree = new Tree(ACL.root);
  for (let at = 0; at < 100_000; at++) tree.file(`/Data/folder${at % 1000}/file number ${at}.txt`, `content of ${at}`);
  const plain = join(folder, 'many.plain.wim');
  writeWim(plain, [{ tree, xml: '<NAME>many</NAME>' }], 1_666_087_200);
  execFileSync('wimlib-imagex', ['export', plain, 'all', `${path}.part`, '--compress=LZX'], { stdio: ['ignore', 'ignore', 'inherit'] });
  rmSync(plain);
  renameSync(`${path}.part`, path);
  return path;
}
