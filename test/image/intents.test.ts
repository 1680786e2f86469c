// What steps want of registry values, and when that is a conflict.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StepError } from '../../errors.ts';
import { Intents } from '../../image/intents.ts';
import { storedValue } from '../../image/registry-value.ts';

const value = (data: string) => storedValue('n', { type: 'REG_SZ', data });

function conflict(run: () => void): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, StepError);
    assert.is((error as StepError).code, 'CHANGE_CONFLICT');
    return (error as StepError).message;
  }
  return '';
}

test('the same wish twice is none too many, another one names both steps', () => {
  const intents = new Intents();
  intents.set('one', 'SOFTWARE\\A', 'n', value('x'));
  assert.is(
    conflict(() => intents.set('two', 'software\\a', 'N', value('x'))),
    '',
  );
  assert.match(
    conflict(() => intents.set('three', 'SOFTWARE\\A', 'n', value('y'))),
    /^three: wants "y" .* but two wants "x" there$/,
  );
  assert.match(
    conflict(() => intents.set('three', 'SOFTWARE\\A', 'n', undefined)),
    /wants no value/,
  );
  assert.is(
    conflict(() => intents.set('two', 'SOFTWARE\\A', 'n', value('y'))),
    '',
    'a step may change its mind',
  );
});

test('a key cannot go while another step wants a value in it or below', () => {
  const intents = new Intents();
  intents.set('one', 'SOFTWARE\\A\\B', 'n', value('x'));
  for (const key of ['SOFTWARE\\A', 'SOFTWARE\\a\\b']) {
    assert.match(
      conflict(() => intents.removeKey('two', key)),
      /^two: removes .* but one wants "x" in /,
      key,
    );
  }
  assert.is(
    conflict(() => intents.removeKey('two', 'SOFTWARE\\A\\Bc')),
    '',
  );
  assert.is(
    conflict(() => intents.removeKey('two', 'SYSTEM\\A')),
    '',
  );
});

test('who wants no value does not mind; what a step takes back is no wish any more', () => {
  const intents = new Intents();
  intents.set('one', 'SOFTWARE\\A', 'gone', undefined);
  assert.is(
    conflict(() => intents.removeKey('two', 'SOFTWARE\\A')),
    '',
  );
  intents.set('one', 'SOFTWARE\\A', 'n', value('x'));
  intents.removeKey('one', 'SOFTWARE\\A');
  assert.is(
    conflict(() => intents.set('two', 'SOFTWARE\\A', 'n', value('y'))),
    '',
  );
});

test('a key that another step makes cannot be removed, one of its own can', () => {
  const intents = new Intents();
  intents.makeKey('one', 'SOFTWARE\\A\\B');
  assert.match(
    conflict(() => intents.removeKey('two', 'software\\a')),
    /^two: removes software\\a, but one makes a key there$/,
  );
  assert.is(
    conflict(() => intents.removeKey('one', 'SOFTWARE\\A')),
    '',
  );
  assert.is(
    conflict(() => intents.removeKey('two', 'SOFTWARE\\A')),
    '',
    'it is gone already',
  );
});

test('no message shows a secret of either side', () => {
  const intents = new Intents();
  intents.set('one', 'SOFTWARE\\A', 'n', value('hunter2'), true);
  const said = [
    conflict(() => intents.set('two', 'SOFTWARE\\A', 'n', value('hunter3'), true)),
    conflict(() => intents.removeKey('two', 'SOFTWARE\\A')),
  ];
  assert.match(said[0]!, /wants a secret .* one wants a secret there$/);
  assert.match(said[1]!, 'one wants a secret in');
  assert.not.match(said.join(), 'hunter');
});

test.run();
