// Points the Windows activation client of the image at a KMS host or at DNS, and takes away what would overrule that.

import { FormatError } from '../formats/bytes.ts';
import { KMS_PORT } from '../formats/kms-host/host.ts';
import { type OwnHost, readOwnHost } from '../formats/kms-host/own-host.ts';
import { parseDigitalProductId4 } from '../formats/product-key/digital-product-id.ts';
import { gvlkFor } from '../formats/product-key/gvlk.ts';
import { knownKey } from '../formats/product-key/known-keys.ts';
import type { Draft } from '../image/draft.ts';
import type { HiveName } from '../image/image.ts';
import { type ListedHost, layHostList, removeHostList } from '../image/kms-host-list.ts';
import { kmsPlaces, SPP_KEY, signOfForgery } from '../image/kms-settings.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';
import { answerFile, withSettings } from '../unattend/build.ts';
import { answerFileLocations } from '../unattend/locations.ts';
import { type AnswerFile, componentsOf, parseAnswerFile, renderAnswerFile } from '../unattend/model.ts';

const ID = 'kms-client';
const WINDOWS = 'Microsoft\\Windows NT\\CurrentVersion';
const NAME = 'KeyManagementServiceName';
const PORT = 'KeyManagementServicePort';
const DOMAIN = 'KeyManagementServiceLookupDomain';
const NO_CACHE = 'DisableKeyManagementServiceHostCaching';
const TYPE = 'VLActivationType';

/** Application ids [M]: Windows, and Office 2013 and later. */
const WINDOWS_APP = '55c92734-d682-4d71-983e-d6ec3f16059f';
const OFFICE_APP = '0ff1ce15-a989-479d-af46-f275c6370663';
const SHELL = 'Microsoft-Windows-Shell-Setup';
const NEW_ANSWER_FILE = '/Windows/Panther/unattend.xml';

interface Pin {
  readonly key: string;
  readonly host: string;
  readonly port: number;
}

