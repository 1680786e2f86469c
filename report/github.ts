// The lint result as workflow commands of GitHub Actions: an annotation for each finding, the worst first.
import { entryPlace } from '../lint/allowlist.ts';
import { locationText, spotText } from '../lint/location.ts';
import type { Finding, ImageResult } from '../lint/result.ts';
import type { Severity } from '../lint/rule.ts';
import { counted, countOf, evidenceBeside, openFindings, outcomesOf, repairText, SEVERITIES, toldEntries } from './findings.ts';
import type { ReportFormat } from './format.ts';
import { printable } from './printable.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };
/** GitHub shows ten annotations of a kind for each step, and keeps the log; more would only flood that. */
const SHOWN_MAX = 200;

export const github: ReportFormat = {
  id: 'github',
  title: 'Annotations for GitHub Actions',
  render({ container, verdict, profile, images, allowlist }) {
    const path = printable(container.path);
    const open = images.flatMap(({ findings }) => openFindings(findings));
    const annotations = images.flatMap((image) => [
      ...outcomesOf(image.outcomes, 'unable').map(({ rule, reason }) => ({
        rank: 0,
        line: command('error', `${rule} could not be checked`, [`${placeOf(image, path)}: ${reason}`]),
      })),
      ...openFindings(image.findings).map((finding) => ({
        rank: SEVERITIES.indexOf(finding.severity),
        line: command(COMMANDS[finding.severity], finding.rule, linesOf(finding, placeOf(image, path))),
      })),
    ]);
    const sorted = [...annotations].sort((a, b) => a.rank - b.rank);
    const left = sorted.length - SHOWN_MAX;
    const counts = SEVERITIES.map((severity) => counted(countOf(open, severity), severity)).join(', ');
    const lines = [
      ...sorted.slice(0, SHOWN_MAX).map(({ line }) => line),
      ...(left > 0 ? [`and ${left} more; --format sarif holds all of them`] : []),
      ...toldEntries(allowlist).map(({ what, entry }) =>
        command('warning', 'allowlist', [`the entry for ${entry.rule} at ${entryPlace(entry)} ${what}: ${entry.reason}`]),
      ),
      command(verdict === 'accepted' ? 'notice' : 'error', 'wtgforge lint', [`${path}: ${verdict} (${counts}; profile ${profile.id})`]),
    ];
    return lines.map((line) => `${line}\n`).join('');
  },
};

function placeOf({ info }: ImageResult, path: string): string {
  return `${path} image ${info.index}`;
}

function linesOf(finding: Finding, image: string): readonly string[] {
  const { at, message, raised } = finding;
  const seen = evidenceBeside(finding);
  const repair = repairText(finding);
  return [
    `${image}, ${locationText(at)} ${spotText(at)}`.trimEnd(),
    message,
    ...(seen === '' ? [] : [`Seen: ${seen}`]),
    ...(raised === undefined ? [] : [`Raised: ${raised}`]),
    ...(repair === undefined ? [] : [`Repair: ${repair.replace(/\s+/g, ' ')}`]),
  ];
}

/**
 * A name from the image can begin no command and no line: line feeds are written out, and the lines of ours are put together with %0A.
 * Escapes as in actions/toolkit, packages/core/src/command.ts.
 */
function command(name: string, title: string, lines: readonly string[]): string {
  const text = lines.map((line) => data(printable(line))).join('%0A');
  return `::${name} title=${data(printable(title)).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${text}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25');
}
