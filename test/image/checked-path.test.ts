// Paths that steps give: what is a path in an image, and what Windows could not open.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { checkNewPath, checkPath } from '../../image/checked-path.ts';

function taken(check: (path: string) => void, path: string): boolean {
  try {
    check(path);
    return true;
  } catch (error) {
    assert.instance(error, ImageError);
    assert.is((error as ImageError).code, 'PATH_INVALID');
    assert.match((error as ImageError).message, JSON.stringify(path).slice(0, 20));
    return false;
  }
}

test('only plain absolute paths are paths', () => {
  for (const path of ['/a', '/Windows/System32/x.dll', '/a b/ü', '/odd.', '/NUL']) assert.ok(taken(checkPath, path), path);
  for (const path of [
    '',
    '/',
    'a',
    'a/b',
    '/a/../b',
    '/a/./b',
    '/a//b',
    '/a/',
    '/../etc/passwd',
    '/a\\b',
    'C:/a',
    '/a:b',
    '/a\0',
    '/a\n',
    '/a*',
  ]) {
    assert.not.ok(taken(checkPath, path), path);
  }
});

test('a new file has a name that Windows can open', () => {
  for (const path of ['/a', '/console.txt', '/com10', '/a.b.c', '/.hidden', `/${'x'.repeat(255)}`])
    assert.ok(taken(checkNewPath, path), path);
  for (const path of ['/a.', '/a ', '/a./b', '/NUL', '/nul.txt', '/a/Com1', '/LPT9.log', `/${'x/'.repeat(200)}y`]) {
    assert.not.ok(taken(checkNewPath, path), path);
  }
});

test.run();
