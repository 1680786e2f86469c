// The rule activation/name-redirection: hosts files of honest machines, and those that lead activation astray.
import { test } from 'uvu';
import { nameRedirection } from '../../../rules/activation/name-redirection.ts';
import type { FakeKeys } from '../../helpers/fake-image.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const policy = { kmsHosts: ['kms.corp.example:1688'] };
const HOSTS = '/Windows/System32/drivers/etc/hosts';
const POLICY = 'Policies\\Microsoft\\Windows NT\\DNSClient\\DnsPolicyConfig\\Rule1';
const KEPT = 'ControlSet001\\Services\\Dnscache\\Parameters\\DnsPolicyConfig\\Rule1';
const image = (text: string, SOFTWARE: FakeKeys = {}) => ({ files: { [HOSTS]: text }, SYSTEM: { Select: {} }, SOFTWARE });
const bad = (name: string, text: string, messageId: 'ownToLoopback' | 'ownElsewhere' | 'activation' | 'vendors', line = 1) => ({
  name,
  policy,
  image: image(text),
  findings: [{ messageId, at: { file: HOSTS, line } }],
});

ruleTester(nameRedirection, {
  good: [
    { name: 'localhost and comments', policy, image: image('# 127.0.0.1 kms.corp.example\r\n127.0.0.1 localhost\r\n::1 localhost\r\n') },
    {
      name: 'a long list against telemetry and advertisements',
      policy,
      image: image(Array.from({ length: 5000 }, (_, at) => `0.0.0.0 ads${at}.example vortex${at}.data.microsoft.com`).join('\n')),
    },
    {
      name: 'three vendors are not yet a sign',
      policy,
      image: image('0.0.0.0 www.avira.com www.kaspersky.com\n0.0.0.0 virustotal.com eset.example'),
    },
    {
      name: 'a policy for the own domain',
      policy,
      image: image('', { [POLICY]: { Name: ['.internal.example'], GenericDNSServers: '10.0.0.1' } }),
    },
    {
      name: 'the names of four vendors at a machine of the company',
      policy,
      image: image('10.0.0.9 www.avira.com kaspersky.com mcafee.com www.virustotal.com'),
    },
    {
      name: 'a policy that asks for signed answers alone',
      policy,
      image: image('', { [POLICY]: { Name: ['.corp.example'], DNSSECValidationRequired: 1 } }),
    },
    {
      name: 'a policy for one name, which is the end of another',
      policy,
      image: image('', { [POLICY]: { Name: ['corp.example', 'microsoft.com'], GenericDNSServers: '203.0.113.9' } }),
    },
    {
      name: 'policies without a name, and with a number for one',
      policy,
      image: image('', { [POLICY]: { GenericDNSServers: '203.0.113.9' }, [`${POLICY}2`]: { Name: 5, GenericDNSServers: '203.0.113.9' } }),
    },
    {
      name: 'a policy for everything that names the servers of the company',
      policy,
      image: image('', { [POLICY]: { Name: ['.'], GenericDNSServers: '10.0.0.1' } }),
    },
  ],
  bad: [
    bad('the listed host stands for the machine itself', '127.0.0.1\tKMS.Corp.Example. # x\r\n', 'ownToLoopback'),
    bad('the service record in another writing of loopback', '\n0x7f.1 _vlmcs._tcp.corp.example', 'ownToLoopback', 2),
    ...['_vlmcs', 'site._vlmcs._tcp.corp.example'].map((name) =>
      bad(`the service record as ${name}`, `127.0.0.1 ${name}`, 'ownToLoopback'),
    ),
    bad('the listed host at a fixed address', '203.0.113.9 kms.corp.example', 'ownElsewhere'),
    bad('names of activation to nowhere', '0.0.0.0 activation-v2.sls.microsoft.com', 'activation'),
    ...['licensing.mp.microsoft.com', 'eu-1.licensing.mp.microsoft.com', 'purchase.mp.microsoft.com'].map((name) =>
      bad(`names of activation by the store: ${name}`, `0.0.0.0 ${name}`, 'activation'),
    ),
    bad('and to another machine', '203.0.113.9 validation.sls.microsoft.com', 'activation'),
    ...[
      'avast avg avira bitdefender',
      'clamav drweb eset f-secure',
      'fortinet kaspersky malwarebytes mcafee',
      'nod32 norton pandasecurity sophos',
    ]
      .concat('symantec trendmicro virustotal 360totalsecurity')
      .map((names) =>
        bad(
          `the four vendors ${names}`,
          `0.0.0.0 ${names
            .split(' ')
            .map((one) => `www.${one}.com`)
            .join(' ')}`,
          'vendors',
        ),
      ),
    bad('four vendors in other countries', '0.0.0.0 drweb.ru kaspersky.eu eset.de clamav.net', 'vendors'),
    bad('three vendors, one of them without profit', '0.0.0.0 clamav.org avira.com eset.com sophos.com', 'vendors'),
    {
      name: 'a policy for the name alone',
      policy,
      image: image('', { [POLICY]: { Name: 'kms.corp.example', GenericDNSServers: '203.0.113.9' } }),
      findings: [{ messageId: 'policy', at: { key: POLICY }, says: 'kms.corp.example' }],
    },
    {
      name: 'a policy whose values are expanded',
      policy,
      image: image('', {
        [POLICY]: {
          Name: { type: 'REG_EXPAND_SZ', data: 'kms.corp.example' },
          GenericDNSServers: { type: 'REG_EXPAND_SZ', data: '203.0.113.9' },
        },
      }),
      findings: [{ messageId: 'policy', at: { key: POLICY }, says: '203.0.113.9' }],
    },
    {
      name: 'a policy that the machine itself keeps, and an address as the listed host, which no policy is for',
      policy: { kmsHosts: ['10.0.0.5'] },
      image: {
        files: {},
        SOFTWARE: {},
        SYSTEM: { [KEPT]: { Name: '.', GenericDNSServers: '127.0.0.1' } },
      },
      findings: [{ messageId: 'policy', at: { hive: 'SYSTEM', key: KEPT }, says: 'activation.sls.microsoft.com' }],
    },
    bad('four vendors', '127.0.0.1 www.avira.com\n127.0.0.1 kaspersky.com mcafee.com www.virustotal.com', 'vendors'),
    {
      name: 'a hosts file that the system keeps somewhere else',
      policy,
      image: {
        SYSTEM: { 'ControlSet001\\Services\\Tcpip\\Parameters': { DataBasePath: 'C:\\ProgramData\\net' } },
        SOFTWARE: {},
        files: { '/ProgramData/net/hosts': '::1 kms.corp.example' },
      },
      findings: [{ messageId: 'ownToLoopback', at: { file: '/ProgramData/net/hosts', line: 1 } }],
    },
    {
      name: 'policies for names of activation, one for everything on the machine itself',
      policy,
      image: image('', {
        [POLICY]: { Name: ['.sls.microsoft.com', '.corp.example'], GenericDNSServers: '203.0.113.9' },
        [POLICY.replace('Rule1', 'Rule2')]: { Name: '.', GenericDNSServers: '127.0.0.1' },
      }),
      findings: [
        { messageId: 'policy', at: { key: POLICY }, says: 'activation.sls.microsoft.com' },
        { messageId: 'policy', at: { key: POLICY }, says: 'kms.corp.example' },
        { messageId: 'policy', at: { key: POLICY.replace('Rule1', 'Rule2') } },
      ],
    },
    {
      name: 'a hosts file that cannot be read',
      policy,
      image: { SYSTEM: {}, SOFTWARE: {}, files: { [HOSTS]: { content: 'x', unreadable: 'gone' } } },
      findings: [],
      unable: 'gone',
    },
  ],
});

test.run();
