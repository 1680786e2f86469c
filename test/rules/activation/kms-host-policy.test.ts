// KMS hosts at every level and in every writing, against the list of the config.
import { test } from 'uvu';
import type { Severity } from '../../../lint/rule.ts';
import { kmsHostPolicy } from '../../../rules/activation/kms-host-policy.ts';
import type { FakeValue } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PLATFORM = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const OFFICE = 'Microsoft\\OfficeSoftwareProtectionPlatform';
const WINDOWS_APP = '55c92734-d682-4d71-983e-d6ec3f16059f';
const SKU = '73111121-5638-40f6-bc11-f1d7b0d64300';
const NETWORK_SERVICE = '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT' as const;
const policy = { kmsHosts: ['kms.corp.example', 'kms2.corp.example:1700'] };

const at = (key: string, name = 'KeyManagementServiceName', hive: string = 'SOFTWARE') => ({ hive, key, name });
const root = (values: Record<string, FakeValue>) => ({ SOFTWARE: { [PLATFORM]: values } });
const named = (host: FakeValue, port?: FakeValue) =>
  root({ KeyManagementServiceName: host, ...(port === undefined ? {} : { KeyManagementServicePort: port }) });
const bad = (name: string, host: FakeValue, messageId: string, severity: Severity = 'error') => ({
  name,
  image: named(host),
  policy,
  findings: [{ messageId, at: at(PLATFORM), severity }],
});

