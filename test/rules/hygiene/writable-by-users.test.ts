// What SYSTEM starts: services, tasks, scripts and what they call, Run keys, answer files; by who may change it.
import { test } from 'uvu';
import type { Severity } from '../../../lint/rule.ts';
import { writableByUsers } from '../../../rules/hygiene/writable-by-users.ts';
import { FOR_AUTHENTICATED, FOR_EVERYONE, FOR_USERS, FULL, GUARDED, SYSTEM } from '../../helpers/descriptors.ts';
import type { FakeFile } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';
import { execTask, guardedFile } from '../../helpers/started-file.ts';
import { descriptorOf } from '../../helpers/windows-tree.ts';
import { chainCases } from '../../helpers/writable-chain-cases.ts';
import { startCases } from '../../helpers/writable-start-cases.ts';
import { trusteeCases } from '../../helpers/writable-trustee-cases.ts';

/** As on ProgramData: users may make files in it, and own what they make. */
const FOR_NEW_FILES = descriptorOf([
  [0, FULL, SYSTEM],
  [0x0b, FULL, 'S-1-3-0'],
  [0x02, 0x116, 'S-1-5-32-545'],
]);
const folder = (descriptor: Uint8Array): FakeFile => ({ folder: true, descriptor });
const link = (target: string, descriptor = GUARDED): FakeFile => ({ reparse: { tag: 0xa000000c, target }, descriptor });
const SERVICE = (values: Record<string, string | number>, name = 'agent') => ({ SYSTEM: { [`ControlSet001\\Services\\${name}`]: values } });
const found = (path: string, messageId = 'writable', severity: Severity = 'error') => ({ messageId, at: { file: path }, severity });
/** Guests, of whom the rule knows no name. */
const FOR_GUESTS = descriptorOf([
  [0, FULL, 'S-1-5-32-545'],
  [0, FULL, 'S-1-5-32-546'],
]);
const TASK = '/Windows/System32/Tasks/Vendor/Job';
const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';

