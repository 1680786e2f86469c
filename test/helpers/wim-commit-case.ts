// What the tests of the WIM commit share: the edits, a WIM with real descriptors, a folder that goes away.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitWim, type WimCommitOptions } from '../../image/containers/wim-commit.ts';
import type { FileEdit } from '../../image/image.ts';
import { applyToNtfs, makeWim, run } from './make-wim.ts';
import { windowsTree } from './windows-tree.ts';

// ntfssecaudit asks to be root even for a plain file; root of a user namespace of our own is enough.
export const isRoot = process.getuid?.() === 0;
export const canAudit = isRoot || spawnSync('unshare', ['-r', 'true']).status === 0;
if (!canAudit) console.error('skipped: ntfssecaudit needs root or user namespaces');

const folder = mkdtempSync(join(tmpdir(), 'wtgforge-commit-'));
export const at = (name: string) => join(folder, name);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export const TIME = new Date('2024-05-06T07:08:09Z');
export const write = (path: string, content: string): FileEdit => ({ kind: 'write', path, content: Buffer.from(content) });
export const remove = (path: string): FileEdit => ({ kind: 'remove', path });
export const EDITS: readonly FileEdit[] = [
  write('/windows/system32/CONFIG/software', 'regf without anything planted'),
  write('/Windows/System32/kernel32.dll', 'MZ other kernel'),
  write('/Windows/System32/drivers/etc/hosts', '10.0.0.1 kms'),
  write('/Windows/Setup/Scripts/SetupComplete.cmd', '@echo off'),
  remove('/Windows/Panther/setupact.log'),
  remove('/Windows/Panther/deeper'),
];
export const commit = (source: string, staged: string, more: Partial<WimCommitOptions> = {}) =>
  commitWim(source, staged, { index: 1, edits: EDITS, images: 'built', time: TIME, ...more });
export const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** An LZX WIM with integrity table and two images, written by wimlib from an NTFS volume; made once. */
let captured: string | undefined;
export function capturedWim(): string {
  if (captured) return captured;
  makeWim(at('made.wim'), { images: [{ files: windowsTree() }] });
  applyToNtfs(at('made.wim'), at('volume.img'));
  captured = at('captured.wim');
  run('wimlib-imagex', ['capture', at('volume.img'), captured, 'Enterprise', '--compress=LZX', '--check', '--boot']);
  makeWim(at('second.wim'), { images: [{ files: { ...windowsTree(), '/Windows/only-in-second.txt': 'second image only' } }] });
  applyToNtfs(at('second.wim'), at('volume.img'));
  run('wimlib-imagex', ['append', at('volume.img'), captured, 'Education', '--check']);
  return captured;
}
