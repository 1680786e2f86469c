// The JUnit report: the golden file, well-formed whatever is in it, and counts that add up.
import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseStringPromise } from 'xml2js';
import { junit } from '../../report/junit.ts';
import { needTools } from '../helpers/need.ts';
import { assertExpected, cleanResult, sampleContext, sampleResult } from '../helpers/sample-result.ts';

const withXmllint = needTools(test, { xmllint: 'libxml2-utils' });
const xml = junit.render(sampleResult, sampleContext);

test('a result with one of everything', () => assertExpected('sample.junit.xml', xml));

test('suites, cases and counts', async () => {
  const { testsuites } = await parseStringPromise(xml);
  assert.equal([testsuites.$.tests, testsuites.$.failures, testsuites.$.errors, testsuites.$.skipped], ['6', '2', '1', '1']);
  const [first, second] = testsuites.testsuite;
  assert.equal(
    first.testcase.map((one: { $: { name: string }; failure?: unknown; error?: unknown }) => [one.$.name, !!one.failure, !!one.error]),
    [
      ['activation/kms-host-policy', true, false],
      ['hygiene/generalized', false, true],
      ['secrets/product-key', true, false],
    ],
  );
  assert.is(second.testcase[1].skipped.length, 1);
  assert.match(first.testcase[2].$.classname, 'wtgforge.secrets');
  assert.match(first.testcase[2]['system-out'][0], 'allowed: expired evaluation keys');
  assert.match(first.testcase[0].failure[0]._, 'repair: Remove the value, or let the step write yours. Step: kms-client.');
});

test('what nobody may miss: an unable rule with an error finding is an error and has its failure, too', async () => {
  const image = sampleResult.images[0]!;
  const outcomes = image.outcomes.map(({ rule }) => ({ rule, outcome: 'unable' as const, reason: 'r' }));
  const { testsuites } = await parseStringPromise(junit.render({ ...sampleResult, images: [{ ...image, outcomes }] }, sampleContext));
  assert.equal([testsuites.$.failures, testsuites.$.errors], ['0', '3']);
  assert.is(testsuites.testsuite[0].testcase[2].failure.length, 1);
});

test('warnings and notes alone leave a case passed, with its output', async () => {
  const image = sampleResult.images[0]!;
  const findings = image.findings.filter(({ severity }) => severity !== 'error');
  const { testsuites } = await parseStringPromise(junit.render({ ...sampleResult, images: [{ ...image, findings }] }, sampleContext));
  assert.is(testsuites.$.failures, '0');
  assert.ok(testsuites.testsuite[0].testcase[0]['system-out']);
});

withXmllint('xmllint finds it well-formed, with names that try not to be', () => {
  const hostile = ']]>&<\u0000\u0008\u202e\ud800\ufffe"\'\n</testsuites>';
  const image = sampleResult.images[0]!;
  const findings = image.findings.map((finding) => ({ ...finding, message: hostile, at: { file: `/${hostile}` } }));
  const result = { ...sampleResult, container: { path: hostile, format: 'wim' as const }, images: [{ ...image, findings }] };
  for (const text of [xml, junit.render(result, sampleContext), junit.render(cleanResult, sampleContext)]) {
    const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], { input: text, encoding: 'utf8' });
    assert.is(status, 0, stderr);
  }
});

test.run();
