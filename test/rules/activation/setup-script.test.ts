// The rule activation/setup-script: scripts of Setup that can be read, and those that hide what they did.
import { test } from 'uvu';
import { setupScript } from '../../../rules/activation/setup-script.ts';
import { makePe } from '../../helpers/make-pe.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const SCRIPTS = '/Windows/Setup/Scripts';
const START = `${SCRIPTS}/SetupComplete.cmd`;
const OEM = '/$OEM$/$$/Setup/Scripts/SetupComplete.cmd';
const policy = { kmsHosts: ['kms.corp.example'] };
const removing = (name: string, command: string, file = START) => ({
  name,
  image: { files: { [file]: `@echo off\r\n${command}\r\n` } },
  findings: [{ messageId: 'removesItself', at: { file } }],
});

ruleTester(setupScript, {
  good: [
    { name: 'an image without one', image: {} },
    ...['bat', 'cmd', 'ps1', 'psm1', 'vbs', 'vbe', 'js', 'jse', 'wsf', 'wsc', 'hta', 'sct'].map((ending) => ({
      name: `a called script that activates, by whose ending the rule on scripts tells it: ${ending}`,
      policy,
      image: { files: { [START]: `cmd /c %~dp0a.${ending}`, [`${SCRIPTS}/a.${ending}`]: 'slmgr /skms 127.0.0.1' } },
    })),
    {
      name: 'settings, a program of a vendor, and answer files that are taken away',
      policy,
      image: {
        files: {
          [START]:
            '@echo off\r\nreg add HKLM\\SOFTWARE\\Corp /v Site /d 1 /f\r\n"C:\\Vendor\\agent.exe" /install\r\ndel /q /f "%WINDIR%\\Panther\\unattend.xml"\r\nrd /s /q C:\\Drivers\r\n',
          '/Vendor/agent.exe': makePe(),
        },
      },
    },
    {
      name: 'a called program, a folder, an empty file and a large one, and a file that only speaks of a host or takes it away',
      policy,
      image: {
        files: {
          [START]: ['a.exe', 'b.cmd', 'c.cmd', 'd.dat', 'e.dat', 'f.dat'].map((name) => `cmd /c %~dp0${name}`).join('\r\n'),
          [`${SCRIPTS}/a.exe`]: makePe({ data: '\r\nslmgr.vbs /skms 127.0.0.1\r\n' }),
          [`${SCRIPTS}/b.cmd`]: { folder: true, unreadable: 'is a folder' },
          [`${SCRIPTS}/c.cmd`]: '',
          [`${SCRIPTS}/d.dat`]: Buffer.from(`slmgr /skms 127.0.0.1\r\n${' '.repeat(4 * 1024 * 1024)}`),
          [`${SCRIPTS}/e.dat`]: 'echo slmgr /skms 127.0.0.1\r\n',
          [`${SCRIPTS}/f.dat`]: 'rem slmgr /skms 127.0.0.1\r\n',
        },
      },
    },
    {
      name: 'an empty script of Setup, and a folder of that name',
      image: { files: { [START]: '', [OEM]: { folder: true, unreadable: 'is a folder' } } },
    },
    {
      name: 'a called file that activates at the listed host, and two that call each other',
      policy,
      image: {
        files: {
          [START]: 'cmd /c %~dp0a.dat\r\ncall %~dp0b.cmd\r\n',
          [`${SCRIPTS}/a.dat`]: 'slmgr /skms kms.corp.example',
          [`${SCRIPTS}/b.cmd`]: 'call %~dp0c.cmd',
          [`${SCRIPTS}/c.cmd`]: 'call %~dp0b.cmd',
        },
      },
    },
  ],
  bad: [
    {
      name: 'more calls than are followed',
      image: {
        files: Object.fromEntries([
          [START, Array.from({ length: 210 }, (_, at) => `call %~dp0n${at}.cmd`).join('\r\n')],
          ...Array.from({ length: 210 }, (_, at) => [`${SCRIPTS}/n${at}.cmd`, 'rem']),
        ]),
      },
      findings: [{ messageId: 'deep', at: { file: START } }],
    },
    removing('the folder goes', 'cd \\ & (goto) 2>nul & rd /s /q "%~dp0"'),
    removing('the folder by its name, split by carets', 'r^d /q /s %wind^ir%\\Setup\\Scripts'),
    removing('the folder by the root of the system', 'rmdir /s /q %SystemRoot%\\Setup\\Scripts'),
    removing('the folder by its whole path', 'rd /s /q C:\\Windows\\Setup\\Scripts'),
    ...['%0', '"%f0"', '%~0', '%~f0', '%~dpnx0', '%~dp0*', '%~dp0SetupComplete.cmd'].map((name) =>
      removing(`the file as ${name}`, `del /q "${name.replaceAll('"', '')}"`),
    ),
    ...['Remove-Item', 'ri', 'rm'].flatMap((command) =>
      ['$PSScriptRoot', '$MyInvocation.MyCommand.Path', '$PSCommandPath'].map((name) => ({
        name: `by PowerShell: ${command} ${name}`,
        image: { files: { [START]: 'powershell -File "%~dp0p.ps1"', [`${SCRIPTS}/p.ps1`]: `${command} -Force ${name}` } },
        findings: [{ messageId: 'removesItself', at: { file: `${SCRIPTS}/p.ps1` } }],
      })),
    ),
    {
      name: 'a called file without a word of activation that hides its words',
      image: { files: { [START]: 'cmd /c %~dp0a.dat', [`${SCRIPTS}/a.dat`]: 's%a%l%b%m%c%g%d%r '.repeat(6) } },
      findings: [{ messageId: 'activates', at: { file: `${SCRIPTS}/a.dat` } }],
    },
    removing('the file of more than four million letters', `${`rem ${'x'.repeat(8000)}\r\n`.repeat(600)}del /q "%~f0"`),
    removing('the file by the other name of the command', 'erase /q "%~f0"'),
    removing('the file alone', 'del /f /q "%~f0"', OEM),
    {
      name: 'by a script of PowerShell that it calls',
      image: {
        files: {
          [START]: 'powershell -ExecutionPolicy Bypass -File "%~dp0p.ps1"',
          [`${SCRIPTS}/p.ps1`]: 'Remove-Item -Recurse -Force $PSScriptRoot',
        },
      },
      findings: [{ messageId: 'removesItself', at: { file: `${SCRIPTS}/p.ps1` } }],
    },
    {
      name: 'three calls down, in a file of no telling name',
      policy,
      image: {
        files: {
          [START]: 'call %~dp0x1.cmd',
          [`${SCRIPTS}/x1.cmd`]: 'call "%~dp0more\\2.bat"',
          [`${SCRIPTS}/more/2.bat`]: 'start /wait cmd /c C:\\Windows\\Setup\\Scripts\\more\\3.cmd',
          [`${SCRIPTS}/more/3.cmd`]: 'cscript //e:vbscript "C:\\Windows\\Temp\\job.py"',
          '/Windows/Temp/job.py': 'slmgr /skms 127.0.0.1',
        },
      },
      findings: [{ messageId: 'activates', at: { file: '/Windows/Temp/job.py' }, level: 'certain' }],
    },
    {
      name: 'a chain without an end',
      image: {
        files: Object.fromEntries([
          [START, 'call %~dp0n0.cmd'],
          ...Array.from({ length: 12 }, (_, at) => [`${SCRIPTS}/n${at}.cmd`, `call %~dp0n${at + 1}.cmd`]),
        ]),
      },
      findings: [{ messageId: 'deep', at: { file: START } }],
    },
  ],
});

test.run();
