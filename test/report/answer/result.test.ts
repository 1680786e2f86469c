// The verdict over several answer files: what could not be read stands above what was found.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerVerdict, countOf } from '../../../report/answer/result.ts';
import { cleanFiles, rejectedFiles, sampleFiles } from '../../helpers/sample-answer.ts';

test('unreadable beats an error beats nothing; warnings and notes reject nothing', () => {
  assert.is(answerVerdict(sampleFiles), 'undecided');
  assert.is(answerVerdict(rejectedFiles), 'rejected');
  assert.is(answerVerdict(cleanFiles), 'accepted');
  const mild = rejectedFiles.map((file) => ({ ...file, findings: file.findings.filter(({ severity }) => severity !== 'error') }));
  assert.is(answerVerdict(mild), 'accepted');
  assert.equal([countOf(mild, 'error'), countOf(mild, 'warning'), countOf(mild, 'note')], [0, 1, 1]);
});

test.run();
