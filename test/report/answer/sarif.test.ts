// The SARIF report of answer files: valid against the schema, with regions, addresses and what could not be read.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerSarif } from '../../../report/answer/sarif.ts';
import { cleanFiles, rejectedFiles, sampleChecks, sampleFiles } from '../../helpers/sample-answer.ts';
import { sarifFaults } from '../../helpers/sarif-schema.ts';

const tool = { name: 'wtgforge', version: '1.2.3' };
const render = (files = sampleFiles) => answerSarif(files, sampleChecks, tool);

test('reports are valid, whatever they hold', () => {
  for (const files of [sampleFiles, rejectedFiles, cleanFiles, []]) assert.equal(sarifFaults(render(files)), []);
});

test('each finding has its rule, level, place and an identity of its own', () => {
  const [run] = JSON.parse(render()).runs;
  assert.equal(
    run.tool.driver.rules.map(({ id }: { id: string }) => id),
    ['answer-file/passes', 'answer-file/list-order'],
  );
  assert.is(run.tool.driver.rules[0].fullDescription.text, 'Looks at passes.');
  const [first, second, third] = run.results;
  assert.equal([first.ruleId, first.ruleIndex, first.level], ['answer-file/list-order', 1, 'note']);
  assert.equal(second.locations, [
    {
      physicalLocation: {
        artifactLocation: { uri: 'site%20%281%29/unattend.xml' },
        region: { startLine: 12, startColumn: 5 },
      },
    },
  ]);
  assert.is(second.message.text, 'the pass a\\u{a}b\\u{202e}');
  assert.is(third.ruleIndex, undefined);
  assert.not.ok('region' in third.locations[0].physicalLocation);
  const identities = run.results.map((result: { partialFingerprints: object }) => JSON.stringify(result.partialFingerprints));
  assert.is(new Set(identities).size, 3);
});

test('an absolute path becomes a file address; what could not be read is a notification with its place', () => {
  const moved = rejectedFiles.map((file) => ({ ...file, path: '/srv/a b.xml' }));
  const [run] = JSON.parse(render(moved)).runs;
  assert.is(run.results[0].locations[0].physicalLocation.artifactLocation.uri, 'file:///srv/a%20b.xml');
  assert.equal([run.invocations[0].executionSuccessful, run.invocations[0].exitCode], [true, 1]);
  const [broken] = JSON.parse(render()).runs;
  const [invocation] = broken.invocations;
  assert.equal([invocation.executionSuccessful, invocation.exitCode], [false, 2]);
  assert.is(invocation.toolExecutionNotifications[0].locations[0].physicalLocation.region.startLine, 7);
});

test.run();
