// The rules of a run and their options, checked as a whole before anything is opened.
import { ConfigError } from '../errors.ts';
import { resolveOptions } from '../pipeline/options.ts';
import { ruleFaults } from './check-rule.ts';
import type { Rule } from './rule.ts';

export type GivenOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
export type ResolvedOptions = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * Options of every rule by its id.
 * @throws ConfigError LINT_RULES (two rules with one id, a rule that is not sound), LINT_OPTIONS (every mistake with its path, all at once).
 */
export function resolveRuleOptions(rules: readonly Rule[], given: GivenOptions = {}): ResolvedOptions {
  const ids = rules.map(({ id }) => id);
  const twins = [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  if (twins.length > 0) {
    throw new ConfigError('LINT_RULES', `lint.rules: several rules have the id ${twins.map((id) => `"${id}"`).join(', ')}`, {
      hint: 'Give your own rule another id: built-in rules cannot be replaced.',
    });
  }
  const wrong = rules.flatMap((rule) => ruleFaults(rule).map((fault) => `  ${rule.id}: ${fault}`));
  if (wrong.length > 0) throw new ConfigError('LINT_RULES', `lint.rules: ${wrong.length} mistake(s) in rules\n${wrong.join('\n')}`);
  const faults = Object.keys(given)
    .filter((id) => !ids.includes(id))
    .map((id) => `lint.options["${id}"]: there is no such rule`);
  const resolved = new Map(
    rules.map((rule) => [rule.id, resolveOptions(rule.options, given[rule.id] ?? {}, `lint.options["${rule.id}"]`, faults)]),
  );
  if (faults.length > 0) {
    throw new ConfigError(
      'LINT_OPTIONS',
      `the options of the rules hold ${faults.length} mistake(s)\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      {
        hint: 'docs/rules.md lists every rule with its options.',
      },
    );
  }
  return resolved;
}
