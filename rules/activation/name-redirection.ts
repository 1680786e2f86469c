// Names of activation lead where they should: no hosts file and no name resolution policy sends them elsewhere.
import { readKmsHost } from '../../formats/kms-host/host.ts';
import type { StoredValue } from '../../image/image.ts';
import { defineRule, type VisitedKey } from '../../lint/rule.ts';

/** Microsoft's names of activation and validation; `login.live.com` and the like are in block lists against telemetry, too. */
const ACTIVATION =
  /^(?:(?:activation|validation)[\w-]*\.sls\.microsoft\.com|(?:[\w-]+\.)?licensing\.mp\.microsoft\.com|purchase\.mp\.microsoft\.com)$/;
const VENDORS =
  /(?:^|\.)(?:avast|avg|avira|bitdefender|clamav|drweb|eset|f-secure|fortinet|kaspersky|malwarebytes|mcafee|nod32|norton|pandasecurity|sophos|symantec|trendmicro|virustotal|360totalsecurity)\.(?:com|net|org|ru|eu|de)$/;
const VENDORS_MIN = 4;
/** Services of the NRPT: where policy and where the machine itself keep their rules. */
const NRPT = [
  'SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient\\DnsPolicyConfig\\*',
  'SYSTEM\\ControlSet*\\Services\\Dnscache\\Parameters\\DnsPolicyConfig\\*',
];

export const nameRedirection = defineRule({
  id: 'activation/name-redirection',
  title: 'No hosts file and no name resolution policy leads names of activation astray',
  description: `Reads the hosts files (also where \`DataBasePath\` says that they are) and the Name Resolution Policy Table.

**Certain.** The KMS host of \`lint.kmsHosts\`, or \`_vlmcs\`, stands for the machine itself. **Strong.** It stands for any other address; a name of
Microsoft's activation or validation is sent to nowhere or elsewhere; a policy sends such names to its own name servers. **Weak.** The names of four
or more vendors of antivirus programs are blocked: a sign of an infection.

**Honest look-alikes.** \`localhost\`, lists that block advertisements and telemetry of any length, names of development servers; a policy
for the own domain (DirectAccess) that does not cover names of activation.

**Cannot be proved.** What the name servers of the network answer.

Sources: Microsoft, "Volume activation: ports and URLs" and "Name Resolution Policy Table"; [MS-GPNRPT].`,
  why: `A KMS host that is right by its name is of no use when the name stands for the machine itself: the setting looks
clean, and an emulator answers. A blocked name of validation hides a forged licence from Microsoft.`,
  repair: { text: 'Remove the lines from the hosts file of the base image, or the rule from the policy.' },
  level: 'strong',
  levels: { ownToLoopback: 'certain', vendors: 'weak' },
  options: {},
  messages: {
    ownToLoopback: 'leads the KMS host {name} to {address}, the machine itself',
    ownElsewhere: 'leads the KMS host {name} to the fixed address {address}',
    activation: "leads {name}, a name of Microsoft's activation, to {address}",
    policy: 'a name resolution policy sends {name} to its own name servers ({address})',
    vendors: 'leads the names of {count} vendors of antivirus programs astray ({name}, …)',
  },
  select: { keys: NRPT },
  create(ctx) {
    const own = new Set(
      ctx.policy.kmsHosts.map((entry) => readKmsHost(entry)).flatMap(({ host, kind }) => (kind === 'name' ? [host] : [])),
    );
    const isOwn = (name: string): boolean => own.has(name) || /(?:^|\.)_vlmcs(?:\.|$)/.test(name);

    return {
      key(key) {
        for (const pattern of namesOf(key)) {
          const suffix = pattern.toLowerCase().replace(/(?<=.)\.$/, '');
          const covered = [...own, 'activation.sls.microsoft.com', 'licensing.mp.microsoft.com'].find((name) => covers(suffix, name));
          const servers = textOf(key.values.get('genericdnsservers'));
          if (covered !== undefined && servers !== '' && (suffix !== '.' || isLocal(servers))) {
            ctx.report({
              messageId: 'policy',
              at: { hive: key.hive, key: key.path, name: 'Name' },
              data: { name: covered, address: servers },
            });
          }
        }
      },
      async end() {
        for (const { path, entries } of (await ctx.views.hosts()) ?? []) {
          const vendors: { name: string; line: number }[] = [];
          for (const { line, address, names } of entries()) {
            const { kind, host } = readKmsHost(address);
            const nowhere = kind === 'loopback' || kind === 'bogus';
            for (const name of names) {
              const at = { file: path, line };
              const data = { name, address: host };
              if (isOwn(name)) ctx.report({ messageId: nowhere ? 'ownToLoopback' : 'ownElsewhere', at, data });
              else if (ACTIVATION.test(name)) ctx.report({ messageId: 'activation', at, data });
              else if (nowhere && VENDORS.test(name)) vendors.push({ name, line });
            }
          }
          const count = new Set(vendors.map(({ name }) => VENDORS.exec(name)![0])).size;
          if (count >= VENDORS_MIN) {
            const first = vendors[0]!;
            ctx.report({ messageId: 'vendors', at: { file: path, line: first.line }, data: { count, name: first.name } });
          }
        }
      },
    };
  },
});

function namesOf(key: VisitedKey): readonly string[] {
  const value = key.values.get('name')?.decoded;
  if (value?.type === 'REG_MULTI_SZ') return value.data;
  return value?.type === 'REG_SZ' || value?.type === 'REG_EXPAND_SZ' ? [value.data] : [];
}

function textOf(value: StoredValue | undefined): string {
  const decoded = value?.decoded;
  return decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ' ? decoded.data.trim() : '';
}

/** `.corp.example` is a suffix, `host.corp.example` the name alone, `.` everything. */
function covers(pattern: string, name: string): boolean {
  return pattern === '.' || pattern === name || (pattern.startsWith('.') && name.endsWith(pattern));
}

function isLocal(servers: string): boolean {
  return servers.split(/[;,\s]+/).some((server) => readKmsHost(server).kind === 'loopback');
}
