// The lint result as one page for a browser: nothing is loaded from anywhere, everything from the image is text.
import { createHash } from 'node:crypto';
import { entryPlace } from '../lint/allowlist.ts';
import type { LintResult, Verdict } from '../lint/result.ts';
import { counted, countOf, openFindings, outcomesOf, SEVERITIES, toldEntries } from './findings.ts';
import type { ReportContext, ReportFormat } from './format.ts';
import { FILTER_SCRIPT } from './html/filter-script.ts';
import { imageSection } from './html/image-section.ts';
import { STYLE } from './html/style.ts';
import { markup } from './markup.ts';
import { scanFacts, scanNotes } from './scan-facts.ts';

export const html: ReportFormat = {
  id: 'html',
  title: 'One self-contained page for a browser, to search and filter',
  render: (result, context) => pageOf(result, context),
};

const LEADS: Readonly<Record<Verdict, string>> = {
  accepted: 'No open error was found, and every rule could look. The image may ship.',
  rejected: 'At least one error stands that no exception covers. The image must not ship.',
  undecided: 'A rule could not look at everything, so nobody knows. The image must not ship until it can.',
};

function pageOf(result: LintResult, { rules, tool }: ReportContext): string {
  const { container, verdict, profile, images } = result;
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const path = markup(container.path);
  // Nothing but the two parts below may run or style the page, whatever a name in the image tries.
  const policy = `default-src 'none'; style-src '${hashOf(STYLE)}'; script-src '${hashOf(FILTER_SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${path}: ${verdict}</title>
<style>${STYLE}</style>
</head>
<body class="${verdict}">
<header class="top"><div>
<p class="brand">${markup(tool.name)} ${markup(tool.version)} · lint report · profile ${markup(profile.id)}</p>
<div class="title"><h1>${path}</h1><span class="pill ${verdict}">${verdict}</span></div>
<p class="lead">${LEADS[verdict]}</p>
${tiles(result)}</div></header>
${filterBar()}<main>
${images.map((image) => imageSection(image, titles)).join('')}${allowlistCard(result)}</main>
<footer>${statsText(result)}</footer>
<script>${FILTER_SCRIPT}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function tiles({ images }: LintResult): string {
  const open = images.flatMap(({ findings }) => openFindings(findings));
  const all = images.flatMap(({ findings }) => findings);
  const outcomes = images.flatMap((image) => image.outcomes);
  const unable = outcomesOf(outcomes, 'unable').length;
  const figures: readonly (readonly [number, string, string])[] = [
    ...SEVERITIES.map((severity) => [countOf(open, severity), `${severity}s`, severity] as const),
    [unable, 'unable', 'unable'],
    [all.length - open.length, 'allowed', 'good'],
    [outcomes.filter(({ outcome }) => outcome === 'passed').length, `of ${outcomes.length} passed`, 'good'],
  ];
  return `<ul class="tiles">
${figures.map(([count, name, tone]) => `<li${count > 0 ? ` class="${tone}"` : ''}><b>${count}</b><span>${name}</span></li>\n`).join('')}</ul>
`;
}

/** Hidden until the script runs: without it nothing could be filtered. */
function filterBar(): string {
  const kinds = [...SEVERITIES, 'unable', 'allowed'];
  return `<search class="bar"><form id="filter" hidden>
<input type="search" id="search" aria-label="Search findings" placeholder="Search rule, place, message … ( / )" autocomplete="off">
<fieldset class="chips" aria-label="Kinds that are shown">
${kinds.map((kind) => `<label class="${kind === 'allowed' ? 'good' : kind}"><input type="checkbox" name="kind" value="${kind}" checked>${kind}</label>\n`).join('')}</fieldset>
<p class="shown" id="shown" role="status"></p>
</form></search>
`;
}

function allowlistCard({ allowlist }: LintResult): string {
  const told = toldEntries(allowlist);
  if (told.length === 0) return '';
  return `<section class="image" aria-labelledby="allowlist"><header><h2 id="allowlist">Exceptions to look at</h2></header>
<div class="card"><ul class="plain">
${told
  .map(({ what, entry }) => {
    const until = entry.until === undefined ? '' : ` (until ${markup(entry.until)})`;
    return `<li><code>${markup(entry.rule)}</code> at <code>${markup(entryPlace(entry))}</code>${until} <strong>${what}</strong><p>${markup(entry.reason)}</p></li>\n`;
  })
  .join('')}</ul></div></section>
`;
}

function statsText({ stats, images }: LintResult): string {
  const facts = [counted(images.length, 'image'), ...scanFacts(stats)].join(' · ');
  return `${facts}${scanNotes(stats)
    .map((note) => `<p>${markup(note)}</p>`)
    .join('')}`;
}
