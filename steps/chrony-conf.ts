// Renders the chrony.conf of the time relay that the workspaces ask, and lays it beside the output.
import { isIPv4, isIPv6 } from 'node:net';
import { defineStep, type StepContext } from '../pipeline/step.ts';
import { checkChronyConf } from '../tools/chronyd.ts';

const NTP_PORT = 123;
/** Labels of letters, digits and dashes, 1 to 63 long: RFC 1123. */
const HOST_NAME = /^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/;

interface Settings {
  readonly profile: 'relay' | 'isolated';
  readonly servers: readonly string[];
  readonly allow: readonly string[];
  readonly stratum: number;
  readonly port: number;
  readonly driftFile: string;
}

export const chronyConf = defineStep({
  id: 'chrony-conf',
  title: 'Write the chrony.conf of the time relay beside the output',
  description: `Makes no change in the image: the configuration goes to a Linux machine that serves time to the workspaces, and lies beside the
output (\`golden.wim\` → \`golden.chrony.conf\`).

- \`relay\`: asks upstream servers and serves the subnets; when they are gone it goes on at \`stratum\`, and several relays agree on
  one (\`local … orphan\`).
- \`isolated\`: a network without any time source; the relay's own clock is the time (\`local\`, \`manual\`).
- \`allow\` is needed for both: chronyd serves nobody without it.

Addresses, prefix lengths, ports and names are checked here, because \`chronyd -p\` takes \`allow 10.0.0.0/33\`, \`port 99999\` and names
that cannot be (measured with 4.3). It is asked afterwards as a second opinion when it is installed; it needs no privilege and
changes no clock. w32time takes a server up to stratum 15 [U].`,
  options: {
    profile: {
      type: 'string',
      description: 'relay asks upstream servers; isolated is its own source',
      oneOf: ['relay', 'isolated'],
      default: 'relay',
    },
    servers: {
      type: 'string[]',
      description: 'Upstream servers of a relay, by name or address',
      default: [],
      pattern: '[A-Za-z0-9.:-]{1,253}',
    },
    allow: {
      type: 'string[]',
      description: 'Subnets that may ask, as address/prefix',
      required: true,
      pattern: '[0-9A-Fa-f.:]{2,45}(?:/[0-9]{1,3})?',
    },
    stratum: {
      type: 'integer',
      description: 'Stratum while no source answers: above that of any real source',
      default: 10,
      min: 1,
      max: 15,
    },
    port: {
      type: 'integer',
      description: 'UDP port on which time is served; Windows asks only 123',
      default: NTP_PORT,
      min: 1,
      max: 65535,
    },
    driftFile: {
      type: 'string',
      description: "Where chronyd keeps the clock's drift; the default is Debian's path",
      default: '/var/lib/chrony/chrony.drift',
      pattern: '(?:/[A-Za-z0-9._-]+)+',
    },
  },
  async run(_draft, options, ctx) {
    check(options, ctx);
    const text = render(options);
    const verdict = await checkChronyConf(text, ctx.signal);
    if (verdict.kind === 'faulty') ctx.fail(`chronyd refuses the configuration (${verdict.fault})`);
    if (verdict.kind === 'unchecked') ctx.note('not checked by chronyd, because no chronyd 4.0 or later is installed (package chrony)');
    for (const subnet of options.allow) if (/\/0+$/.test(subnet)) ctx.note(`allow ${subnet} serves everybody who reaches the machine`);
    if (options.port !== NTP_PORT) ctx.note(`time is served on port ${options.port}, where the time client of Windows does not ask`);
    ctx.attach('chrony.conf', text);
  },
});

function check({ profile, servers, allow, driftFile }: Settings, ctx: StepContext): void {
  if (profile === 'relay' && servers.length === 0)
    ctx.fail('a relay needs at least one upstream server', 'Give servers, or profile "isolated".');
  if (profile === 'isolated' && servers.length > 0)
    ctx.fail('an isolated relay has no upstream servers', 'Leave servers out, or take profile "relay".');
  if (allow.length === 0) ctx.fail('allow is empty, so nobody could ask', 'Give the subnets of the workspaces, for example "10.0.0.0/8".');
  for (const server of servers) if (!isServer(server)) ctx.fail(`server ${server}: is neither a host name nor an address`);
  for (const subnet of allow) {
    const fault = subnetFault(subnet);
    if (fault) ctx.fail(`allow ${subnet}: ${fault}`);
  }
  for (const [what, list] of [
    ['servers', servers],
    ['allow', allow],
  ] as const) {
    const twice = list.find((item, at) => list.indexOf(item) !== at);
    if (twice !== undefined) ctx.fail(`${what} names ${twice} twice`);
  }
  if (driftFile.split('/').some((part) => part === '.' || part === '..')) ctx.fail(`driftFile ${driftFile}: is not a plain path`);
}

function isServer(server: string): boolean {
  if (isIPv4(server) || isIPv6(server)) return true;
  // All digits and dots is an address that went wrong, not a name.
  return HOST_NAME.test(server) && !/^[0-9.]+$/.test(server);
}

function subnetFault(subnet: string): string | undefined {
  const [address, prefix] = subnet.split('/') as [string, string | undefined];
  const bits = addressBits(address);
  if (bits === undefined) return 'is not an address';
  if (prefix === undefined) return undefined;
  return Number(prefix) > bits ? `the prefix is longer than ${bits} bits` : undefined;
}

function addressBits(address: string): number | undefined {
  if (isIPv4(address)) return 32;
  return isIPv6(address) ? 128 : undefined;
}

function render({ profile, servers, allow, stratum, port, driftFile }: Settings): string {
  const source =
    profile === 'relay'
      ? [
          ...servers.map((server) => `server ${server} iburst`),
          '',
          '# Goes on serving when no source answers; several relays agree on one.',
          `local stratum ${stratum} orphan`,
        ]
      : ['# No source: the clock of this machine is the time of the network.', `local stratum ${stratum}`, 'manual'];
  return [
    `# chrony.conf for a ${profile === 'relay' ? 'relay' : 'relay without any source'}, written by wtgforge.`,
    ...source,
    '',
    '# Who may ask.',
    ...allow.map((subnet) => `allow ${subnet}`),
    ...(port === NTP_PORT ? [] : [`port ${port}`]),
    '',
    '# Steps the clock in the first three updates only, slews it afterwards; the hardware clock follows.',
    'makestep 1.0 3',
    'rtcsync',
    `driftfile ${driftFile}`,
    '',
  ].join('\n');
}
