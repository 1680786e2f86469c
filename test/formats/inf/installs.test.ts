// What an INF installs: services as the registry will hold them, commands, and copied files.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseInf } from '../../../formats/inf/inf.ts';
import { infInstalls } from '../../../formats/inf/installs.ts';

const installs = (...lines: readonly string[]) => infInstalls(parseInf(new TextEncoder().encode(lines.join('\r\n'))));

test('a driver and a program, each once, with what AddReg says of it', () => {
  const { services } = installs(
    '[A.Services]',
    'AddService = drv, 2, Drv',
    'AddService = agent,, Agent',
    'AddService = ,2',
    '[B.Services]',
    'AddService = drv, 2, Drv',
    '[Drv]',
    'ServiceType = 1',
    'StartType = 3',
    'ServiceBinary = %12%\\drv.sys',
    '[Agent]',
    'ServiceType = %OWN%',
    'StartType = 3',
    'ServiceBinary = "%%SystemRoot%%\\system32\\svchost.exe -k x"',
    'AddReg = AgentValues',
    '[AgentValues]',
    'HKR,Parameters,ServiceDll,0x20000,"%11%\\agent.dll"',
    'HKR,Parameters,Port,0x10001,1688',
    'HKR,,Start,0x10001,2',
    'HKR,,FailureCommand,,"cmd /c x"',
    '[Strings]',
    'OWN = 0x10',
  );
  assert.equal(
    services.map(({ parameters, ...service }) => ({ ...service, parameters: parameters.map(({ name, data }) => `${name}=${data}`) })),
    [
      {
        name: 'drv',
        line: 10,
        imagePath: 'C:\\Windows\\System32\\drivers\\drv.sys',
        library: '',
        onFailure: '',
        start: 3,
        type: 1,
        parameters: [],
      },
      {
        name: 'agent',
        line: 14,
        imagePath: '%SystemRoot%\\system32\\svchost.exe -k x',
        library: 'C:\\Windows\\System32\\agent.dll',
        onFailure: 'cmd /c x',
        start: 2,
        type: 16,
        parameters: ['servicedll=C:\\Windows\\System32\\agent.dll', 'port=1688'],
      },
    ],
  );
});

test('a program that AddReg names in place of the binary, in a numbered control set, too', () => {
  const { services } = installs(
    '[A]',
    'AddService = a,,S',
    'AddReg = R',
    '[S]',
    'ServiceBinary = %11%\\a.exe',
    '[R]',
    'HKLM,SYSTEM\\ControlSet001\\Services\\a,ImagePath,,"C:\\b.exe"',
    'HKLM,SYSTEM\\CurrentControlSet\\Services\\ab,ImagePath,,"C:\\c.exe"',
  );
  assert.is(services[0]!.imagePath, 'C:\\b.exe');
});

test('commands around the installation, software components, libraries to register', () => {
  const { commands } = installs(
    '[DefaultInstall]',
    'RunPreSetupCommands = Before:1, None',
    'RegisterDlls = Regs',
    '[A.Software]',
    'AddSoftware = tool,, Tool',
    'AddSoftware = shop,, Shop',
    '[Before]',
    'cmd /c a=b, c',
    '[Tool]',
    'SoftwareType = 1',
    'SoftwareBinary = %13%\\setup.exe',
    'SoftwareArguments = /quiet',
    '[Shop]',
    'SoftwareType = 2',
    '[Regs]',
    '%11%\\scrobj.dll,,1',
  );
  assert.equal(
    commands.map(({ text, line }) => [text, line]),
    [
      ['cmd /c a=b,c', 8],
      ['C:\\Windows\\System32\\scrobj.dll,,1', 16],
      ['C:\\Windows\\System32\\DriverStore\\FileRepository\\package.inf\\setup.exe /quiet', 5],
    ],
  );
});

test('copied files go where DestinationDirs says', () => {
  const { copies } = installs(
    '[A]',
    'CopyFiles = Files, Other, @c.sys, Unknown',
    '[Files]',
    'a.dll,a_.dll',
    '[Other]',
    'b.dll',
    '[Unknown]',
    'd.dll',
    '[DestinationDirs]',
    'DefaultDestDir = 12',
    'Files = 16422, Corp',
    'Unknown = 49000',
  );
  assert.equal(
    copies.map(({ to }) => to),
    [
      'C:\\Program Files\\Corp\\a.dll',
      'C:\\Windows\\System32\\drivers\\b.dll',
      'C:\\Windows\\System32\\drivers\\c.sys',
      'C:\\Windows\\System32\\drivers\\d.dll',
    ],
  );
});

test.run();