export const kmsClient = defineStep({
  id: ID,
  title: 'Point the activation client at a KMS host',
  description: `Writes \`KeyManagementServiceName\` (REG_SZ) at \`SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform\`.
A name that is there switches DNS discovery off, as \`slmgr /skms\` does. (Microsoft, Registry Settings for Volume Activation)

- \`KeyManagementServicePort\` is REG_SZ, too, and written only when it is not ${KMS_PORT}; a port that an earlier host left is removed.
- \`discovery: 'dns'\` pins nothing and removes every pin, so that the client looks for \`_vlmcs._tcp\`. \`lookupDomain\` names the domain; that
  Windows keeps it as \`${DOMAIN}\` in the same key is [U]: \`slmgr /skms-domain\` is documented, its place is not.
- Names and ports in application and product sub-keys overrule the root and are removed, at every place where they were seen: below
  the SPP key itself, in its 32-bit view, in Office's own key, in the profiles' hives. Each removal is in the change list. [M] \`windowsHost\` and
  \`officeHost\` set one for an application instead. A host that only an emulator or a stranger has is reported as a trace and makes the
  image at best \`undecided\`.
- Windows pins one host. With \`fallbackHosts\` a task in the image looks, some minutes after boot and after a failed activation, which of \`host\` and
  these answers on its port, and pins the first one with \`slmgr /skms\`; it asks for no activation itself. Registered at first boot (see
  \`first-boot\`); logs to \`Windows\\Logs\\wtgforge\\kms-hosts.log\`.
- \`hostCaching: false\` asks DNS before each attempt (\`slmgr /ckhc\`) [M]; \`activationType\` is \`slmgr /act-type\`: 0 any, 1 Active Directory,
  2 KMS, 3 token; values in sub-keys would win and are removed.
- \`SkipRearm\` = 1 becomes 0: with 1, sysprep does not reset the licence state, all clones share one client ID, and the host counts
  them once. (Microsoft, slmgr options; troubleshooting KMS)
- \`installKey\` puts the KMS client setup key of the image's edition and build (Microsoft, KMS client activation and product keys) into the
  specialize pass of the answer file from which Setup takes that pass. \`productKey\` names the key instead, and is refused unless it is that very
  one: a key of another edition changes the edition or fails, and a MAK or retail key would be on every stick, readable by whoever holds it.
- A URL, an address with a port, this computer itself, addresses that no host has, IPv6 (\`slmgr /skms\` takes none) and public activation hosts are refused.
- A licence channel other than \`Volume:GVLK\` (DigitalProductId4) gives a note: KMS settings have no effect then.

A KMS host activates clients once 25 have asked within 30 days, refuses a clock that is about 4 hours off [M], and its answer lasts for
180 days.`,
  after: ['activation-reset', 'generalize-answer-file'],
  options: {
    host: { type: 'string', description: 'Name or IPv4 address of the KMS host; must be given unless discovery is dns' },
    port: { type: 'integer', description: 'TCP port of the KMS host', default: KMS_PORT, min: 1, max: 65535 },
    discovery: { type: 'string', description: 'pinned to the host, or found through DNS', oneOf: ['pinned', 'dns'], default: 'pinned' },
    lookupDomain: { type: 'string', description: 'DNS domain in which the host is looked for, with discovery dns' },
    windowsHost: { type: 'string', description: 'Another host for Windows alone, as "name" or "name:port"' },
    officeHost: { type: 'string', description: 'Another host for Office 2013 and later, as "name" or "name:port"' },
    fallbackHosts: { type: 'string[]', description: 'Further hosts, best first, each as "name" or "name:port"', default: [] },
    hostCaching: { type: 'boolean', description: 'Whether the last good host is remembered; unchanged unless given' },
    activationType: { type: 'integer', description: '0 any, 1 Active Directory, 2 KMS, 3 token; unchanged unless given', min: 0, max: 3 },
    installKey: { type: 'boolean', description: 'Whether the KMS client setup key goes into the answer file', default: false },
    productKey: { type: 'string', description: 'The KMS client setup key itself; must be the one of the edition. Implies installKey' },
  },
  async skip(image) {
    return (await image.has('/Windows/System32/config/SOFTWARE')) ? undefined : 'the image has no SOFTWARE hive';
  },
  async run(draft, options, ctx) {
    const pins = pinsOf(options, ctx);
    const key = options.installKey || options.productKey !== undefined ? setupKey(draft, options.productKey, ctx) : undefined;
    const list = listOf(options, pins, ctx);
    const root = pins.find((pin) => pin.key === SPP_KEY);

    const before = textOf((await draft.hive('SOFTWARE')).value(SPP_KEY, NAME)?.decoded);
    if (before !== undefined && before !== root?.host) {
      ctx.note(`the image was bound to the KMS host ${JSON.stringify(before)}`);
      traceOf('SOFTWARE', SPP_KEY, before, ctx);
    }
    if (!root) await draft.deleteValue('SOFTWARE', SPP_KEY, NAME);
    for (const pin of pins) await writePin(draft, pin);
    if (!root) await draft.deleteValue('SOFTWARE', SPP_KEY, PORT);

    const domain = options.lookupDomain;
    if (domain === undefined) await draft.deleteValue('SOFTWARE', SPP_KEY, DOMAIN);
    else await draft.setValue('SOFTWARE', SPP_KEY, DOMAIN, { type: 'REG_SZ', data: domain });
    await removeOverrides(draft, new Set([SPP_KEY, ...pins.map((pin) => pin.key)]), options.activationType !== undefined, ctx);

    if (options.hostCaching === false) await draft.setValue('SOFTWARE', SPP_KEY, NO_CACHE, { type: 'REG_DWORD', data: 1 });
    if (options.hostCaching === true) await draft.deleteValue('SOFTWARE', SPP_KEY, NO_CACHE);
    const { activationType } = options;
    if (activationType !== undefined) await draft.setValue('SOFTWARE', SPP_KEY, TYPE, { type: 'REG_DWORD', data: activationType });
    if (list.length > 0) await layHostList(draft, ID, list, ctx);
    else await removeHostList(draft, ID, ctx);
    await allowRearm(draft, ctx);
    if (key !== undefined) await installKey(draft, key, ctx);
    await remarkChannel(draft, key !== undefined, ctx);
  },
});

interface HostOptions {
  readonly host?: string | undefined;
  readonly port: number;
  readonly discovery: 'pinned' | 'dns';
  readonly lookupDomain?: string | undefined;
  readonly windowsHost?: string | undefined;
  readonly officeHost?: string | undefined;
  readonly fallbackHosts: readonly string[];
}

/** More are no list of an organisation; the probe waits some seconds for each. */
const HOSTS_MAX = 8;

