// Makes the Windows time client of the image keep time on any computer and in any network that it is started in.
import { defaultControlSet } from '../image/control-set.ts';
import type { Draft } from '../image/draft.ts';
import { type FirstBootAction, GUEST_FOLDER, runAtFirstBoot } from '../image/first-boot.ts';
import type { Hive, RegistryValue } from '../image/image.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

/** NtpServer flags: 1 uses SpecialPollInterval, 2 fallback only, 4 symmetric active, 8 client. */
const FLAGS_MAX = 0xf;
const CLIENT = '0x9';
const FALLBACK = '0xa';
const ALWAYS = 0xffffffff;

const SERVER = '[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?\\.?(?:,0x[0-9A-Fa-f]{1,2})?';

type Trigger = Readonly<Record<string, RegistryValue>>;

const dword = (data: number): RegistryValue => ({ type: 'REG_DWORD', data });
const bytes = (hex: string): RegistryValue => ({ type: 'REG_BINARY', data: new Uint8Array(Buffer.from(hex, 'hex')) });

/** Start with the first IP address, stop with the last one: byte for byte what the lmhosts service carries in a real Windows 10 hive. */
const NETWORK_TRIGGERS: readonly Trigger[] = [
  { Type: dword(2), Action: dword(1), GUID: bytes('def2274fe2140b43a5497cd48cbc8245') },
  { Type: dword(2), Action: dword(2), GUID: bytes('2aa64bcc2e164846847ab6bdf993e335') },
];
/** Stop where no domain was joined (ddaf516e-58c2-4866-9574-c3b615d42ea1): this is what ends the service in a workgroup. */
const LEFT_DOMAIN = '6e51afddc25866489574c3b615d42ea1';

const ID = 'time-client';
/** Looks for the first network trigger by its bytes, which `reg` prints alike in every language, and sets the pair anew when it is gone. */
const REPAIR: FirstBootAction = {
  id: 'time-triggers',
  lines: [
    `"%SystemRoot%\\System32\\reg.exe" query HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\TriggerInfo /s /v GUID | "%SystemRoot%\\System32\\find.exe" "DEF2274FE2140B43A5497CD48CBC8245" >nul`,
    'if not errorlevel 1 exit /b 0',
    'echo w32time has lost its network triggers; they are set anew',
    '"%SystemRoot%\\System32\\sc.exe" triggerinfo w32time start/networkon stop/networkoff',
    'exit /b %ERRORLEVEL%',
  ],
};

/** A service has a handful of triggers. */
const TRIGGERS_MAX = 32;

/** What the reference machine wrote while it ran; a clone must not start from its clock. */
const RESIDUE: readonly (readonly [key: string, name: string])[] = [
  ['Config', 'LastKnownGoodTime'],
  ['SecureTimeLimits', 'SecureTimeEstimated'],
  ['SecureTimeLimits', 'SecureTimeHigh'],
  ['SecureTimeLimits', 'SecureTimeLow'],
  ['SecureTimeLimits', 'SecureTimeConfidence'],
  ['SecureTimeLimits', 'SecureTimeTickCount'],
  ['TimeProviders\\NtpClient', 'SpecialPollTimeRemaining'],
];

