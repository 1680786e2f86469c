// Key patterns: which hive, which names; what is no pattern is told to its author.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseKeyPattern } from '../../lint/key-pattern.ts';

test('the hive by name, by path, by a glob on its path', () => {
  assert.is(parseKeyPattern('software\\a').hive, 'SOFTWARE');
  assert.is(
    parseKeyPattern('/Windows/ServiceProfiles/NetworkService/NTUSER.DAT\\a').hive,
    '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT',
  );
  const globbed = parseKeyPattern('/Users/*/NTUSER.DAT\\Software\\**');
  assert.is(globbed.hive, undefined);
  assert.ok(globbed.hives!('/users/Ann/ntuser.dat'));
  assert.not.ok(globbed.hives!('/Users/Ann/x/NTUSER.DAT'));
});

test('names without case, wildcards, everything below', () => {
  const { segments, below } = parseKeyPattern('SOFTWARE\\Micro*\\*\\Ünicode\\**');
  assert.is(below, true);
  assert.equal(
    ['MICROSOFT', 'anything', 'ünicode'].map((name, at) => segments[at]!(name)),
    [true, true, true],
  );
  assert.not.ok(segments[0]!('Macrosoft'));
  assert.equal(parseKeyPattern('SYSTEM').segments, []);
});

test('ControlSet* takes what the loader can pick', () => {
  const [set] = parseKeyPattern('SYSTEM\\ControlSet*\\Services').segments;
  assert.ok(set!('controlset001'));
  for (const name of ['ControlSet', 'ControlSet01', 'ControlSet001x', 'CurrentControlSet']) assert.not.ok(set!(name), name);
});

test('what is no pattern', () => {
  for (const [text, why] of [
    ['HKLM\\SOFTWARE\\a', /neither a hive/],
    ['SOFTWARE\\**\\a', /"\*\*" may stand at the end only/],
    ['SOFTWARE\\a\\', /no name is empty/],
    ['SYSTEM\\CurrentControlSet\\Services', /ControlSet\*/],
  ] as const) {
    assert.throws(() => parseKeyPattern(text), why);
  }
});

test.run();