/** What is pinned where; refuses options that contradict each other and hosts that no image may carry. */
function pinsOf(options: HostOptions, ctx: StepContext): readonly Pin[] {
  const { host, port, discovery, lookupDomain } = options;
  if (discovery === 'pinned' && host === undefined) ctx.fail('no host is given', 'Give host, or discovery: "dns".');
  if (discovery === 'dns' && host !== undefined)
    ctx.fail(`host "${host}" would switch DNS discovery off`, 'Give host or discovery: "dns".');
  if (discovery === 'pinned' && lookupDomain !== undefined) {
    ctx.fail(`lookupDomain "${lookupDomain}" is ignored while a host is pinned`, 'Leave it out, or set discovery: "dns".');
  }
  if (lookupDomain !== undefined) {
    const domain = readOwnHost(lookupDomain);
    if (typeof domain === 'string') ctx.fail(`lookupDomain "${lookupDomain}" ${domain}`);
    else if (domain.port !== undefined || /^[0-9.]+$/.test(domain.host)) ctx.fail(`lookupDomain "${lookupDomain}" is not a DNS domain`);
  }
  const wanted = [
    { option: 'host', key: SPP_KEY, text: host },
    { option: 'windowsHost', key: `${SPP_KEY}\\${WINDOWS_APP}`, text: options.windowsHost },
    { option: 'officeHost', key: `${SPP_KEY}\\${OFFICE_APP}`, text: options.officeHost },
  ];
  return wanted.flatMap(({ option, key, text }) => {
    if (text === undefined) return [];
    const read = ownHost(option, text, ctx);
    if (option === 'host' && read.port !== undefined) ctx.fail(`host "${text}" carries a port`, 'Give the port as "port".');
    return [{ key, host: read.host, port: read.port ?? (option === 'host' ? port : KMS_PORT) }];
  });
}

/** The pinned host and those that stand in for it; none when there is nothing to walk. */
function listOf({ fallbackHosts }: HostOptions, pins: readonly Pin[], ctx: StepContext): readonly ListedHost[] {
  if (fallbackHosts.length === 0) return [];
  const list: ListedHost[] = pins.filter(({ key }) => key === SPP_KEY);
  if (list.length === 0) ctx.fail('fallbackHosts would be pinned in place of DNS discovery', 'Give host, or leave fallbackHosts out.');
  if (fallbackHosts.length >= HOSTS_MAX) ctx.fail(`${fallbackHosts.length + 1} hosts are given (at most ${HOSTS_MAX})`);
  for (const text of fallbackHosts) {
    const { host, port } = ownHost('fallbackHosts', text, ctx);
    const next = { host, port: port ?? KMS_PORT };
    if (list.some((one) => one.host === next.host && one.port === next.port)) ctx.fail(`fallbackHosts "${text}" is given twice`);
    list.push(next);
  }
  return list;
}

function ownHost(option: string, text: string, ctx: StepContext): OwnHost {
  const read = readOwnHost(text);
  if (typeof read === 'string') return ctx.fail(`${option} "${text}" ${read}`, "Give the name of your organisation's KMS host.");
  if (read.azure) ctx.note(`${read.host} answers in Azure only, and a workspace starts elsewhere`);
  return read;
}

async function writePin(draft: Draft, { key, host, port }: Pin): Promise<void> {
  await draft.setValue('SOFTWARE', key, NAME, { type: 'REG_SZ', data: host });
  // A sub-key without a port may take the root's, so there it is always written.
  if (port === KMS_PORT && key === SPP_KEY) await draft.deleteValue('SOFTWARE', key, PORT);
  else await draft.setValue('SOFTWARE', key, PORT, { type: 'REG_SZ', data: String(port) });
}

async function removeOverrides(draft: Draft, own: ReadonlySet<string>, types: boolean, ctx: StepContext): Promise<void> {
  const { places, unread } = await kmsPlaces(draft);
  for (const reason of unread) ctx.note(`not cleaned: ${reason}`);
  const ours = new Set([...own].map((key) => key.toLowerCase()));
  for (const { hive, key } of places) {
    if (hive === 'SOFTWARE' && key.toLowerCase() === SPP_KEY.toLowerCase()) continue;
    const pinned = hive === 'SOFTWARE' && ours.has(key.toLowerCase());
    for (const name of [...(pinned ? [] : [NAME, PORT, DOMAIN]), ...(types ? [TYPE] : [])]) {
      const stored = (await draft.hive(hive)).value(key, name);
      if (!stored) continue;
      const text = textOf(stored.decoded);
      ctx.note(`${hive}\\${key}: ${name} ${JSON.stringify(text ?? '(not text)')} overruled the setting and was removed`);
      if (name === NAME && text !== undefined) traceOf(hive, key, text, ctx);
      await draft.deleteValue(hive, key, name);
    }
  }
}

