// Bytes of scripts as text: one text in every encoding that Windows takes, and offsets that hold in each.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeScript } from '../../../formats/script/decode.ts';

const WORD = 'slmgr /ato';
const swapped = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const wide = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const narrow = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));
const bytes = (...parts: readonly (string | readonly number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))));

for (const [name, content, encoding, offset] of [
  ['ASCII', narrow(`x ${WORD}`), 'ascii', 2],
  ['UTF-8 with a mark', narrow(`\ufeffä ${WORD}`), 'utf-8', 6],
  ['UTF-8 without', narrow(`ä ${WORD}`), 'utf-8', 3],
  ['UTF-16LE with a mark', wide(`\ufeffä ${WORD}`), 'utf-16le', 6],
  ['UTF-16LE without', wide(`ä ${WORD}`), 'utf-16le', 4],
  ['UTF-16BE with a mark', swapped(`\ufeffä ${WORD}`), 'utf-16be', 6],
  ['UTF-16BE without', swapped(`ä ${WORD}`), 'utf-16be', 4],
  ['GBK', bytes([0xbc, 0xa4, 0xbb, 0xee, 0x20], WORD), 'gbk', 5],
  ['OEM 866', bytes([0xaa, 0xa0, 0xad, 0xff, 0x20], WORD), 'ibm866', 5],
] as const) {
  test(`${name}: the word and where it stands`, () => {
    const decoded = decodeScript(content);
    assert.is(decoded.encoding, encoding);
    const at = decoded.text.text.indexOf(WORD);
    assert.ok(at >= 0, decoded.text.text);
    assert.is(decoded.text.at(at), offset);
    assert.is(decoded.text.at(at + WORD.length - 1), offset + (WORD.length - 1) * (encoding.startsWith('utf-16') ? 2 : 1));
  });
}

test('letters of GBK are read, and a second byte that looks like ASCII is part of its letter', () => {
  assert.is(decodeScript(bytes([0xbc, 0xa4, 0xbb, 0xee])).text.text, '激活');
  assert.is(decodeScript(bytes([0x81, 0x5e], 'x')).text.text, '乛x');
});

test('zero bytes as padding are dropped, before, between and behind', () => {
  assert.is(decodeScript(bytes([0, 0, 0], 'slm', [0, 0], 'gr', [0, 0, 0, 0])).text.text, 'slmgr');
});

test('full-width letters become plain, and what nobody sees is dropped', () => {
  assert.is(decodeScript(narrow('ｓｌｍｇｒ s\u200bl\u00admgr\u2060')).text.text, 'slmgr slmgr');
  assert.is(decodeScript(wide('\ufeffｓｌmgr\u202e')).text.text, 'slmgr');
});

test('an empty file, an odd byte at the end and bytes of no encoding are text all the same', () => {
  assert.is(decodeScript(new Uint8Array()).text.text, '');
  assert.is(decodeScript(bytes([0xff, 0xfe], 'a', [0], 'b')).text.text, 'a');
  assert.type(decodeScript(bytes([0x80, 0xff, 0xfe, 0x20])).text.text, 'string');
});

test('any bytes give text whose offsets lie in the file', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
      const { text } = decodeScript(content);
      for (let index = 0; index < text.text.length; index++) assert.ok(text.at(index) >= 0 && text.at(index) < content.length);
    }),
  );
});

test.run();
