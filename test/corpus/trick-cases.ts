// Cases of the tricks and traps that the other files leave out: packers, names, copies, traces, writings of keys, secrets, who may write.
import { noise, peFile } from '../../scripts/dev/fixtures/bytes.ts';
import { decoyKey } from '../../scripts/dev/fixtures/product-id.ts';
import { makeCab } from '../helpers/archives.ts';
import { descriptorOf } from '../helpers/windows-tree.ts';
import type { CorpusCases } from './case.ts';
import { elfFile, emulatorBody, joined, wide } from './decoys.ts';
import { taskOf } from './tasks.ts';

const SCRIPTS = '/Windows/Setup/Scripts';
const HISTORY = '/Users/admin/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt';
const SERVICES = 'ControlSet001\\Services';
const PASSWORD = 'Decoy-Pa55';
const activate = 'cscript //nologo slmgr.vbs /skms kms.evil.example\r\ncscript //nologo slmgr.vbs /ato\r\n';
const file = (path: string, content: Uint8Array | string) => ({ files: { [path]: content } });
const program = () => new Uint8Array(peFile('tool.exe', emulatorBody()));
const FOR_USERS = descriptorOf([
  [0, 0x1f01ff, 'S-1-5-18'],
  [0, 0x1301bf, 'S-1-5-32-545'],
]);
const bare = (key: string) => key.replaceAll('-', '');