function traceOf(hive: HiveName, key: string, host: string, ctx: StepContext): void {
  const message = signOfForgery(host);
  if (message !== undefined) ctx.trace({ rule: 'activation/kms-host-policy', at: { hive, key, name: NAME }, message });
}

async function allowRearm(draft: Draft, ctx: StepContext): Promise<void> {
  const skip = (await draft.hive('SOFTWARE')).value(SPP_KEY, 'SkipRearm');
  if (!skip || (skip.decoded?.type === 'REG_DWORD' && skip.decoded.data === 0)) return;
  ctx.note('SkipRearm was set, so that sysprep would have kept one client ID for all clones; it is 0 now');
  await draft.setValue('SOFTWARE', SPP_KEY, 'SkipRearm', { type: 'REG_DWORD', data: 0 });
}

/** The setup key of the image; a key that the author named must be that one. No message shows a key that may belong to somebody. */
function setupKey({ info }: Draft, given: string | undefined, ctx: StepContext): string {
  const { edition, build } = info;
  const fitting = gvlkFor(edition, build);
  if (!fitting)
    return ctx.fail(`there is no KMS client setup key for ${edition}, build ${build}`, 'Leave installKey out, or use a volume edition.');
  const text = given?.trim().toUpperCase() ?? fitting.key;
  if (text === fitting.key) return text;
  const known = knownKey(text);
  if (known?.class === 'gvlk') {
    return ctx.fail(
      `productKey is the setup key of ${known.product}, ${known.edition}, and the image is ${edition}, build ${build}`,
      'Use installKey: true.',
    );
  }
  return ctx.fail(
    'productKey is no KMS client setup key: a MAK or retail key in a workspace image is on every stick, readable by whoever holds it, and is used up by each',
    'Use installKey: true, or activate with that key after deployment.',
  );
}

/** Setup takes a pass from the first file that holds it: adding the pass to an earlier file would shadow the rest of it. */
async function installKey(draft: Draft, key: string, ctx: StepContext): Promise<void> {
  const { architecture } = draft.info;
  if (architecture === 'unknown') ctx.fail('nothing in the image says its architecture, and Setup skips components of another one');
  const files: { readonly path: string; readonly file: AnswerFile }[] = [];
  for (const { path } of answerFileLocations) {
    const found = await draft.find(path);
    if (found && !found.folder) files.push({ path: found.path, file: await readAnswerFile(draft, found.path, ctx) });
  }
  const chosen = files.find(({ file }) => componentsOf(file).some(({ pass }) => pass === 'specialize')) ?? files[0];
  const spec = { architecture, passes: { specialize: { [SHELL]: { ProductKey: key } } } };
  const path = chosen?.path ?? NEW_ANSWER_FILE;
  await draft.write(path, renderAnswerFile(chosen ? withSettings(chosen.file, spec) : answerFile(spec)));
  ctx.note(`the KMS client setup key that ends in ${key.slice(-5)} is in the specialize pass of ${path}`);
}

async function readAnswerFile(draft: Draft, path: string, ctx: StepContext): Promise<AnswerFile> {
  try {
    return parseAnswerFile(await draft.read(path));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return ctx.fail(`${path}: cannot be read as an answer file (${error.message})`, 'Repair or remove it.');
  }
}

async function remarkChannel(draft: Draft, keyed: boolean, ctx: StepContext): Promise<void> {
  const stored = (await draft.hive('SOFTWARE')).value(WINDOWS, 'DigitalProductId4');
  if (!stored) return;
  try {
    const { channel } = parseDigitalProductId4(stored.raw);
    if (channel === 'Volume:GVLK' || channel === '') return;
    const until = keyed ? 'until Setup has installed the key of this step' : 'until a GVLK is installed';
    ctx.note(`the licence channel is ${JSON.stringify(channel)}, not Volume:GVLK: KMS settings have no effect ${until}`);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    ctx.note(`the licence channel cannot be read (${error.message})`);
  }
}

function textOf(decoded: { readonly type: string; readonly data: unknown } | undefined): string | undefined {
  return typeof decoded?.data === 'string' ? decoded.data : undefined;
}
