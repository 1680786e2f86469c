// DER: values, levels, object identifiers; what is no DER.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { derChildren, derValue, oidText } from '../../../formats/asn1/der.ts';
import { FormatError } from '../../../formats/bytes.ts';
import { der, oid } from '../../helpers/make-signature.ts';

test('values of every length of length', () => {
  for (const size of [0, 5, 127, 128, 255, 256, 70_000]) {
    const value = derValue('x', der(0x04, Buffer.alloc(size, 1)));
    assert.is(value.tag, 0x04);
    assert.is(value.body.length, size);
  }
});

test('the values of a sequence, in order', () => {
  const whole = derValue('x', der(0x30, der(0x02, Buffer.from([5])), der(0x31), der(0x04, Buffer.from('ab'))));
  assert.equal(
    derChildren('x', whole).map(({ tag, body }) => [tag, body.length]),
    [
      [0x02, 1],
      [0x31, 0],
      [0x04, 2],
    ],
  );
});

test('object identifiers, those of three first arcs', () => {
  for (const text of ['1.3.6.1.4.1.311.2.1.4', '2.16.840.1.101.3.4.2.1', '0.9.2342', '2.100.3']) {
    if (text !== '2.100.3') assert.is(oidText(derValue('x', oid(text))), text);
  }
  assert.is(oidText({ body: Uint8Array.from([0x81, 0x34, 3]) }), '2.100.3');
});

test('what is no DER is refused: indefinite length, long tags, values past the end', () => {
  for (const bytes of [[0x30, 0x80], [0x1f, 1, 0], [0x04, 5, 1], [0x04, 0x85, 1, 1, 1, 1, 1], [0x04], []])
    assert.throws(() => derValue('x', Uint8Array.from(bytes)));
});

test('any bytes are values or a FormatError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      try {
        for (const child of derChildren('x', derValue('x', bytes))) oidText(child);
      } catch (error) {
        assert.instance(error, FormatError);
      }
    }),
  );
});

test.run();
