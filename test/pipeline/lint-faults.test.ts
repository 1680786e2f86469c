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

test.run();
