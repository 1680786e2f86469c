// What a config makes of the gate.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { defineRule } from '../../lint/rule.ts';
import { gateOf } from '../../pipeline/gate.ts';
import { rules } from '../../rules/index.ts';
import { withScratch } from '../../tools/scratch.ts';

test('without a config: the built-in rules at their strictest', async () => {
  const gate = await gateOf();
  assert.equal(gate.rules, rules);
  assert.is(gate.profile.id, 'release');
  assert.equal([gate.policy.kmsHosts, gate.allow, gate.options], [[], [], {}]);
});

test('own rules stand beside the built-in ones; a profile on the command line wins', async () => {
  const rule = defineRule({
    id: 'own/rule',
    title: 'Own',
    description: 'Own.',
    severity: 'error',
    options: {},
    messages: {},
    select: {},
    create: () => ({}),
  });
  const lint = { rules: [rule], kmsHosts: ['kms.corp.example'], profile: 'nightly', profiles: { lab: { strong: 'note' as const } } };
  const gate = await gateOf(lint);
  assert.is(gate.rules.at(-1)!.id, 'own/rule');
  assert.is(gate.profile.id, 'nightly');
  assert.is((await gateOf(lint, { profile: 'lab' })).profile.strong, 'note');
  const refused = await gateOf(lint, { profile: 'no-such' }).catch((error: unknown) => error);
  assert.ok(refused instanceof ConfigError && refused.code === 'PROFILE_UNKNOWN');
});

test('a baseline adds its exceptions; without a reason it is refused', async () => {
  await withScratch(async (folder) => {
    const file = join(folder, 'baseline.json');
    const write = (reason: string) =>
      writeFile(file, JSON.stringify({ schema: 'wtgforge/baseline@1', allow: [{ rule: 'a/b', at: '/x', reason, finding: 'f' }] }));
    await write('known');
    const own = [{ rule: 'c/d', at: '/y', reason: 'r' }];
    assert.equal((await gateOf({ allow: own, baseline: file })).allow, [...own, { rule: 'a/b', at: '/x', reason: 'known' }]);
    assert.equal((await gateOf({ allow: own, baseline: file }, { baseline: 'none' })).allow, own);
    await write('');
    const refused = await gateOf({ baseline: file }).catch((error: unknown) => error);
    assert.match((refused as Error).message, 'allow[0].reason: is missing');
  });
});

test.run();
