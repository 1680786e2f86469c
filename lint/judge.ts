// From what the rules found in one image to what is said of it: exceptions first, then what weighs more together, then the verdict.
import type { Allowlist } from './allowlist.ts';
import { correlate } from './correlate.ts';
import type { Finding, ImageResult, Profile, RuleOutcome } from './result.ts';
import { sortFindings } from './rule-run.ts';
import { verdictOf } from './verdict.ts';

export function judgeImage(
  { info, outcomes, findings }: Pick<ImageResult, 'info' | 'outcomes' | 'findings'>,
  allowlist: Pick<Allowlist, 'apply'>,
  profile: Profile,
): ImageResult {
  const judged = sortFindings(
    correlate(
      findings.map((finding) => allowlist.apply(finding)),
      profile,
    ),
  );
  const after = outcomes.map((outcome) => outcomeWith(outcome, judged));
  return { info, verdict: verdictOf(judged, after), outcomes: after, findings: judged };
}

/** A note that was raised to more makes its rule fail. */
function outcomeWith(outcome: RuleOutcome, findings: readonly Finding[]): RuleOutcome {
  const failed = findings.some(({ rule, raised, severity }) => raised !== undefined && rule === outcome.rule && severity !== 'note');
  return failed && outcome.outcome === 'passed' ? { ...outcome, outcome: 'failed' } : outcome;
}
