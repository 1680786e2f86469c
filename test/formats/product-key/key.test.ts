// Product keys: both ways of base 24, the checksum, what is no key.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { ALPHABET, decodeKey, encodeKey, isPlaceholder, productKeyOf } from '../../../formats/product-key/key.ts';
import { madeKey, madeOldKey } from '../../helpers/product-keys.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

test('the public test vectors decode and encode', () => {
  for (const [bytes, end, group] of [
    ['ec0c00000000a8d27b6e89814f6d0900', '3V66T', 3308],
    ['d71000000000288b1b9eaf44f3d70800', 'Y7XRX', 4311],
  ] as const) {
    const key = decodeKey(hex(bytes))!;
    assert.is(key.text.slice(-5), end);
    assert.is(key.algorithm, 'pkey2009');
    assert.is(key.valid, true);
    assert.is(key.fields?.group, group);
    assert.is(key.fields?.serial, 0);
    assert.equal(encodeKey(key.text), hex(bytes).slice(0, 15));
  }
});

test('zero bytes are a cleared key', () => {
  assert.is(decodeKey(new Uint8Array(16)), undefined);
});

test('bits above the N flag, a short field and a first digit out of range are refused', () => {
  assert.throws(
    () => decodeKey(new Uint8Array(14)),
    (error: Error) => error instanceof FormatError,
  );
  assert.throws(() => decodeKey(hex('000000000000000000000000000010')), /bits above/);
  assert.throws(() => decodeKey(hex('ffffffffffffffffffffffffffff07')), /larger than 25 letters/);
});

test('one changed letter breaks the checksum', () => {
  const text = madeKey(1);
  assert.is(productKeyOf(text).valid, true);
  let caught = 0;
  let tried = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '-' || text[at] === 'N') continue;
    for (const letter of ALPHABET) {
      if (letter === text[at]) continue;
      tried++;
      if (!productKeyOf(text.slice(0, at) + letter + text.slice(at + 1)).valid) caught++;
    }
  }
  assert.is(tried, 24 * 23);
  assert.is(caught, tried);
});

test('a key without an N has nothing to check', () => {
  const key = productKeyOf(madeOldKey(1));
  assert.is(key.algorithm, 'pkey2005');
  assert.is(key.valid, undefined);
  assert.is(key.fields, undefined);
});

test('what is not shaped like a key is refused', () => {
  for (const text of [
    '',
    'XXXXX',
    'ABCDE-FGHIJ-KLMNO-PQRST-UVWXY',
    '12345-67890-12345-67890-12345',
    'NNBBB-CCCCC-DDDDD-FFFFF-GGGGG',
    madeKey(1).toLowerCase(),
  ]) {
    assert.throws(
      () => productKeyOf(text),
      (error: Error) => error instanceof FormatError,
      text,
    );
  }
});

test('placeholders are told from keys', () => {
  for (const text of [
    'XXXXX-XXXXX-XXXXX-XXXXX-XXXXX',
    'NBBBB-BBBBB-BBBBB-BBBBB-BBBBB',
    'BBBBB-CCCCC-DDDDD-FFFFF-GGGGG',
    'BCDFG-HJKMP-QRTVW-XY234-6789B',
    'XY3X4-XY3X4-XY3X4-XY3X4-XY3X4',
  ]) {
    assert.is(isPlaceholder(text), true, text);
  }
  for (let seed = 0; seed < 200; seed++) {
    assert.is(isPlaceholder(madeKey(seed)), false);
    assert.is(isPlaceholder(madeOldKey(seed)), false);
  }
});

test('any bytes: a key that encodes to the same bytes, cleared, or FormatError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 20 }), (bytes) => {
      try {
        const key = decodeKey(bytes);
        if (key) assert.equal(encodeKey(key.text), bytes.slice(0, 15));
      } catch (error) {
        assert.instance(error, FormatError);
      }
    }),
    { numRuns: 500 },
  );
});

test('any key of the alphabet goes there and back', () => {
  const letters = fc.array(fc.constantFrom(...ALPHABET), { minLength: 24, maxLength: 24 });
  fc.assert(
    fc.property(letters, fc.integer({ min: 0, max: 24 }), fc.constantFrom('N', ...ALPHABET), (rest, at, extra) => {
      const whole = [...rest.slice(0, at), extra, ...rest.slice(at)].join('').replace(/(.{5})(?=.)/g, '$1-');
      const bytes = encodeKey(whole);
      const key = decodeKey(bytes);
      assert.is(key?.text ?? 'BBBBB-BBBBB-BBBBB-BBBBB-BBBBB', whole);
    }),
  );
});

test.run();
