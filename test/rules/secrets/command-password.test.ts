// Passwords in commands: scripts, what was typed, tasks, services, Run keys, answer files; and commands without one.
import { test } from 'uvu';
import { commandPassword } from '../../../rules/secrets/command-password.ts';
import { taskXml } from '../../../scripts/dev/fixtures/tasks.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PW = 'Decoy-Pa55';
const HISTORY = '/Users/admin/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt';
const SECURE = `$c = ConvertTo-SecureString '${PW}' -AsPlainText -Force\n`;
const RUN = 'Microsoft\\Windows\\CurrentVersion\\Run';
const SERVICE = 'ControlSet001\\Services\\Join';
const answer = `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><FirstLogonCommands><SynchronousCommand><Order>1</Order><CommandLine>net user helper ${PW} /add</CommandLine></SynchronousCommand></FirstLogonCommands></component></settings></unattend>`;

windowsRuleTester(commandPassword, {
  good: [
    {
      name: 'commands with variables, questions and no password',
      image: {
        files: {
          '/a.cmd': 'net user helper * /add\r\nnet user helper %PW%\r\ncmdkey /list\r\n',
          [HISTORY]: 'Get-Service\n$p = Read-Host -AsSecureString\n',
        },
      },
    },
    { name: 'a comment', image: { files: { '/a.cmd': `rem net user helper ${PW} /add\r\n`, '/b.ps1': `# ${SECURE}` } } },
    {
      name: 'what is too large to be a script, and a folder of such a name',
      image: { files: { '/big.cmd': Buffer.from(`net user a ${PW} /add\r\n`.repeat(400_000)), '/folder.cmd': { folder: true } } },
    },
    {
      name: 'scripts that stand where they start by themselves, whose names are no command',
      image: {
        files: {
          [`/Windows/Setup/Scripts/SetupComplete.cmd`]: '@echo off',
          '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/net user a b.cmd': '@echo off',
        },
      },
    },
    { name: 'a text that is no script', image: { files: { '/doc.md': `net user helper ${PW}`, '/a.txt': SECURE } } },
    {
      name: 'services and starts without one',
      image: { SYSTEM: { Select: { Default: 1 }, [SERVICE]: { ImagePath: 'C:\\join.exe' } }, SOFTWARE: { [RUN]: { x: 'C:\\x.exe' } } },
    },
  ],
  bad: [
    ...['vbs', 'wsf'].map((ending) => ({
      name: `a .${ending}`,
      image: { files: { [`/a.${ending}`]: `CreateObject("WScript.Shell").Run "net user helper ${PW} /add"\r\n` } },
      findings: [{ messageId: 'script', at: { file: `/a.${ending}`, offset: 51 } }],
      never: [PW],
    })),
    ...[
      ...['/Windows/System32', '/Windows/SysWOW64', '/Windows/WinSxS', '/Windows/servicing', '/Program Files', '/Program Files (x86)'],
      ...['/x/example', '/x/samples', '/x/doc', '/x/tests'],
    ].map((folder) => ({
      name: `help of a vendor: ${folder}`,
      image: { files: { [`${folder}/a/a.cmd`]: `net user a ${PW} /add\r\n` } },
      findings: [{ messageId: 'script', at: { file: `${folder}/a/a.cmd` }, severity: 'warning' as const }],
    })),
    {
      name: 'very many services with one, cut',
      image: {
        SYSTEM: {
          Select: { Default: 1 },
          ...Object.fromEntries(
            Array.from({ length: 25 }, (_, at) => [`ControlSet001\\Services\\S${at}`, { ImagePath: `net user a ${PW} /add` }]),
          ),
        },
      },
      findings: Array.from({ length: 20 }, () => ({ messageId: 'started', at: { hive: 'SYSTEM' } })),
    },
    {
      name: 'a script, twice the same and another',
      image: { files: { '/Windows/Setup/Scripts/a.cmd': `net user a ${PW} /add\r\nnet user b ${PW}\r\nnet user c ${PW}2\r\n` } },
      findings: [
        { messageId: 'script', at: { file: '/Windows/Setup/Scripts/a.cmd', offset: 11 }, says: 'in the file: 2', severity: 'error' },
      ],
      never: [PW],
    },
    {
      name: 'a script that hides its words',
      image: { files: { '/a.bat': `n^et us^er helper ${PW} /add\r\n` } },
      findings: [{ messageId: 'script', at: { file: '/a.bat' } }],
      never: [PW],
    },
    {
      name: 'what was typed',
      image: {
        files: {
          [HISTORY]: SECURE,
          '/Users/admin/Documents/PowerShell_transcript.PC.x.txt': new Uint8Array(Buffer.from(`\ufeff${SECURE}`, 'utf16le')),
        },
      },
      findings: [
        { messageId: 'typed', at: { file: HISTORY, offset: 29 }, severity: 'error' },
        { messageId: 'typed', at: { file: '/Users/admin/Documents/PowerShell_transcript.PC.x.txt' } },
      ],
      never: [PW],
    },
    {
      name: 'what was typed in coded form',
      image: { files: { [HISTORY]: `powershell -enc ${Buffer.from(SECURE, 'utf16le').toString('base64')}\n` } },
      findings: [{ messageId: 'typed', at: { file: HISTORY } }],
      never: [PW],
    },
    {
      name: 'an example of a module',
      image: { files: { '/Program Files/WindowsPowerShell/Modules/x/x.psm1': SECURE, '/tools/examples/x.ps1': SECURE } },
      findings: [
        { messageId: 'script', at: { file: '/Program Files/WindowsPowerShell/Modules/x/x.psm1' }, severity: 'warning' },
        { messageId: 'script', at: { file: '/tools/examples/x.ps1' }, severity: 'warning' },
      ],
    },
    {
      name: 'a task, a service, what it does when it fails, a Run key, an answer file',
      image: {
        files: {
          '/Windows/System32/Tasks/Mount': taskXml({
            path: '\\Mount',
            trigger: 'boot',
            principal: 'S-1-5-18',
            action: `net use Z: \\\\srv\\s ${PW} /user:x`,
          }),
          '/Windows/Panther/unattend.xml': answer,
        },
        SYSTEM: {
          [SERVICE]: { ImagePath: `psexec.exe -u me -p ${PW} cmd` },
          [`${SERVICE}2`]: { ImagePath: 'C:\\x.exe', FailureCommand: `net user helper ${PW}` },
        },
        SOFTWARE: { [RUN]: { Key: `cmdkey /add:srv /user:me /pass:${PW}` } },
      },
      findings: [
        { messageId: 'started', at: { file: '/Windows/System32/Tasks/Mount' }, says: 'the task \\Mount connects a share' },
        { messageId: 'started', at: { hive: 'SYSTEM', key: SERVICE } },
        { messageId: 'started', at: { hive: 'SYSTEM', key: `${SERVICE}2` } },
        { messageId: 'started', at: { hive: 'SOFTWARE', key: RUN, name: 'Key' }, severity: 'error' },
        { messageId: 'started', at: { file: '/Windows/Panther/unattend.xml', line: 1 } },
      ],
      never: [PW],
    },
  ],
});

test.run();
