// A golden image belongs to no domain and to no encrypted disk: what a join or BitLocker left must not be in it.
import { valueNumber, valueText } from '../../image/value-text.ts';
import { defineRule } from '../../lint/rule.ts';

const NETLOGON = 'ControlSet*\\Services\\Netlogon\\Parameters';
const TCPIP = 'ControlSet*\\Services\\Tcpip\\Parameters';
const BITLOCKER = 'ControlSet*\\Control\\BitlockerStatus';
const JOIN_INFO = 'ControlSet*\\Control\\CloudDomainJoin\\JoinInfo\\*';

export const joinResidue = defineRule({
  id: 'hygiene/join-residue',
  title: 'The image is joined to no domain and was no BitLocker volume',
  description: `Looks for what a domain join leaves: the machine's account among the secrets of the SECURITY hive, the SID of its domain, \`JoinDomain\` of Netlogon,
a cloud join; and for \`BitlockerStatus\`, which says that Windows was started from an encrypted disk.

**Verdict.** The password or the domain of the machine's account, and a cloud join, are errors. A DNS domain alone, and BitLocker, are warnings.

**Honest look-alikes.** A DNS suffix that was set by hand; policies for BitLocker, which are no residue.

**Cannot be proved.** Whether the account still exists in the domain.

Sources: Microsoft, "Sysprep overview" (a domain member leaves its domain when it is sealed) and the Windows To Go guide (no domain join and no BitLocker on a
drive that is to be duplicated); [MS-LSAD]; hives of Windows 7 and 8.1.`,
  why: 'All copies would share one account of one machine: the first that changes its password locks out the others, and each copy holds that password.',
  repair: { text: 'Let the reference machine leave the domain, decrypt the disk, and seal it again; join each copy by itself.' },
  severity: 'error',
  options: {},
  messages: {
    account: 'the system keeps the password of the account of a machine in a domain',
    domainSid: 'the policy of the system holds the SID of a domain',
    joined: 'Netlogon knows the domain {domain}',
    cloud: 'the machine is joined to a directory in the cloud',
    suffix: 'the DNS domain of the machine is {domain}',
    encrypted: 'Windows was started from a disk that BitLocker encrypts',
  },
  select: {
    keys: [
      ...[NETLOGON, TCPIP, BITLOCKER, JOIN_INFO].map((key) => `SYSTEM\\${key}`),
      '/Windows/System32/config/{SECURITY,security}\\Policy\\Secrets\\$MACHINE.ACC\\CurrVal',
      '/Windows/System32/config/{SECURITY,security}\\Policy\\PolMachineAccountS',
    ],
  },
  create: (ctx) => ({
    key(key) {
      const at = (name?: string) => ({ hive: key.hive, key: key.path, ...(name === undefined ? {} : { name }) });
      const holds = (least: number) => [...key.values.values()].some(({ raw }) => raw.length >= least && raw.some((byte) => byte !== 0));
      if (/\\\$MACHINE\.ACC\\CurrVal$/i.test(key.path)) {
        if (holds(1)) ctx.report({ messageId: 'account', at: at() });
      } else if (/\\PolMachineAccountS$/i.test(key.path)) {
        if (holds(8)) ctx.report({ messageId: 'domainSid', at: at() });
      } else if (/\\JoinInfo\\/i.test(key.path)) {
        ctx.report({ messageId: 'cloud', at: at() });
      } else if (/\\BitlockerStatus$/i.test(key.path)) {
        const value = key.values.get('bootstatus');
        if (valueNumber(value) === 1) ctx.report({ messageId: 'encrypted', at: at(value!.name), severity: 'warning' });
      } else if (/\\Netlogon\\/i.test(key.path)) {
        const domain = valueText(key.values.get('joindomain'));
        if (domain) ctx.report({ messageId: 'joined', at: at('JoinDomain'), data: { domain } });
      } else {
        const domain = valueText(key.values.get('domain'));
        if (domain) ctx.report({ messageId: 'suffix', at: at('Domain'), data: { domain }, severity: 'warning' });
      }
    },
  }),
});
