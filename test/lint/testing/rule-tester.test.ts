// The exported tester: it works with any runner, knows signatures of the user, and fails with a line for each fault.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defineRule } from '../../../lint/rule.ts';
import { type RuleCases, signatureRule, testRule } from '../../../lint/testing/index.ts';
import { repository } from '../../../scripts/dev/catalogue.ts';
import { withScratch } from '../../../tools/scratch.ts';

const rule = defineRule({
  id: 'site/no-key-file',
  title: 'There is no key file',
  description: 'For the test.',
  severity: 'error',
  options: {},
  messages: { found: '{name} is a key file' },
  select: { files: ['/**/*.key'] },
  create: (ctx) => ({ file: ({ path }) => ctx.report({ messageId: 'found', at: { file: path }, data: { name: path } }) }),
});

/** What each registered test came to: nothing, or what it threw. */
async function outcomes<R>(register: (test: (name: string, run: () => Promise<void>) => void) => R): Promise<Record<string, string>> {
  const runs = new Map<string, () => Promise<void>>();
  register((name, run) => void runs.set(name, run));
  const told: Record<string, string> = {};
  for (const [name, run] of runs) {
    told[name] = await run().then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
  }
  return told;
}

const good: RuleCases<typeof rule>['good'] = [
  { name: 'nothing', image: {} },
  { name: 'another file', image: { files: { '/a.txt': 'key' } } },
];
const found = (file: string) => ({ messageId: 'found', at: { file } });
const bad: RuleCases<typeof rule>['bad'] = [
  { name: 'one', image: { files: { '/a.key': '' } }, findings: [found('/a.key')] },
  { name: 'two', image: { files: { '/a.key': '', '/b/c.key': '' } }, findings: [found('/a.key'), found('/b/c.key')] },
];

test('good: a test for the metadata and one for each case, all content', async () => {
  const told = await outcomes((register) => testRule(rule, { good, bad }, register));
  assert.equal(Object.keys(told), [
    'site/no-key-file: says what it is',
    'site/no-key-file: has two good and two bad images at least',
    'site/no-key-file: good: nothing',
    'site/no-key-file: good: another file',
    'site/no-key-file: bad: one',
    'site/no-key-file: bad: two',
  ]);
  assert.equal([...new Set(Object.values(told))], ['']);
});

test('bad: a false alarm, a finding that is missing, one too many, too few cases, metadata without a title', async () => {
  const told = await outcomes((register) =>
    testRule(
      rule,
      {
        good: [{ name: 'false alarm', image: { files: { '/a.key': '' } } }],
        bad: [{ name: 'wrong', image: { files: { '/a.key': '' } }, findings: [found('/b.key')] }],
      },
      register,
    ),
  );
  const [metadata, count, alarm, wrong] = Object.values(told);
  assert.is(metadata, '');
  const untitled = await outcomes((register) => testRule({ ...rule, title: '' }, { good, bad }, register));
  assert.is(Object.values(untitled)[0], 'title: is empty');
  assert.is(count, 'write another good image\nwrite another bad image');
  assert.match(alarm!, /^finds something in a good image: error found .*\/a\.key/);
  assert.match(wrong!, /^missing: error found .*\/b\.key.*\ntoo many: error found .*\/a\.key/);
});

test('bad: a rule that crashes is at fault, though it said before that it could not look at everything', async () => {
  const crashing = defineRule({
    ...rule,
    create: (ctx) => ({
      file() {
        ctx.unable('a part is torn');
        throw new TypeError('x');
      },
    }),
  });
  const torn = { name: 'torn', image: { files: { '/a.key': '' } }, findings: [], unable: 'a part is torn' };
  const told = await outcomes((register) => testRule(crashing, { good, bad: [torn, torn] }, register));
  assert.is(told['site/no-key-file: bad: torn'], 'is unable: a part is torn; crashed: TypeError thrown by the rule');
});

test('signature files of the user are there for the rule that selects them', async () => {
  const text = 'rule tool { strings: $a = "site-tool-1" condition: $a }';
  const own = signatureRule('site', text);
  const cases: RuleCases<typeof own> = {
    signatures: { site: text },
    good: [
      { name: 'nothing', image: { files: { '/a': 'x' } } },
      { name: 'nearly', image: { files: { '/a': 'site-tool-2' } } },
    ],
    bad: ['/a', '/b/c'].map((file) => ({
      name: file,
      image: { files: { [file]: 'a site-tool-1' } },
      findings: [{ messageId: 'matches', at: { file }, level: 'strong' as const, evidence: 'tool' }],
    })),
  };
  assert.equal([...new Set(Object.values(await outcomes((register) => testRule(own, cases, register))))], ['']);
  const without = await outcomes((register) => testRule(own, { good: cases.good, bad: cases.bad }, register));
  assert.match(without['signatures/site: good: nothing']!, 'site.yar: cannot be read');
});

// The compiled package is there after scripts/setup.sh; single tests may run from the sources before.
const isBuilt = existsSync(join(repository, 'dist/lint/testing/index.js'));
if (!isBuilt) console.log('skipped: dist/ is not built');

(isBuilt ? test : test.skip)('the package gives it to a project of the user, under its own name and with node:test', async () => {
  await withScratch(async (folder) => {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(repository, join(folder, 'node_modules/wtgforge'));
    writeFileSync(
      join(folder, 'own.test.mjs'),
      `import { test } from 'node:test';
import { defineRule } from 'wtgforge';
import { testRule } from 'wtgforge/testing';
const rule = defineRule({ id: 'site/no-key-file', title: 'No key file', description: 'Ours.', severity: 'error', options: {}, messages: { found: 'found' },
  select: { files: ['/**/*.key'] }, create: (ctx) => ({ file: ({ path }) => ctx.report({ messageId: 'found', at: { file: path } }) }) });
const at = (file) => ({ name: file, image: { files: { [file]: '' } }, findings: [{ messageId: 'found', at: { file } }] });
testRule(rule, { good: [{ name: 'a', image: {} }, { name: 'b', image: { files: { '/x.txt': '' } } }], bad: [at('/a.key'), at('/b.key')] }, test);
`,
    );
    const run = spawnSync(process.execPath, ['--test', 'own.test.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    assert.is(run.status, 0, run.stdout + run.stderr);
    assert.match(run.stdout, /pass 6|# pass \d/);
  });
});

test.run();
