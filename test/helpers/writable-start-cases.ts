// Who may change what the system starts by other ways: tasks of both stores, Active Setup, Winlogon, policy scripts, start folders, answer files.
import type { Severity } from '../../lint/rule.ts';
import type { writableByUsers } from '../../rules/hygiene/writable-by-users.ts';
import { taskOf } from '../corpus/tasks.ts';
import { FOR_AUTHENTICATED, FOR_EVERYONE, FOR_USERS, GUARDED } from './descriptors.ts';
import type { RuleCases } from './rule-tester.ts';
import { execTask, guardedFile } from './started-file.ts';

const found = (path: string, messageId = 'writable', severity: Severity = 'error') => ({ messageId, at: { file: path }, severity });
const TASK = '/Windows/System32/Tasks/Vendor/Job';
const FIRST_LOGON = (line: string) =>
  `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><FirstLogonCommands><SynchronousCommand><Order>1</Order><CommandLine>${line}</CommandLine></SynchronousCommand></FirstLogonCommands></component></settings></unattend>`;
const registryTask = (path: string, action: string) => taskOf(path, action, { only: 'registry' }).SOFTWARE!;

const ACTIVE = 'Microsoft\\Active Setup\\Installed Components\\{1}';

export const startCases: RuleCases<typeof writableByUsers> = {
  good: [
    {
      name: 'guarded files in all these places',
      image: {
        SOFTWARE: { [ACTIVE]: { StubPath: 'C:\\active.exe /x' }, ...registryTask('\\Quiet', 'C:\\quiet.exe') },
        files: {
          '/active.exe': guardedFile(GUARDED),
          '/quiet.exe': guardedFile(GUARDED),
          [TASK]: guardedFile(GUARDED, execTask('C:\\a.exe', '')),
          '/a.exe': guardedFile(GUARDED),
        },
      },
    },
    {
      name: 'what users start for themselves',
      image: {
        hives: { '/Users/me/NTUSER.DAT': { 'Software\\Microsoft\\Windows\\CurrentVersion\\Run': { own: 'C:\\own.exe' } } },
        files: { '/own.exe': guardedFile(FOR_USERS) },
      },
    },
  ],
  bad: [
    {
      name: 'the file of a task, and a task that stands in the registry alone',
      image: {
        SOFTWARE: registryTask('\\Quiet', 'C:\\quiet.exe'),
        files: {
          [TASK]: guardedFile(FOR_USERS, execTask('C:\\a.exe', '')),
          '/a.exe': guardedFile(GUARDED),
          '/quiet.exe': guardedFile(FOR_USERS),
        },
      },
      findings: [found(TASK), found('/quiet.exe')],
    },
    {
      name: 'Active Setup, Winlogon, a library for every program, the boot, a command of an answer file',
      image: {
        SOFTWARE: {
          'Microsoft\\Active Setup\\Installed Components\\{1}': { StubPath: 'C:\\active.exe /x' },
          'Microsoft\\Windows NT\\CurrentVersion\\Winlogon': {
            Userinit: 'C:\\Windows\\system32\\userinit.exe,C:\\more.exe',
            Shell: 'explorer.exe',
          },
          'Microsoft\\Windows NT\\CurrentVersion\\Windows': { AppInit_DLLs: 'C:\\every.dll' },
          'Microsoft\\Command Processor': { AutoRun: 'C:\\auto.cmd' },
        },
        files: {
          '/active.exe': guardedFile(FOR_USERS),
          '/Windows/system32/userinit.exe': guardedFile(GUARDED),
          '/more.exe': guardedFile(FOR_USERS),
          '/every.dll': guardedFile(FOR_USERS),
          '/auto.cmd': guardedFile(FOR_USERS),
          '/Windows/Panther/unattend.xml': guardedFile(GUARDED, FIRST_LOGON('C:\\first.cmd')),
          '/first.cmd': guardedFile(FOR_USERS),
        },
      },
      findings: ['/active.exe', '/more.exe', '/every.dll', '/auto.cmd', '/first.cmd'].map((path) => found(path)),
    },
    {
      name: 'scripts of group policy for the machine, their list, and the start folder of everybody',
      image: {
        files: {
          '/Windows/System32/GroupPolicy/Machine/Scripts/scripts.ini': guardedFile(
            FOR_USERS,
            '[Startup]\r\n0CmdLine=start.cmd\r\n0Parameters=\r\n',
          ),
          '/Windows/System32/GroupPolicy/Machine/Scripts/Startup/start.cmd': guardedFile(FOR_AUTHENTICATED),
          '/Windows/System32/GroupPolicy/User/Scripts/scripts.ini': guardedFile(FOR_USERS, '[Logon]\r\n0CmdLine=C:\\logon.cmd\r\n'),
          '/logon.cmd': guardedFile(FOR_USERS),
          '/ProgramData/Microsoft/Windows/Start Menu/Programs/Startup/all.cmd': guardedFile(FOR_EVERYONE),
          '/Users/me/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/own.cmd': guardedFile(FOR_USERS),
        },
      },
      findings: [
        '/Windows/System32/GroupPolicy/Machine/Scripts/scripts.ini',
        '/Windows/System32/GroupPolicy/Machine/Scripts/Startup/start.cmd',
        '/ProgramData/Microsoft/Windows/Start Menu/Programs/Startup/all.cmd',
      ].map((path) => found(path)),
    },
  ],
};
