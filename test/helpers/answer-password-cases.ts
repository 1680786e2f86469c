// Passwords in answer files that are damaged or in parts, and in the file that the registry names.
import type { answerFilePassword } from '../../rules/secrets/answer-file-password.ts';
import { administrator, answer, bad, FINDINGS_MAX, inOrder, logon, PANTHER, PASSWORD, value } from './answer-password.ts';
import type { BadCase } from './rule-tester.ts';

type Cases = readonly BadCase<typeof answerFilePassword>[];

export const damagedCases: Cases = [
  ...(['utf16le', 'utf16be'] as const).flatMap((order) =>
    [`\ufeff`, ''].map((mark) =>
      bad(
        `in a damaged file in ${order}${mark && ' with its mark'}`,
        PANTHER,
        inOrder(`${mark}<unattend><!-- a comment\n -->\n<Password><![CDATA[${PASSWORD}]]></Password`, order),
        'plain',
        'error',
        3,
      ),
    ),
  ),
  {
    name: 'in a file that Setup is told to read and that cannot be read',
    image: { files: { '/torn.dat': { content: 'x', unreadable: 'is torn' } }, SYSTEM: { Setup: { UnattendFile: 'C:\\torn.dat' } } },
    findings: [],
    unable: '/torn.dat: is torn',
  },
  ...['My copy', 'AZ'].map((first) =>
    bad(
      `in a note that begins as a program does not: ${first}`,
      '/deploy/unattend.txt',
      `${first}\n<unattend><Password><Value>${PASSWORD}</Value></Password></unattend>`,
      'plain',
      'error',
      2,
    ),
  ),
  bad(
    'in a damaged part, by its namespace',
    '/parts/a.xml',
    `<component xmlns="urn:schemas-microsoft-com:unattend">\n<Password><Value>${PASSWORD}</Value></Password>`,
    'plain',
    'error',
    2,
  ),
  bad(
    'in a part whose namespace is written in character references',
    '/parts/a.xml',
    `<component xmlns="urn:schemas-microsoft-com:un&#97;ttend">\n<Password><Value>${PASSWORD}</Value></Password></component>`,
    'plain',
    'error',
    2,
  ),
  bad(
    'in a damaged file, between comments that look like CDATA',
    PANTHER,
    `<unattend><!-- <![CDATA[ -->\n<Password>${PASSWORD}</Password>\n<!-- ]]> -->`,
    'plain',
    'error',
    2,
  ),
  bad('in a damaged file under a prefix', PANTHER, `<u:unattend>\n<u:Password>${PASSWORD}</u:Password`, 'plain', 'error', 2),
  bad(
    'a blank one beside a comment, in a damaged file',
    PANTHER,
    '<unattend>\n<Password><Value><!-- set by the team --></Value></Password>',
    'blank',
    'note',
    2,
  ),
  bad('in a comment without an end', PANTHER, `<unattend>\n<!-- <Password>${PASSWORD}</Password>`, 'plain', 'error', 2),
  {
    name: 'behind more blank ones than are reported, in a damaged file',
    image: { files: { [PANTHER]: `<unattend>${'<Password></Password>'.repeat(60)}\n<Password>${PASSWORD}</Password>` } },
    findings: [
      { messageId: 'plain', at: { file: PANTHER, line: 2 } },
      { messageId: 'blank', at: { file: PANTHER, line: 1 }, severity: 'note' as const },
    ],
    never: [PASSWORD],
  },
  {
    name: 'by the names of components, and of no other element',
    image: { files: { [PANTHER]: answer(administrator(value(PASSWORD)).replace('<UserAccounts>', '<UserAccounts name="x">')) } },
    findings: [
      {
        messageId: 'plain',
        at: { file: PANTHER, line: 5 },
        says: 'Microsoft-Windows-Shell-Setup/UserAccounts/AdministratorPassword holds',
      },
    ],
  },
  {
    name: 'very many in a damaged file, cut',
    image: { files: { [PANTHER]: `<unattend>${`\n<Password>${PASSWORD}</Password>`.repeat(300)}` } },
    findings: Array.from({ length: FINDINGS_MAX }, () => ({ messageId: 'plain', at: { file: PANTHER } })),
    never: [PASSWORD],
  },
];

export const namedCases: Cases = [
  {
    name: 'behind a link that the registry names',
    image: {
      files: {
        '/deploy/answers.txt': answer(logon(value(PASSWORD))),
        '/answers.txt': { reparse: { tag: 0xa000000c, target: 'deploy\\answers.txt' } },
      },
      SYSTEM: { Setup: { UnattendFile: 'C:\\answers.txt' } },
    },
    findings: [{ messageId: 'plain', at: { file: '/deploy/answers.txt', line: 5 } }],
  },
  {
    name: 'a link that leads out of the image',
    image: {
      files: { '/answers.txt': { reparse: { tag: 0xa000000c, target: 'D:\\answers.txt' } } },
      SYSTEM: { Setup: { UnattendFile: 'C:\\answers.txt' } },
    },
    findings: [],
    unable: 'leads out of the image',
  },
  {
    name: 'in the file that the registry names by the other variable of Windows',
    image: {
      files: { '/Windows/odd.dat': answer(logon(value(PASSWORD))) },
      SYSTEM: { Setup: { UnattendFile: '%windir%\\odd.dat' } },
    },
    findings: [{ messageId: 'plain', at: { file: '/Windows/odd.dat', line: 5 } }],
  },
  {
    name: 'in the file that the registry names in quotes',
    image: {
      files: { '/deploy/answers.txt': answer(logon(value(PASSWORD))) },
      SYSTEM: { Setup: { UnattendFile: '"C:\\deploy\\answers.txt"' } },
    },
    findings: [{ messageId: 'plain', at: { file: '/deploy/answers.txt', line: 5 } }],
  },
  {
    name: 'in the file that the registry names',
    image: {
      files: { '/deploy/answers.txt': answer(logon(value(PASSWORD))) },
      SYSTEM: { Setup: { UnattendFile: 'C:\\deploy\\answers.txt' } },
    },
    findings: [{ messageId: 'plain', at: { file: '/deploy/answers.txt', line: 5 } }],
  },
];
