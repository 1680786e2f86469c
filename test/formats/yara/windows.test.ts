// The texts that stand for a pattern: rare ones, few ones, long ones, in each encoding that the pattern allows.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { YaraPattern } from '../../../formats/yara/model.ts';
import { rarestWords } from '../../../formats/yara/shares.ts';
import { better, either, FORM_BYTES_MIN, literalsOf, literalsOfText } from '../../../formats/yara/windows.ts';

function forms(kind: YaraPattern['kind'], source: string, ...modifiers: string[]): readonly string[] | undefined {
  const found = literalsOf({ id: 'a', kind, source, flags: '', modifiers: new Set(modifiers) });
  return found?.forms.map((form) => Buffer.from(form).toString('latin1'));
}

test('a text in one or both encodings', () => {
  assert.equal(forms('text', 'KmsPid'), ['kmspid']);
  assert.equal(forms('text', 'KmsPid', 'wide'), ['k m s p i d ']);
  assert.equal(forms('text', 'KmsPid', 'ascii', 'wide'), ['kmspid', 'k m s p i d ']);
});

test('what is too short is nothing, and nothing of one encoding is nothing at all', () => {
  assert.is(forms('text', 'KMS38'), undefined);
  assert.equal(
    forms('text', 'KMS38', 'wide'),
    ['k m s 3 8 '.slice(0, 8)].map(() => forms('text', 'KMS38', 'wide')![0]!),
  );
  assert.is(forms('text', 'KMS38', 'ascii', 'wide'), undefined);
  assert.is(forms('hex', '01 02 03 04 05 ?? 06 07 08 09 0A'), undefined);
});

test('small classes and repeats are written out around a fixed part', () => {
  assert.equal(forms('regex', '[ab]fixed'), ['afixed', 'bfixed']);
  const varied = forms('regex', 'fixed[xy]{0,2}zz');
  for (const match of ['fixedzz', 'fixedxzz', 'fixedyzz', 'fixedxyzz', 'fixedyyzz'])
    assert.ok(
      varied?.some((form) => match.includes(form)),
      match,
    );
  assert.is(forms('regex', '[0-9]{5}-[0-9]{5}'), undefined);
  assert.equal(forms('regex', 'first text|other text')?.length, 2);
  assert.is(forms('regex', 'first text|x'), undefined);
});

test('the rarer part of a long text', () => {
  const [form] = literalsOf({
    id: 'a',
    kind: 'hex',
    source: '00 00 00 00 00 00 00 00 00 00 00 00 13 37 99 A1 A2 A3 A4 A5 A6 A7 A8 A9 00 00',
    flags: '',
    modifiers: new Set(),
  })!.forms;
  const { at } = rarestWords(form!);
  assert.not.ok(form!.subarray(at, at + 7).includes(0x20));
});

test('sets are joined and chosen by cost', () => {
  const [rare, plain] = [literalsOfText('\x01\x02\x03\x04\x05\x06\x07')!, literalsOfText('restoration')!];
  assert.ok(rare.forms.every((form) => form.length >= FORM_BYTES_MIN));
  assert.is(better(plain, rare), rare);
  assert.is(better(undefined, rare), rare);
  assert.is(either([rare, plain])?.forms.length, 4);
  assert.is(either([rare, undefined]), undefined);
  assert.is(either([]), undefined);
});

test.run();
