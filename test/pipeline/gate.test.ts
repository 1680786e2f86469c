// What a config makes of the gate.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { defineRule } from '../../lint/rule.ts';
import { gateOf } from '../../pipeline/gate.ts';
import { rules } from '../../rules/index.ts';

test('without a config: the built-in rules at their strictest', () => {
  const gate = gateOf();
  assert.equal(gate.rules, rules);
  assert.is(gate.profile.id, 'release');
  assert.equal([gate.policy.kmsHosts, gate.allow, gate.options], [[], [], {}]);
});

test('own rules stand beside the built-in ones; a profile on the command line wins', () => {
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
  const gate = gateOf(lint);
  assert.is(gate.rules.at(-1)!.id, 'own/rule');
  assert.is(gate.profile.id, 'nightly');
  assert.is(gateOf(lint, 'lab').profile.strong, 'note');
  assert.throws(
    () => gateOf(lint, 'no-such'),
    (error: Error) => error instanceof ConfigError && error.code === 'PROFILE_UNKNOWN',
  );
});

test.run();
