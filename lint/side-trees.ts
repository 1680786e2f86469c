// What a container holds beside its images - the boot, recovery and data partitions of a disk, the rest of an ISO - linted with the rules that do not ask for a Windows.
import type { Hive, Image, SideTree } from '../image/image.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type LintedImage, type LintImageOptions, lintImage } from './lint-image.ts';
import type { Finding, RuleOutcome } from './result.ts';
import type { Rule } from './rule.ts';
import { sortFindings } from './rule-run.ts';

/** The result of an image with what its neighbours add: their findings bear their partition; what could not be looked at makes a rule unable. */
export async function lintSides(linted: LintedImage, sides: readonly SideTree[], given: LintImageOptions): Promise<LintedImage> {
  if (sides.length === 0) return linted;
  const rules = given.rules.map(forSides).filter((rule) => rule !== undefined);
  const outcomes = new Map(linted.outcomes.map((outcome) => [outcome.rule, outcome]));
  const findings = [...linted.findings];
  let { stats } = linted;
  for (const side of sides) {
    given.signal?.throwIfAborted();
    if ('unreadable' in side) {
      for (const { id } of rules) addUnable(outcomes, id, side.unreadable);
      continue;
    }
    const result = await lintImage(withoutHives(side.image), { ...given, rules });
    findings.push(...result.findings.map((finding) => placed(finding, side.partition)));
    for (const outcome of result.outcomes) {
      if (outcome.outcome === 'unable') addUnable(outcomes, outcome.rule, `${placeName(side.partition)}: ${outcome.reason}`);
      const known = outcomes.get(outcome.rule);
      if (outcome.outcome === 'failed' && known?.outcome !== 'unable') outcomes.set(outcome.rule, outcome);
    }
    stats = {
      ...stats,
      files: stats.files + result.stats.files,
      blobs: stats.blobs + result.stats.blobs,
      bytesScanned: stats.bytesScanned + result.stats.bytesScanned,
      bytesSkipped: stats.bytesSkipped + result.stats.bytesSkipped,
    };
  }
  return { ...linted, findings: sortFindings(findings), outcomes: linted.outcomes.map(({ rule }) => outcomes.get(rule)!), stats };
}

/** The rule as far as it looks at any file wherever it lies: its hives, and files at places of a Windows, are not here. */
function forSides(rule: Rule): Rule | undefined {
  const { keys: _, files, ...rest } = rule.select;
  const anywhere = files?.filter((glob) => glob.startsWith('/**')) ?? [];
  if (anywhere.length === 0 && rest.text === undefined && (rest.signatures?.length ?? 0) === 0) return undefined;
  return { ...rule, select: { ...rest, ...(anywhere.length > 0 ? { files: anywhere } : {}) } };
}

const NO_HIVE: Hive = { dirty: false, has: () => false, value: () => undefined, values: () => [], keys: () => [] };

/** A rule that asks for a hive at the end finds nothing in it, rather than be unable where no hive can be. */
function withoutHives(image: Image): Image {
  return {
    info: image.info,
    has: (path) => image.has(path),
    find: (path) => image.find(path),
    read: (path) => image.read(path),
    walk: (select) => image.walk(select),
    stream: (requests, signal) => image.stream(requests, signal),
    hive: async () => NO_HIVE,
    close: () => image.close(),
  };
}

function addUnable(outcomes: Map<string, RuleOutcome>, rule: string, reason: string): void {
  const known = outcomes.get(rule);
  if (known?.outcome === 'notApplicable') return;
  outcomes.set(rule, { rule, outcome: 'unable', reason: known?.outcome === 'unable' ? `${known.reason}; ${reason}` : reason });
}

function placed(finding: Finding, partition: number): Finding {
  const at = { ...finding.at, partition };
  return { ...finding, at, fingerprint: fingerprintOf(finding.rule, finding.messageId, at) };
}

function placeName(partition: number): string {
  return partition === 0 ? 'the disc' : `partition ${partition}`;
}
