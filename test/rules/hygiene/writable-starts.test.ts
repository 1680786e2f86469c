// Who may change what the system starts by other ways: tasks of both stores, Active Setup, Winlogon, policy scripts, start folders, answer files.
import { test } from 'uvu';
import type { Severity } from '../../../lint/rule.ts';
import { writableByUsers } from '../../../rules/hygiene/writable-by-users.ts';
import { taskOf } from '../../corpus/tasks.ts';
import { FOR_EVERYONE, FOR_USERS, GUARDED } from '../../helpers/descriptors.ts';
import type { FakeFile } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';
import { descriptorOf } from '../../helpers/windows-tree.ts';

const FOR_AUTHENTICATED = descriptorOf([[0, 0x2, 'S-1-5-11']]);

const file = (descriptor: Uint8Array | undefined, content: string | Uint8Array = 'x'): FakeFile => ({
  content,
  ...(descriptor ? { descriptor } : {}),
});
const found = (path: string, messageId = 'writable', severity: Severity = 'error') => ({ messageId, at: { file: path }, severity });
const task = (command: string, args: string, user = 'S-1-5-18', within = '') =>
  new Uint8Array(
    Buffer.from(
      `\ufeff<?xml version="1.0" encoding="UTF-16"?><Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Principals><Principal id="A"><UserId>${user}</UserId></Principal></Principals><Actions Context="A"><Exec><Command>${command}</Command><Arguments>${args}</Arguments><WorkingDirectory>${within}</WorkingDirectory></Exec></Actions></Task>`,
      'utf16le',
    ),
  );
const TASK = '/Windows/System32/Tasks/Vendor/Job';
const FIRST_LOGON = (line: string) =>
  `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><FirstLogonCommands><SynchronousCommand><Order>1</Order><CommandLine>${line}</CommandLine></SynchronousCommand></FirstLogonCommands></component></settings></unattend>`;
const registryTask = (path: string, action: string) => taskOf(path, action, { only: 'registry' }).SOFTWARE!;

const ACTIVE = 'Microsoft\\Active Setup\\Installed Components\\{1}';

windowsRuleTester(writableByUsers, {
  good: [
    {
      name: 'guarded files in all these places',
      image: {
        SOFTWARE: { [ACTIVE]: { StubPath: 'C:\\active.exe /x' }, ...registryTask('\\Quiet', 'C:\\quiet.exe') },
        files: {
          '/active.exe': file(GUARDED),
          '/quiet.exe': file(GUARDED),
          [TASK]: file(GUARDED, task('C:\\a.exe', '')),
          '/a.exe': file(GUARDED),
        },
      },
    },
    {
      name: 'what users start for themselves',
      image: {
        hives: { '/Users/me/NTUSER.DAT': { 'Software\\Microsoft\\Windows\\CurrentVersion\\Run': { own: 'C:\\own.exe' } } },
        files: { '/own.exe': file(FOR_USERS) },
      },
    },
  ],
  bad: [
    {
      name: 'the file of a task, and a task that stands in the registry alone',
      image: {
        SOFTWARE: registryTask('\\Quiet', 'C:\\quiet.exe'),
        files: { [TASK]: file(FOR_USERS, task('C:\\a.exe', '')), '/a.exe': file(GUARDED), '/quiet.exe': file(FOR_USERS) },
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
          '/active.exe': file(FOR_USERS),
          '/Windows/system32/userinit.exe': file(GUARDED),
          '/more.exe': file(FOR_USERS),
          '/every.dll': file(FOR_USERS),
          '/auto.cmd': file(FOR_USERS),
          '/Windows/Panther/unattend.xml': file(GUARDED, FIRST_LOGON('C:\\first.cmd')),
          '/first.cmd': file(FOR_USERS),
        },
      },
      findings: ['/active.exe', '/more.exe', '/every.dll', '/auto.cmd', '/first.cmd'].map((path) => found(path)),
    },
    {
      name: 'scripts of group policy for the machine, their list, and the start folder of everybody',
      image: {
        files: {
          '/Windows/System32/GroupPolicy/Machine/Scripts/scripts.ini': file(
            FOR_USERS,
            '[Startup]\r\n0CmdLine=start.cmd\r\n0Parameters=\r\n',
          ),
          '/Windows/System32/GroupPolicy/Machine/Scripts/Startup/start.cmd': file(FOR_AUTHENTICATED),
          '/Windows/System32/GroupPolicy/User/Scripts/scripts.ini': file(FOR_USERS, '[Logon]\r\n0CmdLine=C:\\logon.cmd\r\n'),
          '/logon.cmd': file(FOR_USERS),
          '/ProgramData/Microsoft/Windows/Start Menu/Programs/Startup/all.cmd': file(FOR_EVERYONE),
          '/Users/me/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/own.cmd': file(FOR_USERS),
        },
      },
      findings: [
        '/Windows/System32/GroupPolicy/Machine/Scripts/scripts.ini',
        '/Windows/System32/GroupPolicy/Machine/Scripts/Startup/start.cmd',
        '/ProgramData/Microsoft/Windows/Start Menu/Programs/Startup/all.cmd',
      ].map((path) => found(path)),
    },
  ],
});

test.run();
