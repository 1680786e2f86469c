// The report of answer files for people: worst first, and nothing from a file can forge a line of it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerText } from '../../../report/answer/text.ts';
import { cleanFiles, sampleFiles } from '../../helpers/sample-answer.ts';

test('a report with one of everything', () => {
  assert.equal(answerText(sampleFiles, false).split('\n'), [
    'site (1)/unattend.xml',
    '  12:5     error    the pass a\\u{a}b\\u{202e}  passes',
    '  -        warning  no place  elsewhere',
    '  2:3      note     twice  list-order',
    '',
    '/srv/clean.xml: nothing found',
    '',
    'broken.xml: cannot be read',
    '  broken.xml: XML: line 7, column 1: is cut off',
    '',
    '3 files: 1 error, 1 warning, 1 note; 1 could not be read',
    '',
  ]);
  assert.match(answerText(cleanFiles, false), /\n1 file: 0 errors, 0 warnings, 0 notes\n$/);
});

test('colour only when it is asked for, and the same words with it', () => {
  const coloured = answerText(sampleFiles, true);
  assert.match(coloured, '\x1b[31m');
  assert.is(coloured.replace(/\x1b\[\d+m/g, ''), answerText(sampleFiles, false));
});

test.run();
