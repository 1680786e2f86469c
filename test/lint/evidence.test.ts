// Evidence: one short line, with what could be a secret masked.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EVIDENCE_MAX, evidenceOf, evidenceText } from '../../lint/evidence.ts';
import { Secret } from '../../lint/secret.ts';

const AT = { file: '/Windows/a.exe' };

test('what the rule says, else the data, else the name of the thing', () => {
  assert.is(evidenceOf('seen', { a: 1 }, AT), 'seen');
  assert.is(evidenceOf(undefined, { host: '127.0.0.2', port: 1688 }, AT), 'host=127.0.0.2, port=1688');
  assert.is(evidenceOf(undefined, { why: 'Setup, as SYSTEM,', who: 'Users' }, AT), 'why=Setup, as SYSTEM, who=Users');
  assert.is(evidenceOf(undefined, {}, AT), 'a.exe');
  assert.is(evidenceOf(undefined, undefined, { ...AT, stream: 'x' }), 'x');
  assert.is(evidenceOf(undefined, undefined, { hive: 'SYSTEM', key: 'a\\b' }), 'b');
  assert.is(evidenceOf(undefined, undefined, { hive: 'SYSTEM', key: 'a\\b', name: 'v' }), 'v');
  assert.is(evidenceOf(undefined, undefined, { slack: 'unreferenced-blob', of: 'aa' }), 'aa');
  assert.is(evidenceOf(Secret.found('password', 'hunter2'), undefined, AT), '(redacted)');
});

test('one line of at most 80 characters, whatever comes in', () => {
  assert.is(evidenceText(' a\r\n\t b '), 'a b');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      const line = evidenceText(text);
      assert.ok([...line].length <= EVIDENCE_MAX);
      assert.not.match(line, /[\r\n]/);
    }),
  );
});

test('keys and passwords are masked', () => {
  const key = ['AAAAA', 'BBBBB', 'CCCCC', 'DDDDD', 'EEEEE'].join('-');
  for (const [text, expected] of [
    [`slmgr /ipk ${key}`, 'slmgr /ipk *****-*****-*****-*****-EEEEE'],
    ['net user bob Hunter2 /add', 'net user bob (redacted) /add'],
    ['net user bob /delete', 'net user bob /delete'],
    ['password=Hunter2;x', 'password=(redacted);x'],
    ['"Password": "Hunter 2"', '"Password": (redacted)'],
    ['-Password Hunter2', '-Password (redacted)'],
    ['https://bob:Hunter2@host/x', 'https://bob:(redacted)@host/x'],
    ['schtasks /rp:Hunter2', 'schtasks /rp:(redacted)'],
    ['set host=a', 'set host=a'],
  ]) {
    assert.is(evidenceText(text!), expected);
  }
});

test.run();