export const timeClient = defineStep({
  id: ID,
  title: 'Make the time client keep time wherever the workspace starts',
  description: `Configures \`Services\\W32Time\` in the control set that \`Select\\Default\` names. A KMS host refuses a clock that is about
4 hours off (0xC004F06C) [M], and a workspace meets hosts whose clock runs in UTC or whose battery is dead.

- \`Parameters\\Type\` and \`NtpServer\` (\`host,0x9\`: client with SpecialPollInterval). Of two servers the second becomes a fallback
  (0xa); three or more are better. (Microsoft, Windows Time service tools and settings)
- \`MaxPosPhaseCorrection\` / \`MaxNegPhaseCorrection\`: 15 hours is the stand-alone default, and a larger error is never corrected;
  4294967295 (the default here) always corrects. Whoever does not trust the network sets a limit.
- \`SpecialPollInterval\`, \`MinPollInterval\`, \`MaxPollInterval\`: since version 1703 the first is bounded by 2^Min and 2^Max seconds, so
  a value outside is refused.
- \`Start\` = 3 with the network triggers (start with the first IP address, stop with the last): in a workgroup the service is
  stopped again whatever its start type, so \`Start\` alone does not help. (Microsoft, W32Time does not start on a workgroup) The
  two keys are the pair that \`lmhosts\` carries in a real Windows 10 hive; for W32Time itself they were not tried on a running
  Windows [U]. The domain-joined trigger is kept, the one that stops the service outside a domain goes.
- \`repairTriggers\` looks at first boot (see \`first-boot\`) whether they are still there, and calls \`sc triggerinfo w32time start/networkon
  stop/networkoff\` only when they are not; that call replaces every trigger of the service.
- Run-time residue of the reference machine goes (LastKnownGoodTime, secure-time limits, SpecialPollTimeRemaining).
- \`Control\\TimeZoneInformation\\RealTimeIsUniversal\` only when \`hardwareClock\` says so.

Policy copies below \`SOFTWARE\\Policies\\Microsoft\\W32Time\` would overrule all of this; they are reported.`,
  options: {
    servers: {
      type: 'string[]',
      description: 'Time servers in order, each with flags of its own if need be: "ntp1.corp.example" or "ntp1.corp.example,0x9"',
      required: true,
      pattern: SERVER,
    },
    type: { type: 'string', description: 'NTP asks the servers; AllSync also a domain', oneOf: ['NTP', 'AllSync'], default: 'NTP' },
    pollInterval: {
      type: 'integer',
      description: 'Seconds between two requests (SpecialPollInterval)',
      default: 3600,
      min: 16,
      max: 131072,
    },
    minPoll: {
      type: 'integer',
      description: 'Shortest interval as a power of two seconds (MinPollInterval)',
      default: 10,
      min: 4,
      max: 17,
    },
    maxPoll: { type: 'integer', description: 'Longest interval as a power of two seconds (MaxPollInterval)', default: 15, min: 4, max: 17 },
    maxForward: {
      type: 'integer',
      description: 'Largest correction forward in seconds (MaxPosPhaseCorrection)',
      default: ALWAYS,
      min: 1,
      max: ALWAYS,
    },
    maxBackward: {
      type: 'integer',
      description: 'Largest correction backward in seconds (MaxNegPhaseCorrection)',
      default: ALWAYS,
      min: 1,
      max: ALWAYS,
    },
    hardwareClock: {
      type: 'string',
      description: 'How Windows reads the clock of the computer; keep leaves the image as it is',
      oneOf: ['keep', 'local', 'utc'],
      default: 'keep',
    },
    repairTriggers: { type: 'boolean', description: 'Whether the first boot looks after the network triggers', default: false },
  },
  async skip(image) {
    if (!(await image.has('/Windows/System32/config/SYSTEM'))) return 'the image has no SYSTEM hive';
    const system = await image.hive('SYSTEM');
    return system.has(`${defaultControlSet(system)}\\Services\\W32Time`) ? undefined : 'the image has no Windows Time service (W32Time)';
  },
  async run(draft, options, ctx) {
    const { pollInterval, minPoll, maxPoll } = options;
    if (minPoll > maxPoll) ctx.fail(`minPoll ${minPoll} is above maxPoll ${maxPoll}`);
    if (pollInterval < 2 ** minPoll || pollInterval > 2 ** maxPoll) {
      ctx.fail(`pollInterval ${pollInterval} is outside ${2 ** minPoll}..${2 ** maxPoll} seconds, the bounds that minPoll and maxPoll set`);
    }
    const servers = serverList(options.servers, ctx);
    const set = defaultControlSet(await draft.hive('SYSTEM'));
    const service = `${set}\\Services\\W32Time`;
    const write = (key: string, name: string, value: RegistryValue) => draft.setValue('SYSTEM', key, name, value);
    await write(`${service}\\Parameters`, 'Type', { type: 'REG_SZ', data: options.type });
    await write(`${service}\\Parameters`, 'NtpServer', { type: 'REG_SZ', data: servers });
    await write(`${service}\\Config`, 'MaxPosPhaseCorrection', dword(options.maxForward));
    await write(`${service}\\Config`, 'MaxNegPhaseCorrection', dword(options.maxBackward));
    await write(`${service}\\Config`, 'MinPollInterval', dword(minPoll));
    await write(`${service}\\Config`, 'MaxPollInterval', dword(maxPoll));
    await write(`${service}\\TimeProviders\\NtpClient`, 'Enabled', dword(1));
    await write(`${service}\\TimeProviders\\NtpClient`, 'SpecialPollInterval', dword(pollInterval));
    await write(service, 'Start', dword(3));
    await setTriggers(draft, `${service}\\TriggerInfo`, ctx);
    for (const [key, name] of RESIDUE) await draft.deleteValue('SYSTEM', `${service}\\${key}`, name);
    await draft.removeKey('SYSTEM', `${service}\\SecureTimeLimits\\RunTime`);
    if (options.hardwareClock !== 'keep') {
      const universal = dword(options.hardwareClock === 'utc' ? 1 : 0);
      await write(`${set}\\Control\\TimeZoneInformation`, 'RealTimeIsUniversal', universal);
    }
    if (options.repairTriggers) await runAtFirstBoot(draft, ID, [REPAIR], ctx);
    else if (await draft.has(`${GUEST_FOLDER}/${REPAIR.id}.cmd`)) await runAtFirstBoot(draft, ID, [], ctx);
    await remarkPolicies(draft, ctx);
  },
});

