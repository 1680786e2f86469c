// The example config uses every step, and each file that it reads is sound by the parser that the step has for it, or by a grammar.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { driverFacts } from '../../../formats/inf/driver.ts';
import { parseInf } from '../../../formats/inf/inf.ts';
import { parseRegFile } from '../../../formats/reg-file/parse.ts';
import { taskFaults } from '../../../formats/task-xml/check.ts';
import { loadConfig } from '../../../pipeline/load-config.ts';
import { resolveOptions } from '../../../pipeline/options.ts';
import { loadCatalogue, repository } from '../../../scripts/dev/catalogue.ts';
import { checkAnswerFile } from '../../../unattend/check.ts';
import { parseAnswerFile } from '../../../unattend/model.ts';
import { parsePowerShell } from '../../helpers/powershell.ts';

const folder = join(repository, 'scripts/dev/example');
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
const bytes = (path: string) => new Uint8Array(readFileSync(join(folder, path)));
const ending = (end: string) => paths.filter((path) => path.endsWith(end));

/** Steps for programs of the author, which need a mount, and so FUSE, where the demo runs. */
const LEFT_OUT: readonly string[] = ['on-mount'];

test('build.config.ts has every step, and its options are right', async () => {
  const { steps } = await loadConfig(join(repository, 'build.config.ts'));
  const known = (await loadCatalogue()).steps.map(({ id }) => id);
  assert.equal(steps.map(({ step }) => step.id).sort(), known.filter((id) => !LEFT_OUT.includes(id)).sort());
  const faults: string[] = [];
  for (const { step, given } of steps) resolveOptions(step.options, given, step.id, faults);
  assert.equal(faults, []);
});

test('PowerShell, tasks, drivers, .reg files and answer files of the example are sound', async () => {
  assert.equal(
    ['.ps1', '.cmd', '.inf', '.reg'].map((end) => ending(end).length > 0),
    [true, true, true, true],
  );
  for (const path of ending('.ps1')) {
    const { faults, nodes } = await parsePowerShell(readFileSync(join(folder, path), 'utf8'));
    assert.equal([faults, nodes > 20], [[], true], path);
  }
  for (const path of ending('.cmd')) assert.ok(/^(?:[\x20-\x7e]*\r\n)+$/.test(readFileSync(join(folder, path), 'latin1')), path);
  for (const path of ending('.inf')) {
    const { bootCritical, architectures } = driverFacts(parseInf(bytes(path)));
    assert.equal([bootCritical, architectures], [undefined, ['amd64']], path);
  }
  for (const path of ending('.reg')) assert.ok(parseRegFile(bytes(path)).length > 0, path);
  assert.equal(taskFaults(bytes('tasks/inventory.xml')), []);
  assert.equal(checkAnswerFile(parseAnswerFile(bytes('unattend.xml'))), []);
});

test.run();
