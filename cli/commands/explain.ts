// wtgforge explain: what a rule, a step or an activation code of Windows means.
import { ConfigError } from '../../errors.ts';
import { activationCodes, CODE_SOURCE, codeOfText } from '../../formats/activation-code/codes.ts';
import type { Profile } from '../../lint/result.ts';
import type { Rule } from '../../lint/rule.ts';
import { gateOf } from '../../pipeline/gate.ts';
import type { Step } from '../../pipeline/step.ts';
import { steps } from '../../steps/index.ts';
import { type Command, EXIT } from '../command.ts';
import { configOf } from '../config-of.ts';
import { codeText, type Explained, ruleText, stepText } from '../explain-text.ts';

export const explain: Command = {
  id: 'explain',
  summary: 'Explain a rule, a step or an activation code.',
  description: `A rule: what it looks for, why that matters, how to repair it, and what its findings weigh in the profile. A step: what it does and its options.
A code such as 0xC004F074 (or the number that a script prints): what it means, and what to look at next. The name of a rule without its family will
do. Rules and profiles of the config are known, too.`,
  positional: { name: 'ID', required: true, description: 'activation/kms-host-policy, kms-client, 0xC004F074, …' },
  options: {
    config: {
      type: 'string',
      value: 'FILE',
      description: 'Take rules and profiles from this config (default: build.config.ts when it is there).',
    },
    profile: { type: 'string', value: 'NAME', description: 'release, nightly, dev or one of the config (default: release).' },
    json: { type: 'boolean', description: 'Print it as JSON.' },
  },
  async run(input, io) {
    const lint = (await configOf(input.text('config')))?.lint;
    const { rules, profile } = await gateOf(lint, { profile: input.text('profile'), baseline: 'none' });
    const { text, json } = explained(input.positional!, rules, profile);
    io.out(input.flag('json') ? `${JSON.stringify({ schema: 'wtgforge/explain@1', ...json }, null, 2)}\n` : text(io.colours));
    return EXIT.done;
  },
};

function explained(id: string, rules: readonly Rule[], profile: Profile): Explained {
  const step = steps.find((one) => one.id === id);
  if (step) return stepText(step as Step);
  const found = rules.filter((rule) => rule.id === id || rule.id.slice(rule.id.indexOf('/') + 1) === id);
  if (found.length === 1) return ruleText(found[0]!, profile);
  if (found.length > 1)
    throw unknown(
      id,
      'is the name of several rules',
      found.map((rule) => rule.id),
    );
  const code = codeOfText(id);
  if (code === undefined) {
    throw unknown(
      id,
      'is no rule, no step and no activation code',
      near(
        id,
        [...rules, ...steps].map((one) => one.id),
      ),
    );
  }
  const known = activationCodes().find((one) => one.code === code);
  if (known) return codeText(known, CODE_SOURCE);
  throw unknown(id, `${code} is no activation code that is known here`, [], `"certutil -error ${code}" on Windows names any code.`);
}

function unknown(
  id: string,
  what: string,
  ids: readonly string[],
  hint = '"wtgforge list rules" and "wtgforge list steps" name all of them.',
) {
  const meant = ids.length === 0 ? hint : `Choose one of: ${ids.join(', ')}.`;
  return new ConfigError('ID_UNKNOWN', `explain ${JSON.stringify(id)}: ${what}`, { hint: meant });
}

/** Ids that share a word with what was typed. */
function near(id: string, ids: readonly string[]): readonly string[] {
  const words = id
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  return ids
    .filter((one) => words.some((word) => one.split(/[/-]/).some((part) => part.startsWith(word) || word.startsWith(part))))
    .slice(0, 8);
}
