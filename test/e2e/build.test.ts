// The whole pipeline on a small Windows: accepted, repeatable, idempotent, judged by tools that are not ours.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BuildReport } from '../../pipeline/build.ts';
import { makeBaseImage } from '../../scripts/dev/fixtures.ts';
import { needTools } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl', '7zz': '7zip', xmllint: 'libxml2-utils' });
const verify = (path: string) => execFileSync('wimlib-imagex', ['verify', path], { stdio: 'pipe' });
const extract = (image: string, path: string) =>
  execFileSync('wimlib-imagex', ['extract', image, '1', path, '--to-stdout'], { stdio: ['ignore', 'pipe', 'pipe'] });

e2e('the image is built, accepted and whole; its report says what each step did', async () => {
  await inWorkspace(async ({ build, output, listing }) => {
    const before = listing();
    const { code, out, err } = await build('--json');
    assert.is(code, 0, err + out);
    const report = JSON.parse(out) as BuildReport & { artifact: { path: string; sha256: string } };
    assert.is(report.lint.verdict, 'accepted');
    assert.equal(
      report.steps.map(({ step, skipped }) => [step, skipped]),
      ['generalize-answer-file', 'kms-client', 'time-client', 'chrony-conf', 'spp-cache-task', 'workspace-policy'].map((id) => [
        id,
        undefined,
      ]),
    );
    const after = listing();
    assert.equal(Object.keys(after), ['golden.chrony.conf', 'golden.wim', 'golden.wim.report.json', 'small.wim']);
    assert.is(after['small.wim'], before['small.wim']);
    assert.is(after['golden.wim'], report.artifact.sha256);
    verify(output);
    execFileSync('7zz', ['t', output], { stdio: 'pipe' });
    const answerFile = extract(output, '/Windows/Panther/unattend.xml');
    execFileSync('xmllint', ['--noout', '-'], { input: answerFile });
    assert.match(answerFile.toString(), 'pass="generalize"');
  });
});

e2e('a second run over its own output changes nothing', async () => {
  await inWorkspace(async ({ build, configure, output }) => {
    assert.is((await build()).code, 0);
    await configure({ image: `{ path: ${JSON.stringify(output)} }`, output: "{ path: 'second.wim' }" });
    const { code, out, err } = await build('--json');
    assert.is(code, 0, err);
    assert.equal(
      (JSON.parse(out) as BuildReport).steps.flatMap(({ changes }) => changes),
      [],
    );
  });
});

e2e('the same source, plan and time give the same bytes, and --verify-reproducible proves it', async () => {
  await inWorkspace(async ({ build, listing }) => {
    process.env.SOURCE_DATE_EPOCH = '1700000000';
    try {
      assert.is((await build('--verify-reproducible')).code, 0);
      const first = listing()['golden.wim'];
      assert.is((await build('--force')).code, 0);
      assert.is(listing()['golden.wim'], first);
    } finally {
      delete process.env.SOURCE_DATE_EPOCH;
    }
  });
});

e2e('a dry run and a plan write nothing but what was asked for', async () => {
  await inWorkspace(async ({ build, listing, folder, configure }) => {
    const before = listing();
    const dry = await build('--dry-run', '--json');
    assert.is(dry.code, 0, dry.err);
    assert.equal(listing(), before);
    const plan = join(folder, 'plan.json');
    assert.is((await cli(['plan', join(folder, 'build.config.ts'), '--out', plan])).code, 0);
    assert.equal(JSON.parse(readFileSync(plan, 'utf8')), JSON.parse(dry.out));
    assert.is((await build('--plan', plan)).code, 0);
    await configure({ steps: "[kmsClient({ host: 'other.corp.example' })]" });
    const differs = await build('--plan', plan, '--force');
    assert.is(differs.code, 2);
    assert.match(differs.err, 'does not give the plan');
    await writeFile(plan, '[]');
    assert.match((await build('--plan', plan)).err, 'is not a plan');
  });
});

e2e('an existing output is replaced only with --force', async () => {
  await inWorkspace(async ({ build, listing }) => {
    assert.is((await build()).code, 0);
    const before = listing();
    const again = await build();
    assert.is(again.code, 2);
    assert.match(again.err, 'exists already');
    assert.equal(listing(), before);
    assert.is((await build('--force')).code, 0);
  });
});

e2e('only the built index ships unless all are asked for; --only and --skip choose steps', async () => {
  await inWorkspace(async ({ build, configure, output, folder }) => {
    const base = await makeBaseImage(folder);
    const indexes = () => execFileSync('wimlib-imagex', ['info', output], { encoding: 'utf8' }).match(/^Image Count: +(\d+)/m)?.[1];
    for (const [images, count] of [
      ['built', '1'],
      ['all', '2'],
    ] as const) {
      await configure({
        image: `{ path: ${JSON.stringify(base)}, edition: 'education' }`,
        output: `{ path: 'golden.wim', images: '${images}' }`,
      });
      const { code, out, err } = await build('--force', '--json');
      // The untouched Enterprise index still has its own SanPolicy and no answer file: the gate sees it.
      assert.is(code, images === 'built' ? 0 : 1, err + out);
      if (images === 'all')
        await rm(output).then(
          () => {},
          () => {},
        );
      const made = images === 'all' ? `${output}.rejected` : output;
      verify(made);
      if (images === 'built') assert.is(indexes(), count);
      else assert.match(execFileSync('wimlib-imagex', ['info', made], { encoding: 'utf8' }), /^Image Count: +2/m);
    }
    await configure({ image: `{ path: ${JSON.stringify(base)}, index: 1 }`, output: "{ path: 'few.wim' }" });
    const { out } = await build('--dry-run', '--json', '--only', 'kms-client,workspace-policy', '--skip', 'kms-client');
    assert.equal(
      (JSON.parse(out) as BuildReport).steps.map(({ step }) => step),
      ['workspace-policy'],
    );
  });
});

test.run();
