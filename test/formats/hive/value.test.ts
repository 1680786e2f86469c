// Stored bytes and decoded values: both ways where they agree, undefined where they do not.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { utf16Bytes } from '../../../formats/bytes.ts';
import { type DecodedValue, decodeValue, encodeValue } from '../../../formats/hive/value.ts';

const bytes = (...list: number[]) => new Uint8Array(list);

test('text: with and without terminator, with old bytes behind it, empty', () => {
  assert.equal(decodeValue(1, utf16Bytes('Text\0')), { type: 'REG_SZ', data: 'Text' });
  assert.equal(decodeValue(1, utf16Bytes('Text')), { type: 'REG_SZ', data: 'Text' });
  assert.equal(decodeValue(1, utf16Bytes('UTC\0ard Time\0\0')), { type: 'REG_SZ', data: 'UTC' });
  assert.equal(decodeValue(1, bytes()), { type: 'REG_SZ', data: '' });
  assert.equal(decodeValue(2, utf16Bytes('%A%\0')), { type: 'REG_EXPAND_SZ', data: '%A%' });
  assert.is(decodeValue(1, bytes(0x41, 0, 0)), undefined);
  assert.is(decodeValue(2, bytes(0x41)), undefined);
});

test('lists: ends as found in real hives, empty strings in the middle', () => {
  const list = (text: string) => decodeValue(7, utf16Bytes(text));
  assert.equal(list('a\0b\0\0'), { type: 'REG_MULTI_SZ', data: ['a', 'b'] });
  assert.equal(list('a\0b'), { type: 'REG_MULTI_SZ', data: ['a', 'b'] });
  assert.equal(list('a\0\0b\0\0'), { type: 'REG_MULTI_SZ', data: ['a', '', 'b'] });
  assert.equal(list('\0'), { type: 'REG_MULTI_SZ', data: [] });
  assert.equal(list(''), { type: 'REG_MULTI_SZ', data: [] });
  assert.is(decodeValue(7, bytes(0)), undefined);
});

test('numbers of the right size only; other types have no decoded form', () => {
  assert.equal(decodeValue(4, bytes(0xff, 0xff, 0xff, 0xff)), { type: 'REG_DWORD', data: 0xffffffff });
  assert.equal(decodeValue(11, bytes(1, 0, 0, 0, 0, 0, 0, 0x80)), { type: 'REG_QWORD', data: 0x8000000000000001n });
  for (const raw of [bytes(), bytes(1), bytes(1, 0, 0, 0, 0)]) {
    assert.is(decodeValue(4, raw), undefined);
    assert.is(decodeValue(11, raw), undefined);
  }
  for (const type of [5, 6, 8, 9, 10, 12, 0xffff0012]) assert.is(decodeValue(type, bytes(1, 0, 0, 0)), undefined, String(type));
  assert.equal(decodeValue(3, bytes(1, 2)), { type: 'REG_BINARY', data: bytes(1, 2) });
  assert.equal(decodeValue(0, bytes(1, 2)), { type: 'REG_NONE', data: bytes(1, 2) });
});

test('what is encoded is decoded again', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
  const value: fc.Arbitrary<DecodedValue> = fc.oneof(
    text.map((data) => ({ type: 'REG_SZ' as const, data })),
    text.map((data) => ({ type: 'REG_EXPAND_SZ' as const, data })),
    fc.array(text.filter((item) => item !== '')).map((data) => ({ type: 'REG_MULTI_SZ' as const, data })),
    fc.nat(0xffffffff).map((data) => ({ type: 'REG_DWORD' as const, data })),
    fc.bigInt(0n, 2n ** 64n - 1n).map((data) => ({ type: 'REG_QWORD' as const, data })),
    fc.uint8Array().map((data) => ({ type: 'REG_BINARY' as const, data })),
  );
  fc.assert(
    fc.property(value, (given) => {
      const { type, raw } = encodeValue(given);
      assert.equal(decodeValue(type, raw), given);
    }),
  );
});

test('a megabyte of NULs is decoded at once', () => {
  const start = performance.now();
  assert.equal(decodeValue(7, new Uint8Array(1 << 20)), { type: 'REG_MULTI_SZ', data: [] });
  assert.ok(performance.now() - start < 500);
});

test.run();
