// The table of activation codes, and the ways to write a code.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activationCodes, codeOfText } from '../../../formats/activation-code/codes.ts';
import { rules } from '../../../rules/index.ts';
import { steps } from '../../../steps/index.ts';

test('each code stands once, in the one form, with a meaning and a cause', () => {
  const codes = activationCodes();
  assert.ok(codes.length >= 27);
  assert.is(new Set(codes.map(({ code }) => code)).size, codes.length);
  for (const { code, meaning, cause } of codes) {
    assert.is(codeOfText(code), code);
    assert.match(meaning, /\.$/, code);
    assert.match(cause, /\.$/, code);
  }
});

test('what is to be seen with a code is a step or a rule', () => {
  const ids = new Set([...rules, ...steps].map(({ id }) => id));
  assert.equal(
    activationCodes().flatMap(({ code, see }) => see.filter((id) => !ids.has(id)).map((id) => `${code}: ${id}`)),
    [],
  );
});

test('what no first source says is told apart', () => {
  const of = (code: string) => activationCodes().find((one) => one.code === code)!;
  assert.match(of('0xC004F06C').reported!, '4 hours');
  assert.not.match(of('0xC004F06C').cause, /\bhours\b/);
  assert.match(of('0xC004F074').cause, '12288');
});

test('hex in any case, with and without 0x, and both decimal forms are one code', () => {
  for (const text of ['0xC004F074', '0xc004f074', 'C004F074', '-1073418124', '3221549172']) assert.is(codeOfText(text), '0xC004F074', text);
  for (const text of ['0xC004F07', '0xC004F0745', 'kms-client', '', '-2147483649', '4294967296', '0x', 'c004-f074'])
    assert.is(codeOfText(text), undefined, text);
});

test('every 32-bit number and every way to write it agree', () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffff_ffff }), (value) => {
      const code = `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
      assert.is(codeOfText(code), code);
      assert.is(codeOfText(String(value)), code);
      assert.is(codeOfText(String(value | 0)), code);
    }),
  );
});

test.run();
