// Paths that steps give: what is a path in an image, and what Windows could not open.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { checkNewPath, checkPath } from '../../image/checked-path.ts';
import { fakeImage } from '../helpers/fake-image.ts';

async function taken(check: (path: string) => void | Promise<void>, path: string): Promise<boolean> {
  try {
    await check(path);
    return true;
  } catch (error) {
    assert.instance(error, ImageError);
    assert.is((error as ImageError).code, 'PATH_INVALID');
    assert.match((error as ImageError).message, JSON.stringify(path).slice(0, 20));
    return false;
  }
}

const checkNew = (path: string) => checkNewPath(path, async () => undefined);

test('only plain absolute paths are paths', async () => {
  for (const path of ['/a', '/Windows/System32/x.dll', '/a b/ü', '/odd.', '/NUL']) assert.ok(await taken(checkPath, path), path);
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
    assert.not.ok(await taken(checkPath, path), path);
  }
});

test('a new file has a name that Windows can open', async () => {
  for (const path of ['/a', '/console.txt', '/com10', '/a.b.c', '/.hidden', `/${'x'.repeat(255)}`])
    assert.ok(await taken(checkNew, path), path);
  for (const path of ['/a.', '/a ', '/a./b', '/NUL', '/nul.txt', '/a/Com1', '/LPT9.log', `/${'x/'.repeat(200)}y`]) {
    assert.not.ok(await taken(checkNew, path), path);
  }
});

test('a new file leads through no link', async () => {
  const image = fakeImage({ files: { '/a/link': { folder: true, reparse: { tag: 0xa0000003, target: 'C:\\b' } } } });
  await checkNewPath('/a/x', (path) => image.find(path));
  for (const path of ['/a/link/x', '/A/LINK/deep/x']) {
    try {
      await checkNewPath(path, (above) => image.find(above));
      assert.unreachable();
    } catch (error) {
      assert.is((error as ImageError).code, 'PATH_IS_LINK');
      assert.match((error as ImageError).message, 'leads through /a/link, which is a link');
    }
  }
});

test.run();
