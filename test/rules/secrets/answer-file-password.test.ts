// Passwords in answer files: in clear, in Base64, blank, scrubbed; wherever a copy may lie.
import { test } from 'uvu';
import type { Severity } from '../../../lint/rule.ts';
import { answerFilePassword } from '../../../rules/secrets/answer-file-password.ts';
import { encodePassword } from '../../../unattend/password.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PASSWORD = `made-${Math.random().toString(36).slice(2)}`;
const value = (text: string, plain = true) => `<Value>${text}</Value><PlainText>${plain}</PlainText>`;
const administrator = (inner: string) => `<UserAccounts><AdministratorPassword>${inner}</AdministratorPassword></UserAccounts>`;
const logon = (inner: string) => `<AutoLogon><Enabled>true</Enabled><Username>a</Username><Password>${inner}</Password></AutoLogon>`;
/** The setting stands in line 5. */
const answer = (setting: string, pass = 'oobeSystem') =>
  `<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend">
  <settings pass="${pass}">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64">
      ${setting}
    </component>
  </settings>
</unattend>`;
const PANTHER = '/Windows/Panther/unattend.xml';
const bad = (name: string, path: string, content: string | Uint8Array, messageId: string, severity: Severity, line = 5) => ({
  name,
  image: { files: { [path]: content } },
  findings: [{ messageId, at: { file: path, line }, severity }],
  never: [PASSWORD, encodePassword('Password', PASSWORD)],
});

windowsRuleTester(answerFilePassword, {
  good: [
    { name: 'no password', image: { files: { [PANTHER]: answer('<ComputerName>*</ComputerName>') } } },
    { name: 'scrubbed by Setup', image: { files: { [PANTHER]: answer(administrator(value('*SENSITIVE*DATA*DELETED*'))) } } },
    {
      name: 'another XML file with a password element',
      image: { files: { '/Windows/Panther/other.xml': '<config><Password>text</Password></config>', '/oobe.xml': '<FirstExperience/>' } },
    },
    {
      name: 'a broken file made to be slow',
      image: { files: { [PANTHER]: `<unattend><Password>${' '.repeat(3_000_000)}` } },
    },
    { name: 'a broken file that is no answer file', image: { files: { '/broken.xml': '<a><Password>x</Password' } } },
    {
      name: 'an answer file in a place that nobody looks at',
      image: { files: { '/Users/a/notes.xml': answer(administrator(value('x'))) } },
    },
    { name: 'Setup names a file that is not there', image: { SYSTEM: { Setup: { UnattendFile: 'C:\\absent.txt' } } } },
  ],
  bad: [
    bad('in clear', PANTHER, answer(administrator(value(PASSWORD))), 'plain', 'error'),
    bad('in clear, declared hidden', PANTHER, answer(administrator(value(PASSWORD, false))), 'plain', 'error'),
    bad(
      'in Base64',
      '/Windows/System32/Sysprep/unattend.xml',
      answer(logon(value(encodePassword('Password', PASSWORD), false))),
      'encoded',
      'error',
    ),
    bad('in the root', '/Autounattend.xml', answer(logon(value(PASSWORD))), 'plain', 'error'),
    bad('beside scripts', '/Windows/Setup/Scripts/sub/a.xml', answer(logon(value(PASSWORD))), 'plain', 'error'),
    bad('in $OEM$', '/sources/$OEM$/$$/x.xml', answer(logon(value(PASSWORD))), 'plain', 'error'),
    bad('in any file of such a name', '/deploy/unattend-lab.xml', answer(logon(value(PASSWORD))), 'plain', 'error'),
    bad(
      'in UTF-16',
      PANTHER,
      new Uint8Array(Buffer.from(`\ufeff${answer(logon(value(PASSWORD))).replace('utf-8', 'utf-16')}`, 'utf16le')),
      'plain',
      'error',
    ),
    bad(
      'of a domain join',
      PANTHER,
      answer(`<Identification><Credentials><Password>${PASSWORD}</Password></Credentials></Identification>`, 'specialize'),
      'plain',
      'error',
    ),
    bad('in a file that is not well-formed', PANTHER, answer(administrator(value(PASSWORD))).replace('</unattend>', ''), 'plain', 'error'),
    bad('a blank one for the administrator', PANTHER, answer(administrator(value(''))), 'blankAdministrator', 'warning'),
    bad(
      'a blank one in Base64',
      PANTHER,
      answer(administrator(value(encodePassword('AdministratorPassword', ''), false))),
      'blankAdministrator',
      'warning',
    ),
    bad('a blank one for a user', PANTHER, answer(logon(value(''))), 'blank', 'note'),
    {
      name: 'in the file that the registry names',
      image: {
        files: { '/deploy/answers.txt': answer(logon(value(PASSWORD))) },
        SYSTEM: { Setup: { UnattendFile: 'C:\\deploy\\answers.txt' } },
      },
      findings: [{ messageId: 'plain', at: { file: '/deploy/answers.txt', line: 5 } }],
    },
    {
      name: 'several in one file',
      image: { files: { [PANTHER]: answer(`${administrator(value(PASSWORD))}\n${logon(value(PASSWORD))}`) } },
      findings: [
        {
          messageId: 'plain',
          at: { file: PANTHER, line: 5 },
          says: 'Microsoft-Windows-Shell-Setup/UserAccounts/AdministratorPassword holds',
        },
        { messageId: 'plain', at: { file: PANTHER, line: 6 } },
      ],
    },
  ],
});

test.run();
