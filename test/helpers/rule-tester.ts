// The rule tester of the package, with uvu's test: a rule's test file is a table and `test.run()`.
import { test } from 'uvu';
import type { Rule } from '../../lint/rule.ts';
import { type RuleCases, testRule } from '../../lint/testing/rule-tester.ts';

export { type BadCase, badFaults, type GoodCase, goodFaults, lintCase, type RuleCases } from '../../lint/testing/rule-tester.ts';

// biome-ignore lint/suspicious/noExplicitAny: a rule of whatever options and messages.
export function ruleTester<R extends Rule<any, any>>(rule: R, cases: RuleCases<R>): void {
  testRule(rule, cases, test);
}
