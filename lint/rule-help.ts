// What a rule says about itself as one text, for reports, reference pages and `explain`.
import type { Rule } from './rule.ts';

/** Description, why it matters and how to repair it; Markdown. */
export function ruleHelp({ description, why, repair }: Pick<Rule, 'description' | 'why' | 'repair'>): string {
  const step = repair?.step === undefined ? '' : ` The step \`${repair.step}\` does it.`;
  return [
    description.trim(),
    ...(why === undefined ? [] : [`**Why it matters.** ${why.trim()}`]),
    ...(repair === undefined ? [] : [`**Repair.** ${repair.text.trim()}${step}`]),
  ].join('\n\n');
}
