// Reference counts and statistics of a tree.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { countReferences, statisticsOf } from '../../../formats/wim/references.ts';
import { makeMetadata } from '../../helpers/make-wim.ts';

const contents = new Map<string, Uint8Array>();
const { root } = makeMetadata(
  {
    '/a/one': { content: 'shared', linkGroup: 7 },
    '/a/two': { content: 'shared', linkGroup: 7 },
    '/b/three': { content: 'shared', linkGroup: 7 },
    '/b/not-linked': { content: 'other!', linkGroup: 7 },
    '/copy': { content: 'shared', streams: { s: 'stream', t: 'shared' } },
    '/empty': '',
    '/link': { reparse: { tag: 0xa000000c, data: Buffer.from('target') } },
  },
  contents,
);
const digestOf = (text: string) => [...contents].find(([, bytes]) => Buffer.from(bytes).toString() === text)![0];

test('each name and each stream counts', () => {
  const counts = new Map<string, number>();
  countReferences(root, counts);
  assert.is(counts.get(digestOf('shared')), 5);
  assert.is(counts.get(digestOf('other!')), 1);
  assert.is(counts.get(digestOf('stream')), 1);
  assert.is(counts.get(digestOf('target')), 1);
  assert.is(counts.size, 4);
});

test('names of one file are counted as links only when their content is the same', () => {
  const statistics = statisticsOf(root, (digest) => contents.get(digest)!.length);
  assert.equal(statistics, { folders: 3, files: 7, bytes: 6 * 8, hardLinkBytes: 12 });
});

test.run();
