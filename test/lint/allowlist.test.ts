// Exceptions: by rule and place, up to and including their last day; what is of no use is told.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { entryPlace, openAllowlist } from '../../lint/allowlist.ts';
import type { Location } from '../../lint/location.ts';
import type { AllowlistEntry, Finding } from '../../lint/result.ts';

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

test('what is certain is covered by its digest and an end date only', () => {
  const sha256 = 'ab'.repeat(32);
  const certain: Finding = { ...finding({ file: '/a/b' }), level: 'certain', sha256 };
  const { at: _, ...whole } = entry('', { sha256: sha256.toUpperCase(), until: '2026-06-15' });
  const covered = (entries: readonly AllowlistEntry[], of = certain) => {
    const list = openAllowlist(entries, NOW);
    return { allowed: list.apply(of).allowed !== undefined, short: list.insufficient().length, unused: list.unused().length };
  };
  assert.equal(covered([whole]), { allowed: true, short: 0, unused: 0 });
  assert.equal(covered([{ ...whole, at: '/a/*' }]), { allowed: true, short: 0, unused: 0 });
  assert.equal(covered([{ ...whole, at: '/b/*' }]), { allowed: false, short: 0, unused: 1 });
  assert.equal(covered([entry('/a/**', { until: '2026-06-15' })]), { allowed: false, short: 1, unused: 0 });
  const { until: _u, ...endless } = whole;
  assert.equal(covered([endless]), { allowed: false, short: 1, unused: 0 });
  assert.equal(covered([{ ...whole, sha256: 'cd'.repeat(32) }]), { allowed: false, short: 0, unused: 1 });
  assert.equal(covered([{ ...whole, until: '2026-06-14' }]), { allowed: false, short: 0, unused: 0 });
  const { sha256: _s, ...unread } = certain;
  assert.equal(covered([whole], unread), { allowed: false, short: 0, unused: 1 });
});

test('an entry with neither place nor digest covers nothing', () => {
  const list = openAllowlist([{ rule: 'a/b', reason: 'r' }], NOW);
  assert.is(list.apply(finding({ file: '/a' })).allowed, undefined);
});

test('an entry is named by its place, its digest or both', () => {
  assert.is(entryPlace({ rule: 'a', reason: 'r', at: '/x' }), '/x');
  assert.is(entryPlace({ rule: 'a', reason: 'r', at: '/x', sha256: 'ab' }), '/x sha256 ab');
});

test.run();
