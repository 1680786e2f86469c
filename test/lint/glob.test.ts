// Globs on locations and keys: only `*`, `**`, `?` and `{a,b}` mean something, case never does, and no legal name slips through.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { locationGlob, nameGlob } from '../../lint/glob.ts';

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
