// The plan: resolved options, a digest that means something, secrets as references.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConfigError } from '../../errors.ts';
import type { LoadedConfig } from '../../pipeline/config.ts';
import { describePlan, makePlan } from '../../pipeline/plan.ts';
import { secret } from '../../pipeline/secrets.ts';
import { defineStep } from '../../pipeline/step.ts';

const hello = defineStep({
  id: 'hello',
  title: 'Hello',
  description: 'd',
  options: {
    name: { type: 'string', description: 'whom', required: true },
    times: { type: 'integer', description: 'how often', default: 1 },
    password: { type: 'secret', description: 'a password' },
  },
  run() {},
});
const other = defineStep({ id: 'other', title: 'Other', description: 'd', options: {}, run() {} });
const config = (steps: LoadedConfig['steps']): LoadedConfig => ({ file: '/c', image: { path: '/in' }, output: { path: '/out' }, steps });

test('defaults are filled in and secrets stay references', () => {
  const plan = makePlan(config([hello({ name: 'x', password: secret.env('PASSWORD') })]), 2);
  const described = describePlan(plan);
  assert.equal(described.steps, [{ id: 'hello', version: 1, options: { name: 'x', times: 1, password: 'secret.env("PASSWORD")' } }]);
  assert.equal(described.image, { path: '/in', index: 2 });
  assert.equal(described.output, { path: '/out', images: 'built' });
});

test('a secret in a list of objects stays a reference, too', () => {
  const users = defineStep({
    id: 'users',
    title: 'Users',
    description: 'd',
    options: { users: { type: 'object[]', description: 'd', fields: { password: { type: 'secret', description: 'd' } } } },
    run() {},
  });
  const plan = makePlan(config([users({ users: [{ password: secret.file('pw.txt') }, {}] })]), 1);
  assert.equal(describePlan(plan).steps[0]!.options, { users: [{ password: 'secret.file("pw.txt")' }, {}] });
});

test('the digest follows options and order, not paths', () => {
  const digest = (steps: LoadedConfig['steps']) => makePlan(config(steps), 1).digest;
  const one = digest([hello({ name: 'x' }), other()]);
  assert.is(digest([hello({ name: 'x', times: 1 }), other()]), one);
  assert.is.not(digest([hello({ name: 'y' }), other()]), one);
  assert.is.not(digest([other(), hello({ name: 'x' })]), one);
});

test('the digest moves with the input, a step version and the gate', () => {
  const steps = [hello({ name: 'x' })];
  const one = makePlan(config(steps), 1, {}, { input: 'a' }).digest;
  assert.is(makePlan(config(steps), 1, {}, { input: 'a' }).digest, one);
  assert.is.not(makePlan(config(steps), 1, {}, { input: 'b' }).digest, one);
  assert.is.not(makePlan(config(steps), 2, {}, { input: 'a' }).digest, one);
  assert.is.not(makePlan({ ...config(steps), lint: { kmsHosts: ['kms'] } }, 1, {}, { input: 'a' }).digest, one);
  const newer = [{ ...steps[0]!, step: { ...steps[0]!.step, version: 2 } }];
  assert.is.not(makePlan(config(newer), 1, {}, { input: 'a' }).digest, one);
});

test('only and skip choose steps; an unknown one is refused', () => {
  const both = config([hello({ name: 'x' }), other()]);
  const ids = (choice: Parameters<typeof makePlan>[2]) => makePlan(both, 1, choice).steps.map(({ step }) => step.id);
  assert.equal(ids({ only: ['other'] }), ['other']);
  assert.equal(ids({ skip: ['other'] }), ['hello']);
  assert.equal(ids({ only: [] }), ['hello', 'other']);
  assert.throws(
    () => makePlan(both, 1, { skip: ['third'] }),
    (error: ConfigError) => error.code === 'STEP_UNKNOWN',
  );
});

test.run();
