// Contents that no file names: scanned like any other, damaged ones told.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { ContentScanner } from '../../lint/content-scan.ts';
import type { Location } from '../../lint/location.ts';
import type { Rule } from '../../lint/rule.ts';
import { RuleRun } from '../../lint/rule-run.ts';
import { hasUnreferenced, leftOverTree, readSlack, type SlackContent } from '../../lint/slack.ts';
import { ViewStore } from '../../lint/view.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { madeKey } from '../helpers/product-keys.ts';

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
  const all = async function* () {
    yield* contents;
  };
  const stats = await readSlack(all(), places, {
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
