// The plan of contents: equal contents once, with every place and every rule that waits.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageFile } from '../../image/image.ts';
import { ContentPlan, opaqueReason } from '../../lint/content-plan.ts';

const file = (path: string, more: Partial<ImageFile> = {}): ImageFile => ({
  path,
  folder: false,
  size: 5,
  attributes: 0,
  shortName: '',
  digest: undefined,
  descriptor: undefined,
  reparse: undefined,
  streams: [],
  links: [],
  read: async () => new Uint8Array(),
  ...more,
});

function planned(...files: ImageFile[]): readonly string[] {
  const plan = new ContentPlan();
  for (const one of files) plan.addScan(one);
  return plan.contents.map(({ places }) =>
    places.map((place) => `${place.file.path}${place.stream === undefined ? '' : `:${place.stream}`}`).join(' '),
  );
}

test('equal digest and size are one content, wherever it is', () => {
  const stream = { name: 's', size: 5, digest: 'aa' };
  assert.equal(planned(file('/a', { digest: 'aa' }), file('/b', { digest: 'aa' }), file('/c', { streams: [stream], size: 0 })), [
    '/a /b /c:s',
  ]);
  assert.equal(planned(file('/a', { digest: 'aa' }), file('/b', { digest: 'aa', size: 6 }), file('/c', { digest: 'bb' })), [
    '/a',
    '/b',
    '/c',
  ]);
});

test('without a digest, the names of one file are one content', () => {
  assert.equal(planned(file('/B', { links: ['/a'] }), file('/a', { links: ['/B'] }), file('/c')), ['/B /a', '/c']);
});

test('folders and empty contents are not read, but the named streams of a folder are', () => {
  const stream = { name: 's', size: 1, digest: undefined };
  assert.equal(planned(file('/a', { size: 0 }), file('/f', { folder: true, size: 0, streams: [stream] })), ['/f:s']);
});

test('reparse points that stand for content cannot be seen through', () => {
  assert.match(opaqueReason(file('/a', { reparse: { tag: 0x80000017, target: undefined } })) ?? '', /^\/a: its content cannot be read/);
  assert.ok(opaqueReason(file('/a', { reparse: { tag: 0x80000013 | 0, target: undefined } })));
  assert.is(opaqueReason(file('/a', { reparse: { tag: 0xa000000c, target: 'b' } })), undefined);
  assert.is(opaqueReason(file('/a')), undefined);
});

test.run();
