// Keys in twenty writings are found, each said as what it is; what only looks like one is not.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keysWritten } from '../../../formats/product-key/written.ts';
import { madeDigitalProductId, madeDigitalProductId4, madeKey, madeOldKey } from '../../helpers/product-keys.ts';

const KEY = madeKey(41);
const hex = (bytes: Uint8Array, between: string, before = '') =>
  [...bytes].map((one) => `${before}${one.toString(16).padStart(2, '0')}`).join(between);
const each = (make: (letter: string) => string) => KEY.replace(/./g, make);
const code = (letter: string) => letter.charCodeAt(0);
const wide = (text: string) => Buffer.from(text, 'utf16le');

const WRITINGS: readonly (readonly [name: string, text: string, how: string])[] = [
  ['no dashes', `k=${KEY.replaceAll('-', '')};`, 'without dashes'],
  ['blanks', KEY.replaceAll('-', ' '), 'with other signs for dashes'],
  ['underscores, lower case', KEY.replaceAll('-', '_').toLowerCase(), 'with other signs for dashes'],
  ['long dashes', KEY.replaceAll('-', '\u2013'), 'with other signs for dashes'],
  ['dashes that do not break', KEY.replaceAll('-', '\u2011'), 'with other signs for dashes'],
  ['dashes with blanks', KEY.replaceAll('-', ' - '), 'with other signs for dashes'],
  ['references', each((one) => `&#${code(one)};`), 'as escapes'],
  ['references in hex', each((one) => `&#x${code(one).toString(16)};`), 'as escapes'],
  ['JSON', each((one) => `\\u00${code(one).toString(16)}`), 'as escapes'],
  ['C', each((one) => `\\x${code(one).toString(16)}`), 'as escapes'],
  ['URL', KEY.replaceAll('-', '%2D'), 'as escapes'],
  ['mail', `${KEY.slice(0, 9)}=\r\n${KEY.slice(9).replaceAll('-', '=2D')}`, 'as escapes'],
  ['signs that nobody sees', each((one) => `${one}\u200b`), 'as escapes'],
  ['named references', KEY.replaceAll('-', '&ndash;').replace(/^./, '$&&shy;'), 'as escapes'],
  ['Base64', `x="${Buffer.from(KEY).toString('base64')}"`, 'in Base64'],
  ['Base64 of two bytes a letter', wide(`key ${KEY}`).toString('base64'), 'in Base64'],
  ['hex', hex(Buffer.from(KEY), ''), 'as hexadecimal numbers'],
  ['hex of C', hex(Buffer.from(KEY), ', ', '0x'), 'as hexadecimal numbers'],
  ['a .reg file', `"Key"=hex(1):${hex(wide(KEY), ',').replace(/^(.{60},)/, '$1\\\r\n  ')}`, 'as hexadecimal numbers'],
  ['a stored value in C, with nothing between', hex(madeDigitalProductId(KEY), '', '\\x'), 'as hexadecimal numbers, as a stored value'],
  ['a stored value of Basic', hex(madeDigitalProductId(KEY), ', ', '&H'), 'as hexadecimal numbers, as a stored value'],
  ['numbers', Buffer.from(KEY).join(', '), 'as numbers'],
  ['a stored value', `"DigitalProductId"=hex:${hex(madeDigitalProductId(KEY), ',')}`, 'as hexadecimal numbers, as a stored value'],
  [
    'a stored value of the newer form',
    Buffer.from(madeDigitalProductId4('Retail', KEY)).toString('base64'),
    'in Base64, as a stored value',
  ],
];

for (const [name, text, how] of WRITINGS) {
  test(`found: ${name}`, () => {
    assert.equal(
      keysWritten(text).map((one) => [one.key.text, one.how]),
      [[KEY, how]],
    );
  });
}

test('what is plain, without a checksum, glued to something, or nothing at all', () => {
  const broken = `${KEY.slice(0, -1)}${KEY.endsWith('B') ? 'C' : 'B'}`;
  for (const text of [
    KEY,
    madeOldKey(4).replaceAll('-', ''),
    broken.replaceAll('-', ''),
    `X${KEY.replaceAll('-', '')}`,
    `${KEY.replaceAll('-', '')}Y`,
    KEY.replace('-', ' '), // dashes of two kinds are no way to write one
    Buffer.from(broken).toString('base64'),
    '{6F9619FF-8B86-D011-B42D-00C04FC964FF}',
    '300, 301, 302, '.repeat(12),
  ])
    assert.equal(keysWritten(text), [], text);
});

test('says where, and each key once', () => {
  const bare = KEY.replaceAll('-', '');
  assert.equal(
    keysWritten(`ab ${bare} ${bare}`).map(({ index }) => index),
    [3],
  );
});

test('never throws, and is quiet about any text', () => {
  fc.assert(fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => keysWritten(text).length === 0));
  fc.assert(fc.property(fc.base64String({ maxLength: 400 }), (text) => keysWritten(text).length === 0));
});

test('a text of one megabyte made to be slow ends', () => {
  for (const part of ['B', 'BB-', '41,', 'A+', '0x4', '&#66;', '\\u0042 ', '66, ']) keysWritten(part.repeat(1_000_000 / part.length));
});

test.run();
