// What one pass over the bytes says of possible writings of a key: each has its sign, and usual text has none.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writingSigns } from '../../../formats/product-key/writing-signs.ts';
import { madeKey } from '../../helpers/product-keys.ts';

const KEY = madeKey(44);
const said = (text: string | Uint8Array) => {
  const { signs } = writingSigns(typeof text === 'string' ? Buffer.from(text) : text);
  return Object.entries(signs).flatMap(([name, is]) => (is ? [name] : []));
};

test('a sign for each writing', () => {
  assert.equal(said(`"${KEY.replaceAll('-', '')}"`), ['loose']);
  assert.equal(said(KEY), ['loose']);
  assert.equal(said(KEY.replaceAll('-', '%2D')), ['escapes']);
  assert.equal(said(KEY.replaceAll('-', '&ndash;')), ['escapes']);
  assert.equal(said(Buffer.from(KEY).toString('base64')), ['base64']);
  assert.equal(said(Buffer.from(KEY).toString('hex')), ['base64']);
  assert.equal(said([...Buffer.from(KEY)].map((one) => one.toString(16)).join(',')), ['numbers']);
  assert.equal(said([...Buffer.from(KEY)].map((one) => `0x${one.toString(16)}`).join(', ')), ['numbers']);
  assert.equal(said(Buffer.from(KEY).join(' ')), ['numbers']);
  assert.equal(said(KEY.replaceAll('-', '\u2013')), ['loose', 'foreign']);
  assert.equal(said(Buffer.from('ab', 'utf16le')), ['foreign']);
  assert.equal(said(KEY.replace(/./g, '$&\u200b')), ['foreign']);
});

test('numbers of two digits in hexadecimal, of up to three in decimal', () => {
  for (const digit of '0123456789abcdefABCDEF') assert.equal(said(`${digit}${digit},`.repeat(30)), ['numbers'], digit);
  for (const word of ['gg', '0g', 'abc', 'F']) assert.equal(said(`${word},`.repeat(30)), [], word);
  for (const word of ['7', '123', '0x1f', 'word']) assert.equal(said(`${word},`.repeat(30)), ['numbers'], word);
});

test('where letters of Base64 stand, of 34 and more', () => {
  const runs = ['A'.repeat(33), 'B'.repeat(34), 'C'.repeat(9000), 'z+/9'.repeat(10)];
  const text = `${runs.join(' ')}`;
  const { spans } = writingSigns(Buffer.from(text));
  const found = [];
  for (let at = 0; at < spans.length; at += 2) found.push(text.slice(spans[at], spans[at + 1]));
  assert.equal(found, runs.slice(1));
});

test('usual text has none', () => {
  assert.equal(
    said('The quick brown fox jumps over the lazy dog – “twice”, says Zoë. 12, 13, 14; AT&amp;T; /usr/share/doc/x.txt\r\n'.repeat(40)),
    [],
  );
  assert.equal(said(''), []);
});

test('the same wherever it stands in a large content', () => {
  const escapes = KEY.replaceAll('-', '%2D');
  const coded = Buffer.from(KEY).toString('base64').replaceAll('=', '');
  const numbers = Buffer.from(KEY).join(' ');
  // As much is looked at in one go.
  const border = 262_142;
  for (const [text, signs] of [
    [KEY, ['loose']],
    [escapes, ['escapes']],
    [coded, ['base64']],
    [numbers, ['numbers']],
    [KEY.replaceAll('-', '\u2013'), ['loose', 'foreign']],
  ] as const) {
    const bytes = Buffer.from(text);
    for (let at = border - bytes.length - 2; at <= border + 2; at++) {
      const content = Buffer.alloc(at + bytes.length, ' ');
      content.set(bytes, at);
      const found = writingSigns(content);
      assert.equal(
        Object.entries(found.signs).flatMap(([name, is]) => (is ? [name] : [])),
        signs,
        `${text} at ${at}`,
      );
      assert.equal(found.spans, text === coded ? [at, at + bytes.length] : [], `${text} at ${at}`);
    }
  }
});

test('the last byte has none behind it, whatever was searched before', () => {
  const before = Buffer.alloc(262_143, '2');
  for (const size of [262_142, 524_284]) {
    writingSigns(before);
    // Three escapes, and a sign that would be the fourth with a digit behind it.
    const content = Buffer.alloc(size, ' ');
    content.write('%41%42%43%', size - 10);
    assert.is(writingSigns(content).signs.escapes, false);
    content.write('%41%42%43%44', size - 12);
    assert.is(writingSigns(content).signs.escapes, true);
  }
});

test('groups must follow each other, and runs must end', () => {
  assert.equal(said('BBBBB-CCCCC-word-DDDDD-FFFFF-GGGGG'), []);
  assert.equal(said(`x${'A'.repeat(9000)}`), []);
  assert.equal(said(`${'41,'.repeat(20)}end,${'41,'.repeat(20)}`), []);
});

test.run();
