// No text of an image may break, reorder or hide a line of a report.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { printable } from '../../report/printable.ts';

test('ordinary names of any language stay as they are', () => {
  for (const text of ['C:\\Program Files (x86)', 'Überprüfung', 'настройка', '設定', 'a😀b', 'אבג']) assert.is(printable(text), text);
});

test('what is not seen is written out', () => {
  for (const [text, shown] of [
    ['a\nb\r\t', 'a\\u{a}b\\u{d}\\u{9}'],
    ['\x1b[31mred', '\\u{1b}[31mred'],
    ['exe.\u202egpj', 'exe.\\u{202e}gpj'],
    ['a\u2028b\u200bc\ufeff', 'a\\u{2028}b\\u{200b}c\\u{feff}'],
    ['\ud800x', '\\u{d800}x'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\x9b31m', '\\u{9b}31m'],
  ] as const) {
    assert.is(printable(text), shown);
  }
});

test('any text becomes one line without control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.not.match(printable(text), /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u);
    }),
  );
});

test.run();
