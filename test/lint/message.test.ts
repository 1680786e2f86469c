// Messages: data in the place of names, secrets masked, nothing endless.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderMessage } from '../../lint/message.ts';
import { Secret } from '../../lint/secret.ts';

test('names are replaced, other braces stay', () => {
  assert.is(renderMessage('{a} and {b}, {a}', { a: 'x', b: 3 }), 'x and 3, x');
  assert.is(renderMessage('{a} {toString} {}', {}), '{a} {toString} {}');
  assert.is(renderMessage('{a}', { a: '{b} $& $1', b: 'no' }), '{b} $& $1');
});

test('a secret shows its masked form', () => {
  const text = renderMessage('{key} {password}', {
    key: Secret.found('product-key', 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE'),
    password: Secret.found('password', 'hunter2'),
  });
  assert.is(text, '*****-*****-*****-*****-EEEEE (redacted)');
});

test('long data is cut', () => assert.is(renderMessage('{a}', { a: 'x'.repeat(1_000_000) }).length, 301));

test.run();
