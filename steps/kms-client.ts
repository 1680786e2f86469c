// Points the Windows activation client of the image at one KMS host, and takes away what would overrule that.

import { type HostKind, KMS_PORT, readKmsHost } from '../formats/kms-host/host.ts';
import type { Draft } from '../image/draft.ts';
import type { HiveName } from '../image/image.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

const WINDOWS = 'Microsoft\\Windows NT\\CurrentVersion';
const SPP = `${WINDOWS}\\SoftwareProtectionPlatform`;
const NAME = 'KeyManagementServiceName';
const PORT = 'KeyManagementServicePort';

/** NetworkService's registry, in whose name the activation service runs: activators hide overrides there. */
const NETWORK_SERVICE = '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT';

/** Keys at whose root, and in whose application and product sub-keys, a name or port overrules the one at the SPP root. */
const OVERRIDES: readonly { readonly hive: HiveName; readonly key: string }[] = [
  { hive: 'SOFTWARE', key: `Wow6432Node\\${SPP}` },
  { hive: 'SOFTWARE', key: 'Microsoft\\OfficeSoftwareProtectionPlatform' },
  { hive: 'SOFTWARE', key: 'Wow6432Node\\Microsoft\\OfficeSoftwareProtectionPlatform' },
  { hive: NETWORK_SERVICE, key: `Software\\${SPP}` },
];

/** An application key holds at most some tens of products; more is not looked through. */
const SUBKEYS_MAX = 2000;

const REFUSED: Readonly<Partial<Record<HostKind, string>>> = {
  loopback: 'is this computer itself, as only KMS emulators have it',
  bogus: 'is an address that no host can have',
  invalid: 'is not a host name or an IPv4 address',
};

export const kmsClient = defineStep({
  id: 'kms-client',
  title: 'Point the activation client at a KMS host',
  description: `Writes \`KeyManagementServiceName\` (REG_SZ) at \`SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform\`.
A name that is there switches DNS discovery off, as \`slmgr /skms\` does. (Microsoft, Registry Settings for Volume Activation)

- \`KeyManagementServicePort\` is REG_SZ, too, and written only when it is not ${KMS_PORT}; a port that an earlier host left is removed.
- Names and ports in application and product sub-keys overrule the root and are removed, at every place where they were seen: below
  the SPP key itself, in its 32-bit view, in Office's own key, in NetworkService's hive. Each removal is in the change list. [M]
- \`SkipRearm\` = 1 becomes 0: with 1, sysprep does not reset the licence state, all clones share one client ID, and the host counts
  them once. (Microsoft, slmgr options; troubleshooting KMS)
- \`localhost\`, 127/8 in every notation, 0/8 and multicast are refused: a workspace that asks itself has an emulator in it. An IPv6 address is
  refused, because \`slmgr /skms\` takes none; use a name.
- No product key is touched. A licence channel other than \`Volume:GVLK\` (DigitalProductId4) gives a note: KMS settings have no effect then.

A KMS host activates clients once 25 have asked within 30 days, refuses a clock that is about 4 hours off [M], and its answer lasts for
180 days.`,
  options: {
    host: {
      type: 'string',
      description: 'Name or IPv4 address of the KMS host',
      required: true,
      pattern: '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?\\.?',
    },
    port: { type: 'integer', description: 'TCP port of the KMS host', default: KMS_PORT, min: 1, max: 65535 },
  },
  async skip(image) {
    return (await image.has('/Windows/System32/config/SOFTWARE')) ? undefined : 'the image has no SOFTWARE hive';
  },
  async run(draft, { host, port }, ctx) {
    const wanted = readKmsHost(host);
    const refusal = REFUSED[wanted.kind] ?? (/^[0-9.]+$/.test(host) && wanted.kind === 'name' ? REFUSED.invalid : undefined);
    if (refusal) ctx.fail(`host "${host}" ${refusal}`, "Give the name of your organisation's KMS host.");

    const before = textOf((await draft.hive('SOFTWARE')).value(SPP, NAME)?.decoded);
    if (before !== undefined && before !== wanted.host) ctx.note(`the image was bound to the KMS host ${JSON.stringify(before)}`);
    await draft.setValue('SOFTWARE', SPP, NAME, { type: 'REG_SZ', data: wanted.host });
    if (port === KMS_PORT) await draft.deleteValue('SOFTWARE', SPP, PORT);
    else await draft.setValue('SOFTWARE', SPP, PORT, { type: 'REG_SZ', data: String(port) });

    for (const key of subkeysOf(await draft.hive('SOFTWARE'), SPP)) await removeOverride(draft, 'SOFTWARE', key, ctx);
    for (const { hive, key } of OVERRIDES) {
      if (hive.startsWith('/') && !(await draft.has(hive))) continue;
      const registry = await draft.hive(hive);
      if (!registry.has(key)) continue;
      for (const below of [key, ...subkeysOf(registry, key)]) await removeOverride(draft, hive, below, ctx);
    }
    await allowRearm(draft, ctx);
    await remarkChannel(draft, ctx);
  },
});

/** Application keys and the product keys below them. */
function subkeysOf(hive: Pick<Awaited<ReturnType<Draft['hive']>>, 'keys'>, key: string): readonly string[] {
  const found: string[] = [];
  for (const application of hive.keys(key)) {
    found.push(`${key}\\${application}`, ...hive.keys(`${key}\\${application}`).map((product) => `${key}\\${application}\\${product}`));
    if (found.length > SUBKEYS_MAX) break;
  }
  return found.slice(0, SUBKEYS_MAX);
}

async function removeOverride(draft: Draft, hive: HiveName, key: string, ctx: StepContext): Promise<void> {
  for (const name of [NAME, PORT]) {
    const stored = (await draft.hive(hive)).value(key, name);
    if (!stored) continue;
    ctx.note(`${hive}\\${key}: ${name} ${JSON.stringify(textOf(stored.decoded) ?? '(not text)')} overruled the setting and was removed`);
    await draft.deleteValue(hive, key, name);
  }
}

async function allowRearm(draft: Draft, ctx: StepContext): Promise<void> {
  const skip = (await draft.hive('SOFTWARE')).value(SPP, 'SkipRearm');
  if (!skip || (skip.decoded?.type === 'REG_DWORD' && skip.decoded.data === 0)) return;
  ctx.note('SkipRearm was set, so that sysprep would have kept one client ID for all clones; it is 0 now');
  await draft.setValue('SOFTWARE', SPP, 'SkipRearm', { type: 'REG_DWORD', data: 0 });
}

/** KeyType stands as UTF-16 text at +1016 of the 1272 bytes of DigitalProductId4. */
async function remarkChannel(draft: Draft, ctx: StepContext): Promise<void> {
  const decoded = (await draft.hive('SOFTWARE')).value(WINDOWS, 'DigitalProductId4')?.decoded;
  if (decoded?.type !== 'REG_BINARY' || decoded.data.length !== 1272) return;
  const channel = Buffer.from(decoded.data.subarray(1016, 1144)).toString('utf16le').split('\0')[0]!;
  if (channel === 'Volume:GVLK' || channel === '') return;
  ctx.note(`the licence channel is ${JSON.stringify(channel)}, not Volume:GVLK: KMS settings have no effect until a GVLK is installed`);
}

function textOf(decoded: { readonly type: string; readonly data: unknown } | undefined): string | undefined {
  return typeof decoded?.data === 'string' ? decoded.data : undefined;
}
