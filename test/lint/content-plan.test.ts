// The plan of contents: equal contents once, with every place and every rule that waits.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageFile } from '../../image/image.ts';
import { type Content, ContentPlan, opaqueReason } from '../../lint/content-plan.ts';
import type { RuleRun } from '../../lint/rule-run.ts';

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

const placesOf = ({ places }: Content): string =>
  places.map((place) => `${place.file.path}${place.stream === undefined ? '' : `:${place.stream}`}`).join(' ');

function planned(...files: ImageFile[]): readonly string[] {
  const plan = new ContentPlan();
  for (const one of files) plan.addScan(one);
  return [...plan].map(placesOf);
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

/** Files that the image gives again by their number, and how often it was asked to. */
function numbered() {
  const files = [
    file('/a', { number: 0, content: 5000 }),
    file('/b', { number: 1, content: 7 }),
    file('/c', { number: 2, content: 5000, streams: [{ name: 's', size: 5, digest: undefined, content: 7 }] }),
    file('/link', { content: 8 }),
  ];
  const plan = new ContentPlan({ numbered: (number) => ({ ...files[number]! }) });
  for (const one of files) plan.addScan(one);
  return { files, plan };
}

test('numbered contents: one of one file is made anew each time, one that stands at two places or that a rule visits is kept', () => {
  const { files, plan } = numbered();
  assert.equal([...plan].map(placesOf), ['/a /c', '/b /c:s', '/link']);
  assert.is(plan.at(0), plan.at(0));
  assert.is(plan.bytes, 15, 'each content once, whatever it is kept as');
  const alone = new ContentPlan({ numbered: (number) => files[number]! });
  alone.addScan(files[1]!);
  assert.equal([alone.length, placesOf(alone.at(0)!), alone.at(0)!.size, alone.at(0)!.visits], [1, '/b', 5, []]);
  assert.is.not(alone.at(0), alone.at(0));
  const visit = { run: {} as RuleRun, file: files[1]!, content: 'whole' } as const;
  alone.addVisit(visit);
  assert.equal([alone.length, placesOf(alone.at(0)!), alone.at(0)!.visits], [1, '/b', [visit]]);
  assert.is(alone.at(0), alone.at(0));
  assert.is(alone.at(1), undefined);
});

test('a released content is gone, where it was kept; the others and the sum stay', () => {
  const { plan } = numbered();
  for (const id of [1, 9]) plan.release(id);
  assert.equal(
    [plan.at(0), plan.at(1), plan.at(2)].map((content) => content && placesOf(content)),
    ['/a /c', undefined, '/link'],
  );
  assert.equal([plan.length, plan.bytes], [3, 15]);
});

test('a visit alone is no scan, whatever number the content has', () => {
  const { files } = numbered();
  const plan = new ContentPlan({ numbered: (number) => files[number]! });
  plan.addVisit({ run: {} as RuleRun, file: files[1]!, content: 'head' });
  assert.equal([...plan].map(placesOf), ['']);
  plan.addScan(files[1]!);
  assert.equal([...plan].map(placesOf), ['/b']);
});

test('without an image that knows numbers every content is kept', () => {
  const plan = new ContentPlan();
  plan.addScan(file('/a', { number: 0, content: 0 }));
  assert.is(plan.at(0), plan.at(0));
});

test('reparse points that stand for content cannot be seen through', () => {
  assert.match(opaqueReason(file('/a', { reparse: { tag: 0x80000017, target: undefined } })) ?? '', /^\/a: its content cannot be read/);
  assert.ok(opaqueReason(file('/a', { reparse: { tag: 0x80000013 | 0, target: undefined } })));
  assert.is(opaqueReason(file('/a', { reparse: { tag: 0xa000000c, target: 'b' } })), undefined);
  assert.is(opaqueReason(file('/a')), undefined);
});

test.run();
