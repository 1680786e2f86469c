// A tree of nodes as an Image: lookup without case, links, streams that fail, hives.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { FormatError } from '../../../formats/bytes.ts';
import { namedStream, TreeImage, type TreeNode } from '../../../image/containers/tree-image.ts';

const test = suite('tree-image');

function node(name: string, given: Partial<TreeNode> & { readonly content?: string; readonly below?: readonly TreeNode[] } = {}): TreeNode {
  const { content = '', below = [], ...more } = given;
  const made: TreeNode = {
    name,
    folder: below.length > 0,
    size: content.length,
    attributes: 0x20,
    shortName: '',
    streams: [],
    identity: {},
    order: 0,
    children: () => below,
    descriptor: async () => undefined,
    reparse: async () => undefined,
    async *pieces() {
      if (content !== '') yield Buffer.from(content);
    },
    ...more,
  };
  return made;
}

const twin = {};
const broken = node('broken', {
  size: 5,
  async *pieces() {
    yield Buffer.from('ab');
    throw new FormatError('test', 'gone');
  },
});
const root = node('', {
  below: [
    node('Users', { below: [node('a.txt', { content: 'one', identity: twin }), node('b.txt', { content: 'one', identity: twin })] }),
    node('link', { attributes: 0x400, below: [node('x')] }),
    node('Case', { content: '1' }),
    node('case', { content: '2' }),
    broken,
    node('short', { size: 9, content: 'short' }),
  ],
});
const image = new TreeImage(
  root,
  { container: 'raw', index: 1, name: '', edition: 'unknown', build: 0, architecture: 'unknown' },
  'partition 1 of a.raw',
);

async function code(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    assert.instance(error, ImageError);
    return (error as ImageError).code;
  }
  return 'done';
}

test('paths without case; links are not followed; two names that differ in case need their own', async () => {
  assert.ok(await image.has('/USERS/A.TXT'));
  assert.not(await image.has('/Users/c.txt'));
  assert.is(await code(() => image.find('/link/x')), 'PATH_THROUGH_LINK');
  assert.is(await code(() => image.find('/CASE')), 'PATH_AMBIGUOUS');
  assert.is(Buffer.from(await image.read('/case')).toString(), '2');
  assert.is(await code(() => image.read('/Users')), 'FILE_ABSENT');
  assert.is(await code(() => image.read('/nothing')), 'FILE_ABSENT');
});

test('names of one file know each other', async () => {
  assert.equal((await image.find('/Users/a.txt'))!.links, ['/Users/b.txt']);
  assert.equal((await image.find('/Case'))!.links, []);
});

test('walks in tree order, by globs', async () => {
  const seen: string[] = [];
  for await (const { path } of image.walk({ files: ['/Users/**', '/case'] })) seen.push(path);
  assert.equal(seen, ['/Users', '/Users/a.txt', '/Users/b.txt', '/Case', '/case']);
});

test('a content that breaks off says so at its end, the others go on', async () => {
  const files = await Promise.all(['/broken', '/Users/a.txt'].map((path) => image.find(path)));
  const requests = files.map((file) => ({ file: { ...file! } })); // wrapped: found again by path
  const ends: (string | undefined)[] = [];
  for await (const chunk of image.stream(requests)) if (chunk.last) ends.push(chunk.failed);
  assert.equal(ends, ['test: gone', undefined]);
  assert.is(await code(() => image.read('/broken')), 'CONTENT_UNREADABLE');
  assert.is(await code(() => image.read('/short')), 'CONTENT_UNREADABLE');
});

test('hives that are not there, streams that are not there', async () => {
  assert.is(await code(() => image.hive('SOFTWARE')), 'HIVE_ABSENT');
  assert.is(await code(async () => (await image.find('/Case'))!.read('x')), 'STREAM_ABSENT');
  assert.is(namedStream([{ name: 'Zone' }, { name: 'zone' }], 'zone')!.name, 'zone');
  assert.is(namedStream([{ name: 'Zone' }], 'ZONE')!.name, 'Zone');
  await image.close();
});

test.run();
