// Broken answer files: where Setup looks, where the registry points to, and elsewhere.
import { test } from 'uvu';
import { readable } from '../../../rules/answer-file/readable.ts';
import { answer } from '../../helpers/answer-xml.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const GOOD = answer('<ComputerName>*</ComputerName>');
const BROKEN = GOOD.replace('</ComputerName>', '');
const PANTHER = '/Windows/Panther/Unattend.xml';

windowsRuleTester(readable, {
  good: [
    { name: 'a sound file', image: { files: { [PANTHER]: GOOD } } },
    { name: 'broken XML of another kind', image: { files: { '/Users/a/notes.xml': '<a>' } } },
    { name: 'a broken file of another name', image: { files: { '/Users/a/notes.xml': BROKEN } } },
    { name: 'Setup names a file that is not there', image: { SYSTEM: { Setup: { UnattendFile: 'C:\\absent.xml' } } } },
  ],
  bad: [
    {
      name: 'where Setup looks',
      image: { files: { [PANTHER]: BROKEN } },
      findings: [{ messageId: 'broken', at: { file: PANTHER }, says: /line \d+/ }],
    },
    {
      name: 'no answer file at all',
      image: { files: { '/unattend.xml': '<notes/>' } },
      findings: [{ messageId: 'broken', at: { file: '/unattend.xml', line: 1 } }],
    },
    {
      name: 'an empty one',
      image: { files: { '/Autounattend.xml': '' } },
      findings: [{ messageId: 'broken', at: { file: '/Autounattend.xml', line: undefined } }],
    },
    {
      name: 'a copy elsewhere',
      image: { files: { '/deploy/unattend-lab.xml': BROKEN } },
      findings: [{ messageId: 'brokenCopy', severity: 'note', at: { file: '/deploy/unattend-lab.xml' } }],
    },
    {
      name: 'the one that the registry names',
      image: { files: { '/deploy/x.txt': BROKEN }, SYSTEM: { Setup: { UnattendFile: '%SystemDrive%\\deploy\\x.txt' } } },
      findings: [{ messageId: 'broken', at: { file: '/deploy/x.txt' } }],
    },
  ],
});

test.run();
