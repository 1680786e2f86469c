// Loading and checking a config: good ones, foreign ones, broken ones, every mistake at once.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { loadConfig } from '../../pipeline/load-config.ts';
import { withScratch } from '../../tools/scratch.ts';

async function load(text: string, name = 'build.config.ts') {
  return withScratch(async (folder) => {
    await writeFile(join(folder, name), text);
    return { folder, config: await loadConfig(join(folder, name)) };
  });
}

async function refusal(text: string): Promise<ConfigError> {
  const error = await load(text).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, ConfigError);
  return error as ConfigError;
}

const head = `import { defineConfig, defineStep } from 'wtgforge';
const hello = defineStep({ id: 'hello', title: 'Hello', description: 'Says hello',
  options: { name: { type: 'string', description: 'whom', required: true }, times: { type: 'integer', description: 'how often', default: 1, min: 1 } }, run() {} });
const last = defineStep({ id: 'last', title: 'Last', description: 'd', options: {}, after: ['hello'], run() {} });
`;

test('a TypeScript config loads from any folder; its paths start at its own', async () => {
  const { config, folder } = await load(
    `${head}const edition: string = 'Enterprise';
export default defineConfig({ image: { path: 'in.wim', edition }, output: { path: '/out.wim' }, steps: [hello({ name: 'x' }), last()] });`,
  );
  assert.is(config.image.path, join(folder, 'in.wim'));
  assert.is(config.output.path, '/out.wim');
  assert.equal(
    config.steps.map(({ step }) => step.id),
    ['hello', 'last'],
  );
});

test('a plain JavaScript config loads, too', async () => {
  const { config } = await load(
    `import { defineConfig } from 'wtgforge';
export default defineConfig({ image: { path: 'a' }, output: { path: 'b' }, steps: [] });`,
    'golden.config.mjs',
  );
  assert.equal(config.steps, []);
});

test('all mistakes are named with their paths, at once', async () => {
  const error =
    await refusal(`${head}export default defineConfig({ image: { path: 'a', index: 0, kind: 1 }, output: { path: '', images: 'some' },
  steps: [last(), hello({ times: 0, nmae: 'x' }), 7, hello({ name: 'x' })], lnit: {}, lint: { kmsHosts: ['bad host'], allow: [{ rule: 'a/b', at: '/x', until: '2027-02-30' }] } } as any);`);
  assert.is(error.code, 'CONFIG_INVALID');
  const faults = error.message
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(': ')[0]);
  assert.equal(faults, [
    'lnit',
    'image.kind',
    'image.index',
    'output.path',
    'output.images',
    'steps[1] (hello).nmae',
    'steps[1] (hello).name',
    'steps[1] (hello).times',
    'steps[2]',
    'steps[3]',
    'steps[0]',
    'lint.kmsHosts[0]',
    'lint.allow[0].reason',
    'lint.allow[0].until',
  ]);
});

test('a config of another tool with the same file name is called what it is', async () => {
  for (const text of ['export default { entries: ["./src/index"] };', 'export const a = 1;', 'export default 7;', '']) {
    const error = await refusal(text);
    assert.is(error.code, 'CONFIG_FOREIGN');
    assert.match(error.hint!, 'defineConfig');
  }
});

test('a config that throws or does not parse is one line', async () => {
  for (const text of ['throw new Error("no such share");', 'export default defineConfig({', 'import "not-installed-anywhere";']) {
    const error = await refusal(text);
    assert.is(error.code, 'CONFIG_FAILED');
    assert.is(error.message.split('\n').length, 1);
  }
});

test('an absent config and a folder are refused', async () => {
  await withScratch(async (folder) => {
    for (const path of [join(folder, 'absent.ts'), folder]) {
      const error = await loadConfig(path).catch((reason: unknown) => reason);
      assert.is((error as ConfigError).code, 'CONFIG_ABSENT');
    }
  });
});

test.run();
