// Weak signs beside each other: raised where two rules share a place, left alone where they do not.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { correlate } from '../../lint/correlate.ts';
import type { Location } from '../../lint/location.ts';
import { chooseProfile, RELEASE } from '../../lint/profile.ts';
import type { Finding } from '../../lint/result.ts';
import type { Level } from '../../lint/rule.ts';

function weak(rule: string, at: Location, more: Partial<Finding> = {}): Finding {
  return { rule, messageId: 'm', severity: 'warning', level: 'weak', message: '', at, evidence: '', fingerprint: '', ...more };
}
const raisedOf = (findings: readonly Finding[]) => correlate(findings, RELEASE).map(({ raised }) => /same (.*) \(/.exec(raised ?? '')?.[1]);

test('two rules at one place are strong, and each says beside what', () => {
  const at = { file: '/Tools/a.exe' };
  const [first, second] = correlate([weak('a/a', at), weak('b/b', { file: '/tools/A.exe', stream: 's' })], RELEASE);
  assert.equal([first!.level, first!.severity], ['strong', 'error']);
  assert.is(first!.raised, 'weak by itself; b/b found another weak sign in the same file (/tools/A.exe:s)');
  assert.match(second!.raised!, /a\/a/);
  assert.is(correlate([weak('a/a', at), weak('b/b', at)], chooseProfile('dev'))[0]!.severity, 'warning');
});

test('the narrowest shared place is said', () => {
  const tree = 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree\\';
  const cases: readonly (readonly [Location, Location, string])[] = [
    [{ file: '/a/x' }, { file: '/A/y' }, 'folder'],
    [{ file: '/a/x' }, { file: '/b/y' }, 'image'],
    [{ file: '/a/x', inside: ['m'] }, { file: '/a/x', inside: ['m'] }, 'member of an archive'],
    [{ file: '/a/x', inside: ['m'] }, { file: '/a/x', inside: ['n'] }, 'file'],
    [{ file: '/a/x', partition: 1 }, { file: '/a/x', partition: 2 }, 'image'],
    [{ file: '/Windows/System32/Tasks/A/b' }, { hive: 'SOFTWARE', key: `${tree}A\\B` }, 'scheduled task'],
    [{ hive: 'SYSTEM', key: 'ControlSet001\\Services\\x' }, { hive: 'SYSTEM', key: 'ControlSet002\\Services\\X\\Parameters' }, 'service'],
    [{ hive: 'SOFTWARE', key: 'a' }, { hive: 'SOFTWARE', key: 'A', name: 'v' }, 'registry key'],
    [{ slack: 'unreferenced-blob', of: 'aa' }, { slack: 'unreferenced-blob', of: 'aa' }, 'left-over'],
    [{ slack: 'unreferenced-blob', of: 'aa' }, { file: '/a' }, 'image'],
  ];
  for (const [one, other, expected] of cases) assert.equal(raisedOf([weak('a/a', one), weak('b/b', other)]), [expected, expected]);
});

test('one rule alone, other levels, and what is allowed raise nothing', () => {
  const at = { file: '/a/x' };
  assert.equal(raisedOf([weak('a/a', at), weak('a/a', { file: '/a/y' })]), [undefined, undefined]);
  for (const level of ['strong', 'opaque', undefined] as (Level | undefined)[]) {
    const { level: _, ...bare } = weak('b/b', at);
    assert.equal(raisedOf([weak('a/a', at), level === undefined ? bare : { ...bare, level }]), [undefined, undefined]);
  }
  assert.equal(raisedOf([weak('a/a', at), weak('b/b', at, { allowed: { reason: 'r' } })]), [undefined, undefined]);
});

test('of many findings each finds a partner of another rule', () => {
  const many = [...Array.from({ length: 20_000 }, (_, n) => weak('a/a', { file: `/${n}/x` })), weak('b/b', { file: '/7/y' })];
  const raised = raisedOf(many);
  assert.is(raised.filter((what) => what === 'folder').length, 2);
  assert.is(raised.filter((what) => what === 'image').length, 19_999);
});

test.run();
