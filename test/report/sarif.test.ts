// The SARIF report: valid against the 2.1.0 schema, with paths as URIs, fingerprints and suppressions.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sarif } from '../../report/sarif.ts';
import { assertExpected, cleanResult, sampleContext, sampleResult } from '../helpers/sample-result.ts';
import { sarifFaults } from '../helpers/sarif-schema.ts';

test('a result with one of everything', () => assertExpected('sample.sarif', sarif.render(sampleResult, sampleContext)));

test('reports are valid', () => {
  assert.equal(sarifFaults(sarif.render(sampleResult, sampleContext)), []);
  assert.equal(sarifFaults(sarif.render(cleanResult, sampleContext)), []);
});

test('the schema refuses what is wrong', () => {
  const log = JSON.parse(sarif.render(sampleResult, sampleContext));
  log.runs[0].results[0].level = 'fatal';
  log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = 'not a uri';
  delete log.runs[0].tool.driver.name;
  assert.is(sarifFaults(JSON.stringify(log)).length, 3);
});

test('paths are percent-encoded below the root of their image, odd names included', () => {
  const [run] = JSON.parse(sarif.render(sampleResult, sampleContext)).runs;
  const artifacts = run.results.map(
    (result: never) =>
      (result as { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }).locations[0]!.physicalLocation
        .artifactLocation,
  );
  assert.equal(
    artifacts.map(({ uri }: { uri: string }) => uri),
    [
      'Windows/System32/config/SOFTWARE',
      'Windows/Panther/unattend.xml',
      'Deploy/keys%20%28old%29%20100%25.txt',
      'a%0A%E2%80%AEerror%EF%BF%BD%3Ahid%20den',
      'setup.zip',
      'golden.wim',
      'Tools/%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E.dll',
      'Users/Default/NTUSER.DAT',
    ],
  );
  assert.is(artifacts[0].uriBaseId, 'IMAGE1');
  assert.equal(Object.keys(run.originalUriBaseIds), ['IMAGE1', 'IMAGE2']);
});

test('what could not run and what the allowlist says are notifications, what is allowed is suppressed', () => {
  const [run] = JSON.parse(sarif.render(sampleResult, sampleContext)).runs;
  const [invocation] = run.invocations;
  assert.is(invocation.executionSuccessful, false);
  assert.is(invocation.exitCode, 1);
  assert.equal(
    invocation.toolExecutionNotifications.map(({ level }: { level: string }) => level),
    ['error', 'note'],
  );
  assert.is(invocation.toolConfigurationNotifications.length, 3);
  assert.equal(run.results[2].suppressions, [{ kind: 'external', status: 'accepted', justification: 'expired evaluation keys' }]);
  assert.is(run.results.filter(({ suppressions }: { suppressions?: object }) => suppressions).length, 1);
});

test.run();
