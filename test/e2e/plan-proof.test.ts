// A built image shows exactly what the plan said: values by hivexregedit, XML nodes by xmllint, files by wimlib; nothing of ours reads it.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BuildReport } from '../../pipeline/build.ts';
import type { ChangeDescription } from '../../pipeline/describe.ts';
import { EVERY_STEP, everyStep, SECRETS } from '../helpers/every-step.ts';
import { Judge, judgeFiles, judgeValues } from '../helpers/image-judge.ts';
import { needTools, realData } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl', xmllint: 'libxml2-utils' });
/** What `activation-reset` and `kms-client` both look after. */
const PIN =
  /^SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform(?:\\[0-9a-f-]{36})?!KeyManagementService(?:Name|Port)$/;
/** Microsoft's, which is not ours to carry along. */
const SCHEMA = join(realData, 'tasks/xsd/TaskSchedulerV2Schema.xsd');

/** Every task of the image is what the scheduler takes: UTF-16LE with its mark, a version that Vista knows, and valid by Microsoft's schema. */
function judgeTasks(judge: Judge, changes: readonly ChangeDescription[], folder: string): void {
  const paths = changes.filter(({ form }) => form === 'task').map(({ at }) => at);
  assert.ok(paths.length >= 5, paths.join());
  for (const path of paths) {
    const bytes = judge.bytes(path);
    assert.is(bytes.subarray(0, 2).toString('hex'), 'fffe', path);
    assert.match(bytes.toString('utf16le'), /^\ufeff<\?xml version="1\.0" encoding="UTF-16"\?>\s*<Task version="1\.2"/, path);
    if (!existsSync(SCHEMA)) continue;
    const file = join(folder, 'task.xml');
    writeFileSync(file, bytes);
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

e2e('with all steps on, the image holds what the plan said, by tools that are not ours', async () => {
  await inWorkspace(async ({ build, configure, folder, output }) => {
    await everyStep(folder);
    const config = await configure(EVERY_STEP);
    const planFile = join(folder, 'golden.plan.json');
    const planned = await cli(['plan', config, '--out', planFile, '--json']);
    assert.is(planned.code, 0, planned.err);
    const { code, out, err } = await build('--plan', planFile, '--json');
    assert.is(code, 0, err + out.slice(0, 3000));
    const plan = JSON.parse(await readFile(planFile, 'utf8')) as BuildReport;
    const report = JSON.parse(await readFile(`${output}.report.json`, 'utf8')) as BuildReport;
    assert.equal(report.steps, plan.steps, 'the report says after the fact what the plan said before');
    assert.equal(
      plan.steps.filter(({ skipped }) => skipped !== undefined).map(({ step, skipped }) => `${step}: ${skipped}`),
      [],
    );
    const changes = plan.steps.flatMap((step) => step.changes);
    const judge = new Judge(output, folder);
    const values = judgeValues(judge, changes);
    const { files, nodes } = judgeFiles(judge, changes);
    assert.ok(values > 25 && files > 10 && nodes > 35, `${values} values, ${files} files, ${nodes} nodes`);
    const said = [await readFile(planFile, 'utf8'), await readFile(`${output}.report.json`, 'utf8'), planned.out, out, planned.err, err];
    for (const secret of Object.values(SECRETS)) {
      for (const form of [secret, Buffer.from(secret, 'utf16le').toString('base64'), Buffer.from(secret).toString('base64')])
        assert.not.ok(
          said.some((text) => text.includes(form.replace(/=+$/, ''))),
          'a secret is shown',
        );
    }
    judgeTasks(judge, changes, folder);
    console.error(`${changes.length} changes judged: ${values} registry places, ${files} files, ${nodes} XML nodes`);
  }, EVERY_STEP.source);
});

e2e('on its own output every step finds nothing to do', async () => {
  await inWorkspace(async ({ build, configure, folder, output }) => {
    await everyStep(folder);
    await configure(EVERY_STEP);
    assert.is((await build()).code, 0);
    await configure({ ...EVERY_STEP, image: `{ path: ${JSON.stringify(output)} }`, output: "{ path: 'second.wim' }" });
    const { code, out, err } = await build('--json');
    assert.is(code, 0, err);
    const { steps } = JSON.parse(out) as BuildReport;
    assert.is(steps.length, 13);
    // activation-reset takes every pin away, ours too, and kms-client sets it again: two changes that are none together.
    const rest = steps.flatMap(({ changes }) => changes).filter(({ at }) => !PIN.test(at));
    assert.equal(rest, []);
    const [first, second] = [new Judge(output, folder), new Judge(join(folder, 'second.wim'), folder)];
    assert.equal(second.values('SOFTWARE'), first.values('SOFTWARE'));
  }, EVERY_STEP.source);
});

test.run();
