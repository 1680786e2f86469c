// Passwords in answer files: in clear, in Base64, blank, scrubbed; wherever a copy may lie.
import { test } from 'uvu';
import { answerFilePassword } from '../../../rules/secrets/answer-file-password.ts';
import { encodePassword } from '../../../unattend/password.ts';
import { administrator, answer, BASE64, bad, logon, PANTHER, PASSWORD, value } from '../../helpers/answer-password.ts';
import { damagedCases, namedCases } from '../../helpers/answer-password-cases.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

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
      name: 'a scrubbed copy among documents',
      image: { files: { '/Users/a/notes.xml': answer(administrator(value('*SENSITIVE*DATA*DELETED*'))) } },
    },
    {
      name: 'a program and a text that speak of answer files',
      image: {
        files: {
          '/Windows/System32/unattend.dll': 'MZ <unattend xmlns="urn:schemas-microsoft-com:unattend"><Password>x</Password>',
          '/docs/unattend.txt': 'Put the <Password> of the account into unattend.xml.',
          '/docs/list.xml': '<list><Password>unattend</Password></list>',
        },
      },
    },
    {
      name: 'a domain join without a secret',
      image: { files: { [PANTHER]: answer('<Identification><Provisioning><AccountData></AccountData></Provisioning></Identification>') } },
    },
    {
      name: 'a folder of that name, and one that Setup is told to read',
      image: {
        files: { '/unattend.xml': { folder: true }, '/x': { folder: true, unreadable: 'is a folder' } },
        SYSTEM: { Setup: { UnattendFile: 'C:\\x' } },
      },
    },
    {
      name: 'scrubbed in Base64, and a damaged file with a comment that has no end',
      image: {
        files: {
          [PANTHER]: answer(logon(value(encodePassword('Password', '*SENSITIVE*DATA*DELETED*'), false))),
          '/a-unattend.xml': '<x><!-- unattend <Password>x</Password',
        },
      },
    },
    { name: 'a large file under a name that is none of Setup', image: { files: { '/data/large.xml': new Uint8Array(33 * 1024 * 1024) } } },
    {
      name: 'Setup names a file without its drive',
      image: {
        files: { '/answers.txt': answer(logon(value(PASSWORD))) },
        SYSTEM: { Setup: { UnattendFile: 'xx\\answers.txt' } },
      },
    },
    { name: 'Setup names a file that is not there', image: { SYSTEM: { Setup: { UnattendFile: 'C:\\absent.txt' } } } },
  ],
  bad: [
    ...damagedCases,
    ...namedCases,
    bad('in clear', PANTHER, answer(administrator(value(PASSWORD))), 'plain', 'error'),
    ...['true', ' 1 '].map((word) =>
      bad(`in Base64, declared plain by ${word}`, PANTHER, answer(logon(BASE64.replace('>true<', `>${word}<`))), 'plain', 'error'),
    ),
    bad(
      'in a part of an answer file, by its namespace',
      '/parts/a.xml',
      `<component xmlns="urn:schemas-microsoft-com:unattend">\n<AutoLogon><Password><Value>${PASSWORD}</Value></Password></AutoLogon></component>`,
      'plain',
      'error',
      2,
    ),
    bad(
      'in a root without its namespace',
      '/parts/a.xml',
      `<unattend>\n<Password><Value>${PASSWORD}</Value></Password></unattend>`,
      'plain',
      'error',
      2,
    ),
    {
      name: 'in the file that Setup is told to read, by a variable and in a value that is expanded',
      image: {
        files: { '/Windows/odd.dat': answer(logon(value(PASSWORD))) },
        SYSTEM: { Setup: { UnattendFile: { type: 'REG_EXPAND_SZ', data: '%SystemRoot%\\odd.dat' } } },
      },
      findings: [{ messageId: 'plain', at: { file: '/Windows/odd.dat' } }],
    },
    {
      name: 'an answer file that is too large to be one',
      image: { files: { '/unattend.xml': Buffer.alloc(33 * 1024 * 1024, 0x20), '/big.xml': Buffer.alloc(33 * 1024 * 1024, 0x20) } },
      findings: [],
      unable: '/unattend.xml: is too large',
    },
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
    bad('a blank one on a line of its own', PANTHER, answer(logon(`\n${value('')}`)), 'blank', 'note', 6),
    bad('a blank one without a value', PANTHER, answer(logon('')), 'blank', 'note'),
    bad('in a file that nobody would look for', '/Users/a/notes.xml', answer(administrator(value(PASSWORD))), 'plain', 'error'),
    bad('in a copy with another ending', '/Windows/Panther/unattend.xml.bak', answer(administrator(value(PASSWORD))), 'plain', 'error'),
    bad('in CDATA', PANTHER, answer(administrator(value(`<![CDATA[${PASSWORD}]]>`))), 'plain', 'error'),
    bad(
      'split by a comment',
      PANTHER,
      answer(administrator(value(`${PASSWORD.slice(0, 4)}<!-- -->${PASSWORD.slice(4)}`))),
      'plain',
      'error',
    ),
    bad(
      'in character references',
      PANTHER,
      answer(administrator(value(PASSWORD.replace(/./g, (c) => `&#${c.charCodeAt(0)};`)))),
      'plain',
      'error',
    ),
    bad(
      'behind an entity',
      PANTHER,
      answer(administrator(value('&p;'))).replace('<unattend', `<!DOCTYPE u [<!ENTITY p "${PASSWORD}">]><unattend`),
      'plain',
      'error',
    ),
    bad(
      'behind an empty value',
      PANTHER,
      answer(administrator(`<Value></Value><Value>${PASSWORD}</Value><PlainText>true</PlainText>`)),
      'plain',
      'error',
    ),
    bad('in a misspelt value', PANTHER, answer(administrator(`<value>${PASSWORD}</value>`)), 'plain', 'error'),
    bad(
      'under other prefixes',
      PANTHER,
      answer(administrator(value(PASSWORD)))
        .replace('<unattend xmlns=', '<w:unattend xmlns:w=')
        .replace(/<(\/?)(?=[A-Zcs])(?!w:)/g, '<$1w:')
        .replace('</unattend', '</w:unattend'),
      'plain',
      'error',
    ),
    bad(
      'in CDATA of a file that is not well-formed',
      PANTHER,
      answer(administrator(`<!-- x --><Value><![CDATA[${PASSWORD}]]></Value>`)).replace('</unattend>', ''),
      'plain',
      'error',
    ),
    bad(
      'in a broken file in the other order of UTF-16',
      PANTHER,
      new Uint8Array(Buffer.from(`\ufeff${answer(administrator(value(PASSWORD))).replace('</unattend>', '')}`, 'utf16le').swap16()),
      'plain',
      'error',
    ),
    {
      name: 'the secret of a computer account',
      image: {
        files: {
          [PANTHER]: answer(
            `<Identification><Provisioning><AccountData>${PASSWORD}</AccountData></Provisioning></Identification>`,
            'specialize',
          ),
        },
      },
      findings: [{ messageId: 'join', at: { file: PANTHER, line: 5 }, says: /^Identification\/Provisioning\/AccountData holds/ }],
      never: [PASSWORD],
    },
    {
      name: 'behind more blank ones than are reported',
      image: { files: { [PANTHER]: answer(`${logon(value('')).repeat(60)}${logon(value(PASSWORD))}`) } },
      findings: [
        { messageId: 'plain', at: { file: PANTHER, line: 5 } },
        { messageId: 'blank', at: { file: PANTHER, line: 5 }, severity: 'note' as const },
      ],
    },
    {
      name: 'a file under the name of an answer file that is too large to be one',
      image: { files: { [PANTHER]: new Uint8Array(33 * 1024 * 1024), '/data/large.xml': new Uint8Array(33 * 1024 * 1024) } },
      findings: [],
      unable: `${PANTHER}: is too large`,
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
