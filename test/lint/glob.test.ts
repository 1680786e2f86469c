// Globs: only `*`, `**`, `?` and `{a,b}` mean something, case never does, and no legal name slips through.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { locationGlob, nameGlob, pathGlobs } from '../../lint/glob.ts';

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

test('locations: files, registry, nested', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['/Windows/**', ['/Windows/a/b:stream', '/windows/x!y'], ['/Windows', '/a/Windows/b']],
    ['/Windows/*.txt', ['/Windows/a.txt'], ['/Windows/a/b.txt', '/Windows/a!b.txt']],
    [
      'SOFTWARE\\Microsoft\\*\\Run!*',
      ['SOFTWARE\\Microsoft\\x\\Run!y'],
      ['SOFTWARE\\Microsoft\\x\\y\\Run!z', 'SOFTWARE\\Microsoft\\Run!y'],
    ],
    ['SOFTWARE\\{AB-1}\\{a,b}', ['SOFTWARE\\{ab-1}\\A'], ['SOFTWARE\\AB-1\\a', 'SOFTWARE\\{AB-1}\\c']],
    ['/a.b(c)', ['/a.b(c)'], ['/aXb(c)']],
  ];
  for (const [glob, yes, no] of cases) {
    for (const text of yes) assert.ok(locationGlob(glob)(text), `${glob} takes ${text}`);
    for (const text of no) assert.not.ok(locationGlob(glob)(text), `${glob} does not take ${text}`);
  }
});

test('key names', () => {
  assert.ok(nameGlob('Session*')('session manager'));
  assert.ok(nameGlob('*.exe')('A.EXE'));
  assert.not.ok(nameGlob('*.exe')('aexe'));
  assert.not.ok(nameGlob('a(b)*')('ab'));
});

test.run();
