// Small rules made in place, and what one of them said: for tests of the lint engine.
import type { Image } from '../../image/image.ts';
import { type LintedImage, lintImage } from '../../lint/lint-image.ts';
import { defineRule, type Rule, type Select, type Visitor } from '../../lint/rule.ts';
import { type FakeSpec, fakeImage } from './fake-image.ts';

type Report = (at: { file: string } & Record<string, unknown>) => void;

/** A rule of one message from what it selects and does. */
export function ruleOf(
  select: Select,
  create: (report: Report, ctx: Parameters<Rule['create']>[0]) => Visitor,
  more: Partial<Rule> = {},
): Rule {
  return defineRule({
    id: 'test/rule',
    title: 'Something is so',
    description: 'For the test.',
    severity: 'error',
    options: {},
    messages: { found: 'found' },
    select,
    create: (ctx) => create((at) => ctx.report({ messageId: 'found', at }), ctx as never),
    ...more,
  } as Rule);
}

export const lint = (spec: FakeSpec | Image, ...rules: Rule[]) => lintImage('walk' in spec ? spec : fakeImage(spec), { rules });
/** `passed`, or `unable: why`. */
export const outcome = (result: LintedImage, rule = 'test/rule') => {
  const found = result.outcomes.find((one) => one.rule === rule)!;
  return 'reason' in found ? `${found.outcome}: ${found.reason}` : found.outcome;
};
