// A Secret shows at most the last five characters of a product key, by whatever way it is printed.
import { inspect } from 'node:util';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Secret } from '../../lint/secret.ts';

const KEY = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';

test('a product key keeps its last five characters, as slmgr shows them', () => {
  const secret = Secret.found('product-key', KEY);
  assert.is(secret.toString(), '*****-*****-*****-*****-EEEEE');
  assert.is(JSON.stringify({ secret }), '{"secret":"*****-*****-*****-*****-EEEEE"}');
  assert.is(`${secret}`, '*****-*****-*****-*****-EEEEE');
  assert.is(secret.kind, 'product-key');
});

test('what is too short to be a product key shows nothing', () => {
  assert.is(Secret.found('product-key', 'AAAAA-BBBBB').toString(), '(redacted)');
});

test('a password shows only that it is there', () => {
  assert.is(Secret.found('password', 'hunter2').toString(), '(redacted)');
  assert.is(Secret.found('secret', 'hunter2').toString(), '(redacted)');
  assert.is(Secret.found('password', '').toString(), '(empty)');
});

test('no way of printing shows a password, and equal passwords cannot be told from others', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.constantFrom('password' as const, 'secret' as const), (text, kind) => {
      const secret = Secret.found(kind, text);
      const other = Secret.found(kind, `${text}x`);
      assert.is(inspect(secret, { depth: 9, showHidden: true }), inspect(other, { depth: 9, showHidden: true }));
      assert.is(JSON.stringify(secret), JSON.stringify(other));
      assert.equal(Object.values(secret), Object.values(other));
    }),
  );
});

test.run();
