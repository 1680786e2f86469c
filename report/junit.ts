// The lint result as JUnit XML, which every CI server shows: a suite for each image, a case for each rule.
import { locationText, spotText } from '../lint/location.ts';
import type { Finding, ImageResult, LintResult, RuleOutcome } from '../lint/result.ts';
import { openFindings, repairText } from './findings.ts';
import type { ReportFormat } from './format.ts';
import { markup } from './markup.ts';

export const junit: ReportFormat = {
  id: 'junit',
  title: 'JUnit XML for CI servers: a suite for each image, a case for each rule',
  render: (result) => documentOf(result),
};

function documentOf(result: LintResult): string {
  const suites = result.images.map((image) => suiteOf(image, result));
  const sum = (name: 'tests' | 'failures' | 'errors' | 'skipped') => suites.reduce((total, { counts }) => total + counts[name], 0);
  const totals = `tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}" skipped="${sum('skipped')}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="wtgforge lint: ${markup(result.container.path)}" ${totals} time="${result.stats.seconds}">
${suites.map(({ xml }) => xml).join('')}</testsuites>
`;
}

function suiteOf({ info, verdict, outcomes, findings }: ImageResult, { container, profile }: LintResult) {
  const cases = outcomes.map((outcome) => caseOf(outcome, findings));
  const count = (kind: string) => cases.filter((one) => one.kind === kind).length;
  const counts = { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
  const name = `${container.path} image ${info.index}: ${info.name}`;
  const properties = { verdict, profile: profile.id, edition: info.edition, build: String(info.build), architecture: info.architecture };
  const xml = `  <testsuite name="${markup(name)}" tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}" skipped="${counts.skipped}">
    <properties>
${Object.entries(properties)
  .map(([key, value]) => `      <property name="${key}" value="${markup(value)}"/>\n`)
  .join('')}    </properties>
${cases.map((one) => one.xml).join('')}  </testsuite>
`;
  return { counts, xml };
}

type CaseKind = 'failure' | 'error' | 'skipped' | 'passed';

/** Only what decides makes a case fail: an open error, or a rule that could not look. The rest is its output. */
function caseOf(outcome: RuleOutcome, findings: readonly Finding[]): { readonly kind: CaseKind; readonly xml: string } {
  const own = findings.filter(({ rule }) => rule === outcome.rule);
  const open = openFindings(own);
  const errors = open.filter(({ severity }) => severity === 'error');
  const others = own.filter((finding) => !errors.includes(finding));
  const family = outcome.rule.slice(0, Math.max(0, outcome.rule.indexOf('/'))) || 'rules';
  const parts = [
    ...(outcome.outcome === 'unable' ? [element('error', 'unable', outcome.reason, '')] : []),
    ...(outcome.outcome === 'notApplicable' ? [`      <skipped message="${markup(outcome.reason)}"/>\n`] : []),
    ...(errors.length > 0 ? [element('failure', 'error', summaryOf(errors), errors.map(textOf).join('\n\n'))] : []),
    ...(others.length > 0 ? [`      <system-out>${markup(others.map(textOf).join('\n\n'), true)}</system-out>\n`] : []),
  ];
  const start = `    <testcase classname="${markup(`wtgforge.${family}`)}" name="${markup(outcome.rule)}"`;
  return { kind: kindOf(outcome, errors), xml: parts.length === 0 ? `${start}/>\n` : `${start}>\n${parts.join('')}    </testcase>\n` };
}

function kindOf({ outcome }: RuleOutcome, errors: readonly Finding[]): CaseKind {
  if (outcome === 'unable') return 'error';
  if (errors.length > 0) return 'failure';
  return outcome === 'notApplicable' ? 'skipped' : 'passed';
}

function element(name: string, type: string, message: string, text: string): string {
  return `      <${name} type="${type}" message="${markup(message)}">${markup(text, true)}</${name}>\n`;
}

function summaryOf(errors: readonly Finding[]): string {
  const [first] = errors;
  return `${first!.message}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
}

/** Lines that no name in the image can break: each part is escaped by itself before they are put together. */
function textOf(finding: Finding): string {
  const { severity, level, at, message, evidence, raised, allowed } = finding;
  const repair = repairText(finding);
  return [
    `${severity}${level === undefined ? '' : ` (${level})`}: ${oneLine(locationText(at))} ${spotText(at)}`.trimEnd(),
    oneLine(message),
    `seen: ${oneLine(evidence)}`,
    ...(raised === undefined ? [] : [`raised: ${oneLine(raised)}`]),
    ...(repair === undefined ? [] : [`repair: ${oneLine(repair.replace(/\s+/g, ' '))}`]),
    ...(allowed === undefined ? [] : [`allowed: ${oneLine(allowed.reason)}`]),
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, (character) => (character === '\n' ? '\\u{a}' : '\\u{d}'));
}
