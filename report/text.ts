// The lint result for a person: by image, worst first, each finding with its place.
import picocolors from 'picocolors';
import { entryPlace } from '../lint/allowlist.ts';
import { locationText, spotText } from '../lint/location.ts';
import type { AllowlistEntry, Finding, ImageResult, LintResult, RuleOutcome, Verdict } from '../lint/result.ts';
import type { Severity } from '../lint/rule.ts';
import type { ReportFormat } from './format.ts';
import { printable } from './printable.ts';

type Colours = ReturnType<typeof picocolors.createColors>;

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

export const text: ReportFormat = {
  id: 'text',
  title: 'Text for people, in colour on a terminal',
  render(result, context) {
    const colours = picocolors.createColors(context.colour);
    const titles = new Map(context.rules.map(({ id, title }) => [id, title]));
    const lines = [
      `${colours.bold(printable(result.container.path))} (${result.container.format}): ${verdictText(result.verdict, colours)}`,
      ...result.images.flatMap((image) => ['', ...imageLines(image, titles, colours)]),
      ...allowlistLines(result.allowlist, colours),
      '',
      statsLine(result.stats),
    ];
    return `${lines.join('\n')}\n`;
  },
};

function imageLines(image: ImageResult, titles: ReadonlyMap<string, string>, colours: Colours): readonly string[] {
  const { info, verdict, findings, outcomes } = image;
  const facts = [info.edition, info.build || undefined, info.architecture].filter((fact) => fact !== undefined).join(', ');
  const standing = findings.filter(({ allowed }) => !allowed);
  return [
    `${colours.bold(`Image ${info.index}: ${printable(info.name)}`)} (${printable(facts)}): ${verdictText(verdict, colours)}`,
    ...SEVERITIES.flatMap((severity) => severityLines(severity, standing, titles, colours)),
    ...allowedLines(findings, colours),
    ...outcomeLines('could not be checked', 'unable', outcomes, colours.magenta, colours),
    ...outcomeLines('does not apply', 'notApplicable', outcomes, colours.dim, colours),
    ...summaryLines(standing, outcomes),
  ];
}

function severityLines(
  severity: Severity,
  findings: readonly Finding[],
  titles: ReadonlyMap<string, string>,
  colours: Colours,
): readonly string[] {
  const own = findings.filter((finding) => finding.severity === severity);
  const rules = [...new Set(own.map(({ rule }) => rule))];
  return rules.flatMap((rule) => {
    const title = titles.get(rule);
    const rest = title === undefined ? '' : colours.dim(`  ${printable(title)}`);
    return [
      '',
      `  ${severityText(severity, colours)}  ${colours.bold(printable(rule))}${rest}`,
      ...own
        .filter((finding) => finding.rule === rule)
        .flatMap((finding) => [`    ${placeText(finding, colours)}`, `      ${printable(finding.message)}`]),
    ];
  });
}

function placeText({ at }: Finding, colours: Colours): string {
  const spot = spotText(at);
  return `${colours.cyan(printable(locationText(at)))}${spot ? colours.dim(`  ${spot}`) : ''}`;
}

function allowedLines(findings: readonly Finding[], colours: Colours): readonly string[] {
  const covered = findings.filter(({ allowed }) => allowed);
  if (covered.length === 0) return [];
  return [
    '',
    `  ${colours.green('allowed')}`,
    ...covered.flatMap((finding) => {
      const { reason, until } = finding.allowed!;
      const last = until === undefined ? '' : ` (until ${printable(until)})`;
      return [
        `    ${finding.severity}  ${printable(finding.rule)}  ${placeText(finding, colours)}`,
        `      ${printable(finding.message)}`,
        `      because: ${printable(reason)}${last}`,
      ];
    }),
  ];
}

function outcomeLines(
  heading: string,
  kind: 'unable' | 'notApplicable',
  outcomes: readonly RuleOutcome[],
  paint: (text: string) => string,
  colours: Colours,
): readonly string[] {
  const own = outcomes.flatMap((one) => (one.outcome === kind ? [one] : []));
  if (own.length === 0) return [];
  return [
    '',
    `  ${paint(heading)}`,
    ...own.map((one) => `    ${colours.bold(printable(one.rule))}: ${printable('reason' in one ? one.reason : '')}`),
  ];
}

function summaryLines(standing: readonly Finding[], outcomes: readonly RuleOutcome[]): readonly string[] {
  const found = SEVERITIES.map((severity) => counted(standing.filter((finding) => finding.severity === severity).length, severity));
  const passed = outcomes.filter(({ outcome }) => outcome === 'passed').length;
  return ['', `  ${found.join(', ')}; ${passed} of ${counted(outcomes.length, 'rule')} passed`];
}

function allowlistLines({ unused, expired, insufficient }: LintResult['allowlist'], colours: Colours): readonly string[] {
  const line = (word: string) => (entry: AllowlistEntry) => {
    const until = entry.until === undefined ? '' : ` (until ${printable(entry.until)})`;
    return `  ${colours.yellow(word)}  ${printable(entry.rule)}  ${printable(entryPlace(entry))}${until}: ${printable(entry.reason)}`;
  };
  if (unused.length + expired.length + insufficient.length === 0) return [];
  return [
    '',
    colours.bold('Allowlist'),
    ...expired.map(line('expired')),
    ...insufficient.map(line('needs sha256 and until')),
    ...unused.map(line('unused ')),
  ];
}

function statsLine({ files, blobs, bytesScanned, bytesSkipped, archives, seconds }: LintResult['stats']): string {
  const skipped = bytesSkipped === 0 ? '' : `, ${megabytes(bytesSkipped)} could not be read`;
  const opened = archives?.opened
    ? `, ${counted(archives.opened, 'archive')} opened (${megabytes(archives.bytes)}, ${archives.seconds.toFixed(1)} s)`
    : '';
  return `${counted(files, 'file')}, ${counted(blobs, 'distinct content')}, ${megabytes(bytesScanned)} scanned${skipped}${opened}, ${seconds.toFixed(1)} s`;
}

function verdictText(verdict: Verdict, colours: Colours): string {
  const paint = { accepted: colours.green, rejected: colours.red, undecided: colours.magenta }[verdict];
  return colours.bold(paint(verdict));
}

function severityText(severity: Severity, colours: Colours): string {
  return { error: colours.red, warning: colours.yellow, note: colours.blue }[severity](severity);
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
