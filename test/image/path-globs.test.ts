// Globs on image paths: only `*`, `**`, `?` and `{a,b}` mean something, case never does, and no legal name slips through.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pathGlobs } from '../../image/path-globs.ts';

const CASES: readonly (readonly [glob: string, yes: readonly string[], no: readonly string[]])[] = [
  ['/Windows/*.exe', ['/windows/A.EXE', '/Windows/.exe', '/Windows/a\u2028b.exe'], ['/Windows/a/b.exe', '/Windows/a.exe.txt']],
  ['/Users/**', ['/Users/a', '/Users/a/.ssh/id', '/users/a\u2029/b'], ['/Users2/a', '/x/Users/a']],
  ['/**/ntuser.dat', ['/Users/a/NTUSER.DAT', '/ntuser.dat'], ['/Users/ntuser.dat.log']],
  ['/a/?.txt', ['/a/x.txt'], ['/a/xy.txt', '/a//.txt']],
  ['/a/{b,c d}.txt', ['/a/b.txt', '/a/C D.txt'], ['/a/d.txt']],
  ['/a/[b]!(c)+(d).txt', ['/a/[b]!(c)+(d).txt'], ['/a/b.txt', '/a/bd.txt']],
];

test('paths', () => {
  for (const [glob, yes, no] of CASES) {
    const takes = pathGlobs([glob]);
    for (const path of yes) assert.ok(takes(path), `${glob} takes ${path}`);
    for (const path of no) assert.not.ok(takes(path), `${glob} does not take ${path}`);
  }
  assert.not.ok(pathGlobs([])('/a'));
  assert.ok(pathGlobs(['/x', '/a'])('/A'));
});

test.run();
