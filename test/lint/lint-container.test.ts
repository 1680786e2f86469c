// A container of several images: each has its result, the worst verdict is the container's, the allowlist is over all of them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError, ImageError } from '../../errors.ts';
import type { Container } from '../../image/image.ts';
import { type LintOptions, lintOpened } from '../../lint/lint-container.ts';
import { chooseProfile } from '../../lint/profile.ts';
import { defineRule, type Rule } from '../../lint/rule.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { madeKey } from '../helpers/product-keys.ts';

const noBadFile = defineRule({
  id: 'test/no-bad-file',
  title: 'There is no bad file',
  description: 'For the test.',
  severity: 'error',
  options: {},
  messages: { found: 'is bad' },
  select: { files: ['/**/bad*'] },
  create: (ctx) => ({ file: ({ path }) => ctx.report({ messageId: 'found', at: { file: path } }) }),
}) as unknown as Rule;

const noKey = defineRule({
  id: 'test/no-key',
  title: 'There is no key',
  description: 'For the test.',
  severity: 'error',
  options: {},
  messages: { found: 'holds a key' },
  select: { text: 'product-keys' },
  create: (ctx) => ({ text: ({ file }) => ctx.report({ messageId: 'found', at: { file: file.path } }) }),
}) as unknown as Rule;

function containerOf(...specs: FakeSpec[]) {
  const log: string[] = [];
  const images = specs.map((spec, at) => fakeImage({ ...spec, info: { index: at + 1 } }));
  const container: Container = {
    path: 'test.wim',
    id: 'wim',
    images: images.map(({ info }) => ({ info, folders: 0, files: 0, bytes: 0 })),
    async open(index) {
      log.push(`open ${index}`);
      return { ...images[index - 1]!, close: async () => void log.push(`close ${index}`) };
    },
    close: async () => void log.push('close container'),
  };
  return { container, log };
}

const lint = (container: Container, more: Partial<LintOptions> = {}) =>
  lintOpened(container, { rules: [noBadFile], policy: { kmsHosts: [] }, options: {}, allow: [], ...more });

test('every image has its own result; the worst is the verdict', async () => {
  const { container, log } = containerOf({ files: { '/ok': 'x' } }, { files: { '/a/bad.exe': 'x' } });
  const result = await lint(container);
  assert.is(result.verdict, 'rejected');
  assert.equal(
    result.images.map(({ info, verdict, findings }) => [info.index, verdict, findings.length]),
    [
      [1, 'accepted', 0],
      [2, 'rejected', 1],
    ],
  );
  assert.equal(result.container, { path: 'test.wim', format: 'wim' });
  assert.is(result.stats.files, 2);
  assert.not.ok('stats' in result.images[0]!);
  assert.equal(log, ['open 1', 'close 1', 'open 2', 'close 2']);
});

test('only the images that are asked for, and none that is not there', async () => {
  const { container } = containerOf({}, { files: { '/bad': 'x' } }, {});
  assert.is((await lint(container, { images: [1, 3] })).verdict, 'accepted');
  for (const images of [[4], [1, 0]]) {
    try {
      await lint(container, { images });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ImageError);
      assert.match((error as Error).message, /there is no image [40]/);
    }
  }
});

test('a container without images is never accepted', async () => {
  try {
    await lint(containerOf().container);
    assert.unreachable();
  } catch (error) {
    assert.is((error as ImageError).code, 'IMAGE_NONE');
  }
});

