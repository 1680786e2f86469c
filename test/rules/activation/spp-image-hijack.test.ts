// Image options of the licensing programs: hijacks in both views, and what may stand there.
import { test } from 'uvu';
import { sppImageHijack } from '../../../rules/activation/spp-image-hijack.ts';
import type { FakeValue } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const OPTIONS = 'Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options';
const EXIT = 'Microsoft\\Windows NT\\CurrentVersion\\SilentProcessExit';
const software = (key: string, values: Record<string, FakeValue>) => ({ SOFTWARE: { [key]: values } });
const at = (key: string, name: string) => ({ hive: 'SOFTWARE', key, name });

windowsRuleTester(sppImageHijack, {
  good: [
    { name: 'mitigation options', image: software(`${OPTIONS}\\sppsvc.exe`, { MitigationOptions: new Uint8Array(8) }) },
    ...[
      ...[
        'MitigationAuditOptions',
        'DisableExceptionChainValidation',
        'CpuPriorityClass',
        'IoPriority',
        'PagePriority',
        'UseLargePages',
        'UseFilter',
      ],
      ...['FilterFullPath', 'MaxLoaderThreads', 'WorkingSetLimitInKB', 'AuditLevel', ''],
    ].map((name) => ({ name: `an option that loads nothing: ${name}`, image: software(`${OPTIONS}\\sppsvc.exe`, { [name]: 1 }) })),
    { name: 'a global flag of no number', image: software(`${OPTIONS}\\sppsvc.exe`, { GlobalFlag: 'x' }) },
    { name: 'the keys themselves', image: software(OPTIONS, { Debugger: 'x' }) },
    { name: 'a global flag of zero', image: software(`${OPTIONS}\\SppExtComObj.exe`, { GlobalFlag: 0 }) },
    { name: 'a debugger for the Task Manager', image: software(`${OPTIONS}\\taskmgr.exe`, { Debugger: '"C:\\Tools\\procexp64.exe"' }) },
    {
      name: 'Application Verifier on another program',
      image: software(`${OPTIONS}\\mysppsvc.exe`, { GlobalFlag: 0x100, VerifierDlls: 'vrfcore.dll' }),
    },
    { name: 'exit monitoring of another program', image: software(`${EXIT}\\app.exe`, { MonitorProcess: 'C:\\Tools\\m.exe' }) },
    {
      name: 'where a dump of a licensing program would go',
      image: software(`${EXIT}\\sppsvc.exe`, { DumpType: 2, LocalDumpFolder: 'C:\\d' }),
    },
    { name: 'a key of that name elsewhere', image: software('Vendor\\sppsvc.exe', { Debugger: 'x' }) },
  ],
  bad: [
    {
      name: 'a verifier DLL',
      image: software(`${OPTIONS}\\SppExtComObj.exe`, { VerifierDlls: 'update.dll', VerifierFlags: 0x80000000, GlobalFlag: 0x100 }),
      findings: ['VerifierDlls', 'VerifierFlags', 'GlobalFlag'].map((name) => ({
        messageId: 'verifier',
        at: at(`${OPTIONS}\\SppExtComObj.exe`, name),
        severity: 'error',
      })),
    },
    {
      name: 'the flag of the verifier for debugging alone, and a global flag as text',
      image: software(`${OPTIONS}\\sppsvc.exe`, { VerifierDebug: 0, GlobalFlag: '0x00000200' }),
      findings: ['VerifierDebug', 'GlobalFlag'].map((name) => ({ messageId: 'verifier', at: at(`${OPTIONS}\\sppsvc.exe`, name) })),
    },
    {
      name: 'a debugger in the 32-bit view, in other case',
      image: software(`WOW6432Node\\${OPTIONS}\\OSPPSVC.EXE`, { debugger: 'rundll32.exe' }),
      findings: [{ messageId: 'debugger', at: at(`WOW6432Node\\${OPTIONS}\\OSPPSVC.EXE`, 'debugger') }],
    },
    {
      name: 'a backup of the hive, which recovery can load, and the hive of the Windows before, which is past',
      image: {
        SOFTWARE: {},
        hives: {
          '/Windows/System32/config/RegBack/SOFTWARE': { [`${OPTIONS}\\sppsvc.exe`]: { Debugger: 'x.exe' } },
          '/Windows.old/Windows/System32/config/SOFTWARE': { [`${EXIT}\\sppsvc.exe`]: { MonitorProcess: 'x.exe' } },
        },
      },
      findings: [
        {
          messageId: 'debugger',
          at: { hive: '/Windows/System32/config/RegBack/SOFTWARE', key: `${OPTIONS}\\sppsvc.exe`, name: 'Debugger' },
          level: 'strong',
          severity: 'error',
        },
        {
          messageId: 'exitMonitor',
          at: { hive: '/Windows.old/Windows/System32/config/SOFTWARE', key: `${EXIT}\\sppsvc.exe`, name: 'MonitorProcess' },
          level: 'weak',
        },
      ],
    },
    {
      name: 'a debugger behind a filter',
      image: software(`${OPTIONS}\\slsvc.exe\\0`, { FilterFullPath: 'C:\\Windows\\System32\\slsvc.exe', Debugger: 'x.exe' }),
      findings: [{ messageId: 'debugger', at: at(`${OPTIONS}\\slsvc.exe\\0`, 'Debugger') }],
    },
    {
      name: 'settings of an emulator, and one that no Windows knows',
      image: software(`${OPTIONS}\\sppsvc.exe`, { KMS_Emulation: 1, Helper: 'x' }),
      findings: [
        { messageId: 'emulatorSetting', at: at(`${OPTIONS}\\sppsvc.exe`, 'KMS_Emulation') },
        { messageId: 'unknownSetting', at: at(`${OPTIONS}\\sppsvc.exe`, 'Helper'), severity: 'warning' },
      ],
    },
    {
      name: 'a global flag as text',
      image: software(`${OPTIONS}\\sppsvc.exe`, { GlobalFlag: '0x00000200' }),
      findings: [{ messageId: 'verifier', at: at(`${OPTIONS}\\sppsvc.exe`, 'GlobalFlag') }],
    },
    {
      name: 'exit monitoring',
      image: software(`${EXIT}\\SppExtComObj.exe`, { ReportingMode: 1, MonitorProcess: 'C:\\Windows\\m.exe' }),
      findings: ['ReportingMode', 'MonitorProcess'].map((name) => ({
        messageId: 'exitMonitor',
        at: at(`${EXIT}\\SppExtComObj.exe`, name),
      })),
    },
  ],
});

test.run();
