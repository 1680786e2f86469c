// Good and bad answer files for the checks of lists and values.
import { encodePassword } from '../../unattend/password.ts';
import type { AnswerCases } from './answer-check-tester.ts';
import { answer, component, document } from './answer-xml.ts';

const OOBE = { pass: 'oobeSystem' };
const PE = { pass: 'windowsPE', component: 'Microsoft-Windows-Setup' };
const SECRET = `made-${Math.random().toString(36).slice(2)}`;
const command = (order: string | number, line = 'x', action = ' wcm:action="add"') =>
  `<SynchronousCommand${action}><CommandLine>${line}</CommandLine>${order === '' ? '' : `<Order>${order}</Order>`}</SynchronousCommand>`;
const commands = (...items: string[]) => answer(`<FirstLogonCommands>\n${items.join('\n')}\n</FirstLogonCommands>`, OOBE);
const partitions = (...orders: number[]) =>
  answer(
    `<DiskConfiguration><Disk wcm:action="add"><CreatePartitions>\n${orders
      .map((order) => `<CreatePartition wcm:action="add"><Order>${order}</Order></CreatePartition>`)
      .join('\n')}\n</CreatePartitions></Disk></DiskConfiguration>`,
    PE,
  );
const computer = (name: string) => answer(`<ComputerName>${name}</ComputerName>`);
const administrator = (value: string, plain: boolean) =>
  answer(
    `<UserAccounts><AdministratorPassword>\n<Value>${value}</Value><PlainText>${plain}</PlainText></AdministratorPassword></UserAccounts>`,
    OOBE,
  );
const key = (text: string) => answer(`<ProductKey>${text}</ProductKey>`);
const SCRIPT = '/Windows/Setup/Scripts/first.cmd';

