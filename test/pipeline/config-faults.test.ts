// The faults of a config, path by path; good and bad beside each other.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config } from '../../pipeline/config.ts';
import { faultsOfConfig } from '../../pipeline/config-faults.ts';
import { defineStep } from '../../pipeline/step.ts';

const hello = defineStep({ id: 'hello', title: 'Hello', description: 'd', options: {}, run() {} });
const GOOD = { image: { path: 'a' }, output: { path: 'b' }, steps: [hello()] };
const paths = (config: unknown) => faultsOfConfig(config as Config).map((fault) => fault.split(': ')[0]);

const CASES: readonly [string, unknown, readonly string[]][] = [
  ['a good config', GOOD, []],
  [
    'everything that may be given',
    {
      ...GOOD,
      image: { path: 'a', edition: 'E' },
      output: { path: 'b', images: 'all' },
      lint: { kmsHosts: ['h', 'h.x:1'], allow: [], options: {}, rules: [] },
    },
    [],
  ],
  ['an allowlist entry with its last day', { ...GOOD, lint: { allow: [{ rule: 'a/b', at: '/x', reason: 'r', until: '2028-02-29' }] } }, []],
  ['nothing at all', {}, ['image', 'output', 'steps']],
  ['values of the wrong kind', { image: 'a', output: 7, steps: {}, lint: [] }, ['image', 'output', 'steps', 'lint']],
  ['a choice by index and by edition', { ...GOOD, image: { path: 'a', index: 1, edition: 'E' } }, ['image']],
  ['an index that is no whole number', { ...GOOD, image: { path: 'a', index: 1.5 } }, ['image.index']],
  ['an empty edition', { ...GOOD, image: { path: 'a', edition: '' } }, ['image.edition']],
  ['a factory that was not called', { ...GOOD, steps: [hello] }, ['steps[0]']],
  ['a step twice', { ...GOOD, steps: [hello(), hello()] }, ['steps[1]']],
  ['options that are no object', { ...GOOD, steps: [{ ...hello(), given: 7 }] }, ['steps[0]']],
  ['a host with a scheme', { ...GOOD, lint: { kmsHosts: ['http://kms'] } }, ['lint.kmsHosts[0]']],
  ['a host that is no text', { ...GOOD, lint: { kmsHosts: 'kms' } }, ['lint.kmsHosts']],
  ['an entry for every file of one folder', { ...GOOD, lint: { allow: [{ rule: 'a/b', at: '/Tools/**', reason: 'r' }] } }, []],
  ['an entry for everything', { ...GOOD, lint: { allow: [{ rule: 'a/b', at: '**', reason: 'r' }] } }, ['lint.allow[0].at']],
  ['an entry for every path', { ...GOOD, lint: { allow: [{ rule: 'a/b', at: '/**/*', reason: 'r' }] } }, ['lint.allow[0].at']],
  ['an entry that is no object', { ...GOOD, lint: { allow: ['x'] } }, ['lint.allow[0]']],
  ['an entry with a word too many', { ...GOOD, lint: { allow: [{ rule: 'a', at: 'b', reason: 'c', why: 'd' }] } }, ['lint.allow[0].why']],
  ['lists that are none', { ...GOOD, lint: { allow: {}, options: [], rules: {} } }, ['lint.allow', 'lint.options', 'lint.rules']],
];

for (const [name, config, expected] of CASES) test(name, () => assert.equal(paths(config), expected));

test.run();