windowsRuleTester(kmsHostPolicy, {
  good: [
    { name: 'no host is named', image: root({ SkipRearm: 0 }), policy },
    { name: 'a listed host', image: named('kms.corp.example', '1688'), policy },
    { name: 'a listed host in another writing', image: named('KMS.Corp.Example.'), policy },
    { name: 'a listed host with its own port, beside the name', image: named('kms2.corp.example', '1700'), policy },
    { name: 'a listed host with its own port, in the name', image: named('kms2.corp.example:1700'), policy },
    { name: 'an empty name', image: named(''), policy },
    {
      name: 'a listed host as a list and as bytes',
      image: named(['kms.corp.example', ''], new Uint8Array(Buffer.from('1688\0', 'utf16le'))),
      policy,
    },
    { name: 'an empty hive of a user', image: { files: { '/Users/a/NTUSER.DAT': '' } }, policy },
    { name: 'a listed private address that emulators use too', image: named('10.0.0.10'), policy: { kmsHosts: ['10.0.0.10'] } },
    { name: 'a listed loopback: a declared lab', image: named('127.0.0.1'), policy: { kmsHosts: ['127.0.0.1'] } },
    { name: 'the domain of a listed host to look hosts up in', image: root({ KeyManagementServiceLookupDomain: 'corp.example' }), policy },
    { name: 'the port of a listed host, alone', image: root({ KeyManagementServicePort: '1700' }), policy },
    { name: 'values without any data', image: named(new Uint8Array(), new Uint8Array()), policy },
    { name: 'bytes that are an empty text', image: named(new Uint8Array(2)), policy },
    { name: 'a platform port that is the usual one', image: root({ KeyManagementServicePort: '1688' }), policy },
    { name: 'the same where no host is listed', image: root({ KeyManagementServicePort: '1688' }), policy: { kmsHosts: [] } },
    {
      name: 'several ports of listed hosts',
      image: named('kms.corp.example', ['1688', '1700']),
      policy: { kmsHosts: ['kms.corp.example', 'kms.corp.example:1700'] },
    },
    { name: 'the same value names elsewhere', image: { SOFTWARE: { 'Vendor\\Agent': { KeyManagementServiceName: '127.0.0.1' } } }, policy },
  ],
  bad: [
    ...['172.16.0.2', '10.3.0.1', '10.0.0.10'].map((host) => bad(`the default of an emulator: ${host}`, host, 'emulatorDefault')),
    {
      name: 'a port alone that no listed host has, as number of either size',
      image: {
        SOFTWARE: {
          [PLATFORM]: { KeyManagementServicePort: { type: 'REG_QWORD', data: 1689n } },
          [OFFICE]: { KeyManagementServicePort: 1690 },
        },
      },
      policy,
      findings: [
        { messageId: 'portAlone', at: at(PLATFORM, 'KeyManagementServicePort'), says: '1689' },
        { messageId: 'portAlone', at: at(OFFICE, 'KeyManagementServicePort'), says: '1690' },
      ],
    },
    {
      name: 'a port that is none, beside no host',
      image: root({ KeyManagementServicePort: 'x' }),
      policy,
      findings: [{ messageId: 'unreadable', at: at(PLATFORM, 'KeyManagementServicePort') }],
    },
    {
      name: 'hosts that the reference machine discovered: an unlisted one, a listed one, the machine itself',
      image: {
        hives: {
          [NETWORK_SERVICE]: {
            [`Software\\${PLATFORM}\\${WINDOWS_APP}`]: { DiscoveredKeyManagementServiceMachineName: 'kms.lab.example' },
            [`Software\\${PLATFORM}\\${WINDOWS_APP}\\${SKU}`]: {
              DiscoveredKeyManagementServiceMachineName: 'kms.corp.example',
              DiscoveredKeyManagementServiceIpAddress: '127.0.0.2',
              DiscoveredKeyManagementServiceMachineIpAddress: '127.0.0.3',
            },
          },
        },
      },
      policy,
      findings: [
        { messageId: 'discovered', at: { hive: NETWORK_SERVICE, name: 'DiscoveredKeyManagementServiceMachineName' }, severity: 'warning' },
        { messageId: 'loopback', at: { hive: NETWORK_SERVICE, name: 'DiscoveredKeyManagementServiceMachineIpAddress' }, severity: 'error' },
        { messageId: 'loopback', at: { hive: NETWORK_SERVICE, name: 'DiscoveredKeyManagementServiceIpAddress' }, severity: 'error' },
      ],
    },
    bad('the machine itself', '127.0.0.2', 'loopback'),
    bad('the machine itself as a hexadecimal number', '0x7f000001', 'loopback'),
    bad('the machine itself with a port', 'localhost:1688', 'loopback'),
    bad('IPv6 loopback', '::1', 'loopback'),
    bad('an IPv4 loopback in IPv6', '[::ffff:127.0.0.1]:1688', 'loopback'),
    bad('the machine itself as REG_EXPAND_SZ', { type: 'REG_EXPAND_SZ', data: '127.0.0.1' }, 'loopback'),
    bad('the machine itself as bytes', new Uint8Array(Buffer.from('127.0.0.1\0', 'utf16le')), 'loopback'),
    bad('the machine itself as the second of a list', ['kms.corp.example', '127.0.0.1'], 'loopback'),
    bad('the machine itself as a number', 0x7f000001, 'loopback'),
    bad('the machine itself in octal, with blanks and a dot', ' 0177.0.0.1. ', 'loopback'),
    bad('the machine itself in full-width letters', 'ｌｏｃａｌｈｏｓｔ', 'loopback'),
    bad('the machine itself before a NUL', { type: 'REG_SZ', data: '127.0.0.1\0kms.corp.example' }, 'loopback'),
    bad('the machine itself as bytes of one a letter', new Uint8Array(Buffer.from('127.0.0.1\0x')), 'loopback'),
    bad(
      'the machine itself in a value without a type',
      { type: 'REG_NONE', data: new Uint8Array(Buffer.from('127.0.0.1', 'utf16le')) },
      'loopback',
    ),
    {
      name: 'several ports: one that is none, one that is listed, one that is not',
      image: named('kms.corp.example', ['x', '1688', '1689']),
      policy,
      findings: [
        { messageId: 'unreadable', at: at(PLATFORM, 'KeyManagementServicePort') },
        { messageId: 'unexpectedPort', at: at(PLATFORM), says: '1689' },
      ],
    },
    bad('no address at all', '0.0.0.0', 'bogus'),
    bad('a text that is no host', 'kms host!', 'bogus'),
    bad('a public host of pirates', 'KMS.03k.org.', 'pirate'),
    bad('the default of an emulator', '172.16.0.2', 'emulatorDefault'),
    bad('a bare public address', '8.8.4.4', 'unexpected'),
    bad('a private host that nobody listed', 'kms.other.example', 'unexpected'),
    bad('a listed name as the beginning of another', 'kms.corp.example.net', 'unexpected'),
    bad('Azure’s host', 'azkms.core.windows.net', 'azure', 'warning'),
    bad('Azure’s host under its older name', 'kms.core.windows.net', 'azure', 'warning'),
    bad('bytes that are no text', new Uint8Array([1, 2, 3]), 'unreadable'),
    bad('two bytes a letter in the other order', new Uint8Array(Buffer.from('127.0.0.1', 'utf16le').swap16()), 'unreadable'),
    bad('the machine itself as one decimal number', '2130706433', 'loopback'),
    bad('the machine itself as one octal number', '017700000001', 'loopback'),
    bad('the machine itself in few parts', '127.1', 'loopback'),
    bad('an IPv4 loopback in hexadecimal parts of IPv6', '::ffff:7f00:1', 'loopback'),
    {
      name: 'a listed host with another port',
      image: named('kms.corp.example', '1700'),
      policy,
      findings: [{ messageId: 'unexpectedPort', at: at(PLATFORM) }],
    },
    {
      name: 'a listed host with a port that is no number',
      image: named('kms.corp.example', '1688 or so'),
      policy,
      findings: [{ messageId: 'unreadable', at: at(PLATFORM, 'KeyManagementServicePort') }],
    },
    {
      name: 'the mandatory profile of a user, and a hive in a place of its own',
      image: {
        hives: {
          '/Users/kiosk/ntuser.man': { [`Software\\${PLATFORM}`]: { KeyManagementServiceName: '127.0.0.2' } },
          '/Data/old/NTUSER.DAT': { [`Software\\Wow6432Node\\${OFFICE}\\x`]: { KeyManagementServiceName: '127.0.0.2' } },
        },
      },
      policy,
      findings: [
        { messageId: 'loopback', at: at(`Software\\${PLATFORM}`, undefined, '/Users/kiosk/ntuser.man') },
        { messageId: 'loopback', at: at(`Software\\Wow6432Node\\${OFFICE}\\x`, undefined, '/Data/old/NTUSER.DAT') },
      ],
    },
    {
      name: 'a backup, which recovery can load, and the Windows before',
      image: {
        SOFTWARE: {},
        hives: {
          '/Windows/System32/config/RegBack/SOFTWARE': {
            [PLATFORM]: { KeyManagementServiceName: '127.0.0.2' },
            [`${PLATFORM}\\${WINDOWS_APP}`]: { KeyManagementServiceName: 'kms.elsewhere.example' },
          },
          '/Windows.old/Windows/System32/config/SOFTWARE': { [PLATFORM]: { KeyManagementServiceName: 'kms.elsewhere.example' } },
        },
      },
      policy,
      findings: [
        {
          messageId: 'loopback',
          at: at(PLATFORM, undefined, '/Windows/System32/config/RegBack/SOFTWARE'),
          level: 'strong',
          severity: 'error',
        },
        {
          messageId: 'unexpected',
          at: at(`${PLATFORM}\\${WINDOWS_APP}`, undefined, '/Windows/System32/config/RegBack/SOFTWARE'),
          level: 'weak',
          severity: 'warning',
        },
        {
          messageId: 'unexpected',
          at: at(PLATFORM, undefined, '/Windows.old/Windows/System32/config/SOFTWARE'),
          level: 'weak',
        },
      ],
    },
    {
      name: 'a hive of a user that is none',
      image: { files: { '/Users/a/NTUSER.DAT': 'text' } },
      policy,
      findings: [],
      unable: '/Users/a/NTUSER.DAT',
    },
    {
      name: 'per product, where it wins over the root',
      image: {
        SOFTWARE: {
          [PLATFORM]: { KeyManagementServiceName: 'kms.corp.example' },
          [`${PLATFORM}\\${WINDOWS_APP}\\${SKU}`]: { KeyManagementServiceName: '127.0.0.2', KeyManagementServicePort: '1688' },
        },
      },
      policy,
      findings: [{ messageId: 'loopback', at: at(`${PLATFORM}\\${WINDOWS_APP}\\${SKU}`) }],
    },
    {
      name: 'Office, the 32-bit view, and the platform of Vista',
      image: {
        SOFTWARE: {
          [OFFICE]: { KeyManagementServiceName: 'kms.x.test' },
          [`Wow6432Node\\${PLATFORM}`]: { KeyManagementServiceName: 'kms.y.test' },
          'Microsoft\\Windows NT\\CurrentVersion\\SL': { KeyManagementServiceName: 'kms.z.test' },
        },
      },
      policy,
      findings: [
        { messageId: 'unexpected', at: at(OFFICE) },
        { messageId: 'unexpected', at: at(`Wow6432Node\\${PLATFORM}`) },
        { messageId: 'unexpected', at: at('Microsoft\\Windows NT\\CurrentVersion\\SL') },
      ],
    },
    {
      name: 'NetworkService and a user',
      image: {
        hives: {
          [NETWORK_SERVICE]: { [`Software\\${PLATFORM}\\Policies\\${WINDOWS_APP}`]: { KeyManagementServiceName: '127.0.0.2' } },
          '/Users/Default/NTUSER.DAT': { [`Software\\${PLATFORM}`]: { KeyManagementServiceName: 'kms.x.test' } },
        },
      },
      policy,
      findings: [
        { messageId: 'unexpected', at: at(`Software\\${PLATFORM}`, undefined, '/Users/Default/NTUSER.DAT') },
        { messageId: 'loopback', at: at(`Software\\${PLATFORM}\\Policies\\${WINDOWS_APP}`, undefined, NETWORK_SERVICE) },
      ],
    },
    {
      name: 'the settings of a host, a foreign domain, a port of its own',
      image: root({
        KeyManagementServiceListeningPort: '1688',
        KeyManagementServiceLookupDomain: 'evil.test',
        KeyManagementServicePort: '4711',
      }),
      policy,
      findings: [
        { messageId: 'portAlone', at: at(PLATFORM, 'KeyManagementServicePort'), severity: 'warning' },
        { messageId: 'listeningPort', at: at(PLATFORM, 'KeyManagementServiceListeningPort'), severity: 'warning', says: '(1688)' },
        { messageId: 'foreignDomain', at: at(PLATFORM, 'KeyManagementServiceLookupDomain') },
      ],
    },
    {
      name: 'a port to listen on that is no text',
      image: root({ KeyManagementServiceListeningPort: new Uint8Array([1, 2, 3]) }),
      policy,
      findings: [{ messageId: 'listeningPort', at: at(PLATFORM, 'KeyManagementServiceListeningPort'), says: '(?)' }],
    },
  ],
});

test.run();
