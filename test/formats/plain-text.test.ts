// Text of Windows with and without a byte order mark.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { plainText } from '../../formats/plain-text.ts';

const bytes = (text: string, encoding: BufferEncoding) => new Uint8Array(Buffer.from(text, encoding));

test('UTF-16 by its mark and by its zeros, the mark left out', () => {
  assert.is(plainText(bytes('\ufeff[State]', 'utf16le')), '[State]');
  assert.is(plainText(bytes('\ufeff日本', 'utf16le')), '日本');
  assert.is(plainText(bytes('[State]', 'utf16le')), '[State]');
});

test('one byte a character for all else, never an error', () => {
  assert.is(plainText(bytes('[State]\r\nx=ü', 'latin1')), '[State]\r\nx=ü');
  assert.is(plainText(new Uint8Array([0xc3, 0x28, 0xff])), 'Ã(ÿ');
  assert.is(plainText(new Uint8Array()), '');
  assert.is(plainText(new Uint8Array([0x41])), 'A');
});

test('a half character at the end and the middle of a larger buffer', () => {
  assert.is(plainText(bytes('ab', 'utf16le').subarray(0, 3)), 'a');
  assert.is(plainText(bytes('xxab', 'latin1').subarray(2)), 'ab');
});

test.run();
