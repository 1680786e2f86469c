// What the gate of a config is: its rules beside the built-in ones, its policy, its profile, its exceptions.
import type { LintOptions } from '../lint/lint.ts';
import { signatureNames } from '../lint/lint-image.ts';
import { chooseProfile } from '../lint/profile.ts';
import type { Rule } from '../lint/rule.ts';
import { signatureRule } from '../lint/signature-rule.ts';
import { rules as builtInRules } from '../rules/index.ts';
import { readBaseline } from './baseline.ts';
import type { LintConfig } from './config.ts';
import { readSignatureFolder } from './signature-folder.ts';

export interface GateChoice {
  /** Instead of the config's profile. */
  readonly profile?: string | undefined;
  /** A baseline instead of the config's; `none` leaves it out. */
  readonly baseline?: string | 'none' | undefined;
}

export type Gate = Pick<LintOptions, 'rules' | 'policy' | 'options' | 'allow' | 'signatures'> & Required<Pick<LintOptions, 'profile'>>;

/** @throws ConfigError PROFILE_UNKNOWN, BASELINE_UNREADABLE, BASELINE_INVALID, SIGNATURES_UNREADABLE, SIGNATURES_INVALID. */
export async function gateOf(lint: LintConfig = {}, choice: GateChoice = {}): Promise<Gate> {
  const profile = chooseProfile(choice.profile ?? lint.profile, lint.profiles);
  const own = lint.rules ?? [];
  const signatures = lint.signatures === undefined ? undefined : await readSignatureFolder(lint.signatures, signatureNames(builtInRules));
  const baseline = choice.baseline ?? lint.baseline ?? 'none';
  return {
    rules: [...builtInRules, ...own, ...rulesOf(signatures ?? new Map(), own)],
    ...(signatures ? { signatures } : {}),
    policy: { kmsHosts: lint.kmsHosts ?? [] },
    profile,
    options: lint.options ?? {},
    allow: [...(lint.allow ?? []), ...(baseline === 'none' ? [] : await readBaseline(baseline))],
  };
}

/** A rule for each signature file that no rule of the user works with. */
function rulesOf(signatures: ReadonlyMap<string, string>, own: readonly Rule[]): readonly Rule[] {
  const used = signatureNames(own);
  return [...signatures].filter(([name]) => !used.includes(name)).map(([name, text]) => signatureRule(name, text));
}
