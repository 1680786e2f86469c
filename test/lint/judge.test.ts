// One image's findings judged: exceptions before correlation, outcomes and verdict after it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openAllowlist } from '../../lint/allowlist.ts';
import { judgeImage } from '../../lint/judge.ts';
import { chooseProfile, RELEASE } from '../../lint/profile.ts';
import type { AllowlistEntry, Finding, ImageResult, Profile } from '../../lint/result.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const { info } = fakeImage();
const weak = (rule: string, file: string): Finding => ({
  rule,
  messageId: 'm',
  severity: 'warning',
  level: 'weak',
  message: '',
  at: { file },
  evidence: '',
  fingerprint: '',
});

function judge(allow: readonly AllowlistEntry[], profile: Profile = RELEASE): ImageResult {
  const outcomes = (['a/a', 'b/b'] as const).map((rule) => ({ rule, outcome: 'passed' as const }));
  const findings = [weak('b/b', '/x/2'), weak('a/a', '/x/1')];
  return judgeImage({ info, outcomes, findings }, openAllowlist(allow, new Date('2026-01-01')), profile);
}

test('two weak findings of different rules reject a release', () => {
  const { verdict, findings, outcomes } = judge([]);
  assert.is(verdict, 'rejected');
  assert.equal(
    findings.map(({ rule, level }) => [rule, level]),
    [
      ['a/a', 'strong'],
      ['b/b', 'strong'],
    ],
  );
  assert.equal(
    outcomes.map(({ outcome }) => outcome),
    ['failed', 'failed'],
  );
});

test('what is allowed raises nothing and stays what it was', () => {
  const { verdict, findings } = judge([{ rule: 'a/a', at: '/x/1', reason: 'ours' }]);
  assert.is(verdict, 'accepted');
  assert.equal(
    findings.map(({ level }) => level),
    ['weak', 'weak'],
  );
});

test('where strong is a note, nothing fails', () => {
  const { verdict, outcomes } = judge([], { ...chooseProfile('dev'), strong: 'note' });
  assert.is(verdict, 'accepted');
  assert.is(outcomes[0]!.outcome, 'passed');
});

test.run();
