// Running steps: order, skips, notes, attachments, and every way in which a step can fail.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError, StepError } from '../../errors.ts';
import type { Plan } from '../../pipeline/plan.ts';
import { runSteps } from '../../pipeline/run.ts';
import { secret } from '../../pipeline/secrets.ts';
import type { Step } from '../../pipeline/step.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const step = (id: string, run: Step['run'], more: Partial<Step> = {}): Step => ({
  id,
  title: id,
  description: 'd',
  options: {},
  run,
  ...more,
});
const planOf = (...steps: Step[]): Plan => ({
  image: { path: '/in', index: 1 },
  output: { path: '/out', images: 'built' },
  packing: undefined,
  steps: steps.map((one) => ({ step: one, options: {} })),
  input: undefined,
  lint: {},
  digest: '',
});
const image = () => fakeImage({ SOFTWARE: { a: { v: 1 } }, files: { '/f': 'x' } });

async function refusal(...steps: Step[]): Promise<StepError> {
  const error = await runSteps(planOf(...steps), image()).catch((reason: unknown) => reason);
  assert.instance(error, StepError);
  return error as StepError;
}

test('steps run in order; a skipped one says why; each keeps its own changes', async () => {
  const run = await runSteps(
    planOf(
      step('one', (draft) => draft.write('/one', '1')),
      step('two', () => assert.unreachable(), { skip: () => 'nothing to do here' }),
      step('three', async (draft, _options, ctx) => {
        assert.ok(await draft.has('/one'));
        ctx.note('seen');
        ctx.attach('chrony.conf', 'server x');
        await draft.setValue('SOFTWARE', 'a', 'v', { type: 'REG_DWORD', data: 2 });
      }),
    ),
    image(),
  );
  assert.equal(
    run.steps.map(({ step: id, skipped, changes, notes }) => [id, skipped, changes.length, notes]),
    [
      ['one', undefined, 1, []],
      ['two', 'nothing to do here', 0, []],
      ['three', undefined, 1, ['seen']],
    ],
  );
  assert.equal(run.attachments, [{ step: 'three', name: 'chrony.conf', content: 'server x' }]);
});

test('a refusal, a known failure and a crash all name the step', async () => {
  const refused = await refusal(step('one', (_draft, _options, ctx) => ctx.fail('the host is wrong', 'Use another.')));
  assert.is(refused.message, 'one: the host is wrong');
  assert.is(refused.hint, 'Use another.');
  const known = await refusal(
    step('two', () => {
      throw new ImageError('FILE_ABSENT', '/x: is not in the image');
    }),
  );
  assert.is(known.code, 'FILE_ABSENT');
  assert.match(known.message, /^two: /);
  const crashed = await refusal(
    step('three', () => {
      throw new TypeError('the password is Passw0rd');
    }),
  );
  assert.is(crashed.code, 'STEP_CRASHED');
  assert.match(crashed.message, /^three: .*TypeError/);
  assert.not.match(crashed.message, 'Passw0rd');
});

test('an absent secret names the reference', async () => {
  const error = await refusal(
    step('one', async (_draft, _options, ctx) => {
      await ctx.reveal(secret.env('WTGFORGE_TEST_ABSENT'));
    }),
  );
  assert.is(error.code, 'SECRET_ABSENT');
  assert.match(error.message, 'WTGFORGE_TEST_ABSENT');
});

test('attachments and guest scripts are plain names; two steps cannot attach one file', async () => {
  const attach = (name: string) => step('one', (_draft, _options, ctx) => ctx.attach(name, ''));
  for (const name of ['../x', '/etc/x', '.x', 'a/b', '']) assert.is((await refusal(attach(name))).code, 'ATTACHMENT_NAME', name);
  assert.is((await refusal(attach('a'), { ...attach('a'), id: 'two' })).code, 'CHANGE_CONFLICT');
  const guest = await refusal(step('one', async (_draft, _options, ctx) => void (await ctx.guest('../../package.json'))));
  assert.is(guest.code, 'GUEST_NAME');
});

test('a trace is kept with the step that took it away', async () => {
  const trace = { rule: 'activation/kms-host-policy', at: { file: '/a' }, message: 'was there' };
  const run = await runSteps(
    planOf(
      step('one', (_draft, _options, ctx) => ctx.trace(trace)),
      step('two', () => {}),
    ),
    image(),
  );
  assert.equal(
    run.steps.map(({ traces }) => traces),
    [[trace], []],
  );
});

test('an abort ends the run with its reason', async () => {
  const controller = new AbortController();
  const stop = new Error('interrupted');
  const error = await runSteps(
    planOf(
      step('one', () => controller.abort(stop)),
      step('two', () => assert.unreachable()),
    ),
    image(),
    {
      signal: controller.signal,
    },
  ).catch((reason: unknown) => reason);
  assert.is(error, stop);
});

test.run();
