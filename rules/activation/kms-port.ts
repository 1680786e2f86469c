// Nothing on the image listens for KMS clients: the port is neither opened in the firewall nor redirected.
import { opensPort } from '../../formats/firewall/rule.ts';
import { KMS_PORT } from '../../formats/kms-host/host.ts';
import { valueText } from '../../image/value-text.ts';
import { defineRule } from '../../lint/rule.ts';

const TCP = 6;
/** Windows' own rules for a KMS host, off on every client. On, they only say that somebody wanted one. */
const BUILT_IN = /^SPPSVC-In-TCP(?:-NoScope)?$/i;
/** A rule that opens a wide range is for something else. */
const NARROW = 64;
/** What asks for activation, as program and as service. */
const LICENSING = /(?:^|[\\/])(?:sppextcomobj|sppsvc|osppsvc|slui)\.exe$|^(?:sppsvc|osppsvc|clipsvc)$/i;
const PROXIES = ['v4tov4', 'v4tov6', 'v6tov4', 'v6tov6'].map((kind) => `SYSTEM\\ControlSet*\\Services\\PortProxy\\${kind}\\tcp`);

export const kmsPort = defineRule({
  id: 'activation/kms-port',
  title: 'The port of KMS is neither opened nor redirected on the image, and the way to the KMS host is free',
  description: `Looks for TCP ${KMS_PORT} among the firewall rules (every control set, rules of services, policy) and the port redirections of
\`netsh interface portproxy\`.

**Strong.** A redirection to or from the port; a rule that lets connections to it come in; a rule that keeps a licensing program or service from
speaking to anybody. **Weak.** Windows' own rules \`SPPSVC-In-TCP\` when
they are on: only a KMS host needs them.

**Honest look-alikes.** Both built-in rules stand in every Windows and are off. Rules for all ports of a program, and for ranges of more than
${NARROW} ports, are not meant for KMS. Rules that let connections go out are fine.

**Cannot be proved.** A redirection that a driver or a router does; a rule that names no program.

Sources: Microsoft, "Configuring KMS hosts"; [MS-FASP]; firewall rules of real 7, 8.1 and 10.`,
  why: `A client asks a KMS host and never is one. Who opens or redirects the port on a client lets an emulator answer there, and who
blocks the licensing service does not want Windows to look after its licence.`,
  repair: { text: 'Remove the rule or the redirection: `netsh interface portproxy delete`, `Remove-NetFirewallRule`.' },
  level: 'strong',
  levels: { builtIn: 'weak' },
  options: {},
  messages: {
    opened: 'the firewall rule {name} lets clients come in to the port of KMS',
    builtIn: "Windows' own firewall rule for a KMS host is on ({name})",
    blocked: 'the firewall rule {name} keeps {program} from its KMS host and from Microsoft',
    redirected: 'the port redirection {from} leads to {to}: the port of KMS is involved',
  },
  select: { keys: PROXIES },
  create: (ctx) => ({
    key({ hive, path, values }) {
      for (const value of values.values()) {
        const { name: from } = value;
        const to = valueText(value) ?? '';
        if (![from, to].some((end) => portOf(end) === KMS_PORT)) continue;
        ctx.report({ messageId: 'redirected', at: { hive, key: path, name: from }, data: { from, to } });
      }
    },
    async end() {
      for (const { hive, key, id, rule, restricts } of (await ctx.views.firewall()) ?? []) {
        if (restricts) continue;
        const program = [rule.program, rule.forService].find((one) => LICENSING.test(one ?? ''));
        if (program !== undefined && rule.active && !rule.allow && !rule.inbound)
          ctx.report({ messageId: 'blocked', at: { hive, key, name: id }, data: { name: rule.name || id, program } });
        const narrow = rule.localPorts.filter(({ first, last }) => last - first < NARROW);
        if (!opensPort({ ...rule, localPorts: narrow }, KMS_PORT, TCP)) continue;
        ctx.report({ messageId: BUILT_IN.test(id) ? 'builtIn' : 'opened', at: { hive, key, name: id }, data: { name: rule.name || id } });
      }
    },
  }),
});

/** `0.0.0.0/1688`, `host/1688`; NaN of what names no port. */
function portOf(end: string): number {
  return Number(/\/(\d{1,5})\s*$/.exec(end)?.[1]);
}
