// Files and contents of a WIM: the same facts whether the path was kept or made anew, and numbers that tell contents apart.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWim, type WimContainer } from '../../../image/containers/wim.ts';
import { contentOf } from '../../../image/containers/wim-file.ts';
import type { Image, ImageFile } from '../../../image/image.ts';
import { makeWim } from '../../helpers/make-wim.ts';

const test = suite('wim-file');
let folder = '';
let container: WimContainer;
let image: Image;
test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  const path = join(folder, 'x.wim');
  const files = { '/a/one.txt': 'same', '/a/b/two.txt': 'same', '/a/three.txt': 'other', '/empty.txt': '' };
  makeWim(path, { images: [{ files }] });
  container = await openWim(path);
  image = await container.open(1);
});
test.after(async () => {
  await container.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a file of the quick walk says the same while it is looked at and later', async () => {
  const files: ImageFile[] = [];
  const paths: string[] = [];
  for (const next of image.entries!()) {
    const file = await next;
    files.push(file);
    paths.push(file.path);
  }
  assert.ok(paths.includes('/a/b/two.txt'));
  assert.equal(
    files.map(({ path }) => path),
    paths,
  );
  for (const { path, size, digest, folder: isFolder, attributes } of files) {
    const found = (await image.find(path))!;
    assert.equal([size, digest, isFolder, attributes], [found.size, found.digest, found.folder, found.attributes]);
  }
});

test('equal numbers are equal contents; what holds nothing has none', async () => {
  const numberOf = async (path: string) => (await image.find(path))!.content;
  assert.is(await numberOf('/a/one.txt'), await numberOf('/a/b/two.txt'));
  assert.is.not(await numberOf('/a/one.txt'), await numberOf('/a/three.txt'));
  assert.equal([await numberOf('/empty.txt'), await numberOf('/a')], [undefined, undefined]);
  assert.equal([contentOf(-1), contentOf(0)], [undefined, 0]);
});

test('a stored content says where it lies and by which path wimlib-imagex finds it', async () => {
  const file = (await image.find('/a/three.txt'))!;
  const stored = image.stored!({ file })!;
  assert.equal(
    [stored.listed, stored.digest, stored.row, stored.resource.uncompressedSize],
    ['/a/three.txt', file.digest, file.content, 5],
  );
  assert.is(stored.store, image.store!());
});

test.run();
