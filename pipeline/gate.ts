// What the gate of a config is: its rules beside the built-in ones, its policy, its profile, its exceptions.
import type { LintOptions } from '../lint/lint.ts';
import { chooseProfile } from '../lint/profile.ts';
import { rules as builtInRules } from '../rules/index.ts';
import type { LintConfig } from './config.ts';

/**
 * @param profile instead of the config's.
 * @throws ConfigError PROFILE_UNKNOWN.
 */
export function gateOf(
  lint: LintConfig = {},
  profile: string | undefined = lint.profile,
): Pick<LintOptions, 'rules' | 'policy' | 'options' | 'allow'> & Required<Pick<LintOptions, 'profile'>> {
  return {
    rules: [...builtInRules, ...(lint.rules ?? [])],
    policy: { kmsHosts: lint.kmsHosts ?? [] },
    profile: chooseProfile(profile, lint.profiles),
    options: lint.options ?? {},
    allow: lint.allow ?? [],
  };
}
