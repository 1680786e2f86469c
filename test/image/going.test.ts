// What goes with a removed folder or key, listed up to a bound and counted beyond it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesAt, LISTED_MAX, valuesBelow, xmlOf } from '../../image/going.ts';
import { fakeHive, fakeImage } from '../helpers/fake-image.ts';

test('a folder is all files below it, and no neighbour whose name begins alike', async () => {
  const image = fakeImage({ files: { '/a[1]/b': 'xx', '/a[1]/C/d': 'x', '/a[1]c': 'y', '/a1/b': 'z' } });
  const folder = (await image.find('/a[1]'))!;
  assert.equal(await filesAt(image, folder), {
    entries: [
      { path: '/a[1]/C/d', size: 1 },
      { path: '/a[1]/b', size: 2 },
    ],
    more: 0,
  });
  assert.equal(await filesAt(image, (await image.find('/a1/b'))!), { entries: [{ path: '/a1/b', size: 1 }], more: 0 });
});

test('a link is itself: what it leads to does not go', async () => {
  const image = fakeImage({ files: { '/link': { folder: true, reparse: { tag: 0xa0000003, target: 'C:\\a' } }, '/link/b': 'x' } });
  assert.equal((await filesAt(image, (await image.find('/link'))!)).entries, [{ path: '/link', size: 0 }]);
});

test('a key is its values and those of every key below it', () => {
  const hive = fakeHive({ a: { x: 1 }, 'a\\b\\c': { '': 'y' }, ab: { z: 1 } });
  const { entries, more } = valuesBelow(hive, 'a');
  assert.equal(
    entries.map(({ key, value }) => `${key}!${value.name}`),
    ['a!x', 'a\\b\\c!'],
  );
  assert.is(more, 0);
});

test('beyond the bound entries are counted', () => {
  const values = Object.fromEntries(Array.from({ length: LISTED_MAX + 3 }, (_, at) => [`v${at}`, 1]));
  const { entries, more } = valuesBelow(fakeHive({ a: values }), 'a');
  assert.equal([entries.length, more], [LISTED_MAX, 3]);
});

test('what cannot be read is no hindrance to its removal', async () => {
  const image = fakeImage({ files: { '/bad.xml': { content: '<a/>', unreadable: 'broken' }, '/good.xml': '<a/>' } });
  assert.is(await xmlOf((await image.find('/bad.xml'))!), undefined);
  assert.is(Buffer.from((await xmlOf((await image.find('/good.xml'))!))!).toString(), '<a/>');
});

test.run();
