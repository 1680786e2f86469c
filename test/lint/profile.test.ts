// Profiles: the strictest unless chosen, own ones filled up from it, and what is certain always an error.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { builtInProfiles, chooseProfile, RELEASE, severityAt, severityOfRule } from '../../lint/profile.ts';

test('release unless another one is chosen', () => {
  assert.is(chooseProfile(), RELEASE);
  assert.is(chooseProfile('dev').strong, 'warning');
  assert.equal(builtInProfiles, ['release', 'nightly', 'dev']);
});

test('each step from release to dev is as lenient or more, never stricter', () => {
  const rank = { error: 2, warning: 1, note: 0 };
  const [release, nightly, dev] = builtInProfiles.map((id) => chooseProfile(id));
  for (const level of ['certain', 'strong', 'weak', 'opaque'] as const) {
    assert.ok(rank[severityAt(level, release!)] >= rank[severityAt(level, nightly!)], level);
    assert.ok(rank[severityAt(level, nightly!)] >= rank[severityAt(level, dev!)], level);
    assert.is(severityAt('certain', dev!), 'error');
  }
});

test('a profile of the config says what it changes; a name that is nobody’s is refused with those that are', () => {
  assert.equal(chooseProfile('lab', { lab: { weak: 'note' } }), { ...RELEASE, id: 'lab', weak: 'note' });
  try {
    chooseProfile('constructor', { lab: {} });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ConfigError);
    assert.match((error as ConfigError).message, /"constructor".*release, nightly, dev, lab/);
  }
});

test('a rule with a level weighs what the profile says, one with a severity what it says itself', () => {
  assert.is(severityOfRule({ level: 'strong' }, chooseProfile('dev')), 'warning');
  assert.is(severityOfRule({ severity: 'note' }, chooseProfile('dev')), 'note');
});

test.run();
