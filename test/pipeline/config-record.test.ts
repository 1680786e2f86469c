// Objects of a config: what is one, and keys that nobody knows.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isRecord, unknownKeys } from '../../pipeline/config-record.ts';

test('an object is one, a list or nothing is none', () => {
  assert.ok(isRecord({}));
  for (const value of [null, [], 'a', 1, undefined]) assert.not.ok(isRecord(value));
});

test('unknown keys are told with their path and with those that are known', () => {
  const faults: string[] = [];
  unknownKeys('', ['a'], { a: 1, b: 2 }, faults);
  unknownKeys('lint', ['a'], { c: 1 }, faults);
  assert.equal(faults, ['b: unknown key (known: a)', 'lint.c: unknown key (known: a)']);
});

test.run();
