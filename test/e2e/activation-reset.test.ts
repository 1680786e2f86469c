// Cleaning is not laundering: a build that removed certain signs is undecided until an allowlist entry says why, and an activator still rejects.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BuildReport } from '../../pipeline/build.ts';
import { needTools } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

const SPP = 'Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform';
const IFEO = 'Microsoft\\\\Windows NT\\\\CurrentVersion\\\\Image File Execution Options';
/** Lays what an activator leaves behind; `activator` its program, too. */
const head = (activator: boolean) => `import { activationReset } from 'wtgforge/steps';
const plant = defineStep({ id: 'plant', title: 'Plant', description: 'd', options: {}, async run(draft) {
  await draft.setValue('SOFTWARE', '${SPP}', 'KeyManagementServiceName', { type: 'REG_SZ', data: '127.0.0.2' });
  await draft.setValue('SOFTWARE', '${IFEO}\\\\SppExtComObj.exe', 'Debugger', { type: 'REG_SZ', data: 'hook.exe' });
  if (${activator}) await draft.write('/Windows/System32/SppExtComObjHook.dll', 'MZ');
} });`;
const allow = ['activation/kms-host-policy', 'activation/spp-image-hijack'].map(
  (rule) => `{ rule: '${rule}', at: 'SOFTWARE\\\\Microsoft\\\\**', reason: 'planted by the test' }`,
);
const lint = (entries: readonly string[]) => `{ kmsHosts: ['kms.corp.example'], allow: [${entries.join(', ')}] }`;

async function built(activator: boolean, entries: readonly string[]) {
  let seen: { code: number | null; report: BuildReport; shipped: boolean } | undefined;
  await inWorkspace(async ({ build, configure, output }) => {
    const steps = (rest: string) => rest.replace('[', '[plant(), activationReset(), ');
    await configure({
      head: head(activator),
      lint: lint(entries),
      steps: steps("[generalizeAnswerFile(), workspacePolicy(), timeClient({ servers: ['ntp1.corp.example'] })]"),
    });
    const { code, out, err } = await build('--json');
    assert.ok(out.startsWith('{'), err);
    const report = JSON.parse(out) as BuildReport & { artifact: { path: string } };
    const hive = execFileSync('wimlib-imagex', ['extract', report.artifact.path, '1', '/Windows/System32/config/SOFTWARE', '--to-stdout'], {
      maxBuffer: 1 << 28,
    });
    assert.not(hive.includes(Buffer.from('127.0.0.2', 'utf16le')), 'the pin is gone from the bytes of the hive');
    seen = { code, report, shipped: existsSync(output) };
  });
  return seen!;
}

e2e('removed signs leave the image undecided, and each is in the report', async () => {
  const { code, report, shipped } = await built(false, []);
  assert.equal([report.lint.verdict, shipped], ['undecided', false]);
  assert.is.not(code, 0);
  const findings = report.lint.images[0]!.findings.filter(({ messageId }) => messageId === 'removedTrace');
  assert.equal(
    findings.map(({ rule }) => rule),
    ['activation/kms-host-policy', 'activation/spp-image-hijack'],
  );
  assert.is(report.steps.find(({ step }) => step === 'activation-reset')!.traces.length, 2);
});

e2e('an allowlist entry with a reason accepts it', async () => {
  const { code, report, shipped } = await built(false, allow);
  assert.equal([code, report.lint.verdict, shipped], [0, 'accepted', true]);
  assert.equal(report.lint.allowlist.unused, []);
});

e2e('the activator itself still rejects', async () => {
  const { code, report, shipped } = await built(true, allow);
  assert.equal([code, report.lint.verdict, shipped], [1, 'rejected', false]);
  assert.ok(report.lint.images[0]!.findings.some(({ rule, severity }) => rule === 'activation/activator-name' && severity === 'error'));
});

test.run();
