// What a hostile name can put on a terminal: nothing but visible characters.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { printable } from '../../cli/printable.ts';

test('ordinary text stays, control characters are shown', () => {
  assert.is(printable('Ünïcode → /Windows\tok\nnext'), 'Ünïcode → /Windows\tok\nnext');
  assert.is(printable('a\x1b[2Jb'), 'a\\u{1b}[2Jb');
  assert.is(printable('a\rb'), 'a\\u{d}b');
  assert.is(printable('exe.\u202etxt'), 'exe.\\u{202e}txt');
  assert.is(printable('zero\u200bwidth'), 'zero\\u{200b}width');
});

test.run();
