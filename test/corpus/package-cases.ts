// Cases of what waits to be installed: driver packages and files of registry values; and honest ones.
import { peFile } from '../../scripts/dev/fixtures/bytes.ts';
import type { CorpusCases } from './case.ts';
import { archive, joined, wide } from './decoys.ts';

const STORE = '/Windows/System32/DriverStore/FileRepository';
const EVIL = 'kms.evil.example';
const inf = (lines: readonly string[]) =>
  [
    '[Version]',
    'Signature = "$WINDOWS NT$"',
    'Class = System',
    'Provider = %P%',
    'CatalogFile = x.cat',
    ...lines,
    '[Strings]',
    'P = "Somebody"',
  ].join('\r\n');
const service = (...entries: readonly string[]) =>
  inf(['[DefaultInstall.NTamd64.Services]', 'AddService = Dev,0x2,S', '[S]', 'ErrorControl = 1', ...entries]);
const reg = (lines: readonly string[]) => ['Windows Registry Editor Version 5.00', '', ...lines, ''].join('\r\n');
const SPP = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const hex = (text: string) => `hex(2):${[...wide(`${text}\0`)].map((byte) => byte.toString(16).padStart(2, '0')).join(',')}`;
const file = (path: string, content: Uint8Array | string) => ({ files: { [path]: content } });

export const packageCases: CorpusCases = {
  refused: [
    {
      name: 'a driver package whose service is a shell, in parts of strings',
      rows: ['E23', 'G8'],
      plant: file(
        `${STORE}/oemdev.inf_amd64_0123456789abcdef/oemdev.inf`,
        service('ServiceType = 0x10', 'StartType = 2', 'ServiceBinary = %11%\\%A%%B%.exe /c %13%\\r.bat').replace(
          '[Strings]',
          '[Strings]\r\nA = "c"\r\nB = "md"',
        ),
      ),
    },
    {
      name: 'a driver package that installs a program from a folder of its own',
      rows: ['E23', 'G8'],
      plant: {
        files: {
          '/$OEM$/$1/Drivers/chipset/chip.inf': Buffer.from(
            `\ufeff${service('ServiceType = %OWN%', 'StartType = 2', 'ServiceBinary = %24%\\Intelx\\host.exe').replace('[Strings]', '[Strings]\r\nOWN = 0x110')}`,
            'utf16le',
          ),
          '/$OEM$/$1/Drivers/chipset/host.exe': peFile('host.exe'),
        },
      },
    },
    {
      name: 'a driver package with a filter for the port of activation',
      rows: ['E23', 'G10'],
      plant: file(
        '/Windows/INF/oem7.inf',
        `${service('ServiceType = 1', 'StartType = 1', 'ServiceBinary = %12%\\ndx.sys', 'AddReg = R')}\r\n[R]\r\nHKR,Parameters,TargetPort,0x00010001,0x698\r\n`,
      ),
    },
    {
      name: 'a driver package in an archive that writes a hijack and another host',
      rows: ['E23', 'E02', 'G1'],
      plant: () =>
        file(
          '/ProgramData/drivers.dat',
          archive('zip', {
            'usb/usb.inf': inf([
              '[DefaultInstall]',
              'AddReg = R',
              '[R]',
              `HKLM,"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\${joined('SppExt', 'ComObj')}.exe",Debugger,,"%11%\\x.exe"`,
            ]),
          }),
        ),
    },
    {
      name: 'a driver package that copies a library in the place of the licensing client',
      rows: ['E23', 'G2'],
      plant: file('/Drivers/a.inf', inf(['[DefaultInstall]', 'CopyFiles = F', '[F]', 'sppc.dll,a.dl_', '[DestinationDirs]', 'F = 11'])),
    },
    {
      name: 'a file of registry values with a host in hexadecimal',
      rows: ['G3', 'G12'],
      plant: file('/Users/Public/tune.reg', reg([`[${SPP}\\SoftwareProtectionPlatform]`, `"KeyManagementServiceName"=${hex(EVIL)}`])),
    },
    {
      name: 'a file of registry values that monitors the end of the service, in two bytes a letter',
      rows: ['G1', 'E12'],
      plant: file('/Tools/perf.reg', wide(`\ufeff${reg([`[${SPP}\\SilentProcessExit\\sppsvc.exe]`, '"MonitorProcess"="x.exe"'])}`)),
    },
    {
      name: 'a file of registry values that redirects the port and leads names astray by a policy',
      rows: ['G10', 'G11'],
      plant: file(
        '/Tools/net.reg',
        reg([
          '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp]',
          '"10.20.30.40/1688"="127.0.0.1/1688"',
          '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Dnscache\\Parameters\\DnsPolicyConfig\\x]',
          `"Name"="${joined('activation', '.sls.microsoft.com')}"`,
        ]),
      ),
    },
    {
      name: 'a script that keeps Defender from a whole drive and allows a threat',
      rows: ['G9', 'G12'],
      plant: file(
        '/Windows/Setup/Scripts/SetupComplete.cmd',
        'powershell Add-MpPreference -ExclusionPath C:\\\r\npowershell Add-MpPreference -ThreatIDDefaultAction_Ids 2147685180 -ThreatIDDefaultAction_Actions Allow\r\n',
      ),
    },
  ],
  honest: [
    {
      name: 'drivers of a vendor with a service, a panel and values of their own',
      rows: ['T45', 'G8'],
      plant: {
        files: {
          [`${STORE}/vgpu.inf_amd64_fedcba9876543210/vgpu.inf`]: `${service('ServiceType = 1', 'StartType = 3', 'ServiceBinary = %13%\\vgpu.sys', 'AddReg = R')}\r\n[R]\r\nHKR,Parameters,Queues,0x00010001,1688\r\nHKLM,Software\\Microsoft\\Windows\\CurrentVersion\\Run,Panel,,"%16422%\\Vendor\\panel.exe /tray"\r\n`,
          '/Windows/INF/oem3.inf': Buffer.from(
            `\ufeff${service('ServiceType = 0x10', 'StartType = 2', 'ServiceBinary = "%%SystemRoot%%\\system32\\svchost.exe -k vendor"')}`,
            'utf16le',
          ),
          '/autorun.inf': '[autorun]\r\nopen=setup.exe\r\n',
        },
      },
    },
    {
      name: 'registry values of an organisation with its own host, and an export of the firewall',
      rows: ['T45', 'G12'],
      plant: file(
        '/Tools/corp.reg',
        reg([
          `[${SPP}\\SoftwareProtectionPlatform]`,
          '"KeyManagementServiceName"="kms.corp.example"',
          '[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules]',
          '"SPPSVC-In-TCP"="v2.10|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=1688|App=%SystemRoot%\\\\system32\\\\sppextcomobj.exe|"',
          `[-${SPP}\\Image File Execution Options\\sppsvc.exe]`,
        ]),
      ),
    },
  ],
};
