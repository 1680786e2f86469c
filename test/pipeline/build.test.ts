// The story as a library: what is refused before anything is written, and what a dry run knows.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WtgforgeError } from '../../errors.ts';
import { build, describeSteps, dryRun } from '../../pipeline/build.ts';
import { needTools } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const tools = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof WtgforgeError ? error.code : String(error);
}

tools('a dry run gives the changes of every step and leaves the folder as it is', async () => {
  await inWorkspace(async ({ configure, listing }) => {
    const before = listing();
    const { plan, image, run } = await dryRun(await configure());
    assert.is(plan.image.index, 1);
    assert.is(image.edition, 'Enterprise');
    const values = describeSteps(run.steps).flatMap(({ changes }) => changes);
    assert.ok(values.some(({ at, before: was, after }) => at.endsWith('!SanPolicy') && was === '1' && after === '4'));
    assert.equal(
      run.attachments.map(({ name }) => name),
      ['chrony.conf'],
    );
    assert.equal(listing(), before);
  });
});

tools('a build says which part runs, in order', async () => {
  await inWorkspace(async ({ configure }) => {
    const phases: string[] = [];
    const { report, artifact } = await build(await configure(), {
      onProgress: ({ phase }) => {
        if (phases.at(-1) !== phase) phases.push(phase);
      },
    });
    assert.equal(phases, ['open', 'steps', 'commit', 'lint', 'settle']);
    assert.is(report.sha256, artifact.sha256);
    assert.is(report.lint.container.path, artifact.path);
  });
});

tools('what cannot be built is refused by its code, before anything is written', async () => {
  await inWorkspace(async ({ configure, listing, output }) => {
    const config = await configure();
    const before = listing();
    assert.is(await codeOf(build(config, { saved: { digest: '0'.repeat(64), work: '' } })), 'PLAN_DIFFERS');
    assert.is(await codeOf(build(config, { only: ['absent'] })), 'STEP_UNKNOWN');
    process.env.SOURCE_DATE_EPOCH = 'yesterday';
    try {
      assert.is(await codeOf(build(config, { output: `${output}.other` })), 'SOURCE_DATE_EPOCH');
    } finally {
      delete process.env.SOURCE_DATE_EPOCH;
    }
    assert.equal(listing(), before);
  });
});

tools('an image without a Windows is not built', async () => {
  await inWorkspace(
    async ({ configure, listing }) => {
      const before = listing();
      assert.is(await codeOf(build(await configure())), 'IMAGE_NOT_WINDOWS');
      assert.equal(listing(), before);
    },
    { hives: { '/Windows/System32/config/SOFTWARE': undefined } },
  );
});

tools('a step of a stranger that is not reproducible is found', async () => {
  await inWorkspace(async ({ configure, listing }) => {
    const config = await configure({
      head: `const dice = defineStep({ id: 'dice', title: 'Dice', description: 'd', options: {}, run: (draft) => draft.write('/Windows/dice.txt', String(Math.random())) });`,
      steps: '[dice()]',
    });
    const before = listing();
    assert.is(await codeOf(build(config, { verifyReproducible: true })), 'BUILD_NOT_REPRODUCIBLE');
    assert.equal(listing(), before);
  });
});

test.run();
