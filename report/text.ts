// The lint result for a person: by image and rule, worst first, each finding with its place and evidence, each rule with its repair.
import picocolors from 'picocolors';
import { entryPlace } from '../lint/allowlist.ts';
import { locationText, spotText } from '../lint/location.ts';
import type { Finding, ImageResult, LintResult, Verdict } from '../lint/result.ts';
import type { Severity } from '../lint/rule.ts';
import {
  counted,
  countOf,
  evidenceBeside,
  groupByRule,
  openFindings,
  outcomesOf,
  type RuleGroup,
  repairText,
  SEVERITIES,
  toldEntries,
} from './findings.ts';
import type { ReportFormat } from './format.ts';
import { printable } from './printable.ts';
import { scanFacts, scanNotes } from './scan-facts.ts';

type Colours = ReturnType<typeof picocolors.createColors>;

/** Of one rule in one image; the other formats hold the rest. */
const FINDINGS_SHOWN = 50;

export const text: ReportFormat = {
  id: 'text',
  title: 'Text for people, in colour on a terminal',
  render(result, context) {
    const colours = picocolors.createColors(context.colour);
    const titles = new Map(context.rules.map(({ id, title }) => [id, title]));
    const profile = result.profile.id === 'release' ? '' : `, profile ${printable(result.profile.id)}`;
    const lines = [
      `${colours.bold(printable(result.container.path))} (${result.container.format}${profile}): ${verdictText(result.verdict, colours)}`,
      ...result.images.flatMap((image) => ['', ...imageLines(image, titles, colours)]),
      ...allowlistLines(result.allowlist, colours),
      '',
      scanFacts(result.stats).join(', '),
      ...scanNotes(result.stats).map((note) => `${colours.yellow('note')} ${printable(note)}`),
    ];
    return `${lines.join('\n')}\n`;
  },
};

function imageLines(image: ImageResult, titles: ReadonlyMap<string, string>, colours: Colours): readonly string[] {
  const { info, verdict, findings, outcomes } = image;
  const facts = [info.edition, info.build || undefined, info.architecture].filter((fact) => fact !== undefined).join(', ');
  const open = openFindings(findings);
  return [
    `${colours.bold(`Image ${info.index}: ${printable(info.name)}`)} (${printable(facts)}): ${verdictText(verdict, colours)}`,
    ...groupByRule(open).flatMap((group) => groupLines(group, titles.get(group.rule), colours)),
    ...allowedLines(findings, colours),
    ...outcomeLines('could not be checked', outcomesOf(outcomes, 'unable'), colours.magenta, colours),
    ...outcomeLines('does not apply', outcomesOf(outcomes, 'notApplicable'), colours.dim, colours),
    '',
    `  ${SEVERITIES.map((severity) => counted(countOf(open, severity), severity)).join(', ')}; ${outcomes.filter(({ outcome }) => outcome === 'passed').length} of ${counted(outcomes.length, 'rule')} passed`,
  ];
}

function groupLines({ rule, severity, findings }: RuleGroup, title: string | undefined, colours: Colours): readonly string[] {
  const rest = title === undefined ? '' : colours.dim(`  ${printable(title)}`);
  const left = findings.length - FINDINGS_SHOWN;
  const repairs = [...new Set(findings.flatMap((finding) => repairText(finding) ?? []))];
  return [
    '',
    `  ${severityText(severity, colours)}  ${colours.bold(printable(rule))}${rest}`,
    ...findings.slice(0, FINDINGS_SHOWN).flatMap((finding) => findingLines(finding, severity, colours)),
    ...(left > 0 ? [`    and ${left} more (other formats show all of them)`] : []),
    ...repairs.map((repair) => `    ${colours.green('repair:')} ${printable(repair.replace(/\s+/g, ' '))}`),
  ];
}

/** A severity of its own only where it is not that of the rule's worst; evidence only where the message does not hold it. */
function findingLines(finding: Finding, worst: Severity, colours: Colours): readonly string[] {
  const { severity, level, message, raised, sha256 } = finding;
  const own = severity === worst ? '' : `${severityText(severity, colours)}  `;
  const strength = level === undefined ? '' : colours.dim(`  [${level}]`);
  const shown = evidenceBeside(finding);
  return [
    `    ${own}${placeText(finding, colours)}${strength}`,
    `      ${printable(message)}`,
    ...(shown === '' ? [] : [`      ${colours.dim('seen:')} ${printable(shown)}`]),
    ...(raised === undefined ? [] : [`      ${colours.dim('raised:')} ${printable(raised)}`]),
    ...(sha256 === undefined ? [] : [`      ${colours.dim(`sha256: ${sha256}`)}`]),
  ];
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
  outcomes: ReturnType<typeof outcomesOf>,
  paint: (text: string) => string,
  colours: Colours,
): readonly string[] {
  if (outcomes.length === 0) return [];
  return ['', `  ${paint(heading)}`, ...outcomes.map(({ rule, reason }) => `    ${colours.bold(printable(rule))}: ${printable(reason)}`)];
}

function allowlistLines(allowlist: LintResult['allowlist'], colours: Colours): readonly string[] {
  const told = toldEntries(allowlist);
  if (told.length === 0) return [];
  return [
    '',
    colours.bold('Allowlist'),
    ...told.map(({ what, entry }) => {
      const until = entry.until === undefined ? '' : ` (until ${printable(entry.until)})`;
      return `  ${printable(entry.rule)}  ${printable(entryPlace(entry))}${until} ${colours.yellow(what)}: ${printable(entry.reason)}`;
    }),
  ];
}

function verdictText(verdict: Verdict, colours: Colours): string {
  const paint = { accepted: colours.green, rejected: colours.red, undecided: colours.magenta }[verdict];
  return colours.bold(paint(verdict));
}

function severityText(severity: Severity, colours: Colours): string {
  return { error: colours.red, warning: colours.yellow, note: colours.blue }[severity](severity);
}
