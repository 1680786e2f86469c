// What every check shares: messages filled in and kept short, grouped names, placeholders.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attributeText, defineCheck, isPlaceholder, listed, settingsElements } from '../../unattend/define-check.ts';
import { parseAnswerFile } from '../../unattend/model.ts';
import { answer } from '../helpers/answer-xml.ts';

const file = parseAnswerFile(Buffer.from(answer('')));
const saying = (name: string | number, times = 1) =>
  defineCheck({
    id: 'made',
    title: 'Made',
    description: 'x',
    messages: { here: '{name} and {other}' },
    look(_, report) {
      for (let at = 0; at < times; at++) report({ messageId: 'here', severity: 'note', at: { line: 1, column: 2 }, data: { name } });
    },
  }).run(file, {});

test('fills the message and keeps what it was filled with', () => {
  assert.equal(saying('x'), [
    { check: 'made', messageId: 'here', severity: 'note', message: 'x and {other}', data: { name: 'x' }, at: { line: 1, column: 2 } },
  ]);
});

test('a message stays one short line whatever the file holds', () => {
  assert.is(saying('a\n\u2028\x1b[31mb')[0]!.message, 'a [31mb and {other}');
  assert.ok(saying('x'.repeat(1e6))[0]!.message.length < 300);
});

test('a check that finds too much is cut', () => assert.is(saying(1, 10_000).length, 200));

test('lists each name once, and counts what is too much', () => {
  assert.is(listed(['A', 'B', 'A']), 'A, B');
  assert.is(listed([...'abcdefgh']), 'a, b, c, d, e, f and 2 more');
});

test('the settings elements and their trimmed attributes', () => {
  const [settings] = settingsElements(parseAnswerFile(Buffer.from(answer('', { pass: ' specialize ' }))));
  assert.is(attributeText(settings!, 'pass'), 'specialize');
  assert.is(attributeText(settings!, 'other'), '');
});

test('placeholders of the usual templates, and what is none', () => {
  for (const text of ['{Name}', '{{ .Name }}', `\${name}`, 'pc-{id}', '%NAME%', '@@name@@', '__NAME__', '[ FILL IN ]', '$name'])
    assert.ok(isPlaceholder(text), text);
  for (const text of ['', '*', 'Name', '50%', 'a@b', 'UTC', '1']) assert.not.ok(isPlaceholder(text), text);
});

test.run();
