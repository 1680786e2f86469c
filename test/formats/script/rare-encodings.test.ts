// UTF-32 and UTF-7: what they say, and that other bytes are left alone.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { utf7Text, utf32Text } from '../../../formats/script/rare-encodings.ts';

const utf32 = (text: string, little: boolean) => {
  const codes = [...text].map((one) => one.codePointAt(0)!);
  const bytes = Buffer.alloc(4 * codes.length);
  for (const [at, code] of codes.entries()) little ? bytes.writeUInt32LE(code, 4 * at) : bytes.writeUInt32BE(code, 4 * at);
  return new Uint8Array(bytes);
};

test('UTF-32 of either order, with and without a mark', () => {
  for (const little of [true, false]) {
    assert.is(utf32Text(utf32('key: Ω', little)), 'key: Ω');
    assert.is(utf32Text(utf32('\ufeffkey', little)), 'key');
  }
});

test('bytes that are no UTF-32', () => {
  assert.is(utf32Text(Buffer.from('ascii text, not wide')), undefined);
  assert.is(utf32Text(Buffer.from('abcd', 'utf16le')), undefined);
  assert.is(utf32Text(new Uint8Array([0x41, 0, 0, 0, 0x41, 0, 0, 0x7f])), undefined);
  assert.is(utf32Text(new Uint8Array([0x41, 0, 0, 0])), undefined);
  assert.is(utf32Text(new Uint8Array([0x41, 0, 0, 0, 0x42, 0, 0, 0, 1])), undefined);
});

test('UTF-7: shifted parts, a plus sign, and text without any', () => {
  assert.is(utf7Text('a+AC0-b'), 'a-b');
  assert.is(utf7Text('+AEEAQgBD-'), 'ABC');
  assert.is(utf7Text('1 +- 1'), '1 + 1');
  assert.is(utf7Text('no shift'), 'no shift');
});

test('neither ever throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
      utf32Text(bytes);
      utf7Text(text);
    }),
  );
});

test.run();
