// YARA-X in this process: hits with offsets and meta, bounded matches, errors that name the file.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { compileYara } from '../../tools/yara.ts';

test('hits with rule, meta and the offsets of strings; private rules are not told', async () => {
  const scanner = await compileYara(
    `private rule program { condition: uint16(0) == 0x5A4D }
     rule found { meta: level = "strong" weight = 3 strings: $a = "abc" nocase wide ascii condition: program and $a }`,
    'test.yar',
  );
  const data = Buffer.concat([Buffer.from('MZ'), Buffer.from('abc..'), Buffer.from('ABC', 'utf16le')]);
  assert.equal(scanner.scan(data), [
    {
      rule: 'found',
      meta: { level: 'strong', weight: 3 },
      strings: [
        { id: '$a', offset: 2, length: 3 },
        { id: '$a', offset: 7, length: 6 },
      ],
    },
  ]);
  assert.equal(scanner.scan(data.subarray(1)), []);
  assert.equal(scanner.scan(new Uint8Array(data.buffer, data.byteOffset, data.length)).length, 1);
  assert.equal(scanner.scan(new Uint8Array()), []);
});

test('matches of one pattern are bounded', async () => {
  const scanner = await compileYara('rule a { strings: $a = "a" condition: $a }', 'test.yar');
  assert.is(scanner.scan(Buffer.alloc(1_000_000, 'a'))[0]!.strings.length, 100);
});

test('a source that does not compile, or reaches for other files', async () => {
  for (const source of ['rule a { condition: unknown }', 'rule a {', 'include "/etc/passwd"']) {
    try {
      await compileYara(source, 'mine.yar');
      assert.unreachable(source);
    } catch (error) {
      assert.instance(error, ToolError);
      assert.is((error as ToolError).code, 'YARA_SOURCE');
      assert.match((error as ToolError).message, /^mine\.yar: does not compile \(.*E\d{3}.*\)$/);
      assert.not.match((error as ToolError).message, 'root:');
    }
  }
});

test.run();