export const trickCases: CorpusCases = {
  refused: [
    {
      name: 'in a cabinet',
      rows: ['E07', 'G13'],
      plant: () => file('/ProgramData/data.cab', makeCab({ 'tool.txt': activate, 'tool.cmd': activate })),
    },
    {
      name: 'in a cabinet behind a program',
      rows: ['E07', 'E06'],
      plant: () => file('/ProgramData/express.exe', Buffer.concat([peFile('express.exe'), makeCab({ 'tool.cmd': activate })])),
    },
    {
      name: 'a batch file that carries a program in Base64',
      rows: ['E15'],
      plant: () =>
        file(
          `${SCRIPTS}/SetupComplete.cmd`,
          `@echo off\r\ncertutil -decode "%~f0" %temp%\\x.exe\r\n%temp%\\x.exe\r\nexit /b\r\n-----BEGIN CERTIFICATE-----\r\n${Buffer.from(program()).toString('base64').replace(/.{64}/g, '$&\r\n')}\r\n-----END CERTIFICATE-----\r\n`,
        ),
    },
    {
      name: 'a batch file that is a script of another kind as well',
      rows: ['E15'],
      plant: file(
        '/Users/Public/run.cmd',
        `<!-- : begin batch\r\n@echo off\r\n${activate}cscript //nologo "%~f0?.wsf"\r\nexit /b\r\n-->\r\n<job><script language="VBScript">x = 1</script></job>\r\n`,
      ),
    },
    {
      name: 'one content under an innocent name and another one',
      rows: ['E27', 'G4'],
      plant: () => ({ files: { '/Windows/System32/winmsgx.dll': program(), '/Program Files/Vendor/readme.dat': program() } }),
    },
    { name: 'a name that Windows itself cannot open', rows: ['E38'], plant: () => file('/Windows/System32/con .exe', program()) },
    {
      name: 'a script by its short name and in other letters',
      rows: ['E51'],
      plant: {
        files: {
          [`${SCRIPTS}/SetupComplete.cmd`]: '@CALL C:\\PROGRA~1\\VENDOR~1\\START.CMD\r\n',
          '/Program Files': { folder: true, shortName: 'PROGRA~1' },
          '/Program Files/Vendor of us': { folder: true, shortName: 'VENDOR~1' },
          '/Program Files/Vendor of us/start.cmd': activate,
        },
      },
    },
    {
      name: 'traces of two kinds, without the tool',
      rows: ['E44', 'G19'],
      plant: {
        files: {
          [HISTORY]: 'slmgr /skms kms.evil.example\nslmgr /ato\n',
          [`/Windows/Prefetch/${joined('KMS', 'ELDI')}.EXE-1A2B3C4D.pf`]: 'MAM',
        },
      },
    },
    {
      name: 'Defender saw it, and somebody typed it',
      rows: ['E44', 'G19'],
      plant: {
        files: {
          [HISTORY]: 'slmgr /skms kms.evil.example; slmgr /ato\n',
          '/ProgramData/Microsoft/Windows Defender/Support/MPLog-20260101-000000.log': wide(
            `Threat Name:${joined('HackTool:Win32/Auto', 'KMS')}\r\n`,
          ),
        },
      },
    },
    {
      name: 'settings of a hook as plain letters, of which two are enough',
      rows: ['G5'],
      plant: () =>
        file(
          '/Windows/System32/printx.dll',
          peFile('printx.dll', Buffer.from(`\0${joined('KMS_', 'Renewal', 'Interval')}\0pad\0${joined('KMS_', 'HW', 'ID')}\0`)),
        ),
    },
    {
      name: 'the constants in a program of Linux under the name of an archive',
      rows: ['G23', 'E01'],
      plant: () => file('/srv/relay.gz', elfFile(Buffer.concat([noise('l', 64), emulatorBody()]))),
    },
    {
      name: 'a driver of redirection beside an emulator',
      rows: ['G15', 'G14'],
      plant: () => ({
        files: {
          [`/ProgramData/${joined('KMS', 'AutoS')}/WinDivert64.sys`]: peFile('WinDivert64.sys'),
          [`/ProgramData/${joined('KMS', 'AutoS')}/${joined('KMS', 'SS')}.exe`]: peFile('k.exe'),
        },
      }),
    },
    ...(
      [
        ['without dashes', (key: string) => `key=${bare(key)}\r\n`, 'txt'],
        ['with blanks', (key: string) => key.replaceAll('-', ' '), 'txt'],
        ['with long dashes', (key: string) => key.replaceAll('-', '\u2013'), 'ini'],
        ['in full-width letters', (key: string) => key.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)), 'txt'],
        ['in four bytes a letter', (key: string) => Buffer.from([...key].flatMap((one) => [one.charCodeAt(0), 0, 0, 0])), 'txt'],
        ['as references', (key: string) => `<a>${key.replace(/./g, (one) => `&#${one.charCodeAt(0)};`)}</a>`, 'xml'],
        ['as escapes of JSON', (key: string) => `{"k":"${key.replaceAll('-', '\\u002d')}"}`, 'json'],
        ['in Base64', (key: string) => `k = ${Buffer.from(key).toString('base64')}\r\n`, 'conf'],
        ['in hexadecimal numbers', (key: string) => Buffer.from(key).toString('hex'), 'csv'],
        ['in decimal numbers', (key: string) => Buffer.from(key).join(','), 'txt'],
        ['in pieces', (key: string) => `$k = '${key.slice(0, 11)}' + '${key.slice(11)}'\n`, 'ps1'],
        ['in UTF-7', (key: string) => key.replaceAll('-', '+AC0-'), 'eml'],
      ] as const
    ).map(([how, write, extension]) => ({
      name: `a key ${how}`,
      rows: ['K'],
      plant: () => file(`/Users/Public/notes.${extension}`, write(decoyKey())),
    })),
    {
      name: 'a password in a command of a script',
      rows: ['S'],
      plant: file('/Tools/join.cmd', `@net use Z: \\\\srv\\deploy ${PASSWORD} /user:corp\\joiner\r\n`),
    },
    {
      name: 'a password that somebody typed',
      rows: ['S', 'G19'],
      plant: file(HISTORY, `$p = ConvertTo-SecureString '${PASSWORD}' -AsPlainText -Force\n`),
    },
    {
      name: 'a password in the arguments of a task',
      rows: ['S'],
      plant: taskOf('\\Vendor\\Map', `net use Z: \\\\srv\\share ${PASSWORD} /user:corp\\joiner`),
    },
    {
      name: 'a password in the settings of a deployment',
      rows: ['S'],
      plant: file('/MININT/CustomSettings.ini', `[Default]\r\nUserID=deploy\r\nUserPassword=${PASSWORD}\r\n`),
    },
    {
      name: 'a prepared join of a domain',
      rows: ['S'],
      plant: () =>
        file(
          '/Windows/Temp/odj.txt',
          wide(`\ufeff${Buffer.concat([Buffer.from('01100800cccccccc', 'hex'), noise('odj', 420)]).toString('base64')}`),
        ),
    },
    {
      name: 'sealed once and started since',
      rows: ['W'],
      plant: {
        SOFTWARE: { 'Microsoft\\Windows\\CurrentVersion\\Setup\\State': { ImageState: 'IMAGE_STATE_SPECIALIZE_RESEAL_TO_OOBE' } },
        files: { '/Windows/System32/Sysprep/Sysprep_succeeded.tag': '' },
      },
    },
    {
      name: 'the disks of the host come online',
      rows: ['W'],
      plant: { SYSTEM: { [`${SERVICES}\\partmgr\\Parameters`]: { SanPolicy: 1 } } },
    },
    {
      name: 'users may change the program of a service',
      rows: ['W', 'G8'],
      plant: {
        SYSTEM: { [`${SERVICES}\\Agent`]: { Type: 0x10, Start: 2, ImagePath: 'C:\\Agent\\agent.exe', ObjectName: 'LocalSystem' } },
        files: { '/Agent/agent.exe': { content: peFile('agent.exe'), descriptor: FOR_USERS } },
      },
    },
    {
      name: 'users may change what Setup starts',
      rows: ['W', 'G17'],
      plant: { files: { [`${SCRIPTS}/SetupComplete.cmd`]: { content: '@echo off\r\n', descriptor: FOR_USERS } } },
    },
    {
      name: 'users may change what starts at the first logon of everybody',
      rows: ['W', 'G17', 'E31'],
      plant: {
        SOFTWARE: {
          'Microsoft\\Active Setup\\Installed Components\\{7a2d1c34-0000-4000-8000-000000000001}': { StubPath: 'C:\\Agent\\first.exe' },
        },
        files: { '/Agent/first.exe': { content: peFile('first.exe'), descriptor: FOR_USERS } },
      },
    },
  ],
  honest: [],
};
