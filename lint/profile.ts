// Profiles: what each level of evidence weighs, from the strictest for a release to a lenient one at the desk.
import { ConfigError } from '../errors.ts';
import type { Profile } from './result.ts';
import type { Level, Rule, Severity } from './rule.ts';

/** The levels that a profile weighs. What is certain is an error in each: it has no honest explanation that a profile could know. */
export const WEIGHED = ['strong', 'weak', 'opaque'] as const;

/** A profile as a config writes it; what it leaves out is as in `release`. */
export type GivenProfiles = Readonly<Record<string, Partial<Omit<Profile, 'id'>>>>;

/** The strictest, and what counts unless another one is chosen. */
export const RELEASE: Profile = { id: 'release', strong: 'error', weak: 'warning', opaque: 'error' };

const BUILT_IN: readonly Profile[] = [
  RELEASE,
  { id: 'nightly', strong: 'error', weak: 'warning', opaque: 'warning' },
  { id: 'dev', strong: 'warning', weak: 'note', opaque: 'note' },
];

export const builtInProfiles: readonly string[] = BUILT_IN.map(({ id }) => id);

/** @throws ConfigError PROFILE_UNKNOWN. */
export function chooseProfile(id: string = RELEASE.id, own: GivenProfiles = {}): Profile {
  if (Object.hasOwn(own, id)) return { ...RELEASE, ...own[id], id };
  const found = BUILT_IN.find((profile) => profile.id === id);
  if (found) return found;
  throw new ConfigError(
    'PROFILE_UNKNOWN',
    `profile ${JSON.stringify(id)}: is not known (there are ${[...builtInProfiles, ...Object.keys(own)].join(', ')})`,
    { hint: 'Choose one of them, or write your own in lint.profiles of the config.' },
  );
}

export function severityAt(level: Level, profile: Profile): Severity {
  return level === 'certain' ? 'error' : profile[level];
}

/** What the findings of a rule weigh unless a message or a report says otherwise. */
export function severityOfRule(rule: Pick<Rule, 'level' | 'severity'>, profile: Profile): Severity {
  return rule.level === undefined ? (rule.severity ?? 'error') : severityAt(rule.level, profile);
}
