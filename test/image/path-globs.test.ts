// Globs on image paths: only `*`, `**`, `?` and `{a,b}` mean something, case never does, and no legal name slips through.
import fc from 'fast-check';
import picomatch from 'picomatch';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { foldersOf, pathGlobs } from '../../image/path-globs.ts';

const CASES: readonly (readonly [glob: string, yes: readonly string[], no: readonly string[]])[] = [
  ['/Windows/*.exe', ['/windows/A.EXE', '/Windows/.exe', '/Windows/a\u2028b.exe'], ['/Windows/a/b.exe', '/Windows/a.exe.txt']],
  ['/Users/**', ['/Users/a', '/Users/a/.ssh/id', '/users/a\u2029/b'], ['/Users2/a', '/x/Users/a']],
  ['/**/ntuser.dat', ['/Users/a/NTUSER.DAT', '/ntuser.dat'], ['/Users/ntuser.dat.log']],
  ['/a/?.txt', ['/a/x.txt'], ['/a/xy.txt', '/a//.txt']],
  ['/a/{b,c d}.txt', ['/a/b.txt', '/a/C D.txt'], ['/a/d.txt']],
  ['/a/**', ['/a', '/a/b'], ['/ab']],
  ['/**/*.{exe,d{l,r}l}', ['/x.EXE', '/a/y.dll', '/z.drl'], ['/x.ex', '/dll']],
  ['/**/*unattend*', ['/a/AutoUnattend.xml', '/unattend'], ['/a/unattened.xml', '/unattend.d/x']],
  ['/**/ſtraße.txt', ['/ſtraße.txt', '/a/ſTRAßE.TXT'], ['/straße.txt']],
  ['/**/K.txt', ['/k.TXT'], ['/\u212a.txt']],
  ['/**/x', ['/X', '/a/x'], ['/xx']],
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

test('every folder on the way to a path that is taken is entered', () => {
  for (const [glob, yes] of CASES) {
    const enters = foldersOf([glob]);
    for (const path of yes)
      for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) assert.ok(enters(path.slice(0, at)), `${glob} ${path}`);
  }
});

test('folders beside the way are not entered', () => {
  const enters = foldersOf(['/Windows/WinSxS/*/x.dll', '/Users/{a,b}/y', '/Straße/z/x']);
  for (const path of ['/windows', '/Windows/WINSXS', '/Windows/WinSxS/any/thing', '/Users', '/Users/b', '/Straße'])
    assert.ok(enters(path), path);
  for (const path of ['/Program Files', '/Windows/System32', '/Users/c', '/WindowsX']) {
    // A name with other letters than those of ASCII is a pattern: below it nothing is known.
    assert.is(foldersOf(['/Windows/WinSxS/*/x.dll', '/Users/{a,b}/y'])(path), false, path);
  }
  assert.ok(enters('/Program Files'));
  assert.ok(foldersOf(['/x', '/**/y'])('/any'));
  assert.not.ok(foldersOf([])('/any'));
});

/** What picomatch says by itself, brace by brace. */
const alone = (glob: string, path: string) =>
  picomatch
    .makeRe(glob.slice(1), {
      flags: 'is',
      dot: true,
      windows: false,
      noextglob: true,
      nobracket: true,
      nonegate: true,
    } as picomatch.PicomatchOptions)
    .test(path.slice(1));

test('what is left out in a hurry, the expression would not have taken', () => {
  const piece = fc.constantFrom('a', 'B', 'İ', 'ß', 'K', 'ſ', '.ex', 'e', '\u212a', 'ς');
  const name = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const part = fc.oneof(name, fc.constantFrom('*', '**', '?', '*a', 'b*', '*.ex', '*{a,B}', '{a,e.ex}*', '{a,{b,e}}'));
  const globs = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
  const paths = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`);
  fc.assert(
    fc.property(globs, fc.array(paths, { minLength: 20, maxLength: 20 }), (glob, all) => {
      const takes = pathGlobs([glob]);
      for (const path of all) assert.is(takes(path), alone(glob, path), `${glob} ${path}`);
    }),
    { numRuns: 400 },
  );
});

test.run();
