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

test('groups must follow each other, and runs must end', () => {
  assert.equal(said('BBBBB-CCCCC-word-DDDDD-FFFFF-GGGGG'), []);
  assert.equal(said(`x${'A'.repeat(9000)}`), []);
  assert.equal(said(`${'41,'.repeat(20)}end,${'41,'.repeat(20)}`), []);
});

test.run();
