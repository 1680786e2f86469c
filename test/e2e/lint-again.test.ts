// wtgforge lint with a base and with its cache, as a user runs it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LintResult } from '../../lint/result.ts';
import { makeWim, type WimTree } from '../helpers/make-wim.ts';
import { cli } from '../helpers/run-cli.ts';

const test = suite('lint-again');
let folder = '';
const cacheBefore = process.env['XDG_CACHE_HOME'];
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
});
test.after(() => {
  if (cacheBefore === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cacheBefore;
  rmSync(folder, { recursive: true, force: true });
});

/** Enough for reader processes to be worth their start. */
const LARGE = { content: Buffer.alloc(40_000_000, 'nothing in particular ') };

function wimOf(name: string, files: WimTree): string {
  const path = join(folder, `${name}.wim`);
  makeWim(path, { images: [{ files }] });
  return path;
}

const stats = async (...words: string[]) => (JSON.parse((await cli(['lint', ...words, '--json'])).out) as LintResult).stats;

test('the second run knows what was clean in the first, unless it is told not to', async () => {
  const path = wimOf('large', { '/large.bin': LARGE, '/small.txt': 'small' });
  assert.is((await stats(path, '--no-cache')).cached, undefined);
  assert.not.ok(existsSync(join(folder, 'cache')));
  assert.is((await stats(path)).cached, undefined);
  assert.equal((await stats(path)).cached, { blobs: 2, bytes: 40_000_005 });
  assert.is((await stats(path, '--no-cache')).cached, undefined);
});

test('a base is compared; what is not one is said to be none', async () => {
  const base = wimOf('base', { '/large.bin': LARGE, '/small.txt': 'small' });
  const path = wimOf('made-of-it', { '/large.bin': LARGE, '/small.txt': 'changed' });
  assert.equal((await stats(path, '--base', base, '--no-cache')).ofBase, { blobs: 1, bytes: 40_000_000 });
  const other = wimOf('other', { '/x.txt': 'x' });
  const { out } = await cli(['lint', path, '--base', other, '--no-cache']);
  assert.match(out, `nothing of the base is trusted: ${other}: is another image (it shares 0 of 2 contents)`);
  const absent = await cli(['lint', path, '--base', join(folder, 'absent.wim')]);
  assert.is(absent.code, 2);
  assert.match(absent.err, /absent\.wim: does not exist/);
});

test.run();