test('a certain finding says its digest, and only an entry with it and an end date lets it through', async () => {
  const { severity: _, ...rest } = noBadFile;
  const rules = [{ ...rest, level: 'certain' } as Rule];
  const { container } = containerOf({ files: { '/bad': 'x' } });
  const now = new Date('2026-06-01');
  const at = { rule: 'test/no-bad-file', at: '/bad', reason: 'r', until: '2026-12-31' };
  const refused = await lint(container, { rules, allow: [at], now });
  assert.is(refused.verdict, 'rejected');
  assert.equal(refused.allowlist.insufficient, [at]);
  const { sha256 } = refused.images[0]!.findings[0]!;
  assert.match(sha256!, /^[0-9a-f]{64}$/);
  const entry = { rule: 'test/no-bad-file', sha256: sha256!, reason: 'r', until: '2026-12-31' };
  assert.is((await lint(container, { rules, allow: [entry], now })).verdict, 'accepted');
  const changed = containerOf({ files: { '/bad': 'y' } });
  assert.is((await lint(changed.container, { rules, allow: [entry], now })).verdict, 'rejected');
});

test('the profile decides what evidence weighs', async () => {
  const { severity: _, ...rest } = noBadFile;
  const rules = [{ ...rest, level: 'strong' } as Rule];
  const { container } = containerOf({ files: { '/bad': 'x' } });
  assert.equal((await lint(container, { rules })).profile.id, 'release');
  assert.is((await lint(container, { rules })).verdict, 'rejected');
  const dev = await lint(container, { rules, profile: chooseProfile('dev') });
  assert.equal([dev.verdict, dev.images[0]!.findings[0]!.severity], ['accepted', 'warning']);
});

test('allowed errors do not reject; unused and expired entries are told', async () => {
  const { container } = containerOf({ files: { '/bad': 'x' } }, { files: { '/b/bad2': 'x' } });
  const covered = { rule: 'test/no-bad-file', at: '/**bad*', reason: 'known', until: '2026-12-31' };
  const unused = { rule: 'test/no-bad-file', at: '/c', reason: 'r' };
  const expired = { ...covered, until: '2026-01-01' };
  const now = new Date('2026-06-01');
  const result = await lint(container, { allow: [covered, unused, expired], now });
  assert.is(result.verdict, 'accepted');
  assert.equal(result.images[1]!.findings[0]!.allowed, { reason: 'known', until: '2026-12-31' });
  assert.equal(result.allowlist, { unused: [unused], expired: [expired], insufficient: [] });
  assert.is((await lint(container, { allow: [expired], now })).verdict, 'rejected');
});

test('left-overs of the container are told once, with the first image', async () => {
  const { container } = containerOf({}, {});
  const key = Buffer.from(madeKey(3));
  const withLoose = { ...container, unreferencedBlobs: async () => [{ digest: 'ee', size: key.length, read: async () => key }] };
  const result = await lint(withLoose, { rules: [noKey] });
  assert.equal(
    result.images.map(({ findings }) => findings.map(({ at }) => at)),
    [[{ slack: 'unreferenced-blob', of: 'ee' }], []],
  );
  assert.is(result.stats.blobs, 1);
});

test('wrong options are refused before an image is opened', async () => {
  const { container, log } = containerOf({});
  try {
    await lint(container, { options: { 'test/none': {} } });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ConfigError);
  }
  assert.equal(log, []);
});

test('progress only grows and ends at its total; images are closed after a failure', async () => {
  const { container, log } = containerOf({ files: { '/a': 'x', '/b': 'yy' } }, { files: { '/c': 'x' } });
  const steps: number[] = [];
  const read: number[] = [];
  await lint(container, {
    rules: [noKey],
    progress: (done, total, bytes) => {
      steps.push(done / total);
      read.push(bytes);
    },
  });
  assert.equal(
    read,
    [...read].sort((a, b) => a - b),
  );
  assert.ok(read.at(-1)! > 0);
  assert.equal(
    steps,
    [...steps].sort((a, b) => a - b),
  );
  assert.is(steps.at(-1), 1);
  const stop = new AbortController();
  log.length = 0;
  try {
    await lint(container, { rules: [noKey], signal: stop.signal, progress: (done) => done > 0 && stop.abort(new Error('stopped')) });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'stopped');
  }
  assert.equal(log, ['open 1', 'close 1']);
});

test.run();
