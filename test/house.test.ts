// The repository checks its own shape: names, tests, arrows, metadata, generated files. Every fault names the file and the repair.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCatalogue, repository } from '../scripts/dev/catalogue.ts';
import { generate, staleFiles } from '../scripts/dev/gen.ts';
import { compiledAssemblies } from '../scripts/dev/gen-assembly.ts';
import {
  arrowFaults,
  defaultExportFaults,
  firstLineFaults,
  lengthFaults,
  machinePathFaults,
  mirrorFaults,
  nameFaults,
  packageFaults,
  readTree,
  reserveFaults,
  runFaults,
} from './helpers/house.ts';
import { afterFaults, describedFaults, messageFaults } from './helpers/house-metadata.ts';

const tree = readTree(repository);
const catalogue = await loadCatalogue();

/** One failure that lists every fault. */
function none(faults: readonly string[]): void {
  assert.ok(faults.length === 0, `${faults.length} faults\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

test('the files of every folder were read', () => {
  for (const path of ['errors.ts', 'pipeline/step.ts', 'lint/rule.ts', 'test/house.test.ts', 'README.md']) assert.ok(tree.has(path), path);
  assert.not.ok([...tree.keys()].some((path) => path.includes('node_modules')));
});

test('every step, rule and report format can be loaded and exports what its file is named after', () => none(catalogue.faults));

test('id = file name; titles, descriptions, options and messages are written', () => none(describedFaults(catalogue)));

test('every source file has its test at the same path', () => none(mirrorFaults(tree)));

test('every test file runs', () => none(runFaults(tree)));

test('indexes, reference pages, JSON Schema and the compiled inner loops are fresh', async () => {
  none(
    staleFiles(new Map([...generate(catalogue), ...(await compiledAssemblies())])).map((path) => `${path}: is stale; run "npm run gen"`),
  );
});

test('imports go down only', () => none(arrowFaults(tree)));

test('processes, console and files only where they belong', () => none(reserveFaults(tree)));

test('after names steps that exist and holds no cycle', () => none(afterFaults(catalogue)));

test('every message of a rule is expected by its test', () => none(messageFaults(catalogue, tree)));

test('no file is too long', () => none(lengthFaults(tree)));

test('names say what is in the file', () => none(nameFaults(tree)));

test('the first line of every file says what it is', () => none(firstLineFaults(tree)));

test('only build.config.ts has a default export', () => none(defaultExportFaults(tree)));

test('no path of a build machine', () => none(machinePathFaults(tree, repository)));

test('package.json names files that exist', () => none(packageFaults(tree)));

test.run();
