// Text with offsets: every character keeps its place in the file through any number of rewritings.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MappedBuilder, MappedText, replaceMapped } from '../../../formats/script/mapped.ts';

const whole = (text: string, step = 1) => new MappedText(text, [{ start: 0, offset: 0, step }]);

test('what is kept keeps its offset, what is put in has the offset of what it stands for', () => {
  const text = replaceMapped(whole('a%x%b%y%c'), /%(\w)%/g, ([, name]) => (name === 'x' ? '' : 'long'));
  assert.is(text.text, 'ablongc');
  assert.equal(
    [...text.text].map((_, index) => text.at(index)),
    [0, 4, 5, 5, 5, 5, 8],
  );
});

test('a second rewriting goes back to the file, not to the first', () => {
  const once = replaceMapped(whole('a^b^c', 2), /\^/g, () => '');
  const twice = replaceMapped(once, /b/g, () => 'xx');
  assert.is(twice.text, 'axxc');
  assert.equal(
    [0, 1, 2, 3].map((index) => twice.at(index)),
    [0, 4, 4, 8],
  );
});

test('a match that is left alone, and a text without one', () => {
  const source = whole('abc');
  assert.is(
    replaceMapped(source, /z/g, () => ''),
    source,
  );
  assert.is(
    replaceMapped(source, /b/g, () => undefined),
    source,
  );
  assert.is(replaceMapped(source, /(?=b)/g, () => '-').text, 'a-bc');
});

test('pieces that follow one another are one', () => {
  const builder = new MappedBuilder();
  builder.put('ab', 10, 1);
  builder.put('cd', 12, 1);
  builder.put('', 99, 1);
  assert.is(builder.size, 4);
  const text = builder.done();
  assert.is(text.at(3), 13);
  const taken: string[] = [];
  text.stretches(1, 3, (part) => taken.push(part));
  assert.equal(taken, ['bc']);
});

test('an empty text has no offsets to tell', () => assert.is(new MappedText('', []).at(0), 0));

test('removing any letters leaves the offsets of the others', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.constantFrom('a', 'b', '%', ' '), (text, gone) => {
      const expression = new RegExp(gone, 'g');
      const plain = replaceMapped(whole(text), expression, () => '');
      assert.is(plain.text, text.replace(expression, ''));
      for (let index = 0; index < plain.text.length; index++) assert.is(text[plain.at(index)], plain.text[index]);
    }),
  );
});

test.run();
