// The .reg text that hivexregedit gets: order, escapes, removals.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nameFault, regText } from '../../../formats/hive/reg-text.ts';

test('removals first, then keys in the order given, values as hex of their type', () => {
  const text = regText(
    'HIVE',
    ['Old\\Key'],
    [
      { path: '', set: [{ name: '', type: 1, raw: new Uint8Array([0x41, 0, 0, 0]) }], remove: [] },
      { path: 'A', set: [], remove: ['', 'gone "x"'] },
      { path: 'A\\B', set: [{ name: 'a\\b"c', type: 0xffff0012, raw: new Uint8Array() }], remove: [] },
    ],
  );
  assert.is(
    text,
    [
      'Windows Registry Editor Version 5.00',
      '',
      '[-HIVE\\Old\\Key]',
      '',
      '[HIVE]',
      '@=hex(1):41,00,00,00',
      '',
      '[HIVE\\A]',
      '@=-',
      '"gone \\"x\\""=-',
      '',
      '[HIVE\\A\\B]',
      '"a\\\\b\\"c"=hex(ffff0012):',
      '',
      '',
    ].join('\n'),
  );
});

test('names that the text cannot carry', () => {
  for (const name of ['a\nb', 'a\rb', 'a\0b', '\ud800', 'x\udc00']) assert.ok(nameFault(name), JSON.stringify(name));
  for (const name of ['', 'plain', 'ü "x" \\', '=-', '\ud83d\ude00']) assert.is(nameFault(name), undefined, name);
});

test.run();
