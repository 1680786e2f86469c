// How findings and outcomes become a verdict, and how verdicts of several images become one.
import type { Finding, RuleOutcome, Verdict } from './result.ts';

/** An error that nobody allowed rejects; else a rule that could not look leaves it undecided. */
export function verdictOf(findings: readonly Finding[], outcomes: readonly RuleOutcome[]): Verdict {
  if (findings.some(({ severity, allowed }) => severity === 'error' && !allowed)) return 'rejected';
  return outcomes.some(({ outcome }) => outcome === 'unable') ? 'undecided' : 'accepted';
}

/** Rejected beats undecided beats accepted. Nothing looked at is nothing decided. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('rejected')) return 'rejected';
  return verdicts.length === 0 || verdicts.includes('undecided') ? 'undecided' : 'accepted';
}
