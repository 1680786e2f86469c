// What a value says, whatever its type.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { valueNumber, valueText } from '../../image/value-text.ts';
import { type FakeValue, storedValue } from '../helpers/fake-image.ts';

const wide = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

test('text', () => {
  const cases: readonly (readonly [FakeValue, string | undefined])[] = [
    [' a ', 'a'],
    [{ type: 'REG_EXPAND_SZ', data: '%x%' }, '%x%'],
    [['a', 'b'], 'a b'],
    [wide('host\0rest'), 'host'],
    [bytes('host\0'), 'host'],
    [Uint8Array.of(1, 2, 3), undefined],
    [Uint8Array.of(), undefined],
    [5, undefined],
  ];
  for (const [value, text] of cases) assert.is(valueText(storedValue('x', value)), text, JSON.stringify(value));
  assert.is(valueText(undefined), undefined);
});

test('numbers', () => {
  const cases: readonly (readonly [FakeValue, number | undefined])[] = [
    [5, 5],
    [{ type: 'REG_QWORD', data: 7n }, 7],
    [{ type: 'REG_QWORD', data: 2n ** 60n }, undefined],
    ['12', 12],
    ['0x10', 16],
    ['0x', undefined],
    ['text', undefined],
    [Uint8Array.of(1, 1, 0, 0), 257],
    [Uint8Array.of(1), undefined],
  ];
  for (const [value, number] of cases) assert.is(valueNumber(storedValue('x', value)), number, String(value));
  assert.is(valueNumber(undefined), undefined);
});

test.run();
