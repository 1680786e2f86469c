// What the scripts of Setup call, how deep and of which kinds; links, folders and files that several starts share.
import type { writableByUsers } from '../../rules/hygiene/writable-by-users.ts';
import { FOR_AUTHENTICATED, FOR_EVERYONE, FOR_USERS, GUARDED } from './descriptors.ts';
import type { FakeFile } from './fake-image.ts';
import type { RuleCases } from './rule-tester.ts';
import { guardedFile } from './started-file.ts';

const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const PANTHER = '/Windows/Panther/unattend.xml';
const ENDINGS = ['cmd', 'bat', 'ps1', 'vbs', 'js', 'wsf'];
/** A program and a hundred files that it is given. */
const MANY_WORDS = `"C:\\a.exe" ${Array.from({ length: 100 }, (_, at) => `C:\\w${at}.dll`).join(' ')}`;
const BROKEN = new Uint8Array([9, 9, 9]);
const junction = (target: string, descriptor: Uint8Array): FakeFile => ({
  folder: true,
  reparse: { tag: 0xa0000003, target: `\\??\\${target}` },
  descriptor,
});
const found = (path: string, messageId = 'writable') => ({ messageId, at: { file: path }, severity: 'error' as const });
const calls = (line: string, descriptor = GUARDED) => guardedFile(descriptor, `${line}\r\n`);
const services = (programs: readonly string[]) => ({
  SYSTEM: Object.fromEntries(programs.map((ImagePath, at) => [`ControlSet001\\Services\\s${at}`, { ImagePath }])),
});

export const chainCases: RuleCases<typeof writableByUsers> = {
  good: [
    {
      name: 'a program that a script calls, and that holds the name of another file',
      image: {
        files: {
          [COMPLETE]: calls('C:\\Tools\\setup.exe'),
          '/Tools/setup.exe': calls('C:\\Tools\\own.cmd'),
          '/Tools/own.cmd': guardedFile(FOR_USERS),
        },
      },
    },
    {
      name: 'an answer file with the name of a file in a text that is no command',
      image: {
        files: {
          [PANTHER]: calls('<unattend xmlns="urn:schemas-microsoft-com:unattend"><!--\nC:\\Tools\\own.cmd\n--></unattend>'),
          '/Tools/own.cmd': guardedFile(FOR_USERS),
        },
      },
    },
    {
      name: 'folders of the names that Setup looks for',
      image: { files: { '/Unattend.xml': { folder: true, descriptor: FOR_USERS }, [COMPLETE]: { folder: true, descriptor: FOR_USERS } } },
    },
    {
      name: 'a guarded junction to a guarded program, and scripts that call each other',
      image: {
        ...services(['C:\\Old\\agent.exe']),
        files: {
          '/Old': junction('C:\\New', GUARDED),
          '/New/agent.exe': guardedFile(GUARDED),
          [COMPLETE]: calls('call C:\\Tools\\a.cmd'),
          '/Tools/a.cmd': calls('call C:\\Tools\\b.cmd'),
          '/Tools/b.cmd': calls('call C:\\Tools\\a.cmd'),
        },
      },
    },
  ],
  bad: [
    ...ENDINGS.map((ending) => ({
      name: `what a .${ending} calls that Setup calls`,
      image: {
        files: {
          [COMPLETE]: calls(`C:\\Tools\\next.${ending}`),
          [`/Tools/next.${ending}`]: calls('C:\\Tools\\last.exe /q'),
          '/Tools/last.exe': guardedFile(FOR_USERS),
        },
      },
      findings: [found('/Tools/last.exe')],
    })),
    {
      name: 'three levels of scripts, and no fourth',
      image: {
        files: {
          [COMPLETE]: calls('C:\\one.cmd'),
          '/one.cmd': calls('C:\\two.cmd', FOR_USERS),
          '/two.cmd': calls('C:\\three.cmd', FOR_EVERYONE),
          '/three.cmd': calls('C:\\four.cmd', FOR_AUTHENTICATED),
          '/four.cmd': guardedFile(FOR_USERS),
        },
      },
      findings: ['/one.cmd', '/two.cmd', '/three.cmd'].map((path) => found(path)),
    },
    {
      name: 'a junction that users may turn, on the way to a guarded program',
      image: {
        ...services(['C:\\Old\\agent.exe']),
        files: { '/Old': junction('C:\\New', FOR_USERS), '/New/agent.exe': guardedFile(GUARDED) },
      },
      findings: [found('/Old')],
    },
    {
      name: 'a program that two services and a script start is told once',
      image: {
        ...services(['C:\\a.exe', 'C:\\a.exe -again']),
        files: { [COMPLETE]: calls('C:\\a.exe'), '/a.exe': guardedFile(FOR_USERS) },
      },
      findings: [found('/a.exe')],
    },
    {
      name: 'a folder that everybody may empty is told with the first of its programs',
      image: {
        ...services(['C:\\Agent\\a.exe', 'C:\\Agent\\b.exe']),
        files: {
          '/Agent': { folder: true, descriptor: FOR_EVERYONE },
          '/Agent/a.exe': guardedFile(GUARDED),
          '/Agent/b.exe': guardedFile(GUARDED),
        },
      },
      findings: [{ ...found('/Agent', 'replaceable'), says: '/Agent/a.exe' }],
    },
    {
      name: 'a folder whose descriptor is none',
      image: {
        ...services(['C:\\Agent\\a.exe']),
        files: { '/Agent': { folder: true, descriptor: BROKEN }, '/Agent/a.exe': guardedFile(GUARDED) },
      },
      findings: [{ ...found('/Agent', 'damaged'), severity: 'warning' }],
    },
    {
      name: 'a script of one line that is too long to be followed to its end',
      image: { files: { [COMPLETE]: guardedFile(GUARDED, `rem ${'x'.repeat(1024 * 1024)}`) } },
      findings: [],
      unable: `${COMPLETE}: is longer than a script that is followed`,
    },
    {
      name: 'a called script that is too long, and one that cannot be read',
      image: {
        files: {
          [COMPLETE]: calls('C:\\long.cmd & C:\\torn.cmd'),
          '/long.cmd': guardedFile(GUARDED, 'x'.repeat(1024 * 1024 + 1)),
          '/torn.cmd': { ...guardedFile(GUARDED), unreadable: 'is torn' },
        },
      },
      findings: [],
      unable: /long\.cmd: is longer.*torn\.cmd: is torn/,
    },
    {
      name: 'more files than are looked at',
      image: services(Array.from({ length: 2000 }, () => MANY_WORDS)),
      findings: [],
      unable: 'more than 200000 files are started',
    },
  ],
};
