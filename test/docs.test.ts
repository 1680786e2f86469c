// The examples of the guides are whole files: they type-check, their tests pass, and the links of the pages lead somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { repository } from '../scripts/dev/catalogue.ts';
import { withExample } from './helpers/example.ts';

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(repository, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const text = (page: string) => readFileSync(join(repository, page), 'utf8');

/** The page without code: no link stands there. */
const prose = (page: string) => text(page).replace(/```[\s\S]*?```|`[^`\n]*`/g, '');

/** Code blocks that are marked as a file: `<!-- example: PATH -->`. */
function examples(page: string): Map<string, string> {
  return new Map([...text(page).matchAll(/<!-- example: (\S+) -->\n```ts\n([\s\S]*?)```/g)].map((match) => [match[1]!, match[2]!]));
}

for (const kind of ['step', 'rule']) {
  test(`the example of docs/writing-a-${kind}.md type-checks and its test passes`, async () => {
    const files = examples(`docs/writing-a-${kind}.md`);
    assert.ok(files.size >= 2, 'the guide shows the file and its test');
    await withExample(files, (example) => {
      assert.is(example.types(), '');
      const { status, output } = example.run();
      assert.is(status, 0, output);
      assert.match(output, /Passed: +[2-9]/);
    });
  });
}

test('the config of README.md type-checks', async () => {
  const files = examples('README.md');
  assert.equal([...files.keys()], ['build.config.ts']);
  await withExample(files, (example) => assert.is(example.types(), ''));
});

test('a mistake in an example would be found', async () => {
  const files = new Map([
    ['steps/wrong.ts', "// Wrong.\nimport { defineStep } from '../pipeline/step.ts';\nexport const wrong = defineStep({ id: 5 });\n"],
  ]);
  await withExample(files, (example) => assert.match(example.types(), /steps\/wrong\.ts.*TS2322/s));
});

test('every link between the pages leads to a file', () => {
  const dead = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
      .map((match) => match[1]!)
      .filter((target) => !existsSync(join(repository, dirname(page), target)))
      .map((target) => `${page}: links to ${target}, which is not there`),
  );
  assert.equal(dead, []);
});

test('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
  const unknown = pages.flatMap((page) =>
    [...text(page).matchAll(/npm run ([a-z][\w:]*)/g)].filter((match) => !scripts[match[1]!]).map((match) => `${page}: ${match[0]}`),
  );
  assert.equal(unknown, []);
});

test('the limits of the threat model are those of the code', () => {
  const rows = [...text('docs/threat-model.md').matchAll(/^\|[^|]+\| ([\d,]+) +\| `(\w+)` in `([^`]+)`/gm)];
  assert.ok(rows.length > 20);
  for (const [, limit, name, file] of rows) {
    const source = readFileSync(join(repository, file!), 'utf8');
    const stored = new RegExp(`const ${name} = ([\\d_]+);`).exec(source)?.[1];
    assert.is(stored?.replaceAll('_', ''), limit!.replaceAll(',', ''), `${name} in ${file}`);
  }
});

test.run();
