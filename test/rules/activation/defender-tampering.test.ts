// Defender: exclusions that open a gap, allowed threats, switches; and exclusions of honest machines.
import { test } from 'uvu';
import { defenderTampering } from '../../../rules/activation/defender-tampering.ts';
import type { FakeValue } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const OWN = 'Microsoft\\Windows Defender';
const POLICY = `Policies\\${OWN}`;
const software = (keys: Readonly<Record<string, Readonly<Record<string, FakeValue>>>>) => ({ SOFTWARE: keys });
const paths = (...names: string[]) => software({ [`${OWN}\\Exclusions\\Paths`]: Object.fromEntries(names.map((name) => [name, 0])) });
const at = (key: string, name: string) => ({ hive: 'SOFTWARE', key, name });

const BROAD = [
  'C:\\',
  'd:',
  'C:\\Windows',
  '%windir%\\Temp',
  'C:\\Windows\\System32\\',
  'C:\\ProgramData',
  'C:\\Users\\Public',
  'C:\\Users\\a\\AppData\\Local\\Temp',
  '*',
  '%SystemDrive%\\',
  '\\\\?\\C:\\',
  '%SystemRoot%\\SysWOW64',
  'C:\\Windows\\Tasks\\*',
  'C:\\Windows\\Setup',
  ...['temp', 'tmp', 'public', 'appdata', 'localappdata', 'programdata', 'userprofile'].map((name) => `%${name}%`),
  'C:\\Users',
  'C:\\Temp\\',
  'C:\\Program Files',
  'C:\\Program Files (x86)\\*',
  ...['AppData\\Local', 'AppData\\Roaming', 'Downloads', 'Desktop'].map((name) => `C:\\Users\\a\\${name}`),
  '/',
];
const SHELLS = ['cmd', 'powershell', 'pwsh', 'wscript', 'cscript', 'mshta', 'rundll32', 'regsvr32', 'svchost', 'explorer'].map(
  (name) => `C:\\x\\${name}.exe`,
);
const ENDINGS = ['*', '.exe', 'dll', 'sys', 'cmd', 'bat', 'ps1', 'vbs', 'js', 'com', 'scr', 'msi'];
const LICENSING = [
  ...['SppExtComObj.exe', 'sppsvc.exe', 'osppsvc.exe', 'slsvc.exe', 'sppc.dll', 'slc.dll', 'x-kms.bin', 'KMSx.log', 'my-kms-2'].map(
    (name) => `C:\\x\\${name}`,
  ),
  ...['KMSx.log', 'KMStools\\a\\b', 'SppExtComObjHook.dll', 'slcext.dll', 'C:\\oldkms\\a', 'C:\\my kms files\\a'],
];
const THREATS = ['2147685180', '2147735507', '2147736914', '2147743522'];
const SWITCHES = [
  'DisableAntiSpyware',
  'DisableAntiVirus',
  'DisableRealtimeMonitoring',
  'DisableBehaviorMonitoring',
  'DisableIOAVProtection',
];
const each = (key: string, names: readonly string[], value: FakeValue) =>
  software({ [key]: Object.fromEntries(names.map((name) => [name, value])) });
const found = (key: string, names: readonly string[], messageId: string) => names.map((name) => ({ messageId, at: at(key, name) }));

