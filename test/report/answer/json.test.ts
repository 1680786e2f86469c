// The machine-readable report of answer files: its shape is an interface.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerJson } from '../../../report/answer/json.ts';
import { sampleFiles } from '../../helpers/sample-answer.ts';

test('a report with one of everything', () => {
  assert.equal(JSON.parse(answerJson(sampleFiles)), {
    schema: 'wtgforge/answer@1',
    verdict: 'undecided',
    counts: { error: 1, warning: 1, note: 1 },
    files: [
      {
        path: 'site (1)/unattend.xml',
        findings: [
          { check: 'list-order', messageId: 'twice', severity: 'note', message: 'twice', line: 2, column: 3 },
          { check: 'passes', messageId: 'unknown', severity: 'error', message: 'the pass a\nb\u202e', line: 12, column: 5 },
          { check: 'elsewhere', messageId: 'x', severity: 'warning', message: 'no place' },
        ],
      },
      { path: '/srv/clean.xml', findings: [] },
      { path: 'broken.xml', fault: { message: 'broken.xml: XML: line 7, column 1: is cut off', line: 7, column: 1 }, findings: [] },
    ],
  });
});

test.run();
