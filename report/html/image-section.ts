// One image in the HTML report: its facts, what shows that it is generalized, its findings, what could not be checked.
import type { ImageResult, RuleOutcome } from '../../lint/result.ts';
import { groupByRule, openFindings, outcomesOf, type Reasoned } from '../findings.ts';
import { markup } from '../markup.ts';
import { allowedCard, ruleCard } from './finding-cards.ts';

/** The rule whose outcome tells whether the image is sealed. */
const GENERALIZED = 'hygiene/generalized';

const TOLD: Readonly<Record<RuleOutcome['outcome'], readonly [string, string]>> = {
  passed: ['generalized', 'good'],
  failed: ['not generalized, or in doubt', 'error'],
  unable: ['unknown', 'unable'],
  notApplicable: ['not asked', 'note'],
};

export function imageSection({ info, verdict, outcomes, findings }: ImageResult, titles: ReadonlyMap<string, string>): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Name', info.name],
    ['Edition', info.edition],
    ['Build', info.build === 0 ? 'unknown' : String(info.build)],
    ['Architecture', info.architecture],
    ['Container', `${info.container}, image ${info.index}`],
  ];
  const groups = groupByRule(openFindings(findings));
  const allowed = findings.filter((finding) => finding.allowed);
  const passed = outcomes.filter(({ outcome }) => outcome === 'passed').map(({ rule }) => rule);
  return `<section class="image" aria-labelledby="image-${info.index}">
<header><h2 id="image-${info.index}">Image ${info.index}: ${markup(info.name)}</h2><span class="pill ${verdict}">${verdict}</span></header>
<div class="card"><dl class="facts">
${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${markup(value === '' ? '–' : value)}</dd></div>\n`).join('')}${generalization(outcomes)}</dl>${marks(outcomes)}</div>
${groups.map((group) => ruleCard(group, titles.get(group.rule))).join('')}${groups.length === 0 ? '<p class="none">No open findings.</p>\n' : ''}${unable(outcomesOf(outcomes, 'unable'))}${allowed.length > 0 ? allowedCard(allowed) : ''}${folded('Does not apply', outcomesOf(outcomes, 'notApplicable').map(reasonItem))}${folded(
  'Passed',
  passed.map((rule) => `<li><code>${markup(rule)}</code> ${markup(titles.get(rule) ?? '')}</li>\n`),
)}</section>
`;
}

function generalization(outcomes: readonly RuleOutcome[]): string {
  const outcome = outcomes.find(({ rule }) => rule === GENERALIZED);
  if (!outcome) return '';
  const [text, tone] = TOLD[outcome.outcome];
  return `<div><dt>Generalization</dt><dd><span class="pill ${tone}">${text}</span></dd></div>\n`;
}

/** The markers that the rule saw, `Name=value` each. */
function marks(outcomes: readonly RuleOutcome[]): string {
  const shows = outcomes.find(({ rule }) => rule === GENERALIZED)?.shows;
  if (shows === undefined) return '';
  return `\n<ul class="marks" aria-label="Markers of generalization">${shows
    .split(', ')
    .map((mark) => `<li><code>${markup(mark)}</code></li>`)
    .join('')}</ul>`;
}

function unable(outcomes: readonly Reasoned[]): string {
  if (outcomes.length === 0) return '';
  return `<section class="card rule unable" data-group><header><div><span class="pill unable">unable</span><h3>Could not be checked</h3></div>
<p class="why">These rules could not look at everything. Until they can, the image is not accepted.</p></header>
<ul class="findings">
${outcomes.map(({ rule, reason }) => `<li data-kind="unable" data-about=""><span class="place">${markup(rule)}</span><p>${markup(reason)}</p></li>\n`).join('')}</ul></section>
`;
}

function reasonItem({ rule, reason }: Reasoned): string {
  return `<li><code>${markup(rule)}</code> <p>${markup(reason)}</p></li>\n`;
}

function folded(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<details class="card"><summary>${title} (${items.length})</summary><ul class="plain">\n${items.join('')}</ul></details>\n`;
}
