// What `npm run gen` writes from a small catalogue: indexes, reference pages, schema; and how it sees what is stale.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defineRule } from '../../../lint/rule.ts';
import { defineStep } from '../../../pipeline/step.ts';
import { type Catalogue, camelCase, loadCatalogue } from '../../../scripts/dev/catalogue.ts';
import { generate, staleFiles } from '../../../scripts/dev/gen.ts';

const first = defineStep({
  id: 'first-step',
  title: 'Does the first thing',
  description: 'Writes a|b.',
  options: {
    host: { type: 'string', required: true, pattern: '[a-z|]+', description: 'A name,\n  or a | b' },
    port: { type: 'integer', default: 1688, min: 1, max: 65535, description: 'A port' },
    modes: { type: 'string[]', oneOf: ['x', 'y'], description: 'Modes' },
    password: { type: 'secret', description: 'A password' },
  },
  run() {},
});
const second = defineStep({ id: 'second', title: 'Does more', description: 'More.', options: {}, after: ['first-step'], run() {} });
const rule = defineRule({
  id: 'family/one-rule',
  title: 'Finds one thing',
  description: 'Looks.',
  severity: 'warning',
  options: {},
  messages: { seen: '{path} was seen' },
  select: {},
  create: () => ({}),
});
const catalogue = {
  steps: [
    { id: 'first-step', file: 'steps/first-step.ts', name: 'firstStep', item: first.step },
    { id: 'second', file: 'steps/second.ts', name: 'second', item: second.step },
  ],
  rules: [{ id: rule.id, file: 'rules/family/one-rule.ts', name: 'oneRule', item: rule }],
  views: [{ id: 'views/one-view', file: 'lint/views/one-view.ts', name: 'oneView', item: { of: 'image' } }],
  formats: [{ id: 'text', file: 'report/text.ts', name: 'text', item: { id: 'text', title: 'Text' } }],
  checks: [{ id: 'list-order', file: 'unattend/checks/list-order.ts', name: 'listOrder', item: { id: 'list-order' } }],
  faults: [],
} as unknown as Catalogue;
const files = generate(catalogue);

test('the indexes export each item by name and all of them as a list', () => {
  const steps = files.get('steps/index.ts')!;
  assert.match(steps, "import { firstStep } from './first-step.ts';");
  assert.match(steps, 'export { firstStep, second };');
  assert.match(steps, 'export const steps: readonly Step[] = [firstStep.step as unknown as Step, second.step as unknown as Step];');
  assert.match(files.get('rules/index.ts')!, "import { oneRule } from './family/one-rule.ts';");
  assert.match(files.get('rules/index.ts')!, 'export const rules: readonly Rule[] = [oneRule as unknown as Rule];');
  assert.match(files.get('report/index.ts')!, 'export const reportFormats: readonly ReportFormat[] = [text];');
  assert.match(files.get('unattend/checks/index.ts')!, 'export const answerChecks: readonly AnswerCheck[] = [listOrder];');
  assert.match(files.get('lint/views/index.ts')!, "import { oneView } from './one-view.ts';");
  assert.match(files.get('lint/views/index.ts')!, 'export const views = { oneView };');
  for (const path of ['steps/index.ts', 'rules/index.ts', 'report/index.ts', 'unattend/checks/index.ts', 'lint/views/index.ts'])
    assert.match(files.get(path)!, /^\/\/ .*npm run gen.*\.$/m);
});

test('an empty catalogue gives indexes that still compile', () => {
  const empty = generate({ steps: [], rules: [], formats: [], checks: [], views: [], faults: [] });
  assert.match(empty.get('steps/index.ts')!, 'export const steps: readonly Step[] = [];');
  assert.match(empty.get('docs/steps.md')!, 'There are none yet.');
});

/** Tables are padded for the eye. */
const squeezed = (path: string) => files.get(path)!.replace(/ {2,}/g, ' ');

