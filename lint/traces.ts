// What steps took away and the gate can no longer see: certain signs of a forged activation stay findings, and keep the image from being accepted.
import { openAllowlist } from './allowlist.ts';
import { evidenceOf } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';
import { locationText } from './location.ts';
import type { AllowlistEntry, Finding, ImageResult, LintResult, RuleOutcome, Trace } from './result.ts';
import { sortFindings } from './rule-run.ts';
import { verdictOf, worstVerdict } from './verdict.ts';

/** Of the places of one rule's traces; the rest is counted. */
const PLACES_SHOWN = 3;

const WHY = 'The sign is gone, but the licence store that it stood for may still be forged, and nobody can read it.';
const REPAIR =
  'Build from an image that never was activated this way; if you know what wrote the sign, allow it with a reason in `lint.allow`.';

export interface Traced {
  readonly traces: readonly Trace[];
  /** The image that the steps changed, by its index in the container that was linted. */
  readonly index: number;
  readonly allow: readonly AllowlistEntry[];
  /** Today, for the allowlist. */
  readonly now?: Date;
}

/**
 * The result with the traces in it. Each becomes a finding of its rule. As long as one stands that nobody allowed, the rule is `unable`:
 * it could see the configuration, which is clean now, but not the licence store, which may be forged.
 */
export function withTraces(result: LintResult, { traces, index, allow, now = new Date() }: Traced): LintResult {
  if (traces.length === 0) return result;
  const allowlist = openAllowlist(allow, now);
  const found = traces.map((trace) => allowlist.apply(findingOf(trace)));
  const images = result.images.map((image) => (image.info.index === index ? withFindings(image, found) : image));
  const unused = new Set(allowlist.unused());
  return {
    ...result,
    verdict: worstVerdict(images.map(({ verdict }) => verdict)),
    images,
    // An entry that stood for a certain finding of before may cover what is left of it.
    allowlist: { ...result.allowlist, unused: result.allowlist.unused.filter((entry) => unused.has(entry)) },
  };
}

/** A warning and not an error: nothing in the image proves it any more, so it cannot reject. */
function findingOf({ rule, at, message }: Trace): Finding {
  const messageId = 'removedTrace';
  return {
    rule,
    messageId,
    severity: 'warning',
    message,
    at,
    evidence: evidenceOf(undefined, undefined, at),
    why: WHY,
    repair: { text: REPAIR },
    fingerprint: fingerprintOf(rule, messageId, at),
  };
}

function withFindings(image: ImageResult, found: readonly Finding[]): ImageResult {
  const findings = sortFindings([...image.findings, ...found]);
  const standing = found.filter(({ allowed }) => !allowed);
  const untouched = image.outcomes.filter(({ rule }) => !found.some((finding) => finding.rule === rule));
  const touched = [...new Set(found.map(({ rule }) => rule))].map((rule) =>
    outcomeOf(
      rule,
      image.outcomes.find((outcome) => outcome.rule === rule),
      standing.filter((finding) => finding.rule === rule),
    ),
  );
  const order = new Map(image.outcomes.map(({ rule }, at) => [rule, at]));
  const place = ({ rule }: RuleOutcome) => order.get(rule) ?? order.size;
  const outcomes = [...untouched, ...touched].sort((a, b) => place(a) - place(b));
  return { ...image, findings, outcomes, verdict: verdictOf(findings, outcomes) };
}

function outcomeOf(rule: string, before: RuleOutcome | undefined, standing: readonly Finding[]): RuleOutcome {
  if (before?.outcome === 'unable') return before;
  if (standing.length === 0) return before?.outcome === 'passed' || !before ? { rule, outcome: 'failed' } : before;
  const places = standing.slice(0, PLACES_SHOWN).map(({ at }) => locationText(at));
  const more = standing.length > PLACES_SHOWN ? ` and ${standing.length - PLACES_SHOWN} more` : '';
  return {
    rule,
    outcome: 'unable',
    reason: `a step removed a certain sign of a forged activation (${places.join(', ')}${more}); whether the licence store is forged cannot be seen`,
  };
}
