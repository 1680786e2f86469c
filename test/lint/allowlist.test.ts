// Exceptions: by rule and place, up to and including their last day; what is of no use is told.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openAllowlist } from '../../lint/allowlist.ts';
import type { AllowlistEntry, Finding } from '../../lint/result.ts';
import type { Location } from '../../lint/rule.ts';

const NOW = new Date('2026-06-15T23:00:00Z');
const entry = (at: string, more: Partial<AllowlistEntry> = {}): AllowlistEntry => ({ rule: 'a/b', at, reason: 'because', ...more });
const finding = (at: Location, rule = 'a/b'): Finding => ({
  rule,
  messageId: 'm',
  severity: 'error',
  message: '',
  at,
  evidence: '',
  fingerprint: '',
});

test('covers by rule and place, with its reason and last day', () => {
  const list = openAllowlist([entry('/a/**', { until: '2026-06-15' }), entry('SYSTEM\\x!*')], NOW);
  assert.equal(list.apply(finding({ file: '/A/b' })).allowed, { reason: 'because', until: '2026-06-15' });
  assert.equal(list.apply(finding({ hive: 'SYSTEM', key: 'x', name: 'v' })).allowed, { reason: 'because' });
  assert.is(list.apply(finding({ file: '/b' })).allowed, undefined);
  assert.is(list.apply(finding({ file: '/a/b' }, 'a/c')).allowed, undefined);
  assert.equal(list.unused(), []);
  assert.equal(list.expired, []);
});

test('an expired entry covers nothing and is told as expired only', () => {
  const entries = [entry('/a', { until: '2026-06-14' }), entry('/a', { until: 'never' }), entry('/a', { until: '' })];
  const list = openAllowlist(entries, NOW);
  assert.is(list.apply(finding({ file: '/a' })).allowed, undefined);
  assert.equal(list.expired, entries);
  assert.equal(list.unused(), []);
});

test('an entry that covers nothing is unused; two that cover one finding are both used', () => {
  const [unused, first, second] = [entry('/never'), entry('/a', { reason: '1' }), entry('/*', { reason: '2' })];
  const list = openAllowlist([unused!, first!, second!], NOW);
  assert.is(list.apply(finding({ file: '/a' })).allowed?.reason, '1');
  assert.equal(list.unused(), [unused]);
});

test.run();
