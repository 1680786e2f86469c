// wtgforge explain: rules, steps and codes, for people and for programs; what is unknown is one line and a hint.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activationCodes } from '../../formats/activation-code/codes.ts';
import { rules } from '../../rules/index.ts';
import { steps } from '../../steps/index.ts';
import { withScratch } from '../../tools/scratch.ts';
import { cli } from '../helpers/run-cli.ts';

async function json(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await cli(['explain', ...argv, '--json']);
  assert.is(code, 0, err);
  return JSON.parse(out) as Record<string, unknown>;
}

test('every rule is explained: title, why, repair with its step, each message, each option', async () => {
  for (const rule of rules) {
    const { code, out } = await cli(['explain', rule.id]);
    assert.is(code, 0);
    const line = out.replace(/\s+/g, ' ');
    const parts = [rule.id, rule.title, rule.why ?? '', rule.repair!.text, rule.repair!.step ?? '', ...Object.values(rule.messages)];
    for (const part of [...parts, ...Object.keys(rule.options)])
      assert.ok(line.includes(part.trim().replace(/\s+/g, ' ')), `${rule.id}: ${part}`);
    assert.equal(
      out
        .split('\n')
        .slice(1)
        .filter((one) => one.length > 100 && !/^\s*(?:[-*] |\|)/.test(one)),
      [],
      rule.id,
    );
  }
});

test('every step and every code is explained', async () => {
  for (const { id, title } of steps) assert.match((await cli(['explain', id])).out, `${id}: ${title}`);
  for (const { code, meaning } of activationCodes()) assert.match((await cli(['explain', code])).out, `${code}: ${meaning}`);
});

test('a code says what to look at, from where that is known, and what is less sure', async () => {
  const { code, out } = await cli(['explain', '0xC004F074']);
  assert.is(code, 0);
  assert.match(out, /^0xC004F074: No KMS host could be contacted\./);
  for (const text of ['12288', '1688', 'wtgforge explain kms-client', 'Source: Microsoft']) assert.match(out, text);
  const clock = await cli(['explain', 'c004f06c']);
  assert.match(clock.out, /not confirmed by Microsoft\n {2}The host takes a difference of about 4 hours/);
  assert.equal((await cli(['explain', '--', '-1073418124'])).out, out, 'the number that a script prints');
  const { schema, kind, confidence, see } = await json('0xc004f06c');
  assert.equal([schema, kind, confidence, see], ['wtgforge/explain@1', 'code', 'documented', ['time-client', 'chrony-conf']]);
});

test('the profile decides what a finding weighs; the name alone finds its rule', async () => {
  const named = rules.find(({ levels }) => Object.values(levels ?? {}).includes('weak'))!;
  const of = async (profile: string) => (await json(named.id, '--profile', profile))['messages'] as { severity: string; level: string }[];
  const weak = (list: { severity: string; level: string }[]) =>
    new Set(list.filter(({ level }) => level === 'weak').map(({ severity }) => severity));
  assert.equal([...weak(await of('release'))], ['warning']);
  assert.equal([...weak(await of('dev'))], ['note']);
  assert.match((await cli(['explain', 'kms-host-policy'])).out, /^activation\/kms-host-policy: /);
});

test('rules and profiles of the config are known', async () => {
  await withScratch(async (folder) => {
    const config = join(folder, 'build.config.ts');
    await writeFile(
      config,
      `import { defineConfig, defineRule } from 'wtgforge';
const own = defineRule({ id: 'site/own', title: 'Ours', description: 'Ours.', level: 'weak', options: {}, messages: { a: 'A.' }, select: {}, create: () => ({}) });
export default defineConfig({ image: { path: 'x.wim' }, output: { path: 'y.wim' }, steps: [], lint: { rules: [own], profile: 'lab', profiles: { lab: { weak: 'note' } } } });
`,
    );
    const own = await json('site/own', '--config', config);
    assert.equal([own['profile'], own['severity']], ['lab', 'note']);
  });
});

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ['kms-hst', 'is no rule, no step and no activation code', /Choose one of: .*kms-client/],
  ['nothing', 'is no rule, no step and no activation code', /wtgforge list rules/],
  ['0x80004005', '0x80004005 is no activation code that is known here', /certutil -error/],
  ['constructor', 'is no rule', /./],
];

for (const [id, message, hint] of WRONG) {
  test(`${id} is one line and a hint`, async () => {
    const { code, out, err } = await cli(['explain', id]);
    assert.equal([code, out], [2, '']);
    assert.match(err.split('\n')[0]!, message);
    assert.match(err, hint);
  });
}

test.run();
