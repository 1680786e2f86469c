// A plan that no longer holds, and steps that contradict each other: refused with the reason, and nothing is written.
import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSmallImage } from '../../scripts/dev/fixtures.ts';
import { EVERY_STEP, everyStep } from '../helpers/every-step.ts';
import { needTools } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

e2e('a host file that changed since the plan is refused before anything is written', async () => {
  await inWorkspace(async ({ build, configure, folder, listing }) => {
    await everyStep(folder);
    const config = await configure(EVERY_STEP);
    const planFile = join(folder, 'golden.plan.json');
    assert.is((await cli(['plan', config, '--out', planFile])).code, 0);
    writeFileSync(join(folder, 'brand/theme.txt'), 'other');
    const before = listing();
    const { code, err } = await build('--plan', planFile);
    assert.is(code, 2);
    assert.match(err, 'would not change what the plan says');
    assert.equal(listing(), before);
  }, EVERY_STEP.source);
});

e2e('a plan is refused when the image, the config or the version of a step has moved', async () => {
  await inWorkspace(async ({ build, configure, folder, image, output }) => {
    const head = (version: number) =>
      `const own = defineStep({ id: 'own', title: 'Own', description: 'd', version: ${version}, options: {}, run() {} });`;
    const parts = (version: number, host = 'kms.corp.example') => ({
      head: head(version),
      steps: `[kmsClient({ host: '${host}' }), own()]`,
    });
    const config = await configure(parts(1));
    const plan = join(folder, 'golden.plan.json');
    assert.is((await cli(['plan', config, '--out', plan])).code, 0);
    const refused = async (what: string) => {
      const { code, err } = await build('--plan', plan);
      assert.is(code, 2, what);
      assert.match(err, /input, config or a step does not give the plan that was asked for/, what);
      assert.match(err, /hint: Make a new plan/, what);
      assert.not.ok(existsSync(output), what);
    };
    await configure(parts(2));
    await refused('the version');
    await configure(parts(1, 'other.corp.example'));
    await refused('an option');
    await configure({ ...parts(1), lint: "{ kmsHosts: ['kms2.corp.example'] }" });
    await refused('the gate');
    await configure(parts(1));
    const whole = await readFile(image);
    await makeSmallImage(folder, { extraFiles: { '/more.txt': 'more' } });
    await refused('the image');
    writeFileSync(image, whole);
    assert.match((await build('--plan', plan, '--skip', 'own')).err, /does not give the plan/);
    // The gate says what it says: the plan itself is taken.
    assert.match((await build('--plan', plan)).out, /hygiene\/san-policy/);
  });
});

e2e('two steps in conflict are refused, and both are named', async () => {
  await inWorkspace(async ({ build, configure, folder, listing }) => {
    await everyStep(folder);
    const head = EVERY_STEP.head;
    const before = listing();
    await configure({
      head,
      steps: `[workspacePolicy(), registry({ values: [{ key: 'HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\partmgr\\\\Parameters', name: 'SanPolicy', dword: 1 }] })]`,
    });
    const value = await build();
    assert.is(value.code, 2);
    assert.match(
      value.err,
      /registry: wants 1 in SYSTEM\\ControlSet001\\Services\\partmgr\\Parameters!SanPolicy, but workspace-policy wants 4 there/,
    );
    await configure({
      head,
      steps: `[generalizeAnswerFile(), files({ copy: [{ from: 'corp.reg', to: '/Windows/Panther/unattend.xml', overwrite: true }] })]`,
    });
    const file = await build();
    assert.is(file.code, 2);
    assert.match(file.err, /files: writes \/Windows\/Panther\/unattend\.xml without having read what generalize-answer-file wrote there/);
    assert.equal(listing(), before);
  });
});

test.run();
