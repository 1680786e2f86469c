// A saved plan: the same config and work pass, anything else is refused before something is written.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import type { Plan } from '../../pipeline/plan.ts';
import { runSteps, type StepRun } from '../../pipeline/run.ts';
import { checkPlan, checkWork, readPlan, workDigest } from '../../pipeline/saved-plan.ts';
import type { Step } from '../../pipeline/step.ts';
import { withScratch } from '../../tools/scratch.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const run = (folder: string, content: string, attachment = 'a'): Promise<StepRun> => {
  const step: Step = {
    id: 'copy',
    title: 'Copy',
    description: 'd',
    options: {},
    async run(draft, _options, ctx) {
      await draft.write('/copy', await ctx.host.read('source'));
      await draft.write('/text', content);
      ctx.attach('a.conf', attachment);
    },
  };
  return runSteps({ folder, steps: [{ step, options: {} }] } as unknown as Plan, fakeImage());
};
const refusal = async (work: () => unknown) => {
  try {
    await work();
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as ConfigError).code;
  }
  return 'taken';
};

test('the work is the same for the same host files and changes, and another for any other', async () => {
  await withScratch(async (folder) => {
    await writeFile(join(folder, 'source'), 'one');
    const first = await run(folder, 'x');
    assert.equal(
      first.steps[0]!.inputs.map(({ path, size }) => [path, size]),
      [['source', 3]],
    );
    const work = workDigest(first);
    const check = (other: StepRun) => refusal(() => checkWork(other, { digest: '', work }, 'build.config.ts'));
    assert.is(await check(await run(folder, 'x')), 'taken');
    assert.is(await check(await run(folder, 'longer')), 'PLAN_DIFFERS');
    assert.is(await check(await run(folder, 'x', 'b')), 'PLAN_DIFFERS');
    // Same size: only the digest of the host file tells.
    await writeFile(join(folder, 'source'), 'two');
    assert.is(await check(await run(folder, 'x')), 'PLAN_DIFFERS');
    assert.is(await refusal(() => checkWork(first, undefined, 'build.config.ts')), 'taken');
  });
});

test('a plan of another digest is refused', async () => {
  const plan = { digest: 'a' } as Plan;
  assert.is(await refusal(() => checkPlan(plan, { digest: 'a', work: '' }, 'c')), 'taken');
  assert.is(await refusal(() => checkPlan(plan, undefined, 'c')), 'taken');
  assert.is(await refusal(() => checkPlan(plan, { digest: 'b', work: '' }, 'c')), 'PLAN_DIFFERS');
});

test('a file that is no plan is refused', async () => {
  await withScratch(async (folder) => {
    const file = join(folder, 'plan.json');
    for (const text of ['', '[]', '{"plan":{"digest":1},"work":"x"}', '{"plan":{"digest":"x"}}', 'null']) {
      await writeFile(file, text);
      assert.is(await refusal(() => readPlan(file)), 'PLAN_UNREADABLE', text);
    }
    await writeFile(file, '{"plan":{"digest":"d"},"work":"w"}');
    assert.equal(await readPlan(file), { digest: 'd', work: 'w' });
    assert.is(await refusal(() => readPlan(join(folder, 'absent'))), 'PLAN_UNREADABLE');
  });
});

test.run();
