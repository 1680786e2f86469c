// Rules and options before a run: every mistake at once, each with its path.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { defineRule, type Rule } from '../../lint/rule.ts';
import { type GivenOptions, resolveRuleOptions } from '../../lint/rule-options.ts';

const rule = (id: string, more: Partial<Rule> = {}) =>
  ({
    ...defineRule({
      id,
      title: 'Something is so',
      description: 'd',
      severity: 'error',
      options: { limit: { type: 'integer', default: 3, description: 'How many' } },
      messages: {},
      select: {},
      create: () => ({}),
    }),
    ...more,
  }) as unknown as Rule;

function refused(rules: readonly Rule[], options?: GivenOptions): ConfigError {
  try {
    resolveRuleOptions(rules, options);
  } catch (error) {
    assert.instance(error, ConfigError);
    return error as ConfigError;
  }
  return assert.unreachable() as never;
}

test('defaults are filled in for every rule', () => {
  const resolved = resolveRuleOptions([rule('a/b'), rule('a/c')], { 'a/c': { limit: 9 } });
  assert.equal(
    [...resolved],
    [
      ['a/b', { limit: 3 }],
      ['a/c', { limit: 9 }],
    ],
  );
});

test('unknown rules, unknown options and wrong types are told together', () => {
  const error = refused([rule('a/b')], { 'a/x': {}, 'a/b': { limit: 'much', other: 1 } });
  assert.is(error.code, 'LINT_OPTIONS');
  for (const fault of [
    'lint.options["a/x"]: there is no such rule',
    'lint.options["a/b"].other: unknown option',
    'lint.options["a/b"].limit: must be a whole number',
  ]) {
    assert.match(error.message, fault);
  }
});

test('two rules with one id, and a rule that is not sound', () => {
  assert.match(refused([rule('a/b'), rule('a/b')]).message, '"a/b"');
  assert.match(refused([rule('a/b', { select: { keys: ['HKLM\\x'] } })]).message, 'a/b: select.keys: key pattern HKLM');
});

test.run();
