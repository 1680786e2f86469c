// Names: what Windows could have made, and what only an attacker makes.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nameFault } from '../../../formats/wim/name.ts';

test('honest names, odd ones too', () => {
  for (const name of ['System32', '...', '.git', 'Ünïcode 文', 'a b ', "it's", '"quoted"', 'C:', 'x\ud800y', '$OEM$'])
    assert.is(nameFault(name), undefined);
});

test('names that are refused', () => {
  assert.is(nameFault(''), 'is empty');
  assert.is(nameFault('.'), 'is "."');
  assert.is(nameFault('..'), 'is ".."');
  assert.is(nameFault('a/b'), 'holds a slash');
  assert.is(nameFault('a\\b'), 'holds a backslash');
  assert.is(nameFault('a\nHash = 0x'), 'holds the control character U+000A');
  assert.is(nameFault('a\0'), 'holds the control character U+0000');
  assert.is(nameFault('\x1b[2J'), 'holds the control character U+001B');
  assert.is(nameFault('\x9b2J'), 'holds the control character U+009B');
});

test.run();
