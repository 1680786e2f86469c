// Contents that no file names: scanned like any other, damaged ones told.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import type { StoredContent } from '../../image/stored-content.ts';
import { readContents } from '../../lint/content-read.ts';
import { ContentScanner } from '../../lint/content-scan.ts';
import { lintContainer } from '../../lint/lint.ts';
import type { Location } from '../../lint/location.ts';
import type { Rule } from '../../lint/rule.ts';
import { RuleRun } from '../../lint/rule-run.ts';
import { hasUnreferenced, leftOverTree, type SlackContent, withSlack } from '../../lint/slack.ts';
import { ViewStore } from '../../lint/view.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { ruleOf } from '../helpers/lint-probe.ts';
import { makeWim, run } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';

const test = suite('slack');

async function read(...contents: SlackContent[]) {
  const seen: string[] = [];
  const rule = {
    id: 'a/b',
    messages: {},
    select: { text: 'product-keys' },
    create: () => ({ text: ({ file, offset }: { file: { path: string }; offset: number }) => void seen.push(`${file.path}@${offset}`) }),
  } as unknown as Rule;
  const places = new Map<string, Location>();
  const run = new RuleRun(rule, {
    policy: { kmsHosts: [] },
    options: {},
    info: fakeImage().info,
    places,
    store: new ViewStore(fakeImage()),
  });
  const reading = withSlack(fakeImage({ files: { '/of-the-image.txt': 'x' } }), contents, places);
  const stats = await readContents(reading.source, reading.contents, {
    runs: [run],
    makeScanner: () => new ContentScanner({ signatures: undefined, keys: true }),
  });
  const outcome = run.outcome();
  return { seen, places, stats, outcome: 'reason' in outcome ? outcome.reason : outcome.outcome };
}

const content = (digest: string, text: string, size = text.length): SlackContent => ({ digest, size, read: async () => Buffer.from(text) });

test('each is scanned and has a place of its own', async () => {
  const { seen, places, stats, outcome } = await read(content('aa', `x ${madeKey(1)}`), content('bb', 'nothing'), content('cc', ''));
  assert.equal(seen, ['unreferenced-blob:aa@2']);
  assert.equal(places.get('unreferenced-blob:aa'), { slack: 'unreferenced-blob', of: 'aa' });
  assert.equal([stats.blobs, stats.bytesScanned, stats.bytesSkipped], [2, 38, 0]);
  assert.is(outcome, 'passed');
});

test('damage and wrong sizes are told, the rest goes on', async () => {
  const broken = { ...content('aa', 'x'), read: async () => Promise.reject(new ImageError('X', 'is damaged')) };
  const { seen, outcome } = await read(broken, content('bb', 'short', 9), content('cc', madeKey(1)));
  assert.is(outcome, 'unreferenced-blob:aa: is damaged; unreferenced-blob:bb: its content ended early (5 of 9 bytes)');
  assert.equal(seen, ['unreferenced-blob:cc@0']);
});

test('contents of the image are read beside them; each says where it is stored', async () => {
  const image = fakeImage({ files: { '/a.txt': 'of the image' } });
  const ofImage = { digest: 'image' } as StoredContent;
  const ofSlack = { digest: 'slack' } as StoredContent;
  const { source, contents } = withSlack(
    { stream: (requests) => image.stream(requests), stored: () => ofImage },
    [{ ...content('aa', 'loose'), stored: ofSlack }, content('aa', 'other')],
    new Map(),
  );
  const own = { file: (await image.find('/a.txt'))! };
  const requests = [contents[0]!.request, own, contents[1]!.request];
  const texts: string[] = [];
  for await (const { bytes } of source.stream(requests)) texts.push(Buffer.from(bytes).toString());
  assert.equal(texts, ['of the image', 'loose', 'other']);
  assert.equal(
    requests.map((request) => source.stored!(request)),
    [ofSlack, ofImage, undefined],
  );
});

needTools(test, { 'wimlib-imagex': 'wimtools' })('reader processes read them with the files of the image', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  try {
    const path = join(folder, 'soft.wim');
    makeWim(path, { images: [{ files: { '/kept': `x ${madeKey(1)}` } }, { files: { '/dropped': `left ${madeKey(2)}` } }] });
    run('wimlib-imagex', ['delete', path, '2', '--soft', '--quiet']);
    const found: string[] = [];
    const rule = ruleOf({ text: 'product-keys' }, () => ({ text: ({ file, offset }) => void found.push(`${file.path}@${offset}`) }));
    const { images } = await lintContainer(path, {
      rules: [rule],
      policy: { kmsHosts: [] },
      options: {},
      allow: [],
      archives: false,
      readers: { from: 0, count: 1 },
    });
    assert.is(images[0]!.outcomes[0]!.outcome, 'passed');
    assert.match(found.sort().join(' '), /^\/kept@2 unreferenced-blob:[0-9a-f]{40}@5$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('as files of a folder: each by itself, whatever digest it claims', async () => {
  assert.ok(hasUnreferenced({ unreferencedBlobs: () => [] }));
  assert.not(hasUnreferenced({}));
  const tree = leftOverTree([content('aa', 'one'), content('aa', 'two'), content('bb', '')]);
  const files = [];
  for await (const file of tree.walk()) files.push(file);
  assert.equal(
    files.map(({ path, digest }) => [path, digest]),
    [
      ['/1-aa', undefined],
      ['/2-aa', undefined],
    ],
  );
  const texts: string[] = [];
  for await (const { bytes, last } of tree.stream(files.map((file) => ({ file })))) texts.push(`${Buffer.from(bytes).toString()} ${last}`);
  assert.equal(texts, ['one true', 'two true']);
});

test('a bug is not swallowed', async () => {
  const broken = { ...content('aa', 'x'), read: async () => Promise.reject(new TypeError('bug')) };
  try {
    await read(broken);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'bug');
  }
});

test.run();