windowsRuleTester(writableByUsers, {
  good: [
    ...startCases.good,
    ...chainCases.good,
    ...trusteeCases.good,
    {
      name: 'guarded files in every place',
      image: {
        ...SERVICE({ ImagePath: '"C:\\Program Files\\Agent\\agent.exe" -s' }),
        SOFTWARE: { 'Microsoft\\Windows\\CurrentVersion\\Run': { Agent: '%ProgramFiles%\\Agent\\tray.exe' } },
        files: {
          '/Program Files/Agent/agent.exe': guardedFile(GUARDED),
          '/Program Files/Agent/tray.exe': guardedFile(GUARDED),
          [COMPLETE]: guardedFile(GUARDED, 'call C:\\Tools\\a.cmd\r\n'),
          '/Tools/a.cmd': guardedFile(GUARDED),
          '/Windows/Panther/unattend.xml': guardedFile(GUARDED, '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>'),
          [TASK]: guardedFile(GUARDED, execTask('C:\\Tools\\a.cmd', '')),
        },
      },
    },
    {
      name: 'files of users that nothing starts',
      image: { files: { '/Users/Public/a.exe': guardedFile(FOR_EVERYONE), '/Tools/b.cmd': guardedFile(undefined) } },
    },
    {
      name: 'guarded files below folders in which users may only make files, and behind links',
      image: {
        SYSTEM: {
          Setup: { CmdLine: 'oobe\\windeploy.exe', SetupType: 2 },
          'ControlSet001\\Services\\agent': { ImagePath: 'C:\\ProgramData\\Agent\\agent.exe', FailureCommand: 'C:\\Tools\\link.cmd' },
          'ControlSet001\\Services\\far': { ImagePath: 'C:\\Tools\\far.exe' },
        },
        files: {
          '/ProgramData': folder(FOR_NEW_FILES),
          '/ProgramData/Agent/agent.exe': guardedFile(GUARDED),
          '/Windows/System32/oobe/windeploy.exe': guardedFile(GUARDED),
          '/Tools/link.cmd': link('C:\\ProgramData\\Agent\\agent.exe'),
          '/Tools/far.exe': link('D:\\far.exe'),
        },
      },
    },
    {
      name: 'a service that is disabled or runs as somebody else',
      image: {
        SYSTEM: {
          'ControlSet001\\Services\\off': { ImagePath: 'C:\\a.exe', Start: 4 },
          'ControlSet001\\Services\\low': { ImagePath: 'C:\\a.exe', Start: 2, ObjectName: 'NT AUTHORITY\\LocalService' },
        },
        files: { '/a.exe': guardedFile(FOR_USERS) },
      },
    },
    {
      name: 'a task of a user, and names that lead out of the image',
      image: {
        ...SERVICE({ ImagePath: '\\\\server\\share\\a.exe' }),
        files: {
          [TASK]: guardedFile(GUARDED, execTask('C:\\a.exe', '', 'S-1-5-21-1-2-3-1001')),
          '/a.exe': guardedFile(FOR_USERS),
          [COMPLETE]: guardedFile(GUARDED, 'rem call C:\\a.exe\r\n:: C:\\a.exe\r\nD:\\a.exe\r\n%X%\\a.exe\r\n'),
        },
      },
    },
  ],
  bad: [
    ...startCases.bad,
    ...chainCases.bad,
    ...trusteeCases.bad,
    {
      name: 'the program of a service',
      image: {
        ...SERVICE({ ImagePath: 'C:\\Program Files\\My Agent\\agent.exe -s', ObjectName: 'LocalSystem' }),
        files: { '/Program Files/My Agent/agent.exe': guardedFile(FOR_USERS) },
      },
      findings: [found('/Program Files/My Agent/agent.exe')],
    },
    {
      name: 'the library of a service, and a driver',
      image: {
        SYSTEM: {
          'ControlSet001\\Services\\shared': { ImagePath: '%SystemRoot%\\System32\\svchost.exe -k x' },
          'ControlSet001\\Services\\shared\\Parameters': { ServiceDll: '%SystemRoot%\\System32\\shared.dll' },
          'ControlSet001\\Services\\driver': { ImagePath: 'system32\\drivers\\d.sys' },
        },
        files: {
          '/Windows/System32/svchost.exe': guardedFile(GUARDED),
          '/Windows/System32/shared.dll': guardedFile(FOR_EVERYONE),
          '/Windows/System32/drivers/d.sys': guardedFile(FOR_AUTHENTICATED),
        },
      },
      findings: [found('/Windows/System32/shared.dll'), found('/Windows/System32/drivers/d.sys')],
    },
    {
      name: 'SetupComplete.cmd itself and what it calls, two levels deep',
      image: {
        files: {
          [COMPLETE]: guardedFile(FOR_USERS, '@echo off\r\ncall "%~dp0first.cmd"\r\n'),
          '/Windows/Setup/Scripts/first.cmd': guardedFile(GUARDED, 'if exist x powershell.exe -File C:\\Tools\\second.ps1\r\n'),
          '/Tools/second.ps1': guardedFile(FOR_AUTHENTICATED),
        },
      },
      findings: [{ ...found(COMPLETE), says: /^Setup, as SYSTEM, starts or reads/ }, found('/Tools/second.ps1')],
    },
    {
      name: 'the script of a task that runs as SYSTEM',
      image: {
        files: {
          [TASK]: guardedFile(
            GUARDED,
            execTask('%SystemRoot%\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', '-File &quot;C:\\Pro gram\\job.ps1&quot;'),
          ),
          '/Pro gram/job.ps1': guardedFile(FOR_USERS),
        },
      },
      findings: [found('/Pro gram/job.ps1')],
    },
    {
      name: 'a guarded program in a folder that everybody may empty',
      image: {
        ...SERVICE({ ImagePath: 'C:\\Agent\\bin\\agent.exe' }),
        files: { '/Agent': folder(FOR_EVERYONE), '/Agent/bin': folder(GUARDED), '/Agent/bin/agent.exe': guardedFile(GUARDED) },
      },
      findings: [{ ...found('/Agent', 'replaceable'), says: /^Everyone may replace .* starts or reads \/Agent\/bin\/agent\.exe below it/ }],
    },
    {
      name: 'a group whose name is not known, on a file and on its folder',
      image: {
        ...SERVICE({ ImagePath: 'C:\\Agent\\agent.exe' }),
        files: { '/Agent': folder(FOR_GUESTS), '/Agent/agent.exe': guardedFile(FOR_GUESTS) },
      },
      findings: [
        { ...found('/Agent/agent.exe'), says: 'and Users, S-1-5-32-546 may change it' },
        { ...found('/Agent', 'replaceable'), says: /^Users, S-1-5-32-546 may replace/ },
      ],
    },
    {
      name: 'a program behind a folder of the name that is tried before it',
      image: {
        ...SERVICE({ ImagePath: 'C:\\My Agent\\agent.exe' }),
        files: { '/My': folder(GUARDED), '/My Agent/agent.exe': guardedFile(FOR_USERS) },
      },
      findings: [found('/My Agent/agent.exe')],
    },
    {
      name: 'a program behind a link, and a link that users may turn',
      image: {
        SYSTEM: {
          'ControlSet001\\Services\\a': { ImagePath: 'C:\\Windows\\a.exe' },
          'ControlSet001\\Services\\b': { ImagePath: 'C:\\Windows\\junction\\b.exe' },
          'ControlSet001\\Services\\c': { ImagePath: 'C:\\Windows\\c.exe' },
        },
        files: {
          '/Windows/a.exe': link('..\\Users\\Public\\a.exe'),
          '/Users/Public/a.exe': guardedFile(FOR_USERS),
          '/Windows/junction': { ...link('\\??\\C:\\Data'), folder: true },
          '/Data/b.exe': guardedFile(FOR_EVERYONE),
          '/Windows/c.exe': link('C:\\Windows\\d.exe', FOR_USERS),
          '/Windows/d.exe': guardedFile(GUARDED),
        },
      },
      findings: [found('/Users/Public/a.exe'), found('/Data/b.exe'), found('/Windows/c.exe')],
    },
    {
      name: 'a program by its short names',
      image: {
        ...SERVICE({ ImagePath: 'C:\\PROGRA~1\\AGENT~1.EXE -s' }),
        files: {
          '/Program Files': { ...folder(GUARDED), shortName: 'PROGRA~1' },
          '/Program Files/agent of us.exe': { ...guardedFile(FOR_USERS), shortName: 'AGENT~1.EXE' },
        },
      },
      findings: [found('/Program Files/agent of us.exe')],
    },
    {
      name: 'the command line of Setup, the program that follows a failure, and a task by its working folder',
      image: {
        SYSTEM: {
          Setup: { CmdLine: 'setup\\first.exe', SetupType: 2 },
          'ControlSet001\\Services\\agent': { ImagePath: 'C:\\a.exe', FailureCommand: 'C:\\failed.cmd' },
        },
        files: {
          '/a.exe': guardedFile(GUARDED),
          '/failed.cmd': guardedFile(FOR_USERS),
          '/Windows/System32/setup/first.exe': guardedFile(FOR_USERS),
          [TASK]: guardedFile(GUARDED, execTask('job.exe', '', 'S-1-5-18', 'C:\\Jobs')),
          '/Jobs/job.exe': guardedFile(FOR_USERS),
        },
      },
      findings: [found('/failed.cmd'), found('/Windows/System32/setup/first.exe'), found('/Jobs/job.exe')],
    },
    {
      name: 'a program compressed by the overlay filter',
      image: {
        ...SERVICE({ ImagePath: 'C:\\a.exe' }),
        files: { '/a.exe': { reparse: { tag: 0x80000017, target: undefined }, descriptor: FOR_USERS } },
      },
      findings: [found('/a.exe')],
    },
    {
      name: 'a script that is too long to be followed to its end',
      image: { files: { [COMPLETE]: guardedFile(GUARDED, `${'rem\r\n'.repeat(20_001)}C:\\a.cmd\r\n`), '/a.cmd': guardedFile(GUARDED) } },
      findings: [],
      unable: 'is longer than a script that is followed',
    },
    {
      name: 'a task that cannot be read',
      image: { files: { '/Windows/System32/Tasks/broken': guardedFile(GUARDED, '<Task') } },
      findings: [],
      unable: '/Windows/System32/Tasks/broken',
    },
    {
      name: 'a Run key and an answer file',
      image: {
        SOFTWARE: { 'Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\RunOnce': { x: '"C:\\Tools\\a.exe" /x' } },
        files: {
          '/Tools/a.exe': guardedFile(FOR_USERS),
          '/Windows/Panther/unattend.xml': guardedFile(FOR_EVERYONE, '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>'),
        },
      },
      findings: [
        { ...found('/Windows/Panther/unattend.xml'), says: /^Setup, as SYSTEM, when it looks for an answer file, starts or reads/ },
        found('/Tools/a.exe'),
      ],
    },
    {
      name: 'no descriptor in a WIM',
      image: { files: { [COMPLETE]: guardedFile(undefined) } },
      findings: [found(COMPLETE, 'noDescriptor', 'warning')],
    },
    {
      name: 'no descriptor on a disk',
      image: { info: { container: 'vhdx' }, files: { [COMPLETE]: guardedFile(undefined) } },
      findings: [found(COMPLETE, 'noDescriptor', 'error')],
    },
    {
      name: 'an image without any descriptor',
      image: {
        SYSTEM: Object.fromEntries(
          Array.from({ length: 25 }, (_, at) => [`ControlSet001\\Services\\s${at}`, { ImagePath: `C:\\s${at}.exe` }]),
        ),
        files: Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`/s${at}.exe`, guardedFile(undefined)])),
      },
      findings: [found('/s0.exe', 'noDescriptors', 'warning')],
    },
    {
      name: 'a descriptor that is none',
      image: { files: { [COMPLETE]: guardedFile(new Uint8Array([1, 2, 3])) } },
      findings: [found(COMPLETE, 'damaged', 'warning')],
    },
  ],
});

test.run();
