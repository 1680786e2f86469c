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
];

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
    { name: 'a threat that is quarantined', image: software({ [`${POLICY}\\Threats\\ThreatIDDefaultAction`]: { '2147685180': '2' } }) },
    {
      name: 'switches that are off',
      image: software({ [POLICY]: { DisableAntiSpyware: 0 }, [`${POLICY}\\Real-Time Protection`]: { DisableRealtimeMonitoring: 0 } }),
    },
  ],
  bad: [
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
