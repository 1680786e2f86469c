// Stored forms of registry values and how they are shown.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RegistryValue } from '../../image/image.ts';
import { sameStored, showValue, storedValue, typeOf, valueFault } from '../../image/registry-value.ts';

const CASES: readonly { value: RegistryValue; type: number; raw: string; shown: string }[] = [
  { value: { type: 'REG_SZ', data: 'aß' }, type: 1, raw: '6100df000000', shown: '"aß"' },
  { value: { type: 'REG_EXPAND_SZ', data: '' }, type: 2, raw: '0000', shown: '""' },
  { value: { type: 'REG_BINARY', data: Uint8Array.of(1, 2) }, type: 3, raw: '0102', shown: 'hex 0102' },
  { value: { type: 'REG_DWORD', data: 0xfffffffe }, type: 4, raw: 'feffffff', shown: '4294967294' },
  { value: { type: 'REG_MULTI_SZ', data: ['a', 'b'] }, type: 7, raw: '6100000062000000' + '0000', shown: '["a","b"]' },
  { value: { type: 'REG_QWORD', data: 2n ** 40n }, type: 11, raw: '0000000000010000', shown: '1099511627776' },
];

for (const { value, type, raw, shown } of CASES) {
  test(`${value.type} has the stored form of Windows`, () => {
    const stored = storedValue('n', value);
    assert.is(stored.type, type);
    assert.is(Buffer.from(stored.raw).toString('hex'), raw);
    assert.is(showValue(stored), shown);
    assert.is(valueFault(value), undefined);
  });
}

test('what a type cannot hold is said with the type', () => {
  assert.match(valueFault({ type: 'REG_DWORD', data: 2 ** 32 }) ?? '', /^REG_DWORD takes .*4294967295$/);
  assert.match(valueFault({ type: 'REG_QWORD', data: -1n }) ?? '', /^REG_QWORD /);
  assert.match(valueFault({ type: 'REG_MULTI_SZ', data: ['a\0b'] }) ?? '', /^REG_MULTI_SZ /);
  assert.is(valueFault({ type: 'REG_DWORD', data: 2 ** 32 - 1 }), undefined);
  assert.is(valueFault({ type: 'REG_QWORD', data: 2n ** 64n - 1n }), undefined);
});

test('the same bytes of another type are another value', () => {
  const text = storedValue('n', { type: 'REG_SZ', data: 'a' });
  assert.ok(sameStored(storedValue('n', { type: 'REG_SZ', data: 'a' }), text));
  assert.not(sameStored(storedValue('n', { type: 'REG_EXPAND_SZ', data: 'a' }), text));
  assert.not(sameStored(storedValue('n', { type: 'REG_SZ', data: 'A' }), text));
  assert.not(sameStored(undefined, text));
});

test('a value that could not be decoded shows its size; its type is known by name or by number', () => {
  const undecoded = (type: number) => ({ name: 'n', type, raw: new Uint8Array(12), decoded: undefined });
  assert.is(showValue(undecoded(8)), '12 bytes');
  assert.is(typeOf(undecoded(8)), 'REG_RESOURCE_LIST');
  assert.is(typeOf(undecoded(0xffff0012)), 'type 4294901778');
  assert.is(typeOf(storedValue('n', { type: 'REG_MULTI_SZ', data: [] })), 'REG_MULTI_SZ');
  assert.is(showValue(storedValue('n', { type: 'REG_BINARY', data: new Uint8Array(33) })), '33 bytes');
});

test('passwords and product keys are masked, what only sounds like one is not', () => {
  const shown = (name: string, data: string) => showValue(storedValue(name, { type: 'REG_SZ', data }));
  assert.is(shown('DefaultPassword', 'hunter2'), '(redacted)');
  assert.is(shown('BackupProductKeyDefault', 'x'), '(redacted)');
  assert.is(showValue(storedValue('DigitalProductId', { type: 'REG_BINARY', data: Uint8Array.of(1) })), '(redacted)');
  assert.is(shown('Note', 'BCDFG-HJKMP-QRTVW-XY234-67893'), '"*****-*****-*****-*****-67893"');
  assert.is(shown('TokenStore', 'C:\\x'), '"C:\\\\x"');
  assert.is(shown('PasswordExpiryWarning', '5'), '"5"');
  assert.is(showValue(storedValue('AutoPassword', { type: 'REG_DWORD', data: 1 })), '1');
});

test.run();
