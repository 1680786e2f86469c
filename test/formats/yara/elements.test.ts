// Patterns as rows of places: what a place can hold, and what nobody can say.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesOf, elementsOf, folded } from '../../../formats/yara/elements.ts';
import type { YaraPattern } from '../../../formats/yara/model.ts';

const pattern = (kind: YaraPattern['kind'], source: string, ...modifiers: string[]): YaraPattern => ({
  id: 'a',
  kind,
  source,
  flags: '',
  modifiers: new Set(modifiers),
});

/** `ab`: bytes; `?`: any byte; `{2,3}`: how often; `…`: anything. */
function told(kind: YaraPattern['kind'], source: string): string | undefined {
  const rows = elementsOf(pattern(kind, source));
  return rows
    ?.map((row) =>
      row
        .map(({ bytes, min, max }) => {
          if (!bytes && min === 0 && max === Number.POSITIVE_INFINITY) return '…';
          const text = bytes ? String.fromCharCode(...bytes) : '?';
          const times = min === 1 && max === 1 ? '' : `{${min},${max}}`;
          return bytes && bytes.length > 1 ? `[${text}]${times}` : text + times;
        })
        .join(''),
    )
    .join(' | ');
}

test('letters are folded', () => {
  assert.is(folded(0x41), 0x61);
  assert.is(folded(0), 0x20);
  assert.equal(
    bytesOf('Ab').map(({ bytes }) => bytes),
    [[0x61], [0x62]],
  );
});

test('hex', () => {
  assert.is(told('hex', ' 61 62 ?? 6? [2] [1-3] [4-] [-] ~61 63 '), 'ab??' + '?{2,2}?{1,3}?{4,Infinity}…?c');
  assert.is(told('hex', '61 ( 62 | 63 ( 64 | 65 ) ) 66'), 'a…f');
});

test('expressions', () => {
  assert.is(told('regex', String.raw`\x41b\.[xyX]{2,3}c?`), 'ab.[xy]{2,3}c{0,1}');
  assert.is(told('regex', String.raw`a.[^b]\w\d\s`), 'a???[0123456789][)*+,- ]');
  assert.is(told('regex', String.raw`^a\bb$`), 'ab');
  assert.is(told('regex', 'ab|cd'), 'ab | cd');
  assert.is(told('regex', 'a(bc)(d|e)(fg)+h+?'), 'abc……h{1,Infinity}');
});

test('what two languages read in two ways is anything, or nothing is said at all', () => {
  assert.is(told('regex', String.raw`x\ay`), 'x…y'); // a bell in one, a letter in the other
  assert.is(told('regex', 'x\u00e9y'), 'x……y');
  assert.is(told('regex', 'xy{,3}'), undefined);
  assert.is(told('regex', '(?i)xy'), undefined);
  assert.is(elementsOf(pattern('text', 'secret', 'xor')), undefined);
  assert.is(elementsOf(pattern('text', 'secret', 'base64wide')), undefined);
});

test.run();
