// Wireless profiles: passphrases in clear text and encrypted, and profiles without one.
import { test } from 'uvu';
import { wifiProfile } from '../../../rules/secrets/wifi-profile.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PLACE =
  '/ProgramData/Microsoft/Wlansvc/Profiles/Interfaces/{8C1B3A10-0D55-4D2C-8A2F-5E2B6B1D9A77}/{1F0E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}.xml';
const PHRASE = 'decoy-passphrase-17';
const profile = (security: string, name = 'corp') => `<?xml version="1.0"?>
<WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1">
<name>${name}</name>
<MSM><security><authEncryption><authentication>WPA2PSK</authentication></authEncryption>
${security}
</security></MSM>
</WLANProfile>`;
const shared = (hidden: string, material = PHRASE) =>
  `<sharedKey><keyType>passPhrase</keyType><protected>${hidden}</protected><keyMaterial>${material}</keyMaterial></sharedKey>`;
const at = (file: string, line: number) => ({ file, line });

windowsRuleTester(wifiProfile, {
  good: [
    { name: 'an open network', image: { files: { [PLACE]: profile('') } } },
    {
      name: 'a profile with certificates',
      image: { files: { [PLACE]: profile('<OneX xmlns="http://www.microsoft.com/networking/OneX/v1"/>') } },
    },
    { name: 'an empty passphrase', image: { files: { [PLACE]: profile(shared('false', '')) } } },
    {
      name: 'other XML with such an element',
      image: { files: { '/a.xml': `<a><sharedKey><keyMaterial>${PHRASE}</keyMaterial></sharedKey></a>` } },
    },
    {
      name: 'a document that explains it',
      image: { files: { '/a.xml': '<doc>http://www.microsoft.com/networking/WLAN/profile/v1</doc>' } },
    },
    {
      name: 'other roots that carry one: of another name, and of another namespace',
      image: {
        files: {
          '/a.xml': profile(shared('false'))
            .replaceAll('WLANProfile', 'Template')
            .replace('</Template>', '<!-- of a WLANProfile --></Template>'),
          '/b.xml': profile(shared('false')).replace('xmlns="http', 'xmlns="urn:x" note="http'),
        },
      },
    },
    { name: 'a key without material', image: { files: { [PLACE]: profile('<sharedKey><keyType>passPhrase</keyType></sharedKey>') } } },
    { name: 'a broken file that only names the root', image: { files: { '/a.xml': '<doc>WLANProfile' } } },
    { name: 'a damaged file of another kind with such an element', image: { files: { '/a.xml': `<a><keyMaterial>${PHRASE}` } } },
    { name: 'a folder of that kind of name', image: { files: { '/wlan.xml': { folder: true } } } },
  ],
  bad: [
    {
      name: 'in clear text where Windows keeps it',
      image: { files: { [PLACE]: profile(shared('false')) } },
      findings: [{ messageId: 'plain', at: at(PLACE, 5), says: /"corp"/ }],
      never: [PHRASE],
    },
    {
      name: 'exported in two bytes a letter, somewhere',
      image: {
        files: {
          '/Users/Public/Wi-Fi.xml': Buffer.from(
            `\ufeff${profile(shared('false'), 'guest')}`.replace('1.0"', '1.0" encoding="utf-16"'),
            'utf16le',
          ),
        },
      },
      findings: [{ messageId: 'plain', at: at('/Users/Public/Wi-Fi.xml', 5), says: /"guest"/ }],
      never: [PHRASE],
    },
    ...['true', '1'].map((hidden) => ({
      name: `encrypted for the machine: ${hidden}`,
      image: { files: { [PLACE]: profile(shared(hidden, '01000000D08C9DDF0115D1118C7A00C04FC297EB')) } },
      findings: [{ messageId: 'protected', at: at(PLACE, 5), severity: 'warning' as const }],
    })),
    {
      name: 'without a name',
      image: { files: { '/w.xml': profile(shared('0'), '') } },
      findings: [{ messageId: 'plain', at: at('/w.xml', 5), says: /"unnamed"/ }],
    },
    {
      name: 'without the element of the name, and without the word on encryption',
      image: {
        files: {
          '/w.xml': profile(shared('0')).replace('<name>corp</name>', '').replace('<protected>0</protected>', ''),
        },
      },
      findings: [{ messageId: 'plain', at: at('/w.xml', 5), says: /"unnamed"/ }],
    },
    {
      name: 'deep within other elements, and with a namespace in character references',
      image: {
        files: {
          '/deep.xml': profile(`${'<a>'.repeat(60)}${shared('false')}${'</a>'.repeat(60)}`),
          '/refs.xml': profile(shared('false')).replace('/WLAN/', '/&#87;LAN/'),
        },
      },
      findings: [
        { messageId: 'plain', at: at('/deep.xml', 5) },
        { messageId: 'plain', at: at('/refs.xml', 5) },
      ],
      never: [PHRASE],
    },
    {
      name: 'damaged',
      image: { files: { [PLACE]: profile(shared('false')).replace('</WLANProfile>', '') } },
      findings: [{ messageId: 'unreadable', at: { file: PLACE }, severity: 'warning' }],
      never: [PHRASE],
    },
  ],
});

test.run();
