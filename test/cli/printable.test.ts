// What a hostile name can put on a terminal: nothing but visible characters.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { printable } from '../../cli/printable.ts';

test('ordinary text stays, control characters are shown', () => {
  assert.is(printable('Ünïcode → /Windows\tok\nnext'), 'Ünïcode → /Windows\tok\nnext');
  assert.is(printable('a\x1b[2Jb'), 'a\\u001b[2Jb');
  assert.is(printable('a\rb'), 'a\\u000db');
  assert.is(printable('exe.\u202etxt'), 'exe.\\u202etxt');
  assert.is(printable('zero\u200bwidth'), 'zero\\u200bwidth');
});

test.run();