test('the pages show title, options, defaults and order; a bar in a text breaks no table', () => {
  const page = squeezed('docs/steps.md');
  for (const line of [
    '- [`first-step`](#first-step): Does the first thing',
    '| `host` | `string`, matches `[a-z\\|]+` | required | A name, or a \\| b |',
    '| `port` | `integer`, 1 to 65535 | `1688` | A port |',
    "| `modes` | list of `'x'` or `'y'` | | Modes |",
    'Stands after `first-step` when the config holds it.',
    'Options: none.',
  ]) {
    assert.ok(page.includes(line), `${line}\nin\n${page}`);
  }
  const rules = squeezed('docs/rules.md');
  assert.match(rules, '[`family/one-rule`](#familyone-rule)');
  assert.match(rules, 'Severity: `warning`');
  assert.match(rules, '| `seen` | {path} was seen |');
});

test('the schema is closed, and is a schema', () => {
  const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(JSON.parse(files.get('docs/options.schema.json')!));
  assert.ok(validate({ steps: { 'first-step': { host: 'abc', modes: ['x'], password: { from: 'env', name: 'PW' } } } }));
  assert.ok(validate({ rules: { 'family/one-rule': {} } }));
  for (const bad of [
    { steps: { 'first-step': {} } },
    { steps: { 'first-step': { host: 'abc', hots: 1 } } },
    { steps: { 'first-step': { host: 'abc', port: 0 } } },
    { steps: { 'first-step': { host: 'abc', modes: ['z'] } } },
    { steps: { 'first-step': { host: 'abc', password: 'hunter2' } } },
    { steps: { third: {} } },
    { rules: { 'family/one-rule': { a: 1 } } },
    { other: {} },
  ]) {
    assert.not.ok(validate(bad), JSON.stringify(bad));
  }
});

function inFolder<T>(contents: ReadonlyMap<string, string>, use: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'wtgforge-gen-'));
  const write = ([path, text]: readonly [string, string]) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const entry of contents) write(entry);
  const clean = () => rmSync(root, { recursive: true, force: true });
  const result = use(root);
  if (result instanceof Promise) return result.finally(clean) as T;
  clean();
  return result;
}

test('stale is what is missing or different', () => {
  assert.equal(
    inFolder(files, (root) => staleFiles(files, root)),
    [],
  );
  const changed = new Map([...files, ['docs/steps.md', 'old']]);
  changed.delete('rules/index.ts');
  assert.equal(
    inFolder(changed, (root) => staleFiles(files, root)),
    ['rules/index.ts', 'docs/steps.md'],
  );
});

test('files that cannot be taken are named with their repair, the others are loaded', async () => {
  const step = (id: string, name: string) =>
    `export const ${name} = { step: { id: '${id}', title: 'T', description: 'D', options: {}, run() {} } };`;
  const contents = new Map([
    ['steps/good-one.ts', step('good-one', 'goodOne')],
    ['steps/wrong-name.ts', step('wrong-name', 'other')],
    ['steps/broken.ts', 'throw new Error("at import");'],
    ['steps/no-step.ts', 'export const noStep = {};'],
    ['rules/a/same.ts', 'export const same = { create() {} };'],
    ['rules/b/same.ts', 'export const same = { create() {} };'],
    ['report/line.ts', 'export const line = 1;'],
    ['report/odd.ts', 'export const strange = { id: "odd", render() {} };'],
    ['package.json', '{"type":"module"}'],
  ]);
  const found = await inFolder(contents, (root) => loadCatalogue(root));
  assert.equal(
    found.steps.map(({ name }) => name),
    ['goodOne'],
  );
  assert.equal(
    found.faults.map((fault) => fault.slice(0, fault.indexOf(':'))),
    ['steps/broken.ts', 'steps/no-step.ts', 'steps/wrong-name.ts', 'report/odd.ts', 'rules/b/same.ts'],
  );
});

test('an id becomes the name of its export', () => {
  assert.equal(['kms-client', 'text', 'a-2b-c'].map(camelCase), ['kmsClient', 'text', 'a2bC']);
});

test.run();
