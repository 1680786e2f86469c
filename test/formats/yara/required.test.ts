// What a condition demands: the texts without which it cannot hold, and nothing where one cannot tell.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { requiredTexts } from '../../../formats/yara/required.ts';

const STRINGS = 'strings: $first = "first text" $first2 = "1st second" $other = "other text" $short = "MZ"';

/** The texts, sorted and cut to five letters; undefined when there are none. */
function demanded(condition: string, before = '', meta = ''): readonly string[] | undefined {
  const { byRule } = requiredTexts(`${before}\nrule tested { ${meta} ${STRINGS} condition: ${condition} }`);
  assert.is(byRule.has('tested'), true);
  const forms = byRule.get('tested')?.forms.map((form) => Buffer.from(form).toString('latin1'));
  return (
    forms &&
    [
      ...new Set(forms.map((form) => ['first text', '1st second', 'other text', 'named text'].find((text) => text.includes(form)) ?? form)),
    ].sort()
  );
}

test('one text, some texts', () => {
  for (const condition of [
    '$first',
    '$first at 0',
    '$first in (0..100)',
    '#first > 0',
    '#first >= 2',
    '#first == 1',
    '($first)',
    '1 of ($first)',
  ])
    assert.equal(demanded(condition), ['first text'], condition);
  for (const condition of [
    'any of ($first*)',
    'all of ($first*)',
    '2 of ($first, $first2)',
    'any of ($first*) in (0..9)',
    '$first or $first2',
  ])
    assert.equal(demanded(condition), ['1st second', 'first text'], condition);
});

test('and, or, brackets', () => {
  assert.equal(demanded('uint16(0) == 0x5A4D and $first'), ['first text']);
  assert.equal(demanded('filesize < 1MB and ($first or ($other and not $first2))'), ['first text', 'other text']);
  assert.equal(demanded('$short and $other'), ['other text']);
  assert.is(demanded('$short or $other'), undefined);
});

test('conditions that hold without a text, or that are not looked through', () => {
  for (const condition of [
    'true',
    'any of them', // $short is one of them
    'not $first',
    'none of them',
    '0 of ($first)',
    '50% of ($first*)',
    '$first or filesize > 5',
    '#first < 3',
    '#first == 0',
    '#first + 1 > 0',
    'for any of ($first*) : ( not $ )',
    'defined $first',
    '@first[1] > 5',
    `${'('.repeat(100)}$first${')'.repeat(100)}`,
  ])
    assert.is(demanded(condition), undefined, condition);
});

test('other rules demand what they demand', () => {
  const before =
    'private rule other { strings: $other = "other text" condition: $other } private rule program { condition: uint8(0) == 1 }';
  assert.equal(demanded('other', before), ['other text']);
  assert.is(demanded('program', before), undefined);
  assert.equal(demanded('program and $first', before), ['first text']);
  assert.equal([...requiredTexts(before).byRule], []);
});

test('what the author names counts, in both encodings', () => {
  assert.is(demanded('true', '', 'meta: literal = "named text"')?.includes('named text'), true);
  assert.is(demanded('true', '', 'meta: literal = "short"'), undefined);
});

test.run();