export const valueCases = {
  'computer-name': {
    good: [
      { name: 'made up by Windows', xml: computer('*') },
      { name: 'none', xml: computer('') },
      { name: '15 characters', xml: computer('ABC-DEFGH-12345') },
      { name: 'the same name elsewhere', xml: answer('<ComputerName>a b</ComputerName>', { component: 'X' }) },
    ],
    bad: [
      { name: '16 characters', xml: computer('ABC-DEFGH-123456'), findings: [['tooLong', 'error', 5, '16 bytes']] },
      { name: 'wide characters', xml: computer('計算機計算機計算機'), findings: [['tooLong', 'error', 5, '18 bytes']] },
      { name: 'a blank', xml: computer('my pc'), findings: [['forbidden', 'error', 5, 'my pc']] },
      { name: 'a dot', xml: computer('pc.lab'), findings: [['forbidden', 'error', 5]] },
      { name: 'digits', xml: computer('12345'), findings: [['digits', 'error', 5]] },
      { name: 'a template', xml: computer('{ComputerName}'), findings: [['placeholder', 'note', 5]] },
      {
        name: 'of the audit mode',
        xml: answer('<AuditComputerName><Name>a_b@c</Name></AuditComputerName>', { component: 'Microsoft-Windows-Deployment' }),
        findings: [['forbidden', 'error', 5]],
      },
    ],
  },
  duplicates: {
    good: [
      { name: 'list items', xml: commands(command(1), command(2)) },
      {
        name: 'two architectures',
        xml: document(`<settings pass="specialize">\n${component('')}\n${component('', { architecture: 'x86' })}\n</settings>`),
      },
      { name: 'two items that each hold the same setting', xml: partitions(1, 2) },
    ],
    bad: [
      {
        name: 'a component',
        xml: document(
          `<settings pass="specialize">\n${component('')}\n${component('', { component: 'microsoft-windows-shell-setup' })}\n</settings>`,
        ),
        findings: [['component', 'error', 7, 'line 4']],
      },
      {
        name: 'a setting',
        xml: answer('<TimeZone>UTC</TimeZone>\n<timezone>UTC</timezone>'),
        findings: [['setting', 'error', 6, 'line 5']],
      },
      { name: 'an unknown setting', xml: answer('<X>1</X>\n<X>2</X>'), findings: [['setting', 'warning', 6]] },
      {
        name: 'a setting three times',
        xml: answer('<X>1</X>\n<X>2</X>\n<X>3</X>'),
        findings: [
          ['setting', 'warning', 6, 'line 5'],
          ['setting', 'warning', 7, 'line 5'],
        ],
      },
    ],
  },
  'list-action': {
    good: [
      { name: 'every item', xml: commands(command(1), command(2)) },
      { name: 'another action', xml: commands(command(1, 'x', ' wcm:action="modify"'), command(2, 'x', ' wcm:action="remove"')) },
    ],
    bad: [
      { name: 'none', xml: commands(command(1), command(2, 'x', '')), findings: [['missing', 'warning', 7, '1 of 2']] },
      {
        name: 'another attribute of another namespace',
        xml: commands(command(1, 'x', ' xmlns:o="urn:o" o:id="1"')),
        findings: [['missing', 'warning', 6]],
      },
      { name: 'without the namespace', xml: commands(command(1, 'x', ' action="add"')), findings: [['missing', 'warning', 6]] },
      {
        name: 'the namespace with https',
        xml: commands(command(1), command(2)).replace('xmlns:wcm="http:', 'xmlns:wcm="https:'),
        findings: [['foreign', 'warning', 6, 'https://schemas']],
      },
      { name: 'an unknown one', xml: commands(command(1, 'x', ' wcm:action="append"')), findings: [['unknown', 'warning', 6, 'append']] },
    ],
  },
  'list-order': {
    good: [
      { name: 'from 1', xml: commands(command(1), command(2)) },
      { name: 'commands may leave numbers out, and stand in any order', xml: commands(command(20), command(1)) },
      { name: 'partitions', xml: partitions(1, 2, 3) },
      { name: 'a template', xml: commands(command('{{n}}')) },
    ],
    bad: [
      { name: 'none', xml: commands(command(''), command('')), findings: [['missing', 'warning', 6, '2 items']] },
      { name: 'no number', xml: commands(command('first')), findings: [['noNumber', 'warning', 6, 'first']] },
      { name: 'too large', xml: commands(command(1), command(501)), findings: [['noNumber', 'warning', 7]] },
      { name: 'zero', xml: commands(command(0), command(1)), findings: [['noNumber', 'warning', 6]] },
      { name: 'twins', xml: commands(command(1), command(1)), findings: [['twice', 'warning', 7, 'line 6']] },
      { name: 'commands from 2', xml: commands(command(2)), findings: [['start', 'note', 6]] },
      {
        name: 'partitions from 2, with a gap',
        xml: partitions(2, 4),
        findings: [
          ['start', 'warning', 6],
          ['gap', 'warning', 6, 'leaves out 3'],
        ],
      },
    ],
  },
  'missing-file': {
    good: [
      { name: 'the file is there', has: [SCRIPT], xml: commands(command(1, 'cmd /c %WINDIR%\\setup\\scripts\\FIRST.cmd')) },
      { name: 'another drive', xml: commands(command(1, 'a:\\first.cmd')) },
      { name: 'no image', alone: true, xml: commands(command(1, 'c:\\x.cmd')) },
      { name: 'no path', xml: commands(command(1, 'reg add HKLM\\SOFTWARE\\x /v y.cmd /f')) },
      { name: 'an earlier command copies it', xml: commands(command(1, 'cmd /c copy d:\\x.cmd c:\\x.cmd'), command(2, 'c:\\x.cmd')) },
      { name: 'a command writes it', xml: commands(command(1, 'cmd /c echo 1 > c:\\x.cmd'), command(2, 'c:\\x.cmd')) },
      {
        name: 'the answer file carries it',
        xml: commands(command(1, 'c:\\x.ps1')).replace(
          '</unattend>',
          '<Extensions><File path="C:\\x.ps1">1</File></Extensions></unattend>',
        ),
      },
      {
        name: 'commands of windowsPE run in another Windows',
        xml: answer(
          '<RunSynchronous><RunSynchronousCommand wcm:action="add"><Path>c:\\x.cmd</Path></RunSynchronousCommand></RunSynchronous>',
          PE,
        ),
      },
    ],
    bad: [
      {
        name: 'a script',
        xml: commands(command(1, 'cmd /c C:\\Windows\\Setup\\Scripts\\first.cmd logon')),
        findings: [['absent', 'warning', 6, 'first.cmd, which']],
      },
      {
        name: 'a program and its script',
        has: ['/Windows/System32/WindowsPowerShell/v1.0/powershell.exe'],
        xml: commands(command(1, '%windir%\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -File "c:\\a b.ps1"')),
        findings: [['absent', 'warning', 6, 'a b.ps1']],
      },
    ],
  },
  'password-encoding': {
    good: [
      { name: 'encoded for its element', xml: administrator(encodePassword('AdministratorPassword', SECRET), false) },
      { name: 'plain', xml: administrator(SECRET, true) },
      { name: 'plain, said with a number', xml: administrator(SECRET, true).replace('<PlainText>true', '<PlainText>1') },
      {
        name: 'an empty one, encoded for an element of the shortest name',
        xml: administrator(encodePassword('Password', ''), false).replaceAll('AdministratorPassword', 'Password'),
      },
      { name: 'an empty one, encoded', xml: administrator(encodePassword('AdministratorPassword', ''), false) },
      {
        name: 'what has a part of the form alone',
        xml: answer(
          [
            '<Other><Value>x</Value><PlainText>false</PlainText></Other>',
            '<Other><PlainText>false</PlainText></Other>',
            '<Password><PlainText>false</PlainText></Password>',
            '<Password><Value>x</Value></Password>',
          ].join('\n'),
          OOBE,
        ),
      },
      { name: 'scrubbed', xml: administrator('*SENSITIVE*DATA*DELETED*', false) },
      { name: 'empty', xml: administrator('', false) },
    ],
    bad: [
      { name: 'not encoded', xml: administrator(SECRET, false), findings: [['notEncoded', 'warning', 6]], never: [SECRET] },
      {
        name: 'encoded for another element',
        xml: administrator(encodePassword('Password', SECRET), false),
        findings: [['wrongSuffix', 'warning', 6, 'encoded for Password']],
        never: [SECRET],
      },
      {
        name: 'encoded, and said to be plain',
        xml: administrator(encodePassword('AdministratorPassword', SECRET), true),
        findings: [['encodedAsPlain', 'warning', 6]],
        never: [SECRET, encodePassword('AdministratorPassword', SECRET)],
      },
      {
        name: 'encoded for an element whose name ends like this one',
        xml: answer(
          `<AutoLogon><Password>\n<Value>${encodePassword('AdministratorPassword', SECRET)}</Value><PlainText>false</PlainText></Password></AutoLogon>`,
          OOBE,
        ),
        findings: [['wrongSuffix', 'warning', 6, 'encoded for AdministratorPassword']],
        never: [SECRET],
      },
      { name: 'a template', xml: administrator('{{ password }}', false), findings: [['placeholder', 'note', 6]] },
    ],
  },
  'product-key-form': {
    good: [
      { name: 'a key', xml: key('AAAAA-BBBBB-CCCCC-DDDDD-EEEEE') },
      { name: 'an empty element of the same name elsewhere', xml: answer('<ProductKey/>', { component: 'X' }) },
    ],
    bad: [
      { name: 'empty', xml: key(''), findings: [['empty', 'warning', 5]] },
      {
        name: 'empty, for Setup',
        xml: answer('<UserData><ProductKey>\n<Key/></ProductKey></UserData>', PE),
        findings: [['empty', 'warning', 6]],
      },
      { name: 'four groups', xml: key('AAAAA-BBBBB-CCCCC-DDDDD'), findings: [['noKey', 'error', 5]], never: ['DDDDD'] },
      { name: 'a template with a word as long as a group', xml: key('{ProductKey}'), findings: [['placeholder', 'note', 5]] },
      { name: 'signs that stand for a key', xml: key('???-???'), findings: [['placeholder', 'note', 5]] },
      { name: 'a template', xml: key('[ FILL IN YOUR KEY ]'), findings: [['placeholder', 'note', 5]] },
    ],
  },
  'setting-value': {
    good: [
      {
        name: 'truth values',
        xml: answer('<CopyProfile>true</CopyProfile>\n<DisableAutoDaylightTimeSet>False</DisableAutoDaylightTimeSet>'),
      },
      {
        name: 'words without case',
        xml: answer('<OOBE><NetworkLocation>work</NetworkLocation><ProtectYourPC>3</ProtectYourPC></OOBE>', OOBE),
      },
      { name: 'time zones', xml: answer('<TimeZone>W. Europe Standard Time_dstoff</TimeZone>') },
      {
        name: 'truth values as numbers',
        xml: answer('<CopyProfile>1</CopyProfile>\n<DisableAutoDaylightTimeSet>0</DisableAutoDaylightTimeSet>'),
      },
      { name: 'a setting without a known kind', xml: answer('<RegisteredOwner></RegisteredOwner>') },
    ],
    bad: [
      {
        name: 'no truth value',
        xml: answer('<CopyProfile>yes</CopyProfile>'),
        findings: [['wrong', 'warning', 5, '"yes", and takes true or false']],
      },
      {
        name: 'a long one',
        xml: answer(`<CopyProfile>${'y'.repeat(41)}</CopyProfile>`),
        findings: [['wrong', 'warning', 5, `"${'y'.repeat(40)}…"`]],
      },
      {
        name: 'out of range',
        xml: answer('<OOBE>\n<ProtectYourPC>4</ProtectYourPC></OOBE>', OOBE),
        findings: [['wrong', 'warning', 6, '1 to 3']],
      },
      {
        name: 'below the range',
        xml: answer('<OOBE>\n<ProtectYourPC>0</ProtectYourPC></OOBE>', OOBE),
        findings: [['wrong', 'warning', 6]],
      },
      {
        name: 'no whole number',
        xml: answer('<OOBE>\n<ProtectYourPC>2.0</ProtectYourPC></OOBE>', OOBE),
        findings: [['wrong', 'warning', 6]],
      },
      { name: 'a time zone of Unix', xml: answer('<TimeZone>America/Los_Angeles</TimeZone>'), findings: [['wrong', 'warning', 5]] },
      {
        name: 'another word',
        xml: answer('<OOBE>\n<NetworkLocation>Public</NetworkLocation></OOBE>', OOBE),
        findings: [['wrong', 'warning', 6, 'Home, Work, Other']],
      },
      { name: 'empty', xml: answer('<CopyProfile/>'), findings: [['empty', 'warning', 5]] },
      { name: 'a template', xml: answer('<TimeZone>{TimeZone}</TimeZone>'), findings: [['placeholder', 'note', 5]] },
      {
        name: 'SkipRearm 2',
        xml: answer('<SkipRearm>2</SkipRearm>', { pass: 'generalize', component: 'Microsoft-Windows-Security-SPP' }),
        findings: [['wrong', 'warning', 5, '0 to 1']],
      },
    ],
  },
} satisfies Record<string, AnswerCases>;
