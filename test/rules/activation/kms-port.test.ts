// The rule activation/kms-port: firewall rules and redirections of honest machines, and those that let an emulator answer.
import { test } from 'uvu';
import { kmsPort } from '../../../rules/activation/kms-port.ts';
import type { FakeKeys } from '../../helpers/fake-image.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const RULES = 'ControlSet001\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';
const PROXY = 'ControlSet001\\Services\\PortProxy\\v4tov4\\tcp';
const POLICY = 'Policies\\Microsoft\\WindowsFirewall\\FirewallRules';
const rule = (more: string, active = 'TRUE') => `v2.30|Action=Allow|Active=${active}|Dir=In|Protocol=6|${more}|Name=x|`;
const block = (more: string, active = 'TRUE') => rule(more, active).replace('Allow', 'Block').replace('Dir=In', 'Dir=Out');
const image = (SYSTEM: FakeKeys, SOFTWARE: FakeKeys = {}) => ({ SYSTEM: { Select: {}, ...SYSTEM }, SOFTWARE });

ruleTester(kmsPort, {
  good: [
    {
      name: "Windows' own rules, off, and rules for other things",
      image: image({
        [RULES]: {
          'SPPSVC-In-TCP': rule('LPort=1688', 'FALSE'),
          'RemoteDesktop-In-TCP': rule('LPort=3389'),
          App: rule('App=C:\\a.exe'),
          Range: rule('LPort2_10=1024-65535'),
          Out: rule('LPort=1688').replace('Dir=In', 'Dir=Out'),
          OwnOut: rule('App=%SystemRoot%\\System32\\sppsvc.exe').replace('Dir=In', 'Dir=Out'),
          BlockedIn: rule('App=%SystemRoot%\\System32\\sppsvc.exe').replace('Allow', 'Block'),
          BlockedOff: block('App=%SystemRoot%\\System32\\sppsvc.exe', 'FALSE'),
          OtherBlocked: block('App=C:\\Games\\a.exe'),
          LongerNames: block('App=C:\\Games\\mysppsvc.exe|Svc=sppsvc2'),
          LongerService: block('Svc=mysppsvc'),
        },
      }),
    },
    {
      name: 'a fixed rule that restricts a service',
      image: image({
        [RULES.replace('FirewallRules', 'RestrictedServices\\Static\\System')]: {
          a: 'V2.0|Action=Allow|Dir=in|Protocol=6|LPort=1688|Svc=sppsvc|',
        },
      }),
    },
    { name: 'a redirection of a web server', image: image({ [PROXY]: { '0.0.0.0/8080': '10.0.0.1/80' } }) },
    { name: 'a redirection that is no text', image: image({ [PROXY]: { '*/80': 1688, '*/81': new Uint8Array([49]) } }) },
    { name: 'a redirection whose port only begins alike', image: image({ [PROXY]: { '*/16880': '10.0.0.1/16881' } }) },
  ],
  bad: [
    {
      name: 'a rule for the port',
      image: image({ [RULES]: { '{3F2A}': rule('LPort=1688') } }),
      findings: [{ messageId: 'opened', at: { name: '{3F2A}' }, says: 'rule x lets' }],
    },
    {
      name: 'a rule for a narrow range, by policy',
      image: image({}, { [POLICY]: { y: rule('LPort2_10=1680-1690') } }),
      findings: [{ messageId: 'opened', at: { hive: 'SOFTWARE', key: POLICY } }],
    },
    {
      name: 'redirections to and from the port, in another control set',
      image: image({ [PROXY]: { '*/1688': '127.0.0.1/1689' }, [PROXY.replace('001', '002')]: { '10.0.0.1/99': 'x/1688' } }),
      findings: [
        { messageId: 'redirected', at: { key: PROXY, name: '*/1688' } },
        { messageId: 'redirected', at: { key: PROXY.replace('001', '002') } },
      ],
    },
    {
      name: "Windows' own rule, on",
      image: image({ [RULES]: { 'SPPSVC-In-TCP': rule('LPort=1688') } }),
      findings: [{ messageId: 'builtIn', at: { name: 'SPPSVC-In-TCP' } }],
    },
    {
      name: 'the licensing service and its programs are kept from the network',
      image: image({
        [RULES]: {
          p: block('App=%SystemRoot%\\system32\\SppExtComObj.Exe'),
          s: block('App=C:\\Windows\\System32\\svchost.exe|Svc=ClipSVC'),
        },
      }),
      findings: [
        { messageId: 'blocked', at: { name: 'p' } },
        { messageId: 'blocked', at: { name: 's' } },
      ],
    },
    ...['sppsvc', 'osppsvc', 'slui', 'SppExtComObj'].map((name) => ({
      name: `a program by its path: ${name}`,
      image: image({ [RULES]: { p: block(`App=C:\\x\\${name}.exe`) } }),
      findings: [{ messageId: 'blocked' as const, at: { name: 'p' }, says: 'x keeps' }],
    })),
    {
      name: 'a program by its name alone',
      image: image({ [RULES]: { p: block('App=sppsvc.exe') } }),
      findings: [{ messageId: 'blocked', at: { name: 'p' } }],
    },
    ...['v4tov4', 'v4tov6', 'v6tov4', 'v6tov6'].map((kind) => {
      const key = `ControlSet001\\Services\\PortProxy\\${kind}\\tcp`;
      return {
        name: `a redirection between kinds of addresses: ${kind}`,
        image: image({ [key]: { '::/1688': '::1/80' } }),
        findings: [{ messageId: 'redirected' as const, at: { key, name: '::/1688' } }],
      };
    }),
    {
      name: 'a redirection that is stored as a text with variables',
      image: image({ [PROXY]: { '10.0.0.1/99': { type: 'REG_EXPAND_SZ', data: 'host/1688' } } }),
      findings: [{ messageId: 'redirected', at: { key: PROXY, name: '10.0.0.1/99' } }],
    },
    ...['sppsvc', 'osppsvc', 'clipsvc'].map((name) => ({
      name: `a service by its name: ${name}`,
      image: image({ [RULES]: { p: block(`Svc=${name}`).replace('|Name=x', '') } }),
      findings: [{ messageId: 'blocked' as const, at: { name: 'p' }, says: 'p keeps' }],
    })),
    {
      name: 'a rule without a name is told by its id',
      image: image({ [RULES]: { nameless: rule('LPort=1688').replace('|Name=x', '') } }),
      findings: [{ messageId: 'opened', at: { name: 'nameless' }, says: 'nameless' }],
    },
    { name: 'a rule that is none', image: image({ [RULES]: { z: 'nonsense' } }), findings: [], unable: 'FirewallRules!z' },
  ],
});

test.run();
