// Which words of a text are rare: what stands in every file is never chosen where something else is there.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rarestWords } from '../../../formats/yara/shares.ts';

const words = (text: string) => rarestWords(Buffer.from(text, 'latin1'));

test('words away from zeros and from what every text holds', () => {
  assert.is(words('            qzxkwvj').at, 12);
  assert.is(words('zxqjkvw station').at, 0);
});

test('a rare text has a smaller share than a plain one', () => {
  assert.ok(words('zxqjkvw').share < words('station').share);
  assert.ok(words('station').share < words('       ').share);
});

test('six bytes leave no choice', () => {
  assert.is(words('abcdef').at, 0);
  assert.ok(words('abcdef').share > 0);
});

test.run();
