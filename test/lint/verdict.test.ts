// Verdicts: an open error rejects, else a rule that could not look leaves it open, else it is accepted.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding, RuleOutcome } from '../../lint/result.ts';
import { verdictOf, worstVerdict } from '../../lint/verdict.ts';

const finding = (severity: Finding['severity'], allowed?: Finding['allowed']): Finding => ({
  rule: 'a/b',
  messageId: 'm',
  severity,
  message: '',
  at: { file: '/' },
  evidence: '',
  fingerprint: '',
  ...(allowed ? { allowed } : {}),
});
const passed: RuleOutcome = { rule: 'a/b', outcome: 'passed' };
const unable: RuleOutcome = { rule: 'a/c', outcome: 'unable', reason: 'x' };

test('of one image', () => {
  assert.is(verdictOf([], [passed]), 'accepted');
  assert.is(verdictOf([finding('warning'), finding('note')], [{ rule: 'a/b', outcome: 'failed' }]), 'accepted');
  assert.is(verdictOf([finding('error')], [unable]), 'rejected');
  assert.is(verdictOf([finding('error', { reason: 'x' })], [passed]), 'accepted');
  assert.is(verdictOf([finding('error', { reason: 'x' })], [passed, unable]), 'undecided');
  assert.is(verdictOf([], [{ rule: 'a/b', outcome: 'notApplicable', reason: 'x' }]), 'accepted');
});

test('of several images; none at all is undecided', () => {
  assert.is(worstVerdict(['accepted', 'undecided', 'rejected']), 'rejected');
  assert.is(worstVerdict(['accepted', 'undecided']), 'undecided');
  assert.is(worstVerdict(['accepted', 'accepted']), 'accepted');
  assert.is(worstVerdict([]), 'undecided');
});

test.run();
