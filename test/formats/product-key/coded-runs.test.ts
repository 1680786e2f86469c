// Runs of Base64 and of hexadecimal digits: the same that an expression finds, in any text.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codedRuns } from '../../../formats/product-key/coded-runs.ts';
import { writingSigns } from '../../../formats/product-key/writing-signs.ts';

const BASE64 = /(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{34,8192})={0,2}(?![A-Za-z0-9+/=])/g;
const HEX = /(?<![0-9A-Za-z])(?:0x)?(?:[0-9a-f]{2}){25,}(?![0-9A-Za-z])/gi;
const byExpression = (text: string) => ({
  base64: [...text.matchAll(BASE64)].map((match) => ({ text: match[1]!, index: match.index })),
  hex: [...text.matchAll(HEX)].map((match) => ({ text: match[0], index: match.index })),
});

const piece = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ABxyz019+/'), minLength: 30, maxLength: 90 }),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 46, maxLength: 110 }),
  fc.constantFrom('=', '==', '===', '0x', ' ', '\n', '/', '+', 'é', '\u{1f600}', 'g', 'a=b'),
);

test('as an expression finds them', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      assert.equal(codedRuns(text, 100), byExpression(text));
      const plain = Buffer.from(text, 'latin1');
      assert.equal(codedRuns(plain.toString('latin1'), 100, writingSigns(plain).spans), byExpression(plain.toString('latin1')));
    }),
    { numRuns: 2000 },
  );
});

test('as long as they may be, and as many as are wanted', () => {
  const [least, most] = ['A'.repeat(34), 'B'.repeat(8192)];
  assert.equal(
    codedRuns(`${least} ${least.slice(1)} ${most} ${most}B`, 9).base64.map(({ text }) => text.length),
    [34, 8192],
  );
  assert.equal(codedRuns(`${least} `.repeat(5), 3).base64.length, 3);
  const digits = '41'.repeat(25);
  const { hex } = codedRuns(`0x${digits}/${digits};${digits}4 ${digits}`, 3);
  assert.equal(
    hex.map(({ index }) => index),
    [0, 53, 156],
  );
  assert.equal(codedRuns(`${digits} `.repeat(5), 3).hex.length, 3);
});

test.run();
