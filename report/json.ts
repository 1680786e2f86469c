// The lint result as JSON for programs: a stable shape, versioned by `schema`.
import type { AllowlistEntry, Finding, ImageResult, LintResult } from '../lint/result.ts';
import type { ReportFormat } from './format.ts';

export const json: ReportFormat = {
  id: 'json',
  title: 'JSON for programs (wtgforge/lint@1)',
  render: (result) => `${JSON.stringify(documentOf(result), null, 2)}\n`,
};

function documentOf({ container, profile, verdict, images, allowlist, stats }: LintResult): object {
  const { unused, expired, insufficient } = allowlist;
  const told = unused.length + expired.length + insufficient.length > 0;
  return {
    schema: 'wtgforge/lint@1',
    container: { path: container.path, format: container.format },
    profile,
    verdict,
    images: images.map(imageOf),
    // Only when there is something to say, like `allowed` of a finding.
    ...(told ? { allowlist: { unused: unused.map(entryOf), expired: expired.map(entryOf), insufficient: insufficient.map(entryOf) } } : {}),
    stats,
  };
}

function imageOf({ info, verdict, outcomes, findings }: ImageResult): object {
  const { index, name, edition, build, architecture } = info;
  return {
    index,
    name,
    edition,
    build,
    architecture,
    verdict,
    outcomes: outcomes.map((one) => ({
      rule: one.rule,
      outcome: one.outcome,
      ...('reason' in one ? { reason: one.reason } : {}),
      ...(one.shows === undefined ? {} : { shows: one.shows }),
    })),
    findings: findings.map(findingOf),
  };
}

function findingOf(finding: Finding): object {
  const { rule, messageId, severity, level, message, at, evidence, why, repair, raised, fingerprint, sha256, allowed } = finding;
  // Undefined fields are left out by JSON.stringify: a finding without a level has none.
  return { rule, messageId, severity, level, message, at, evidence, why, repair, raised, fingerprint, sha256, allowed };
}

function entryOf({ rule, at, sha256, reason, until }: AllowlistEntry): object {
  return { rule, at, sha256, reason, until };
}
