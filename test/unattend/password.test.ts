// The hidden form of answer-file passwords, both ways.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodePassword, encodePassword } from '../../unattend/password.ts';

test('encodes as Windows does: UTF-16LE with the name of the element behind it', () => {
  // 'p' + 'Password', two bytes a letter.
  assert.is(encodePassword('Password', 'p'), Buffer.from('p\0P\0a\0s\0s\0w\0o\0r\0d\0', 'latin1').toString('base64'));
  assert.is(decodePassword('Password', encodePassword('Password', '')), '');
});

test('any password comes back for its own element only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (password) => {
      assert.is(decodePassword('AdministratorPassword', encodePassword('AdministratorPassword', password)), password);
      if (!password.endsWith('Administrator'))
        assert.is(decodePassword('OfflineUserPassword', encodePassword('Password', password)), undefined);
    }),
  );
});

test('what is not the encoded form is undefined, never an error', () => {
  for (const base64 of ['', 'p', 'secret!', 'c2VjcmV0', '*SENSITIVE*DATA*DELETED*', 'AAA', '='.repeat(8), 'A'.repeat(8192)]) {
    assert.is(decodePassword('Password', base64), undefined, base64.slice(0, 20));
  }
  assert.is(decodePassword('Password', ` ${encodePassword('Password', 'p').replace(/(.{4})/g, '$1\n')} `), 'p');
});

test.run();
