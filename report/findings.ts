// How reports for people group findings: by rule, the rule with the worst finding first.
import { locationText } from '../lint/location.ts';
import type { AllowlistEntry, Finding, LintResult, RuleOutcome } from '../lint/result.ts';
import type { Severity } from '../lint/rule.ts';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

export interface RuleGroup {
  readonly rule: string;
  /** Of its worst finding. */
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

/** @param findings in the order of a result, worst first: groups keep the order of their first finding. */
export function groupByRule(findings: readonly Finding[]): readonly RuleGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.rule);
    if (group) group.push(finding);
    else groups.set(finding.rule, [finding]);
  }
  return [...groups].map(([rule, own]) => ({ rule, severity: own[0]!.severity, findings: own }));
}

export function openFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ allowed }) => !allowed);
}

export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

export type Reasoned = Extract<RuleOutcome, { readonly reason: string }>;

export function outcomesOf(outcomes: readonly RuleOutcome[], kind: 'unable' | 'notApplicable'): readonly Reasoned[] {
  return outcomes.flatMap((outcome) => (outcome.outcome === kind ? [outcome] : []));
}

export interface ToldEntry {
  /** What is the matter with it. */
  readonly what: string;
  readonly entry: AllowlistEntry;
}

/** Allowlist entries that somebody has to look at. */
export function toldEntries({ expired, insufficient, unused }: LintResult['allowlist']): readonly ToldEntry[] {
  return [
    ...expired.map((entry) => ({ what: 'has expired', entry })),
    ...insufficient.map((entry) => ({ what: 'needs sha256 and until to cover a certain finding', entry })),
    ...unused.map((entry) => ({ what: 'covers nothing', entry })),
  ];
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The evidence, where neither message nor place holds it already; '' else. */
export function evidenceBeside({ message, evidence, at }: Pick<Finding, 'message' | 'evidence' | 'at'>): string {
  const told = evidence.split(', ').every((part) => message.includes(part.replace(/^\w+=/, '')));
  return told || locationText(at).endsWith(evidence) ? '' : evidence;
}

/** What to do, with the step that does it; undefined when the finding does not say. */
export function repairText({ repair }: Pick<Finding, 'repair'>): string | undefined {
  if (!repair) return undefined;
  return repair.step === undefined ? repair.text : `${repair.text} Step: ${repair.step}.`;
}
