// Every way by which SYSTEM or an administrator starts a file, beside everybody who may change that file, in a WIM and on a disk.
import type { ContainerId } from '../../image/image.ts';
import type { writableByUsers } from '../../rules/hygiene/writable-by-users.ts';
import { taskOf } from '../corpus/tasks.ts';
import { FOR_AUTHENTICATED, FOR_EVERYONE, FOR_USERS, GUARDED } from './descriptors.ts';
import type { FakeFile, FakeSpec } from './fake-image.ts';
import type { RuleCases } from './rule-tester.ts';
import { execTask, guardedFile } from './started-file.ts';

/** What starts the file, and where that lies; the file itself stands beside it. */
interface Way {
  readonly path: string;
  readonly image: FakeSpec;
  readonly content?: string | Uint8Array;
}

const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const PANTHER = '/Windows/Panther/unattend.xml';
const TASK = '/Windows/System32/Tasks/Vendor/Job';
const ANSWERS = (inner: string) =>
  `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="specialize"><component name="Microsoft-Windows-Deployment" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">${inner}</component></settings></unattend>`;
const RUN_AT_SETUP = ANSWERS(
  '<RunSynchronous><RunSynchronousCommand><Order>1</Order><Path>C:\\Vendor\\first.exe /q</Path></RunSynchronousCommand></RunSynchronous>',
);
const service = (values: Record<string, string | number>, more: Record<string, Record<string, string>> = {}): FakeSpec => ({
  SYSTEM: { 'ControlSet001\\Services\\vendor': values, ...more },
});
const run = (key: string): FakeSpec => ({
  SOFTWARE: { [`Microsoft\\Windows\\CurrentVersion\\${key}`]: { tray: 'C:\\Vendor\\tray.exe /s' } },
});

const WAYS: Readonly<Record<string, Way>> = {
  'the program of a service': { path: '/Vendor/agent.exe', image: service({ ImagePath: 'C:\\Vendor\\agent.exe -k', Start: 2 }) },
  'the library of a service': {
    path: '/Vendor/agent.dll',
    image: service(
      { ImagePath: '%SystemRoot%\\System32\\svchost.exe -k netsvcs', Start: 2 },
      { 'ControlSet001\\Services\\vendor\\Parameters': { ServiceDll: 'C:\\Vendor\\agent.dll' } },
    ),
  },
  'a driver': {
    path: '/Windows/System32/drivers/vendor.sys',
    image: service({ ImagePath: 'System32\\drivers\\vendor.sys', Start: 1, Type: 1 }),
  },
  'the program of a task with a file': {
    path: '/Vendor/job.exe',
    image: { files: { [TASK]: guardedFile(GUARDED, execTask('C:\\Vendor\\job.exe', '/daily')) } },
  },
  'the file of a task': { path: TASK, image: {}, content: execTask('C:\\Windows\\System32\\absent.exe', '') },
  'the program of a task in the registry alone': {
    path: '/Vendor/quiet.exe',
    image: taskOf('\\Vendor\\Quiet', 'C:\\Vendor\\quiet.exe', { only: 'registry' }),
  },
  'the script after Setup': { path: COMPLETE, image: {}, content: '@echo off\r\n' },
  'what the script after Setup calls': {
    path: '/Vendor/step.cmd',
    image: { files: { [COMPLETE]: guardedFile(GUARDED, 'call C:\\Vendor\\step.cmd /q\r\n') } },
  },
  'a Run key': { path: '/Vendor/tray.exe', image: run('Run') },
  'a RunOnce key': { path: '/Vendor/tray.exe', image: run('RunOnce') },
  'an answer file': { path: PANTHER, image: {}, content: ANSWERS('') },
  'a command of an answer file': { path: '/Vendor/first.exe', image: { files: { [PANTHER]: guardedFile(GUARDED, RUN_AT_SETUP) } } },
};
const TRUSTEES = { Everyone: FOR_EVERYONE, Users: FOR_USERS, 'Authenticated Users': FOR_AUTHENTICATED } as const;
const WIMS: readonly ContainerId[] = ['wim', 'esd', 'swm', 'iso'];
const DISKS: readonly ContainerId[] = ['vhd', 'vhdx', 'raw'];

function imageWith({ path, image, content }: Way, descriptor: Uint8Array | undefined, container: ContainerId): FakeSpec {
  const file: FakeFile = guardedFile(descriptor, content);
  return { ...image, info: { container }, files: { ...image.files, [path]: file } };
}

export const trusteeCases: RuleCases<typeof writableByUsers> = {
  good: Object.entries(WAYS).flatMap(([name, way]) =>
    (['wim', 'vhdx'] as const).map((container) => ({
      name: `${name}, guarded, in a ${container}`,
      image: imageWith(way, GUARDED, container),
    })),
  ),
  bad: Object.entries(WAYS).flatMap(([name, way]) => [
    ...Object.entries(TRUSTEES).flatMap(([who, descriptor]) =>
      (['wim', 'vhdx'] as const).map((container) => ({
        name: `${name}, for ${who}, in a ${container}`,
        image: imageWith(way, descriptor, container),
        findings: [{ messageId: 'writable', at: { file: way.path }, severity: 'error' as const, says: `, and ${who} may change it` }],
      })),
    ),
    ...[...WIMS, ...DISKS].map((container) => ({
      name: `${name}, without a descriptor, in a ${container}`,
      image: imageWith(way, undefined, container),
      findings: [
        {
          messageId: 'noDescriptor',
          at: { file: way.path },
          severity: WIMS.includes(container) ? ('warning' as const) : ('error' as const),
        },
      ],
    })),
  ]),
};
