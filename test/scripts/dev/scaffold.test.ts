// New steps and rules: what the templates give passes the house rules, type-checks and runs, but for one placeholder case.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Rule } from '../../../lint/rule.ts';
import type { Step } from '../../../pipeline/step.ts';
import { type Catalogue, repository } from '../../../scripts/dev/catalogue.ts';
import { type Kind, lay, ScaffoldError, scaffold } from '../../../scripts/dev/scaffold.ts';
import { withExample } from '../../helpers/example.ts';
import {
  arrowFaults,
  firstLineFaults,
  lengthFaults,
  machinePathFaults,
  mirrorFaults,
  nameFaults,
  reserveFaults,
  runFaults,
} from '../../helpers/house.ts';
import { afterFaults, describedFaults, messageFaults } from '../../helpers/house-metadata.ts';

const CASES: readonly { kind: Kind; id: string; source: string; name: string }[] = [
  { kind: 'step', id: 'wifi-profile-2', source: 'steps/wifi-profile-2.ts', name: 'wifiProfile2' },
  { kind: 'rule', id: 'secrets/wifi-psk', source: 'rules/secrets/wifi-psk.ts', name: 'wifiPsk' },
];

for (const { kind, id, source, name } of CASES) {
  test(`a new ${kind} passes the house rules and fails in its placeholder alone`, async () => {
    const files = scaffold(kind, id, '/nowhere');
    assert.equal([...files.keys()], [source, `test/${source.replace('.ts', '.test.ts')}`]);
    for (const check of [arrowFaults, firstLineFaults, lengthFaults, mirrorFaults, nameFaults, reserveFaults, runFaults])
      assert.equal(check(files), []);
    assert.equal(machinePathFaults(files, repository), []);
    for (const [path, text] of files) assert.is(formatted(path, text), text, `${path} is not formatted`);

    await withExample(files, async (example) => {
      assert.is(example.types(), '');
      const item = (await example.import(source))[name];
      const entry = { id, file: source, name, item: kind === 'step' ? (item as { step: Step }).step : (item as Rule) };
      const catalogue = { steps: [], rules: [], formats: [], views: [], faults: [], [`${kind}s`]: [entry] } as unknown as Catalogue;
      assert.equal([...describedFaults(catalogue), ...afterFaults(catalogue), ...messageFaults(catalogue, files)], []);
      const { status, output } = example.run();
      assert.is(status, 1, output);
      assert.is(output.match(/FAIL/g)?.length, 1, output);
      assert.match(output, /FAIL.*placeholder/s);
      assert.match(output, /Passed: +[2-9]/);
    });
  });
}

function formatted(path: string, text: string): string {
  const biome = join(repository, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(process.execPath, [biome, 'check', '--write', `--stdin-file-path=${path}`], {
    cwd: repository,
    input: text,
    encoding: 'utf8',
  });
  return run.stdout || run.stderr;
}

function refused(kind: Kind, id: string | undefined, message: RegExp, root = '/nowhere'): void {
  assert.throws(
    () => scaffold(kind, id, root),
    (error: unknown) => error instanceof ScaffoldError && message.test(error.message) && !error.message.includes('\n'),
    `${kind} ${id} should be refused with ${message}`,
  );
}

test('ids that could not work are refused in one line', () => {
  for (const id of ['KmsClient', 'kms_client', 'kms client', '-kms', 'kms-', '2kms', '../kms', 'a/b', 'kms.ts', 'kms\n'])
    refused('step', id, /not an id of a step/);
  for (const id of ['wifi-psk', 'a/b/c', '/psk', 'secrets/', 'Secrets/psk', '../x/y']) refused('rule', id, /not an id of a rule/);
  for (const id of ['index', 'kms-helper', 'utils']) refused('step', id, /says nothing/);
  refused('rule', 'common/psk', /says nothing/);
  refused('step', 'delete', /word of the language/);
  refused('step', undefined, /id is missing.*new:step/);
  refused('rule', '', /id is missing.*new:rule/);
});

test('files that exist are refused before anything is written', () => {
  const root = mkdtempSync(join(tmpdir(), 'wtgforge-new-'));
  try {
    mkdirSync(join(root, 'test/steps'), { recursive: true });
    writeFileSync(join(root, 'test/steps/taken.test.ts'), '');
    refused('step', 'taken', /^test\/steps\/taken\.test\.ts: exists already/, root);
    assert.not.ok(existsSync(join(root, 'steps')));
    lay(scaffold('rule', 'family/free', root), root);
    assert.equal(readdirSync(join(root, 'rules/family')), ['free.ts']);
    refused('rule', 'family/free', /^rules\/family\/free\.ts: exists already/, root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test.run();
