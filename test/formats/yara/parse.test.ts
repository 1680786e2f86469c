// YARA sources taken apart: comments, texts, hex, expressions and conditions stay what they are.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseYara } from '../../../formats/yara/parse.ts';

const SOURCE = String.raw`
import "pe" // rule not_one { condition: true }
/* rule nor_this */
private rule program : tag other { condition: uint16(0) == 0x5A4D }
global rule full
{
  meta:
    author = "condition: } rule x {"
    count = -3
    literal = "a \"text\"\x41"
  strings:
    $a = "one } two" ascii wide nocase
    $b = { 4D 5A [2-4] ?? ( 01 | 02 ) // a comment with }
           /* and { another */ 00 }
    $c = /a\/b[/}]{2}/is fullword
    $ = "anonymous" xor(1-3) private
  condition:
    program and (#a > 2 or $b at 0) and for any of them : ( $ ) and "}" != "{" and pe.name matches /}{/
}`;

test('rules with all that may stand in them', () => {
  const [program, full] = parseYara(SOURCE);
  assert.equal(
    [program!.name, program!.hidden, program!.patterns, program!.condition.join(' ')],
    ['program', true, [], 'uint16 ( 0 ) == 0x5A4D'],
  );
  assert.equal([full!.name, full!.hidden, full!.literals], ['full', false, ['a "text"A']]);
  assert.equal(
    full!.patterns.map(({ id, kind, source, flags, modifiers }) => [
      id,
      kind,
      source.replace(/\s+/g, ' ').trim(),
      flags,
      [...modifiers].join(),
    ]),
    [
      ['a', 'text', 'one } two', '', 'ascii,wide,nocase'],
      ['b', 'hex', '4D 5A [2-4] ?? ( 01 | 02 ) 00', '', ''],
      ['c', 'regex', String.raw`a\/b[/}]{2}`, 'is', 'fullword'],
      ['#3', 'text', 'anonymous', '', 'xor,private'],
    ],
  );
  assert.is(
    full!.condition.join(' '),
    'program and ( #a > 2 or $b at 0 ) and for any of them : ( $ ) and "}" != "{" and pe . name matches',
  );
});

test('texts are bytes', () => {
  const [rule] = parseYara('rule a { strings: $a = "\\x00\\\\\\t\u00e9" condition: $a }');
  assert.is(rule!.patterns[0]!.source, '\x00\\\t\xc3\xa9');
});

test('what is not understood is said, never guessed', () => {
  for (const source of [
    'include "other.yar"',
    'rule',
    'rule a',
    'rule a { strings: $a = "x',
    'rule a { condition: true',
    'rule a { strings: $a = 7 condition: $a }',
    'rule a { condition: f.g(/\\(/) or true }',
    'nonsense',
  ])
    assert.throws(
      () => parseYara(source),
      (error: unknown) => error instanceof FormatError,
      source,
    );
});

test.run();
