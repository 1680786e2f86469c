// The walk over hives: each once, within bounds, and every rule that is stopped short is told.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import type { Hive, Image } from '../../image/image.ts';
import { hiveGlobs, walkKeys } from '../../lint/key-walk.ts';
import type { Rule } from '../../lint/rule.ts';
import { RuleRun } from '../../lint/rule-run.ts';
import { ViewStore } from '../../lint/view.ts';
import { type FakeSpec, fakeHive, fakeImage } from '../helpers/fake-image.ts';
import { lint, outcome, ruleOf } from '../helpers/lint-probe.ts';

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
  return new RuleRun(rule, {
    policy: { kmsHosts: [] },
    options: {},
    info: fakeImage().info,
    places: new Map(),
    store: new ViewStore(fakeImage()),
  });
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

test('a key that is a link to another one makes the rules unable that would have to go through it, and no others', async () => {
  const link = { name: 'SymbolicLinkValue', type: 6, raw: new Uint8Array(4), decoded: undefined };
  const sound = fakeHive({ 'a\\b\\c': { x: 1 }, 'a\\z': { SymbolicLinkValue: 'text alone is no link' }, 'd\\e': {} });
  const { image } = imageOf({
    ...sound,
    value: (key, name) => (key === 'a\\b' && name === link.name ? link : sound.value(key, name)),
  });
  const [through, beside, text] = [runOf(['SOFTWARE\\a\\b\\c']), runOf(['SOFTWARE\\d\\e']), runOf(['SOFTWARE\\a\\z'])];
  await walkKeys(image, [through, beside, text], []);
  const outcomes = [through, beside, text].map((run) => run.outcome());
  assert.equal(
    outcomes.map((one) => one.outcome),
    ['unable', 'passed', 'passed'],
  );
  assert.match((outcomes[0] as { reason: string }).reason, 'is a link to another key');
});

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
  const run = new RuleRun(rule as unknown as Rule, {
    policy: { kmsHosts: [] },
    options: {},
    info: fakeImage().info,
    places: new Map(),
    store: new ViewStore(fakeImage()),
  });
  await walkKeys(imageOf(fakeHive({ a: { '\u212aey': 1, Key: 2 } })).image, [run], []);
  assert.equal(names, ['\u212aey', 'key']);
  assert.is(run.outcome().outcome, 'passed');
});

test('globs tell which files may be hives', () => {
  const isHive = hiveGlobs([runOf(['/Users/*/NTUSER.DAT\\a', 'SOFTWARE\\a'])]);
  assert.ok(isHive('/Users/Ann/ntuser.dat'));
  assert.not.ok(isHive('/Windows/System32/config/SOFTWARE'));
});

test('key gets the keys of its patterns: names, wildcards, everything below, each control set, hives by glob', async () => {
  const image: FakeSpec = {
    SOFTWARE: { 'Microsoft\\A\\Run': { X: 1 }, 'Microsoft\\B\\Run\\Deep': {}, 'microsoft\\C\\Other': {} },
    SYSTEM: { 'ControlSet001\\Services\\s': {}, 'ControlSet002\\Services\\t': {}, 'ControlSetOld\\Services\\u': {} },
    hives: { '/Users/Default/NTUSER.DAT': { 'Software\\k': { V: 'v' } }, '/Users/Ann/ntuser.dat': { 'Software\\k': {} } },
  };
  const keysOf = async (...keys: string[]) => {
    const seen: string[] = [];
    const result = await lint(
      image,
      ruleOf({ keys }, () => ({ key: (key) => void seen.push(`${key.hive}\\${key.path}[${[...key.values.keys()]}]`) })),
    );
    assert.is(outcome(result), 'passed');
    return seen.sort();
  };
  assert.equal(await keysOf('SOFTWARE\\MICROSOFT\\a\\Run'), ['SOFTWARE\\Microsoft\\A\\Run[x]']);
  assert.equal(await keysOf('SOFTWARE\\Microsoft\\*\\Run'), ['SOFTWARE\\Microsoft\\A\\Run[x]', 'SOFTWARE\\Microsoft\\B\\Run[]']);
  assert.equal(await keysOf('SOFTWARE\\Microsoft\\B\\**', 'SOFTWARE\\Microsoft\\*\\Run\\**'), [
    'SOFTWARE\\Microsoft\\B\\Run[]',
    'SOFTWARE\\Microsoft\\B\\Run\\Deep[]',
  ]);
  assert.equal(await keysOf('SYSTEM\\ControlSet*\\Services\\*'), [
    'SYSTEM\\ControlSet001\\Services\\s[]',
    'SYSTEM\\ControlSet002\\Services\\t[]',
  ]);
  assert.equal(await keysOf('/Users/*/NTUSER.DAT\\Software\\**'), [
    '/Users/Ann/ntuser.dat\\Software\\k[]',
    '/Users/Default/NTUSER.DAT\\Software\\k[v]',
  ]);
  assert.equal(await keysOf('/Users/Nobody*/NTUSER.DAT\\Software\\**'), []);
  assert.equal(await keysOf('SOFTWARE\\Absent\\**'), []);
});

test('a missing hive makes the rules that select its keys unable, and no others', async () => {
  const visitor = () => ({ key() {} });
  const result = await lint(
    { SYSTEM: {} },
    ruleOf({ keys: ['SOFTWARE\\a'] }, visitor, { id: 'test/software' }),
    ruleOf({ keys: ['SYSTEM\\a'] }, visitor, { id: 'test/system' }),
    ruleOf({ keys: ['/Windows/ServiceProfiles/NetworkService/NTUSER.DAT\\a'] }, visitor, { id: 'test/network' }),
  );
  assert.match(outcome(result, 'test/software'), /^unable: \/Windows\/System32\/config\/SOFTWARE: is not in the image/);
  assert.is(outcome(result, 'test/system'), 'passed');
  assert.match(outcome(result, 'test/network'), /^unable: /);
  assert.is(result.verdict, 'undecided');
});

/** An image whose SOFTWARE hive is this one. */
function withSoftware(hive: Hive, files: FakeSpec['files'] = {}): Image {
  const image = fakeImage({ SOFTWARE: {}, ...(files ? { files } : {}) });
  return { ...image, hive: async () => hive };
}

test('damage inside a hive makes the rules unable that look there, and no others', async () => {
  const sound = fakeHive({ 'Good\\a': {}, 'Bad\\a': {} });
  const damaged: Hive = {
    ...sound,
    keys(path) {
      if (path === 'Bad') throw new ImageError('HIVE_CORRUPT', 'SOFTWARE: is not a sound hive');
      return sound.keys(path);
    },
  };
  const result = await lint(
    withSoftware(damaged),
    ruleOf({ keys: ['SOFTWARE\\Good\\**'] }, () => ({ key() {} }), { id: 'test/good' }),
    ruleOf({ keys: ['SOFTWARE\\Bad\\**'] }, () => ({ key() {} }), { id: 'test/bad' }),
  );
  assert.is(outcome(result, 'test/good'), 'passed');
  assert.is(outcome(result, 'test/bad'), 'unable: SOFTWARE: is not a sound hive');
});

test('a value name that a key holds twice hides none of the two', async () => {
  const sound = fakeHive({ a: { Debugger: 'x' } });
  const twice: Hive = { ...sound, values: (key) => [...sound.values(key), ...sound.values(key)] };
  const rule = ruleOf({ keys: ['SOFTWARE\\a'] }, () => ({ key() {} }));
  assert.match(outcome(await lint(withSoftware(twice), rule)), /^unable: .*a value name twice/);
});

test.run();
