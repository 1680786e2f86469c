// Scripts under other names and in named streams, by everything that starts them; and data of an honest vendor.
import { test } from 'uvu';
import { startedScript } from '../../../rules/activation/started-script.ts';
import type { FakeFile, FakeSpec } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';
import { execTask } from '../../helpers/started-file.ts';

const policy = { kmsHosts: ['kms.corp.example'] };
const line = (host: string) => `cscript.exe slmgr.vbs /skms ${host}\r\n`;
const EVIL = line('kms.evil.example');
const VBS = `Set s = CreateObject("WScript.Shell")\r\ns.Run "${EVIL.trim()}"\r\n`;
const DAT = '/Program Files/Vendor/x.dat';
const NAME = 'C:\\Program Files\\Vendor\\x.dat';
const RUN = 'Microsoft\\Windows\\CurrentVersion\\Run';

type Files = Readonly<Record<string, string | Uint8Array | FakeFile>>;
const task = (program: string, args: string, files: Files, within = ''): FakeSpec => ({
  files: { '/Windows/System32/Tasks/Vendor/T': execTask(program, args, 'S-1-5-18', within), ...files },
});
const bad = (name: string, image: FakeSpec, file = DAT) => ({
  name,
  policy,
  image,
  findings: [{ messageId: 'activates' as const, at: { file }, severity: 'error' as const }],
});