/** The servers as one NtpServer value, each with flags. */
function serverList(servers: readonly string[], ctx: StepContext): string {
  if (servers.length === 0) ctx.fail('servers is empty', 'Name at least one time server.');
  const names = servers.map((server) => server.split(',')[0]!.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) ctx.fail(`servers names ${twice} twice`);
  return servers.map((server, at) => withFlags(server, servers.length === 2 && at === 1 ? FALLBACK : CLIENT, ctx)).join(' ');
}

function withFlags(server: string, usual: string, ctx: StepContext): string {
  const [name, flags] = server.split(',');
  if (flags === undefined) return `${name},${usual}`;
  const bits = Number.parseInt(flags.slice(2), 16);
  if (bits === 0 || bits > FLAGS_MAX) ctx.fail(`server ${server}: the flags are outside 0x1..0xf`);
  if ((bits & 0x4) !== 0 && (bits & 0x8) !== 0) ctx.fail(`server ${server}: the flags ask for symmetric active (4) and client (8) at once`);
  return server;
}

/** The network pair first, behind it whatever else starts the service; numbered without a gap. */
async function setTriggers(draft: Draft, key: string, ctx: StepContext): Promise<void> {
  const system = await draft.hive('SYSTEM');
  const names = system.keys(key);
  if (names.length > TRIGGERS_MAX) ctx.fail(`${key}: holds ${names.length} triggers, more than any service has`);
  const present = names.map((name) => triggerOf(system, `${key}\\${name}`));
  const kept = present.filter(
    (trigger) => !NETWORK_TRIGGERS.some((own) => guidOf(own) === guidOf(trigger)) && guidOf(trigger) !== LEFT_DOMAIN,
  );
  const wanted = [...NETWORK_TRIGGERS, ...kept];
  for (const [at, trigger] of wanted.entries()) {
    for (const { name } of system.values(`${key}\\${at}`)) {
      if (!Object.hasOwn(trigger, name)) await draft.deleteValue('SYSTEM', `${key}\\${at}`, name);
    }
    for (const [name, value] of Object.entries(trigger)) await draft.setValue('SYSTEM', `${key}\\${at}`, name, value);
  }
  for (const name of names) if (!wanted.some((_, at) => String(at) === name)) await draft.removeKey('SYSTEM', `${key}\\${name}`);
}

function triggerOf(system: Hive, key: string): Trigger {
  return Object.fromEntries(system.values(key).flatMap(({ name, decoded }) => (decoded ? [[name, decoded]] : [])));
}

function guidOf(trigger: Trigger): string {
  const guid = trigger.GUID;
  return guid?.type === 'REG_BINARY' ? Buffer.from(guid.data).toString('hex') : '';
}

async function remarkPolicies(draft: Draft, ctx: StepContext): Promise<void> {
  if (!(await draft.has('/Windows/System32/config/SOFTWARE'))) return;
  const software = await draft.hive('SOFTWARE');
  const root = 'Policies\\Microsoft\\W32Time';
  const keys = [
    root,
    ...software
      .keys(root)
      .flatMap((name) => [`${root}\\${name}`, ...software.keys(`${root}\\${name}`).map((below) => `${root}\\${name}\\${below}`)]),
  ];
  for (const key of keys) {
    const values = software.values(key).map(({ name }) => name);
    if (values.length > 0) ctx.note(`SOFTWARE\\${key} holds a policy that overrules this step (${values.join(', ')})`);
  }
}