windowsRuleTester(defenderTampering, {
  good: [
    {
      name: 'folders of a database and a build',
      image: paths(
        'D:\\SQLData',
        'C:\\BuildAgent\\work',
        'C:\\ProgramData\\Vendor',
        'C:\\Windows\\SoftwareDistribution\\Datastore',
        'C:\\Items\\lookmsg',
      ),
    },
    {
      name: 'a program and a kind of file',
      image: software({
        [`${OWN}\\Exclusions\\Processes`]: { 'C:\\SQL\\sqlservr.exe': 0 },
        [`${OWN}\\Exclusions\\Extensions`]: { '.mdf': 0 },
      }),
    },
    {
      name: 'an unnamed value, names that only hold the letters, and a value that is no number of a threat',
      image: software({
        [`${OWN}\\Exclusions\\Paths`]: {
          '': 0,
          'C:\\Program Files\\Bookmsg\\lookmsg.dat': 0,
          'C:\\slcx.txt': 0,
          'C:\\Vendor\\slclient.exe': 0,
          'C:\\Vendor\\mslc.dll': 0,
        },
        [`${OWN}\\Threats\\ThreatIDDefaultAction`]: { Default: 6, '12': 6, '2147519003': 1 },
      }),
    },
    { name: 'a threat that is quarantined', image: software({ [`${POLICY}\\Threats\\ThreatIDDefaultAction`]: { '2147685180': '2' } }) },
    {
      name: 'switches that are off',
      image: software({ [POLICY]: { DisableAntiSpyware: 0 }, [`${POLICY}\\Real-Time Protection`]: { DisableRealtimeMonitoring: 0 } }),
    },
  ],
  bad: [
    ...(
      [
        ['every shell', 'Processes', SHELLS],
        ['every kind of program', 'Extensions', ENDINGS],
        ['every name of licensing', 'TemporaryPaths', LICENSING],
      ] as const
    ).map(([name, kind, names]) => ({
      name,
      image: each(`${OWN}\\Exclusions\\${kind}`, names, 0),
      findings: found(`${OWN}\\Exclusions\\${kind}`, names, 'exclusion'),
    })),
    {
      name: 'every number of an activator',
      image: each(`${POLICY}\\Threats\\ThreatIDDefaultAction`, THREATS, 6),
      findings: found(`${POLICY}\\Threats\\ThreatIDDefaultAction`, THREATS, 'activatorAllowed'),
    },
    {
      name: 'a number of an activator whose action is a text',
      image: each(`${POLICY}\\Threats\\ThreatIDDefaultAction`, THREATS.slice(1, 2), '6'),
      findings: found(`${POLICY}\\Threats\\ThreatIDDefaultAction`, THREATS.slice(1, 2), 'activatorAllowed'),
    },
    { name: 'every switch', image: each(POLICY, SWITCHES, 1), findings: found(POLICY, SWITCHES, 'off') },
    {
      name: 'drives, folders of Windows and of everybody',
      image: paths(...BROAD),
      findings: BROAD.map((name) => ({ messageId: 'exclusion', at: at(`${OWN}\\Exclusions\\Paths`, name) })),
    },
    {
      name: 'shells, all programs, and the names of licensing, by policy',
      image: software({
        [`${POLICY}\\Exclusions\\Processes`]: { 'powershell.exe': '0', '*.exe': '0' },
        [`${POLICY}\\Exclusions\\Extensions`]: { exe: '0' },
        [`${POLICY}\\Exclusions\\Paths`]: {
          'C:\\Windows\\System32\\SppExtComObjX.dll': '0',
          'C:\\KMS_files': '0',
          'C:\\Windows\\SomeKMS': '0',
        },
      }),
      findings: [
        ...['powershell.exe', '*.exe'].map((name) => ({ messageId: 'exclusion', at: at(`${POLICY}\\Exclusions\\Processes`, name) })),
        { messageId: 'exclusion', at: at(`${POLICY}\\Exclusions\\Extensions`, 'exe') },
        ...['C:\\Windows\\System32\\SppExtComObjX.dll', 'C:\\KMS_files', 'C:\\Windows\\SomeKMS'].map((name) => ({
          messageId: 'exclusion',
          at: at(`${POLICY}\\Exclusions\\Paths`, name),
        })),
      ],
    },
    {
      name: 'threats that are allowed, as number and as text',
      image: software({
        [`${OWN}\\Threats\\ThreatIDDefaultAction`]: { '2147685180': 6 },
        [`${POLICY}\\Threats\\ThreatIDDefaultAction`]: { '2147519003': '6' },
      }),
      findings: [
        { messageId: 'activatorAllowed', at: at(`${OWN}\\Threats\\ThreatIDDefaultAction`, '2147685180'), level: 'certain' },
        { messageId: 'allowed', at: at(`${POLICY}\\Threats\\ThreatIDDefaultAction`, '2147519003'), level: 'strong' },
      ],
    },
    {
      name: 'switched off by policy, and in its own key',
      image: software({ [`${POLICY}\\Real-Time Protection`]: { DisableRealtimeMonitoring: 1 }, [OWN]: { DisableAntiSpyware: 1 } }),
      findings: [
        { messageId: 'off', at: at(`${POLICY}\\Real-Time Protection`, 'DisableRealtimeMonitoring'), level: 'strong' },
        { messageId: 'off', at: at(OWN, 'DisableAntiSpyware'), level: 'weak' },
      ],
    },
    {
      name: 'in a backup of the hive: weak',
      image: { hives: { '/Windows/System32/config/RegBack/SOFTWARE': { [POLICY]: { DisableAntiSpyware: 1 } } } },
      findings: [
        {
          messageId: 'off',
          at: { hive: '/Windows/System32/config/RegBack/SOFTWARE', key: POLICY, name: 'DisableAntiSpyware' },
          level: 'weak',
        },
      ],
    },
  ],
});

test.run();
