// Which damages are done to a rule and to a signature file, one clause each.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mutantsOfSignatures, mutantsOfSource } from '../../../scripts/dev/mutants.ts';

test('operands, branches, reports, alternatives and entries are dropped one by one', () => {
  const source = `const NAMES = new Set(['a', 'b']);
const PATTERN = /^(?:x|y\\|z|[|])$/;
export const rule = (ctx: Ctx) => {
  if (one && two) ctx.report({ messageId: 'm' });
};
`;
  const mutants = mutantsOfSource(source);
  assert.equal(mutants.map(({ line, what }) => `${line} ${what}`).sort(), [
    "1 drops 'a' of a list",
    "1 drops 'b' of a list",
    '2 drops "[|]" of a pattern',
    '2 drops "x" of a pattern',
    '2 drops "y\\|z" of a pattern',
    '4 drops "&& two"',
    '4 drops "one &&"',
    "4 drops the report { messageId: 'm' }",
    '4 never takes "if (one && two)"',
  ]);
  assert.ok(mutants.some(({ text }) => text.includes('/^(?:y\\|z|[|])$/')));
  assert.ok(mutants.some(({ text }) => text.includes('/^(?:x|y\\|z)$/')));
  assert.ok(mutants.some(({ text }) => text.includes('if (one) ctx')));
  for (const { text } of mutants) assert.not.equal(text, source);
});

test('words of a list and of a pattern in a text are dropped; the same damage twice is numbered', () => {
  const hole = ['$', "{c.join('|')}"].join('');
  const mutants = mutantsOfSource(
    `const a = \`x| \n y z\`.split('|');\nconst b = new RegExp(\`^(?<n>p|q)${hole}\`);\nf(1 && 2, 1 && 2);\n`,
  );
  assert.equal(
    mutants.map(({ line, what }) => `${line} ${what}`),
    [
      '1 drops "x" of a list',
      '2 drops "y z" of a list',
      '3 drops "p" of a pattern',
      '3 drops "q" of a pattern',
      '4 drops "&& 2"',
      '4 drops "1 &&"',
      '4 drops "&& 2" #2',
      '4 drops "1 &&" #2',
    ],
  );
  assert.match(mutants[1]!.text, '`x| \n \\u0000`');
  assert.match(mutants[3]!.text, '`^(?<n>p)$');
});

test('a choice takes always the one and always the other; a value loses what stands in for it, and itself', () => {
  const mutants = mutantsOfSource('const a = one ? 1 : 2;\nconst b = one ?? 3;\nconst c = { ...(a === undefined ? {} : { a }) };\n');
  assert.equal(
    mutants.map(({ line, what, text }) => `${line} ${what}: ${text.split('\n')[line - 1]}`),
    [
      '1 takes always "one ?": const a = 1;',
      '1 takes never "one ?": const a = 2;',
      '2 drops "?? 3": const b = one;',
      '2 drops "one ??": const b = 3;',
      '3 takes always "a === undefined ?": const c = { ...({}) };',
    ],
  );
});

test('a list of texts loses one entry at a time; of anything else, and of one text, it stays whole', () => {
  const mutants = mutantsOfSource("const a = ['x', 'y', 'z'];\nconst b = ['x', n];\nconst c = ['x'];\nconst d = new Set([1, 2]);\n");
  assert.equal(
    mutants.map(({ line, what, text }) => `${line} ${what}: ${text.split('\n')[line - 1]}`),
    [
      "1 drops 'x' of a list: const a = ['y', 'z'];",
      "1 drops 'y' of a list: const a = ['x', 'z'];",
      "1 drops 'z' of a list: const a = ['x', 'y'];",
      "4 drops 1 of a set: const d = new Set(['\\u0000', 2]);",
      "4 drops 2 of a set: const d = new Set([1, '\\u0000']);",
    ],
  );
});

test('each string of a signature file is replaced', () => {
  const source =
    'rule a {\n  strings:\n    $one = { 01 02 }\n    $two = "t\\"x" wide\n    $three = /a\\/b/\n  condition:\n    any of them\n}\n';
  assert.equal(
    mutantsOfSignatures(source).map(({ line, what }) => `${line} ${what}`),
    ['3 drops $one', '4 drops $two', '5 drops $three'],
  );
  assert.match(mutantsOfSignatures(source)[1]!.text, '$two = "no file holds this text 0451" wide');
});

test('what is no source is refused', () => assert.throws(() => mutantsOfSource('const = ;'), /cannot be parsed/));

test.run();
