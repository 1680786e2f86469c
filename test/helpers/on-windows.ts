// The rule tester on a Windows that is just enough: both machine hives are there, so that no rule says it could not look.
import type { Rule } from '../../lint/rule.ts';
import type { FakeSpec } from './fake-image.ts';
import { type BadCase, type GoodCase, ruleTester } from './rule-tester.ts';

/** As `ruleTester`, with an empty SOFTWARE and SYSTEM below what each image holds. */
// biome-ignore lint/suspicious/noExplicitAny: a rule of whatever options and messages.
export function windowsRuleTester<R extends Rule<any, any>>(
  rule: R,
  cases: { readonly good: readonly GoodCase<R>[]; readonly bad: readonly BadCase<R>[] },
): void {
  ruleTester(rule, {
    good: cases.good.map((one) => ({ ...one, image: onWindows(one.image) })),
    bad: cases.bad.map((one) => ({ ...one, image: onWindows(one.image) })),
  });
}

function onWindows(image: FakeSpec): FakeSpec {
  return { SOFTWARE: { Microsoft: {} }, SYSTEM: { Setup: {} }, ...image };
}
