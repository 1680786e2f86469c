// 5x5 shaped text in bytes: every alignment and encoding is found, what is glued to a word is not.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { utf16Bytes } from '../../../formats/bytes.ts';
import { type KeyText, scanProductKeys } from '../../../formats/product-key/text-scan.ts';
import { madeKey, madeOldKey } from '../../helpers/product-keys.ts';

function scan(data: Uint8Array | string): readonly KeyText[] {
  const found: KeyText[] = [];
  scanProductKeys(typeof data === 'string' ? Buffer.from(data, 'latin1') : data, (key) => found.push(key));
  return found.sort((a, b) => a.offset - b.offset);
}

const KEY = madeKey(1);
const texts = (data: string) => scan(data).map(({ text }) => text);

test('keys with and without N, in any case, alone and in text', () => {
  assert.equal(texts(KEY), [KEY]);
  assert.equal(texts(madeOldKey(2)), [madeOldKey(2)]);
  assert.equal(texts(`<Key>${KEY.toLowerCase()}</Key>`), [KEY]);
  assert.equal(texts(`${KEY} ${madeKey(2)},${madeKey(3)}`), [KEY, madeKey(2), madeKey(3)]);
});

test('what is glued to letters, digits or dashes is a piece of something longer', () => {
  for (const text of [`A${KEY}`, `${KEY}0`, `${KEY}-`, `-${KEY}`, `z${KEY}`, `${KEY}-BCDFG`]) assert.equal(texts(text), [], text);
  for (const text of [`"${KEY}"`, `_${KEY}_`, `é${KEY}.`, `\0${KEY}\0`]) assert.equal(texts(text), [KEY], text);
});

test('other letters, two N and wrong groups are no keys', () => {
  const [first] = KEY.split('-');
  for (const text of [
    KEY.replace(/^./, 'A'),
    KEY.replace(/.$/, '5'),
    KEY.replaceAll('-', '_'),
    KEY.replaceAll('-', ''),
    `${first}-${first}`,
  ]) {
    assert.equal(texts(text), [], text);
  }
  assert.equal(texts('NBCDF-NBCDF-BCDFG-BCDFG-BCDFG'), []);
});

test('UTF-16LE at even and odd offsets, with its own borders', () => {
  for (let pad = 0; pad < 130; pad++) {
    const [found, ...more] = scan(Buffer.concat([Buffer.alloc(pad, 0xaa), utf16Bytes(`Key="${KEY}"`), Buffer.alloc(pad % 7, 0xbb)]));
    assert.equal({ ...found }, { text: KEY, offset: pad + 10, encoding: 'utf-16le', before: found!.before });
    assert.match(found!.before, /Key="$/);
    assert.is(more.length, 0);
  }
  for (const text of [`x${KEY}`, `${KEY}7`]) assert.equal(scan(utf16Bytes(text)), []);
  assert.is(scan(utf16Bytes(`ü${KEY}ü`)).length, 1);
});

test('UTF-16 of the other order, up to the last letter of the content', () => {
  for (const text of [KEY, `Key=${KEY}`, `Key=${KEY}\r\n`]) {
    const swapped = Buffer.from(utf16Bytes(text)).swap16();
    assert.equal(
      scan(swapped).map((key) => key.text),
      [KEY],
    );
    // A view on a larger buffer: what lies behind it is no part of the content.
    const larger = Buffer.concat([swapped, Buffer.alloc(4, 0x42)]);
    assert.equal(
      scan(new Uint8Array(larger.buffer, larger.byteOffset, swapped.length)).map((key) => key.text),
      [KEY],
    );
  }
  assert.equal(scan(Buffer.from(utf16Bytes(`${KEY}7`)).swap16()), []);
});

test('ASCII at every offset and in long runs of letters and dashes', () => {
  for (let pad = 0; pad < 70; pad++) assert.equal(scan(`${'-B'.repeat(pad)} ${KEY}${'\n'.repeat(pad)}`)[0]?.offset, 2 * pad + 1);
  assert.equal(scan('BCDFG-'.repeat(10_000)), []);
});

test('up to 64 characters before it on the same line', () => {
  assert.is(scan(`other line\r\nProductKey = ${KEY}`)[0]!.before, 'ProductKey = ');
  assert.is(scan(`${'x'.repeat(100)} ${KEY}`)[0]!.before, `${'x'.repeat(63)} `);
  assert.is(scan(utf16Bytes(`a\nslmgr /ipk ${KEY}`))[0]!.before, 'slmgr /ipk ');
  assert.is(scan(`binary\0${KEY}`)[0]!.before, '');
});

test('finds in random bytes exactly what a regular expression finds', () => {
  const letters = fc.constantFrom(...'BCN2-a \0');
  const piece = fc.oneof(fc.string({ unit: letters, maxLength: 40 }), fc.constantFrom(KEY, madeOldKey(1), KEY.toLowerCase()));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      const shape = /(?<![A-Z0-9-])(?:[BCDFGHJKMNPQRTVWXY2346789]{5}-){4}[BCDFGHJKMNPQRTVWXY2346789]{5}(?![A-Z0-9-])/gi;
      const expected = [...text.matchAll(shape)].filter(([found]) => found.toUpperCase().split('N').length <= 2).map(({ index }) => index);
      const ascii = scan(text).filter(({ encoding }) => encoding === 'ascii');
      assert.equal(
        ascii.map(({ offset }) => offset),
        expected,
      );
      assert.equal(
        scan(utf16Bytes(text)).map(({ offset }) => offset / 2),
        expected,
      );
    }),
  );
});

test.run();
