// What became different in a tree: contents are compared whatever the facts say, and what a journal cannot hold is refused.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { treeDifference } from '../../image/tree-difference.ts';
import { type FakeFile, type FakeSpec, fakeImage } from '../helpers/fake-image.ts';

type Files = NonNullable<FakeSpec['files']>;

async function difference(before: Files, after: Files, pending: readonly string[] = []) {
  const image = fakeImage({ files: before });
  const found = await treeDifference({ image, walk: () => image.walk(), pending: new Set(pending) }, fakeImage({ files: after }));
  return { ...found, written: found.written.map(({ path }) => path) };
}

const NONE = { written: [], removed: [], refused: [], notes: [] };
const link: FakeFile = { reparse: { tag: 0xa000000c, target: '/x' }, attributes: 0x400 };

test('the same tree has no difference', async () => {
  const files = { '/a/b': 'x', '/a/s': { content: 'y', streams: { n: 'z' } }, '/l': link };
  assert.equal(await difference(files, files), NONE);
});

test('new, changed and removed; a folder stands for what was below it', async () => {
  const found = await difference(
    { '/same': 'x', '/size': 'x', '/bytes': 'abc', '/gone/a': '1', '/gone/b/c': '2', '/alone': '3' },
    { '/same': 'x', '/size': 'xx', '/bytes': 'abd', '/new/deep': '4' },
  );
  assert.equal(found.written.sort(), ['/bytes', '/new/deep', '/size']);
  assert.equal([...found.removed].sort(), ['/alone', '/gone']);
  assert.equal([found.refused, found.notes], [[], []]);
});

test('an empty folder and other attributes are noted; what writing sets is not', async () => {
  const found = await difference(
    { '/a': { content: 'x', attributes: 0x21 }, '/b': { content: 'x', attributes: 0x20 } },
    {
      '/a': { content: 'x', attributes: 0x22 },
      '/b': { content: 'x', attributes: 0x80 },
      '/empty': { folder: true },
    },
  );
  assert.equal(found.notes, ['/empty: new and empty, left out', '/a: attributes were changed, which is left out']);
  assert.equal(found.written, []);
});

const REFUSED: readonly (readonly [string, Files, Files, RegExp])[] = [
  ['a new link', {}, { '/l': link }, /^\/l: is a new link or special file$/],
  ['a new special file', {}, { '/l': { content: 'IntxLNK', attributes: 0x24 } }, /is a new link or special file/],
  ['a file that became special', { '/l': 'x' }, { '/l': { content: 'x', attributes: 0x24 } }, /is now a link or special file/],
  ['a changed link', { '/l': link }, { '/l': { ...link, reparse: { tag: 0xa000000c, target: '/y' } } }, /is or was a link/],
  ['a link that became a file', { '/l': link }, { '/l': 'x' }, /is or was a link/],
  ['a folder that became a file', { '/a/b': 'x' }, { '/a': 'x' }, /^\/a: is now a file$/],
  ['another case', { '/Name': 'x' }, { '/NAME': 'x' }, /other case/],
  ['a new file with a stream', {}, { '/a': { content: 'x', streams: { n: 'z' } } }, /named stream \(n\)/],
  ['a new stream', { '/a': 'x' }, { '/a': { content: 'x', streams: { n: 'z' } } }, /named stream/],
  [
    'a stream of the same size',
    { '/a': { content: 'x', streams: { n: 'y' } } },
    { '/a': { content: 'x', streams: { n: 'z' } } },
    /stream was changed/,
  ],
  ['a new name of a file', { '/a': 'x' }, { '/a': { content: 'x' }, '/b': { content: 'x', links: ['/a'] } }, /^\/b: is a new name of \/a$/],
  [
    'a file that was replaced under one of its names',
    { '/a': { content: 'x', links: ['/b'] }, '/b': { content: 'x', links: ['/a'] } },
    { '/a': 'new', '/b': 'x' },
    /^\/a: was replaced under this name only; it was one file with \/b$/,
  ],
  ['what cannot be read', { '/a': { content: 'x', unreadable: 'broken' } }, { '/a': 'y' }, /cannot be compared \(.*broken/],
];

for (const [name, before, after, message] of REFUSED) {
  test(`${name} is refused`, async () => {
    const { refused } = await difference(before, after);
    assert.is(refused.length, 1, JSON.stringify(refused));
    assert.match(refused[0]!, message);
  });
}

test('all names of a file changed together are no fault', async () => {
  const found = await difference(
    { '/a': { content: 'x', links: ['/b'] }, '/b': { content: 'x', links: ['/a'] } },
    { '/a': { content: 'y', links: ['/b'] }, '/b': { content: 'y', links: ['/a'] } },
  );
  assert.equal(found.refused, []);
  assert.equal(found.written.sort(), ['/a', '/b']);
});

test('what a step has just written is compared with that', async () => {
  const image = fakeImage({ files: { '/a': 'stored' } });
  const pending = fakeImage({ files: { '/a': 'pended' } });
  const ask = (now: string) =>
    treeDifference({ image, walk: () => pending.walk(), pending: new Set(['/a']) }, fakeImage({ files: { '/a': now } }));
  assert.equal(await ask('pended'), NONE);
  assert.is((await ask('stored')).written.length, 1);
});

test.run();
