// The lint result as SARIF 2.1.0 (OASIS standard), for code scanning and SARIF viewers.
import { basename } from 'node:path';
import { hivePath } from '../image/hive-path.ts';
import { entryPlace } from '../lint/allowlist.ts';
import { type Location, locationText } from '../lint/location.ts';
import type { AllowlistEntry, Finding, ImageResult, LintResult } from '../lint/result.ts';
import { repairText } from './findings.ts';
import type { ReportContext, ReportFormat } from './format.ts';
import { printable } from './printable.ts';
import { describedRule, FINGERPRINT, sarifLog, uriSegment } from './sarif-log.ts';

export const sarif: ReportFormat = {
  id: 'sarif',
  title: 'SARIF 2.1.0 for code scanning and viewers',
  render: (result, context) => `${JSON.stringify(logOf(result, context), null, 2)}\n`,
};

function logOf(result: LintResult, { rules, tool }: ReportContext): object {
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const described = rules.map((rule) => describedRule(rule, result.profile));
  return sarifLog(tool, described, {
    invocations: [invocationOf(result, index)],
    // Paths stand below the root of an image, which has no address of its own.
    originalUriBaseIds: Object.fromEntries(
      result.images.map(({ info }) => [
        baseId(info.index),
        { description: { text: `root of image ${info.index} (${printable(info.name)}) in ${printable(result.container.path)}` } },
      ]),
    ),
    columnKind: 'utf16CodeUnits',
    results: result.images.flatMap((image) => image.findings.map((finding) => resultOf(finding, image, result, index))),
    properties: { verdict: result.verdict, stats: result.stats },
  });
}

function resultOf(finding: Finding, { info }: ImageResult, { container }: LintResult, index: ReadonlyMap<string, number>): object {
  const { rule, messageId, severity, level, message, at, evidence, raised, sha256, fingerprint, allowed } = finding;
  const ruleIndex = index.get(rule);
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    kind: 'fail',
    level: severity,
    message: { text: printable(message) },
    locations: [
      {
        physicalLocation: { artifactLocation: artifactOf(at, info.index, container.path), ...regionOf(at) },
        logicalLocations: [{ fullyQualifiedName: printable(locationText(at)), kind: kindOf(at) }],
      },
    ],
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    ...(allowed ? { suppressions: [{ kind: 'external', status: 'accepted', justification: printable(allowed.reason) }] } : {}),
    properties: {
      image: info.index,
      messageId,
      level,
      evidence: printable(evidence),
      raised: raised === undefined ? undefined : printable(raised),
      repair: repairText(finding),
      sha256,
      ...(allowed?.until === undefined ? {} : { allowedUntil: allowed.until }),
    },
  };
}

/** The file in the image; for what no file holds, the container itself. */
function artifactOf(at: Location, image: number, container: string): object {
  if ('slack' in at) return { uri: uriSegment(basename(container)) };
  const path = 'file' in at ? `${at.file}${at.stream === undefined ? '' : `:${at.stream}`}` : hivePath(at.hive);
  return { uri: path.replace(/^\//, '').split('/').map(uriSegment).join('/'), uriBaseId: baseId(image) };
}

function regionOf(at: Location): object {
  // Inside an archive, offset and line are those of the member, and the artifact is the archive.
  if (at.inside !== undefined) return {};
  if ('line' in at && at.line !== undefined) return { region: { startLine: at.line } };
  return 'offset' in at && at.offset !== undefined && !('slack' in at) ? { region: { byteOffset: at.offset } } : {};
}

function kindOf(at: Location): string {
  if ('file' in at) return 'resource';
  if ('hive' in at) return at.name === undefined ? 'registryKey' : 'registryValue';
  return at.slack;
}

function baseId(image: number): string {
  return `IMAGE${image}`;
}

/** What could not be checked, and what is wrong with the configuration: a viewer shows these apart from results. */
function invocationOf({ images, allowlist, verdict }: LintResult, index: ReadonlyMap<string, number>): object {
  const outcomes = images.flatMap(({ info, outcomes }) => outcomes.map((outcome) => ({ image: info.index, outcome })));
  const ruleOf = (id: string) => ({ id, ...(index.has(id) ? { index: index.get(id) } : {}) });
  return {
    executionSuccessful: !outcomes.some(({ outcome }) => outcome.outcome === 'unable'),
    exitCode: { accepted: 0, rejected: 1, undecided: 2 }[verdict],
    toolExecutionNotifications: outcomes.flatMap(({ image, outcome }) =>
      outcome.outcome === 'unable' || outcome.outcome === 'notApplicable'
        ? [
            {
              level: outcome.outcome === 'unable' ? 'error' : 'note',
              message: {
                text: `image ${image}: ${outcome.rule} ${outcome.outcome === 'unable' ? 'could not run' : 'does not apply'}: ${printable(outcome.reason)}`,
              },
              associatedRule: ruleOf(outcome.rule),
            },
          ]
        : [],
    ),
    toolConfigurationNotifications: [
      ...allowlist.expired.map((entry) => entryNotification(entry, 'has expired', ruleOf)),
      ...allowlist.insufficient.map((entry) => entryNotification(entry, 'needs sha256 and until to cover a certain finding', ruleOf)),
      ...allowlist.unused.map((entry) => entryNotification(entry, 'covers nothing', ruleOf)),
    ],
  };
}

function entryNotification(entry: AllowlistEntry, what: string, ruleOf: (id: string) => object): object {
  return {
    level: 'warning',
    message: { text: `the allowlist entry for ${printable(entry.rule)} at ${printable(entryPlace(entry))} ${what}` },
    associatedRule: ruleOf(entry.rule),
  };
}
