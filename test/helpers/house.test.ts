// The house rules find what they are for: each is given a small tree with one fault beside a good file.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Catalogue } from '../../scripts/dev/catalogue.ts';
import {
  arrowFaults,
  codeOf,
  defaultExportFaults,
  firstLineFaults,
  importsOf,
  lengthFaults,
  machinePathFaults,
  mirrorFaults,
  nameFaults,
  packageFaults,
  reserveFaults,
  runFaults,
  type Tree,
} from './house.ts';
import { afterFaults, describedFaults, messageFaults } from './house-metadata.ts';

const tree = (files: Readonly<Record<string, string>>): Tree => new Map(Object.entries(files));

/** Each fault begins with the path of its file. */
function faulty(faults: readonly string[], files: readonly string[]): void {
  assert.equal(
    faults.map((fault) => fault.slice(0, fault.indexOf(':'))),
    files,
  );
}

test('imports are seen in every way to write them, and not in comments or strings', () => {
  const text = [
    "import { a } from './a.ts';",
    "import type {\n  B,\n  C,\n} from './b.ts';",
    "import './c.ts';",
    'export { d } from "./d.ts";',
    "export * from './e.ts';",
    "const f = await import('./f.ts');",
    "// import { no } from './comment.ts';",
    "/* from './block.ts' */",
  ].join('\n');
  assert.equal(importsOf(text), ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts']);
});

test('code is what is left without comments and strings', () => {
  assert.not.match(codeOf("// console.log\nconst a = 'console.log(1)'; /* console.log */ const b = `console.log`;"), 'console');
  assert.match(codeOf("const url = 'https://x';\nconsole.log(url);"), 'console.log(url)');
});

test('arrows: down, to the contracts and to errors is good; up, sideways and to a brother step is not', () => {
  const good = {
    'cli/main.ts': "import '../pipeline/build.ts';",
    'pipeline/build.ts': "import '../lint/lint.ts'; import '../errors.ts';",
    'steps/a.ts': "import '../pipeline/step.ts'; import '../image/draft.ts';",
    'steps/index.ts': "import './a.ts';",
    'image/open.ts': "import './containers/wim.ts'; import '../lint/secret.ts';",
  };
  faulty(arrowFaults(tree(good)), []);
  const bad = {
    'steps/b.ts': "import './a.ts';",
    'rules/x/one.ts': "import { two } from '../x/two.ts';",
    'formats/wim/a.ts': "import type { Tool } from '../../tools/tool.ts';",
    'image/a.ts': "import '../pipeline/build.ts';",
    'unattend/a.ts': "import '../image/image.ts';",
    'lint/a.ts': "import '../index.ts';",
  };
  faulty(arrowFaults(tree({ ...good, ...bad })), Object.keys(bad));
});

test('reserved: processes in tools, console in cli, no files and no clock in formats and unattend', () => {
  const good = {
    'tools/a.ts': "import { $ } from 'zx/core';",
    'cli/main.ts': 'console.log(1); process.exitCode = 1;',
    'scripts/dev/a.ts': "import { spawnSync } from 'node:child_process'; console.log(1);",
    'image/a.ts': "import { readFile } from 'node:fs/promises'; // console.log",
    'formats/b.ts': 'const at = new Date(0);',
  };
  faulty(reserveFaults(tree(good)), []);
  const bad = {
    'image/b.ts': "import { spawn } from 'node:child_process';",
    'image/c.ts': "import { $ } from 'zx';",
    'steps/a.ts': 'console.error(1);',
    'pipeline/a.ts': 'process.exit(1);',
    'formats/a.ts': "import { readFileSync } from 'node:fs';",
    'unattend/a.ts': 'const now = Date.now();',
    'index.ts': 'console.log(1);',
  };
  faulty(reserveFaults(tree({ ...good, ...bad })), Object.keys(bad));
});

test('mirror: code needs a test, types and plain constants do not, a test needs its source', () => {
  const files = {
    'formats/z/assembly/loops.ts': 'export const z = 1;',
    'formats/a.ts': 'export function a() {}',
    'test/formats/a.test.ts': 'test.run();',
    'formats/types.ts': 'export interface A {}\nexport const SIZE = 16 * 1024;\nexport const NAME = "x";',
    'steps/index.ts': 'export const steps = [a];',
    'formats/b.ts': 'export const b = (x: number) => x;',
    'tools/c.ts': 'export async function c() {}',
    'lint/d.ts': 'export class D {}',
    'test/lint/gone.test.ts': 'test.run();',
    'test/lint/topic.test.ts': "import { D } from '../../lint/d.ts'; test.run();",
    'test/e2e/build.test.ts': 'test.run();',
  };
  faulty(mirrorFaults(tree(files)), ['formats/b.ts', 'tools/c.ts', 'lint/d.ts', 'test/lint/gone.test.ts']);
});

test('run: a test file that never runs is found, a mention in a comment does not count', () => {
  const files = { 'test/a.test.ts': 'test.run();\n', 'test/b.test.ts': 'suite.run()\n', 'test/c.test.ts': '// test.run();\n' };
  faulty(runFaults(tree(files)), ['test/c.test.ts']);
});

test('length: 300 lines, 400 in formats', () => {
  const lines = (count: number) => 'x\n'.repeat(count);
  const files = { 'image/a.ts': lines(300), 'image/b.ts': lines(301), 'formats/a.ts': lines(400), 'formats/b.ts': lines(401) };
  faulty(lengthFaults(tree(files)), ['image/b.ts', 'formats/b.ts']);
});

test('names: drawers and capitals are refused, helpers stand in test', () => {
  const good = {
    'test/helpers/fake-image.ts': '',
    'build.config.ts': '',
    'formats/base-block.ts': '',
    'image/basement.ts': 'class Baseline {}',
  };
  faulty(nameFaults(tree(good)), []);
  const bad = {
    'image/utils.ts': '',
    'image/hive-helper.ts': '',
    'common/a.ts': '',
    'image/wimReader.ts': '',
    'image/a.ts': 'class WimManager {}',
  };
  faulty(nameFaults(tree({ ...good, ...bad })), Object.keys(bad));
});

test('first line: one sentence', () => {
  const good = { 'a.ts': '// What it is.\n', 'cli/main.ts': '#!/usr/bin/env node\n// The words in.\n' };
  const bad = { 'b.ts': 'export {};\n', 'c.ts': '// no sentence\n', 'd.ts': '//\n', 'e.ts': '' };
  faulty(firstLineFaults(tree({ ...good, ...bad })), Object.keys(bad));
});

test('default exports: only the config', () => {
  const files = {
    'build.config.ts': 'export default 1;',
    'a.ts': 'export default 1;',
    'b.ts': 'export { a as default };',
    'c.ts': '// export default\n',
  };
  faulty(defaultExportFaults(tree(files)), ['a.ts', 'b.ts']);
});

test('machine paths: absolute paths of a person or of this checkout', () => {
  const home = ['', 'home', 'jane', 'x'].join('/');
  const own = ['', 'srv', 'checkout'].join('/');
  const good = { 'a.md': 'see https://example.org/home/page, ./home/x, /Users/Default/NTUSER.DAT', 'b.ts': "'/Windows/System32'" };
  faulty(machinePathFaults(tree(good), '/x/'), []);
  faulty(machinePathFaults(tree({ ...good, 'c.md': `in ${home}`, 'd.ts': `'${own}/y'` }), `${own}/`), ['c.md', 'd.ts']);
});

test('package.json: exports, commands and scripts lead to files', () => {
  const text =
    '{"bin":{"x":"dist/cli/main.js"},"exports":{".":{"types":"./dist/index.d.ts"}},"scripts":{"gen":"node scripts/dev/gen.ts --check"}}';
  faulty(packageFaults(tree({ 'package.json': text, 'cli/main.ts': '', 'index.ts': '', 'scripts/dev/gen.ts': '' })), []);
  const faults = packageFaults(tree({ 'package.json': text, 'index.ts': '' }));
  assert.equal(
    faults.map((fault) => /names (\S+),/.exec(fault)?.[1]),
    ['cli/main.ts', 'scripts/dev/gen.ts'],
  );
});

const entry = (id: string, item: object) => ({
  id,
  file: `steps/${id}.ts`,
  name: id,
  item: { id, title: 'Does it', description: 'It.', options: {}, ...item },
});
const catalogue = (parts: Partial<Record<keyof Catalogue, unknown>>): Catalogue =>
  ({ steps: [], rules: [], formats: [], faults: [], ...parts }) as Catalogue;

test('metadata: id, title, description and options', () => {
  faulty(describedFaults(catalogue({ steps: [entry('good', { options: { a: { type: 'string', description: 'A' } } })] })), []);
  const steps = [
    entry('other', { id: 'another' }),
    entry('stop', { title: 'Does it.' }),
    entry('lines', { title: 'Does\nit' }),
    entry('mute', { description: ' ' }),
    entry('option', { options: { a: { type: 'string', description: '' } } }),
  ];
  faulty(describedFaults(catalogue({ steps })), ['steps/other.ts', 'steps/stop.ts', 'steps/lines.ts', 'steps/mute.ts', 'steps/option.ts']);
});

test('metadata of rules: why, repair, and a step that there is', () => {
  const rule = (more: object) => ({ ...entry('r', { messages: {}, why: 'w', repair: { text: 'r' }, ...more }), file: 'rules/f/r.ts' });
  const steps = [entry('good', {})];
  faulty(describedFaults(catalogue({ steps, rules: [rule({}), rule({ repair: { text: 'r', step: 'good' } })] })), []);
  const bad = [{ why: ' ' }, { repair: undefined }, { description: 'a\n\n**Repair.** b' }, { repair: { text: 'r', step: 'bad' } }];
  for (const more of bad) faulty(describedFaults(catalogue({ steps, rules: [rule(more)] })), ['rules/f/r.ts']);
});

test('after: unknown names and cycles', () => {
  const good = [entry('a', {}), entry('b', { after: ['a'] }), entry('c', { after: ['a', 'b'] })];
  faulty(afterFaults(catalogue({ steps: good })), []);
  const bad = [entry('x', { after: ['y'] }), entry('y', { after: ['x'] }), entry('z', { after: ['nobody'] })];
  faulty(afterFaults(catalogue({ steps: [...good, ...bad] })), ['steps/x.ts', 'steps/y.ts', 'steps/z.ts']);
});

test('messages: each is expected by the test of its rule', () => {
  const rules = [{ ...entry('f/r', { messages: { seen: 'A', unseen: 'B' } }), file: 'rules/f/r.ts' }];
  const faults = messageFaults(catalogue({ rules }), tree({ 'test/rules/f/r.test.ts': "findings: [{ messageId: 'seen' }]" }));
  assert.is(faults.length, 1);
  assert.match(faults[0]!, /^rules\/f\/r\.ts: .*"unseen"/);
});

test.run();