windowsRuleTester(startedScript, {
  good: [
    { name: 'such a text that nothing starts', policy, image: { files: { [DAT]: VBS } } },
    { name: 'a listed host', policy, image: task('wscript.exe', `//e:vbscript "${NAME}"`, { [DAT]: VBS.replace('evil', 'corp') }) },
    { name: 'a text that is handed to no script host', policy, image: task('C:\\Program Files\\Vendor\\v.exe', NAME, { [DAT]: EVIL }) },
    { name: 'settings of a program', policy, image: task('C:\\V\\v.exe', 'C:\\V\\x.xml', { '/V/x.xml': EVIL }) },
    { name: 'settings that are handed to a script', policy, image: task('cmd.exe', `/c "${NAME}"`, { [DAT]: 'host=kms.evil.example\n' }) },
    { name: 'a text that takes the host away', policy, image: task('cmd.exe', '/c cmd &lt; C:\\a.dat', { '/a.dat': 'slmgr /ckms\r\n' }) },
    {
      name: 'a script by its own ending, which another rule judges, with a program, a folder and what is not there',
      policy,
      image: task('cmd.exe', '/c C:\\V\\a.cmd C:\\V\\a.exe C:\\V C:\\none.dat', { '/V/a.cmd': EVIL, '/V/a.exe': `MZ\0${EVIL}` }),
    },
    ...'exe|com|dll|sys|scr|cpl|ocx|drv|mui|msi|msp|msu|cab|zip|7z|rar|gz|iso|vhd|vhdx|wim|esd|swm|ppkg|appx|msix|reg|inf|png|jpg|jpeg|bmp|ico|ttf'
      .split('|')
      .map((ending) => ({
        name: `what is opened by its own ending: ${ending}`,
        policy,
        image: {
          SOFTWARE: { [RUN]: { a: `C:\\V\\a.${ending} C:\\V\\a.x`, b: `powershell.exe "C:\\V\\b.${ending}"` } },
          files: { [`/V/a.${ending}`]: EVIL, '/V/a.x': EVIL, [`/V/b.${ending}`]: EVIL.padEnd(1024 * 1024 + 1) },
        },
      })),
    {
      name: 'a folder, a program and a large archive that are handed to a script host, and what is not there',
      policy,
      image: {
        SOFTWARE: {
          [RUN]: { a: 'powershell.exe "C:\\V\\D" "C:\\V\\a.dat" "C:\\V\\a.zip" "C:\\V\\none.dat:a.vbs" "C:\\V\\b.dat:none.vbs"' },
        },
        files: {
          '/V/D': { folder: true, unreadable: 'is a folder' },
          '/V/a.dat': Buffer.concat([Buffer.from('MZ\0'), Buffer.from(EVIL)]),
          '/V/a.zip': EVIL.padEnd(1024 * 1024 + 1),
          '/V/b.dat': EVIL,
        },
      },
    },
    {
      name: 'the mark of a downloaded file, and data in a stream',
      policy,
      image: { files: { '/a.exe': { content: 'x', streams: { 'Zone.Identifier': '[ZoneTransfer]\r\nZoneId=3', data: EVIL } } } },
    },
    {
      name: 'a script in a stream that does nothing of it',
      policy,
      image: { files: { '/a': { content: 'x', streams: { 'a.cmd': 'rem' } } } },
    },
  ],
  bad: [
    bad('another ending, handed to a script host by a task', task('wscript.exe', `//e:vbscript "${NAME}"`, { [DAT]: VBS })),
    bad('read into PowerShell', task('powershell.exe', `-Command "iex (gc '${NAME}' -raw)"`, { [DAT]: EVIL })),
    bad('redirected into a shell', task('cmd.exe', '/c "cmd &lt; C:\\V\\x.dat"', { '/V/x.dat': EVIL }), '/V/x.dat'),
    bad('piped into a shell, behind carets', task('cmd.exe', '/c t^ype C:\\V\\x.dat | c^md', { '/V/x.dat': EVIL }), '/V/x.dat'),
    bad(
      'a name that stands on the folder of the task',
      task('wscript.exe', '//e:vbscript x.dat', { [DAT]: VBS }, 'C:\\Program Files\\Vendor'),
    ),
    bad(
      'a service, in two bytes a letter',
      {
        SYSTEM: { 'ControlSet001\\Services\\x': { ImagePath: `cmd.exe /c cmd < ${NAME.replace('Program Files', 'P')}` } },
        files: { '/P/Vendor/x.dat': new Uint8Array(Buffer.from(EVIL, 'utf16le')) },
      },
      '/P/Vendor/x.dat',
    ),
    bad(
      'an application of a page by a Run key of a user',
      {
        hives: { '/Users/Default/NTUSER.DAT': { [`Software\\${RUN}`]: { x: 'mshta.exe file:///C:/V/a.txt' } } },
        files: { '/V/a.txt': `<script language="vbscript">\r\n${VBS}</script>` },
      },
      '/V/a.txt',
    ),
    bad(
      'copied to the name of a script by what Setup starts, two calls down',
      {
        files: {
          '/Windows/Setup/Scripts/SetupComplete.cmd': 'call "%~dp0next.cmd"\r\n',
          '/Windows/Setup/Scripts/next.cmd': 'copy /y "%~dp0x.dat" C:\\a.cmd\r\nC:\\a.cmd\r\n',
          '/Windows/Setup/Scripts/x.dat': EVIL,
        },
      },
      '/Windows/Setup/Scripts/x.dat',
    ),
    ...(
      [
        ['a document that its ending alone has run', 'C:\\V\\x.py', ''],
        ['Python', 'C:\\Python\\pythonw.exe', 'C:\\V\\x.py'],
        ['a style sheet of the management interface', 'wmic.exe', 'os get /format:"C:\\V\\x.py"'],
        ['a build', 'msbuild.exe', 'C:\\V\\x.py'],
        ['a file transfer with a list of commands', 'ftp.exe', '-s:C:\\V\\x.py'],
      ] as const
    ).map(([name, program, args]) => bad(name, task(program, args, { '/V/x.py': `run("${EVIL.trim()}")\n` }), '/V/x.py')),
    ...['.png', '.exe', '.inf', ''].map((ending) =>
      bad(
        `handed to a script host under the name of something else (${ending})`,
        task('wscript.exe', `//e:vbscript C:\\V\\x${ending}`, { [`/V/x${ending}`]: VBS }),
        `/V/x${ending}`,
      ),
    ),
    bad(
      'redirected from a file without an ending',
      { SOFTWARE: { [RUN]: { a: 'cmd.exe /c cmd < C:\\V\\x' } }, files: { '/V/x': EVIL } },
      '/V/x',
    ),
    bad('a large text', task('wscript.exe', '//e:vbscript C:\\V\\x.dat', { '/V/x.dat': VBS.padEnd(1024 * 1024 + 1) }), '/V/x.dat'),
    bad(
      'by a script that is started alone',
      task('C:\\V\\a.bat', '', { '/V/a.bat': 'cmd < C:\\V\\x.dat\r\n', '/V/x.dat': EVIL }),
      '/V/x.dat',
    ),
    bad(
      'by the last of many scripts, each of which calls the next and the first',
      task('C:\\V\\0.bat', '', {
        ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`/V/${at}.bat`, `call C:\\V\\${at + 1}.bat\r\ncall C:\\V\\0.bat\r\n`])),
        '/V/9.bat': 'cmd < C:\\V\\x.dat\r\n',
        '/V/x.dat': EVIL,
      }),
      '/V/x.dat',
    ),
    {
      name: 'one text that two entries hand on, and a stream of it',
      policy,
      image: {
        SOFTWARE: {
          [RUN]: { a: 'wscript //e:vbscript C:\\V\\x.dat', b: 'cscript //e:vbscript C:\\V\\X.dat', c: 'wscript C:\\V\\x.dat:undefined' },
        },
        files: { '/V/x.dat': { content: VBS, streams: { undefined: VBS } } },
      },
      findings: [
        { messageId: 'activates', at: { file: '/V/x.dat', stream: undefined }, says: 'the start entry a' },
        { messageId: 'fromStream', at: { file: '/V/x.dat', stream: 'undefined' } },
        { messageId: 'activates', at: { file: '/V/x.dat', stream: 'undefined' }, says: 'the start entry c' },
      ],
    },
    {
      name: 'a program in a named stream that is started by its name alone',
      policy,
      image: { SOFTWARE: { [RUN]: { a: 'C:\\V\\a.txt:x.exe' } }, files: { '/V/a.txt': { content: 'x', streams: { 'x.exe': 'MZ' } } } },
      findings: [{ messageId: 'fromStream', at: { file: '/V/a.txt', stream: 'x.exe' } }],
    },
    ...'cmd|bat|ps1|psm1|vbs|vbe|js|jse|wsf|wsc|hta|sct'.split('|').map((ending) => ({
      name: `a script in a named stream of a script: ${ending}`,
      policy,
      image: { files: { '/a.cmd': { content: 'rem', streams: { [`run.${ending}`]: EVIL } } } },
      findings: [{ messageId: 'streamActivates', at: { file: '/a.cmd', stream: `run.${ending}` } }],
    })),
    {
      name: 'a named stream of a file and of a folder that something starts, whatever is in it',
      policy,
      image: {
        SOFTWARE: { [RUN]: { x: 'wscript.exe C:\\V\\a.txt:S.vbs', y: 'rundll32.exe "C:\\V:lib",Start' } },
        files: { '/V': { folder: true, streams: { lib: 'MZ' } }, '/V/a.txt': { content: 'x', streams: { 's.vbs': VBS } } },
      },
      findings: [
        { messageId: 'fromStream', at: { file: '/V/a.txt', stream: 's.vbs' }, level: 'strong' },
        { messageId: 'activates', at: { file: '/V/a.txt', stream: 's.vbs' } },
        { messageId: 'fromStream', at: { file: '/V', stream: 'lib' }, evidence: /rundll32/ },
      ],
    },
    {
      name: 'a script in a named stream that nothing is seen to start',
      policy,
      image: { files: { '/a.txt': { content: 'x', streams: { 'run.cmd': EVIL } } } },
      findings: [{ messageId: 'streamActivates', at: { file: '/a.txt', stream: 'run.cmd' }, severity: 'error' }],
    },
    {
      name: 'more scripts in named streams than are read',
      policy,
      image: {
        files: {
          '/a.txt': { content: 'x', streams: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`${at}.cmd`, 'rem'])) },
        },
      },
      findings: [],
      unable: /more than 1000 named streams/,
    },
    {
      name: 'more scripts that are started than are followed',
      policy,
      image: {
        SOFTWARE: { [RUN]: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`${at}`, `cmd.exe /c cmd < C:\\${at}.dat`])) },
        files: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`/${at}.dat`, 'rem'])),
      },
      findings: [],
      unable: /1000 scripts and more are started/,
    },
  ],
});

test.run();
