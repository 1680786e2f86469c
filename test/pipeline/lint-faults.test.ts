// The faults of the part `lint` of a config: profiles, hosts, exceptions.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsOfLint } from '../../pipeline/lint-faults.ts';

function faults(lint: unknown): readonly string[] {
  const found: string[] = [];
  faultsOfLint(lint, found);
  return found;
}
const paths = (lint: unknown) => faults(lint).map((fault) => fault.split(': ')[0]);

test('good profiles', () => {
  assert.equal(faults(undefined), []);
  assert.equal(faults({ profile: 'dev' }), []);
  assert.equal(faults({ profile: 'lab', profiles: { lab: { weak: 'note' }, 'lab-2': {} } }), []);
});

test('the folder of signatures is a path', () => {
  assert.equal(paths({ signatures: 'yara' }), []);
  for (const signatures of ['', 7, ['yara']]) assert.equal(paths({ signatures }), ['lint.signatures']);
});

test('bad profiles, each fault with its path', () => {
  assert.equal(paths({ profile: 'lab' }), ['lint.profile']);
  assert.equal(paths({ profile: 7, profiles: [] }), ['lint.profiles', 'lint.profile']);
  assert.equal(
    paths({
      profiles: { release: {}, 'My Lab': {}, a: 'error', b: { certain: 'note' }, c: { strong: 'fatal', week: 'note' } },
    }),
    [
      'lint.profiles.release',
      'lint.profiles.My Lab',
      'lint.profiles.a',
      'lint.profiles.b.certain',
      'lint.profiles.c.week',
      'lint.profiles.c.strong',
    ],
  );
  assert.match(faults({ profile: 'lab' })[0]!, /release, nightly, dev/);
});

test('allowlist entries: each fault says which field is missing or wrong', () => {
  const sha256 = 'ab'.repeat(32);
  const of = (entry: unknown) => faults({ allow: [entry] }).map((fault) => fault.replace('lint.allow[0]', ''));
  assert.equal(of({ rule: 'a/b', at: '/x', reason: 'r' }), []);
  assert.equal(of({ rule: 'a/b', sha256, reason: 'r', until: '2028-02-29' }), []);
  assert.match(of({ at: '/x', reason: 'r' })[0]!, /^\.rule: is missing/);
  assert.match(of({ rule: 'a/b', at: '/x' })[0]!, /^\.reason: is missing/);
  assert.match(of({ rule: 'a/b', at: '/x', reason: ' ' })[0]!, /^\.reason: is missing/);
  assert.match(of({ rule: 'a/b', reason: 'r' })[0]!, /^\.at: is missing/);
  assert.match(of({ rule: 'a/b', sha256, reason: 'r' })[0]!, /^\.until: is missing/);
  assert.match(of({ rule: 'a/b', sha256: 'x', reason: 'r', until: '2028-01-01' })[0]!, /^\.sha256: must be/);
  assert.match(of({ rule: 7, at: '/x', reason: 'r' })[0]!, /^\.rule: must be a text/);
  assert.equal(paths({ baseline: 7 }), ['lint.baseline']);
});

test.run();
