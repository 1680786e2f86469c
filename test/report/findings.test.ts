// Groups, counts and what a reader is told beside a message.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../lint/result.ts';
import {
  counted,
  countOf,
  evidenceBeside,
  groupByRule,
  megabytes,
  openFindings,
  outcomesOf,
  repairText,
  toldEntries,
} from '../../report/findings.ts';
import { sampleResult } from '../helpers/sample-result.ts';

const { findings, outcomes } = sampleResult.images[0]!;

test('groups in the order of their first finding, with its severity', () => {
  assert.equal(
    groupByRule(openFindings(findings)).map(({ rule, severity, findings: own }) => [rule, severity, own.length]),
    [
      ['activation/kms-host-policy', 'error', 2],
      ['secrets/product-key', 'error', 5],
    ],
  );
  assert.equal(groupByRule([]), []);
});

test('counts and words', () => {
  assert.is(countOf(findings, 'warning'), 2);
  assert.is(counted(1, 'file'), '1 file');
  assert.is(counted(0, 'file'), '0 files');
  assert.is(megabytes(1_550_000), '1.6 MB');
  assert.is(outcomesOf(outcomes, 'unable').length, 1);
});

test('evidence is told only where message and place do not hold it', () => {
  const of = (message: string, evidence: string) => evidenceBeside({ message, evidence, at: { file: '/a/b.exe' } } as Finding);
  assert.is(of('the host is x, port 7', 'host=x, port=7'), '');
  assert.is(of('the host is x', 'host=x, port=7'), 'host=x, port=7');
  assert.is(of('is bad', 'b.exe'), '');
});

test('a repair names its step', () => {
  assert.is(repairText({}), undefined);
  assert.is(repairText({ repair: { text: 'Do it.' } }), 'Do it.');
  assert.is(repairText({ repair: { text: 'Do it.', step: 's' } }), 'Do it. Step: s.');
});

test('entries to look at, the expired first', () => {
  assert.equal(
    toldEntries(sampleResult.allowlist).map(({ what }) => what),
    ['has expired', 'needs sha256 and until to cover a certain finding', 'covers nothing'],
  );
});

test.run();
