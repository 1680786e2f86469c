// Paths in a WIM tree: found without case, refused when they run through a link or mean two things.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { parentOf, pathOf, placeOf, replaceAt } from '../../../image/containers/wim-place.ts';
import { makeMetadata } from '../../helpers/make-wim.ts';

const JUNCTION = { folder: true, reparse: { tag: 0xa0000003, data: Buffer.from('x') } };
const { root } = makeMetadata(
  {
    '/Windows/System32/config/SOFTWARE': 'hive',
    '/Windows/System32/sysprep/a.txt': 'a',
    '/Windows/System32/Sysprep/b.txt': 'b',
    '/Documents and Settings': JUNCTION,
    '/straße': 's',
  },
  new Map(),
);

function refuses(path: string, code: string): void {
  assert.throws(
    () => placeOf(root, path),
    (error: unknown) => error instanceof ImageError && error.code === code,
    path,
  );
}

test('any case finds the entry and gives its stored case', () => {
  const place = placeOf(root, '/WINDOWS/system32/CONFIG/software');
  assert.is(pathOf(place), '/Windows/System32/config/SOFTWARE');
  assert.is(parentOf(place).name, 'config');
  assert.equal(place.missing, []);
});

test('what is not there is given as the rest of the path', () => {
  const place = placeOf(root, '/Windows/Panther/unattend.xml');
  assert.is(pathOf(place), '/Windows');
  assert.equal(place.missing, ['Panther', 'unattend.xml']);
});

test('two names that differ by case only: the exact one, or none', () => {
  assert.is(pathOf(placeOf(root, '/windows/system32/Sysprep/b.txt')), '/Windows/System32/Sysprep/b.txt');
  assert.is(pathOf(placeOf(root, '/windows/system32/sysprep/a.txt')), '/Windows/System32/sysprep/a.txt');
  refuses('/windows/system32/SYSPREP/a.txt', 'PATH_AMBIGUOUS');
});

test('one letter is not two: NTFS folds unit by unit', () => {
  assert.equal(placeOf(root, '/STRASSE').missing, ['STRASSE']);
  assert.equal(placeOf(root, '/STRAßE').missing, []);
});

test('a path through a link is refused, the link itself is found', () => {
  assert.is(pathOf(placeOf(root, '/documents and settings')), '/Documents and Settings');
  refuses('/Documents and Settings/All Users/x', 'PATH_THROUGH_LINK');
});

test('what is no path is refused', () => {
  for (const path of ['', 'Windows', '//Windows', '/Windows//x', '/Windows/../x', '/./x', '\\Windows']) refuses(path, 'PATH_INVALID');
  assert.equal(placeOf(root, '/').indices, []);
  assert.equal(placeOf(root, '/Windows/').missing, []);
});

test('replacing shares everything beside the path', () => {
  const place = placeOf(root, '/Windows/System32/config/SOFTWARE');
  const changed = replaceAt(root, place.indices, { ...place.chain.at(-1)!, digest: 'new' });
  assert.is(placeOf(changed, '/Windows/System32/config/SOFTWARE').chain.at(-1)!.digest, 'new');
  assert.is(placeOf(root, '/Windows/System32/config/SOFTWARE').chain.at(-1)!.digest === 'new', false);
  assert.is(placeOf(changed, '/Windows/System32/sysprep').chain.at(-1), placeOf(root, '/Windows/System32/sysprep').chain.at(-1));
});

test.run();
