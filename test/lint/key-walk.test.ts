// The walk over hives: each once, within bounds, and every rule that is stopped short is told.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Hive, Image } from '../../image/image.ts';
import { hiveGlobs, walkKeys } from '../../lint/key-walk.ts';
import type { Rule } from '../../lint/rule.ts';
import { RuleRun } from '../../lint/rule-run.ts';
import { fakeHive, fakeImage } from '../helpers/fake-image.ts';

function runOf(keys: readonly string[], seen: string[] = []): RuleRun {
  const rule = {
    id: 'a/b',
    title: 't',
    description: 'd',
    severity: 'error',
    options: {},
    messages: {},
    select: { keys },
    create: () => ({ key: ({ path }: { path: string }) => void seen.push(path) }),
  } as unknown as Rule;
  return new RuleRun(rule, { policy: { kmsHosts: [] }, options: {}, info: fakeImage().info, places: new Map() });
}

function imageOf(hive: Hive): { image: Image; opened: () => number } {
  let opened = 0;
  const image = fakeImage();
  return {
    image: {
      ...image,
      hive: async () => {
        opened++;
        return hive;
      },
    },
    opened: () => opened,
  };
}

test('a hive is opened once for all rules, by its name and its path alike, and only where somebody looks', async () => {
  let asked: string[] = [];
  const sound = fakeHive({ 'a\\b\\c': {}, 'x\\y': {} });
  const { image, opened } = imageOf({
    ...sound,
    keys(path) {
      asked.push(path);
      return sound.keys(path);
    },
  });
  const seen: string[] = [];
  await walkKeys(image, [runOf(['SOFTWARE\\a\\b'], seen), runOf(['/windows/system32/config/software\\a\\b', 'SOFTWARE\\A\\*'], seen)], []);
  assert.is(opened(), 1);
  assert.equal(seen, ['a\\b', 'a\\b']);
  assert.equal(asked, ['', 'a']);
  asked = [];
  await walkKeys(image, [runOf([])], []);
  assert.equal(asked, []);
});

test('keys come in stored order, parents first', async () => {
  const seen: string[] = [];
  await walkKeys(imageOf(fakeHive({ 'r\\b\\1': {}, 'r\\a': {}, 'r\\b\\0': {} })).image, [runOf(['SAM\\r\\**'], seen)], []);
  assert.equal(seen, ['r\\b', 'r\\b\\1', 'r\\b\\0', 'r\\a']);
});

test('a hive without end is walked to a depth and no further', async () => {
  const sound = fakeHive({});
  const run = runOf(['SAM\\**']);
  await walkKeys(imageOf({ ...sound, keys: () => ['again'], values: () => [] }).image, [run], []);
  const outcome = run.outcome();
  assert.match('reason' in outcome ? outcome.reason : '', /holds more keys than are looked at/);
});

test('an error that nobody knows is a bug and is not swallowed', async () => {
  const broken: Hive = {
    ...fakeHive({}),
    keys() {
      throw new TypeError('bug');
    },
  };
  try {
    await walkKeys(imageOf(broken).image, [runOf(['SAM\\a'])], []);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'bug');
  }
});

test('a Kelvin sign is no k', async () => {
  const names: string[] = [];
  const rule = {
    id: 'a/b',
    messages: {},
    select: { keys: ['SAM\\a'] },
    create: () => ({ key: ({ values }: never) => void names.push(...(values as Map<string, unknown>).keys()) }),
  };
  const run = new RuleRun(rule as unknown as Rule, { policy: { kmsHosts: [] }, options: {}, info: fakeImage().info, places: new Map() });
  await walkKeys(imageOf(fakeHive({ a: { '\u212aey': 1, Key: 2 } })).image, [run], []);
  assert.equal(names, ['\u212aey', 'key']);
  assert.is(run.outcome().outcome, 'passed');
});

test('globs tell which files may be hives', () => {
  const isHive = hiveGlobs([runOf(['/Users/*/NTUSER.DAT\\a', 'SOFTWARE\\a'])]);
  assert.ok(isHive('/Users/Ann/ntuser.dat'));
  assert.not.ok(isHive('/Windows/System32/config/SOFTWARE'));
});

test.run();
