// What a reference machine leaves of itself, counted; and a Windows that was hardly ever started.
import { test } from 'uvu';
import { machineResidue } from '../../../rules/hygiene/machine-residue.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PROFILES = 'Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
const LOGS = '/Windows/System32/winevt/Logs';
const CLOCK = 'ControlSet001\\Control\\TimeZoneInformation';
const profile = (rid: number, path: string) => ({
  [`${PROFILES}\\S-1-5-21-1-2-3-${rid}`]: { ProfileImagePath: { type: 'REG_EXPAND_SZ', data: path } as const },
});

windowsRuleTester(machineResidue, {
  good: [
    {
      name: 'the profiles of Windows and of audit mode, empty logs, a volume without a letter',
      image: {
        SOFTWARE: {
          [`${PROFILES}\\S-1-5-18`]: { ProfileImagePath: '%systemroot%\\system32\\config\\systemprofile' },
          ...profile(500, 'C:\\Users\\Administrator'),
          ...profile(1000, 'C:\\Users\\defaultuser0'),
          ...profile(1001, 'C:\\Users\\Default'),
          ...profile(1002, '%SystemDrive%\\Users\\Public'),
          ...profile(1003, 'C:\\Users\\All Users'),
        },
        SYSTEM: {
          MountedDevices: { '\\??\\Volume{01234567-89ab-cdef-0123-456789abcdef}': new Uint8Array(24) },
          [CLOCK]: { RealTimeIsUniversal: 0 },
        },
        files: { [`${LOGS}/System.evtx`]: new Uint8Array(69_632), '/hiberfil.sys': '', '/Windows/Prefetch/ReadyBoot': { folder: true } },
      },
    },
    { name: 'nothing of all that', image: {} },
    { name: 'a clock of which nothing is said', image: { SYSTEM: { [CLOCK]: { Bias: 0 } } } },
  ],
  bad: [
    {
      name: 'drive letters and a person',
      image: {
        SYSTEM: { MountedDevices: { '\\DosDevices\\C:': new Uint8Array(12), '\\DosDevices\\D:': new Uint8Array(12) } },
        SOFTWARE: { ...profile(1001, 'C:\\Users\\jane'), ...profile(1002, '%SystemDrive%\\Users\\joe') },
      },
      findings: [
        { messageId: 'drives', at: { hive: 'SYSTEM', key: 'MountedDevices' }, severity: 'note', says: '2 drive letters' },
        { messageId: 'profiles', at: { hive: 'SOFTWARE', key: `${PROFILES}\\S-1-5-21-1-2-3-1001` }, severity: 'note', says: '2 people' },
      ],
    },
    {
      name: 'starts that left something',
      image: {
        files: {
          '/Windows/Prefetch/CMD.EXE-0BD30981.pf': 'MAM',
          '/Windows/Prefetch/SVCHOST.EXE-01.pf': 'MAM',
          [`${LOGS}/System.evtx`]: new Uint8Array(69_633),
        },
      },
      findings: [
        { messageId: 'prefetch', at: { file: '/Windows/Prefetch/CMD.EXE-0BD30981.pf' }, says: '2 programs', severity: 'note' },
        { messageId: 'events', at: { file: `${LOGS}/System.evtx` }, says: '1 event logs' },
      ],
    },
    {
      name: 'memory on disk, and a clock in UTC as text',
      image: {
        files: {
          '/hiberfil.sys': 'x',
          '/pagefile.sys': 'x',
          '/swapfile.sys': 'x',
          '/Windows/MEMORY.DMP': 'x',
          '/Windows/Minidump/1.dmp': 'x',
        },
        SYSTEM: { Setup: {}, [CLOCK]: { RealTimeIsUniversal: '1' } },
      },
      findings: [
        ...['/hiberfil.sys', '/pagefile.sys', '/swapfile.sys', '/Windows/MEMORY.DMP', '/Windows/Minidump/1.dmp'].map((file) => ({
          messageId: 'memory',
          at: { file },
          severity: 'warning' as const,
        })),
        { messageId: 'clock', at: { hive: 'SYSTEM', key: CLOCK, name: 'RealTimeIsUniversal' }, severity: 'warning' },
      ],
    },
  ],
});

test.run();
