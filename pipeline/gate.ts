// What the gate of a config is: its rules beside the built-in ones, its policy, its profile, its exceptions.
import type { LintOptions } from '../lint/lint.ts';
import { chooseProfile } from '../lint/profile.ts';
import { rules as builtInRules } from '../rules/index.ts';
import { readBaseline } from './baseline.ts';
import type { LintConfig } from './config.ts';

export interface GateChoice {
  /** Instead of the config's profile. */
  readonly profile?: string | undefined;
  /** A baseline instead of the config's; `none` leaves it out. */
  readonly baseline?: string | 'none' | undefined;
}

export type Gate = Pick<LintOptions, 'rules' | 'policy' | 'options' | 'allow'> & Required<Pick<LintOptions, 'profile'>>;

/** @throws ConfigError PROFILE_UNKNOWN, BASELINE_UNREADABLE, BASELINE_INVALID. */
export async function gateOf(lint: LintConfig = {}, choice: GateChoice = {}): Promise<Gate> {
  const profile = chooseProfile(choice.profile ?? lint.profile, lint.profiles);
  const baseline = choice.baseline ?? lint.baseline ?? 'none';
  return {
    rules: [...builtInRules, ...(lint.rules ?? [])],
    policy: { kmsHosts: lint.kmsHosts ?? [] },
    profile,
    options: lint.options ?? {},
    allow: [...(lint.allow ?? []), ...(baseline === 'none' ? [] : await readBaseline(baseline))],
  };
}
