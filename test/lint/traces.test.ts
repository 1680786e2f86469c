// Signs that a step took away: they stay findings, hold the verdict at undecided, and only an allowlist entry covers them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RELEASE } from '../../lint/profile.ts';
import type { AllowlistEntry, LintResult, RuleOutcome, Trace } from '../../lint/result.ts';
import { withTraces } from '../../lint/traces.ts';
import { verdictOf } from '../../lint/verdict.ts';

const RULE = 'activation/spp-image-hijack';
const trace: Trace = { rule: RULE, at: { hive: 'SOFTWARE', key: 'Options\\sppsvc.exe', name: 'Debugger' }, message: 'was hijacked' };
const entry: AllowlistEntry = { rule: RULE, at: 'SOFTWARE\\**', reason: 'a debugger of our own, checked by hand' };

function result(outcomes: readonly RuleOutcome[], more: Partial<LintResult> = {}): LintResult {
  const image = (index: number) => ({
    info: { container: 'wim', index, name: 'n', edition: 'e', build: 1, architecture: 'amd64' } as const,
    verdict: verdictOf([], outcomes),
    outcomes,
    findings: [],
  });
  return {
    container: { path: 'a.wim', format: 'wim' },
    profile: RELEASE,
    verdict: verdictOf([], outcomes),
    images: [image(1), image(2)],
    allowlist: { unused: [], expired: [], insufficient: [] },
    stats: { files: 0, blobs: 0, bytesScanned: 0, bytesSkipped: 0, seconds: 0 },
    ...more,
  };
}
const PASSED: readonly RuleOutcome[] = [
  { rule: RULE, outcome: 'passed' },
  { rule: 'z/last', outcome: 'passed' },
];

test('without a trace the result is the same object', () => {
  const before = result(PASSED);
  assert.is(withTraces(before, { traces: [], index: 1, allow: [] }), before);
});

test('a trace makes the image undecided and names the place, in the image that was built only', () => {
  const traced = withTraces(result(PASSED), { traces: [trace], index: 2, allow: [] });
  assert.is(traced.verdict, 'undecided');
  const [untouched, built] = traced.images;
  assert.is(untouched!.verdict, 'accepted');
  assert.equal(untouched!.findings, []);
  assert.is(built!.verdict, 'undecided');
  assert.equal(
    built!.findings.map(({ rule, severity, messageId, message }) => [rule, severity, messageId, message]),
    [[RULE, 'warning', 'removedTrace', 'was hijacked']],
  );
  assert.equal(
    built!.outcomes.map(({ rule, outcome }) => [rule, outcome]),
    [
      [RULE, 'unable'],
      ['z/last', 'passed'],
    ],
  );
  const reason = built!.outcomes[0];
  assert.match(reason?.outcome === 'unable' ? reason.reason : '', 'SOFTWARE\\Options\\sppsvc.exe!Debugger');
});

test('an allowlist entry with a reason covers it, and is no longer unused', () => {
  const linted = result(PASSED, { allowlist: { unused: [entry], expired: [], insufficient: [] } });
  const traced = withTraces(linted, { traces: [trace], index: 1, allow: [entry] });
  assert.is(traced.verdict, 'accepted');
  assert.equal(traced.images[0]!.findings[0]!.allowed, { reason: entry.reason });
  assert.equal(traced.images[0]!.outcomes[0], { rule: RULE, outcome: 'failed' });
  assert.equal(traced.allowlist.unused, []);
});

test('an entry for another place or one that has expired covers nothing', () => {
  for (const other of [
    { ...entry, at: 'SYSTEM\\**' },
    { ...entry, until: '2020-01-01' },
    { ...entry, rule: 'z/last' },
  ]) {
    assert.is(withTraces(result(PASSED), { traces: [trace], index: 1, allow: [other] }).verdict, 'undecided');
  }
});

test('a rejection stays a rejection, and a rule that is not there gets an outcome', () => {
  const linted = result(PASSED);
  const error = { ...withTraces(linted, { traces: [trace], index: 1, allow: [] }).images[0]!.findings[0]!, severity: 'error' as const };
  const rejected = { ...linted, images: [{ ...linted.images[0]!, findings: [error], verdict: 'rejected' as const }, linted.images[1]!] };
  assert.is(withTraces(rejected, { traces: [trace], index: 1, allow: [] }).verdict, 'rejected');
  const own = withTraces(linted, { traces: [{ ...trace, rule: 'a/plugin' }], index: 1, allow: [] });
  assert.equal(
    own.images[0]!.outcomes.map(({ rule }) => rule),
    [RULE, 'z/last', 'a/plugin'],
  );
  assert.is(own.verdict, 'undecided');
});

test('many traces of one rule are counted in the reason, and a rule that was unable keeps its own', () => {
  const many = Array.from({ length: 5 }, (_, at) => ({ ...trace, at: { file: `/ticket-${at}.xml` } }));
  const [outcome] = withTraces(result(PASSED), { traces: many, index: 1, allow: [] }).images[0]!.outcomes;
  assert.match(outcome?.outcome === 'unable' ? outcome.reason : '', 'ticket-2.xml and 2 more');
  const blind = [{ rule: RULE, outcome: 'unable' as const, reason: 'cannot read' }];
  assert.equal(withTraces(result(blind), { traces: [trace], index: 1, allow: [] }).images[0]!.outcomes, blind);
});

test.run();
