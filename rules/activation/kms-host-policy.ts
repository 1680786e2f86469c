// Every KMS host that the image names, at every level where Windows or Office reads one, must be on the config's list.
import { utf16 } from '../../formats/bytes.ts';
import { isAllowedHost, KMS_PORT, type KmsHost, readKmsHost } from '../../formats/kms-host/host.ts';
import { isPublicActivationHost } from '../../formats/kms-host/public-hosts.ts';
import { inMachineHives, inUserHives } from '../../image/hive-path.ts';
import type { HiveName, StoredValue } from '../../image/image.ts';
import { defineRule, type Location, type VisitedKey } from '../../lint/rule.ts';

/** Below SOFTWARE and below a user's Software. Sub-keys (AppID, AppID\SkuID, Policies\AppID) take precedence over them. */
const PLATFORM_KEYS = [
  'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform',
  'Microsoft\\Windows NT\\CurrentVersion\\SL',
  'Microsoft\\OfficeSoftwareProtectionPlatform',
].flatMap((key) => [key, `Wow6432Node\\${key}`]);

/** Where Windows keeps the host that DNS named; a sealed image should have none (Microsoft, SoftwareLicensingService class). */
const DISCOVERED = [
  'discoveredkeymanagementservicemachinename',
  'discoveredkeymanagementservicemachineipaddress',
  'discoveredkeymanagementserviceipaddress',
];
/** Values that emulators write when nobody tells them otherwise; ordinary private addresses all the same, so an allow-listed one is fine. */
const EMULATOR_DEFAULTS = new Set(['172.16.0.2', '10.3.0.1', '10.0.0.10']);
/** Microsoft's own hosts for virtual machines in its cloud: honest, and out of place on a drive that roams. */
const AZURE_HOSTS = new Set(['kms.core.windows.net', 'azkms.core.windows.net']);

export const kmsHostPolicy = defineRule({
  id: 'activation/kms-host-policy',
  title: 'The image names no KMS host that the config does not allow',
  description: `Looks at \`KeyManagementServiceName\` and \`KeyManagementServicePort\` wherever a client reads them: the roots
\`SoftwareProtectionPlatform\`, \`SL\` (Vista) and \`OfficeSoftwareProtectionPlatform\` of SOFTWARE, their 32-bit views, the sub-keys per application and per
product (they win over the root), and the same keys in the hives of NetworkService, of the default user and of every other user. In a
hive of an earlier installation (Windows.old) a host is weak: nothing reads it, but something wrote it. In a backup that recovery can load (RegBack) a
host that is certain elsewhere is strong, any other weak. A foreign
\`KeyManagementServiceLookupDomain\` counts like a foreign host: its DNS names one.

**Honest look-alikes.** A listed host in any writing passes, a listed loopback or private address too. Microsoft's Azure hosts are weak: honest,
but a stick does not run in Azure. An empty name means "not set". A host that Windows discovered by itself
and nobody listed is weak: it shows where the reference machine stood.

**Cannot be proved.** A name resolved to somewhere else by the network, and whether the listed host is a real one.

Sources: Microsoft, "Registry Settings for Volume Activation"; places that activators write as read in public scripts; the writings of an address follow inet_aton.`,
  why: `An activator leaves its mark here: a loopback address for an emulator, a public host of strangers, or a bare address
because scanners know the names. An image that carries one activates against it on every machine it boots.`,
  repair: {
    step: 'kms-client',
    text: `Remove the value, or let the step write yours; add a host that is really yours to \`lint.kmsHosts\` of the config.`,
  },
  level: 'strong',
  levels: {
    loopback: 'certain',
    bogus: 'certain',
    pirate: 'certain',
    discovered: 'weak',
    azure: 'weak',
    portAlone: 'weak',
    listeningPort: 'weak',
  },
  hiveCopies: 'less',
  options: {},
  messages: {
    loopback: 'the KMS host is {host}, the machine itself: an emulator would have to answer there',
    bogus: 'the KMS host is {host}, an address or a text that no KMS host can have',
    pirate: 'the KMS host is {host}, a public activation host that belongs to nobody you license from',
    emulatorDefault: 'the KMS host is {host}, the default of a KMS emulator, and lint.kmsHosts does not list it',
    azure: 'the KMS host is {host}, which answers in Azure only, and lint.kmsHosts does not list it',
    unexpected: 'the KMS host is {host}, which lint.kmsHosts does not list',
    discovered: 'the reference machine found the KMS host {host} by itself and still remembers it; lint.kmsHosts does not list it',
    unexpectedPort: 'the KMS host {host} is listed, but not with port {port}',
    portAlone: 'the KMS port is {port} although no host is named, and lint.kmsHosts has no such port',
    listeningPort: 'a port to listen on for KMS clients is set ({port}): a client image has none',
    foreignDomain: 'KMS hosts are looked up in the domain {domain}, to which no host of lint.kmsHosts belongs',
    unreadable: 'the value is not what Windows stores here, a name or a number as REG_SZ, and cannot be judged',
  },
  select: {
    keys: PLATFORM_KEYS.flatMap((key) => [...inMachineHives('SOFTWARE', key), ...inUserHives(key)].flatMap((one) => [one, `${one}\\**`])),
  },
  create(ctx) {
    const allowed = ctx.policy.kmsHosts;

    function judge(key: VisitedKey): void {
      const at = (name: string) => ({ hive: key.hive, key: key.path, name });
      const readable = (value: StoredValue | undefined): readonly string[] => {
        if (!value) return [];
        const texts = textsOf(value);
        if (!texts) ctx.report({ messageId: 'unreadable', at: at(value.name) });
        return (texts ?? []).map((text) => text.trim()).filter((text) => text !== '');
      };
      const name = key.values.get('keymanagementservicename');
      const portValue = key.values.get('keymanagementserviceport');
      const ports = readable(portValue).map(portOf);
      if (ports.includes(undefined)) ctx.report({ messageId: 'unreadable', at: at(portValue!.name) });
      const port = ports.find((one) => one !== undefined && !allowedPorts().has(one)) ?? ports[0];
      const hosts = readable(name);
      for (const text of hosts) judgeHost(readKmsHost(text), port, at(name!.name));
      if (hosts.length === 0 && port !== undefined && !allowedPorts().has(port)) {
        ctx.report({ messageId: 'portAlone', at: at(portValue!.name), data: { port } });
      }
      const listening = key.values.get('keymanagementservicelisteningport');
      if (listening) {
        const shown = textsOf(listening)?.[0] ?? '?';
        ctx.report({ messageId: 'listeningPort', at: at(listening.name), data: { port: shown } });
      }
      for (const value of DISCOVERED.map((one) => key.values.get(one))) {
        for (const text of readable(value)) judgeHost(readKmsHost(text), undefined, at(value!.name), 'discovered');
      }
      const domainValue = key.values.get('keymanagementservicelookupdomain');
      for (const domain of readable(domainValue).map((text) => readKmsHost(text).host)) {
        if (allowed.some((entry) => `.${readKmsHost(entry).host}`.endsWith(`.${domain}`))) continue;
        ctx.report({ messageId: 'foreignDomain', at: at(domainValue!.name), data: { domain } });
      }
    }

    function allowedPorts(): ReadonlySet<number> {
      return new Set([KMS_PORT, ...allowed.flatMap((entry) => readKmsHost(entry).port ?? [])]);
    }

    function judgeHost(
      found: KmsHost,
      ownPort: number | undefined,
      at: Location & { readonly hive: HiveName },
      plain: 'unexpected' | 'discovered' = 'unexpected',
    ): void {
      const port = found.port ?? ownPort ?? KMS_PORT;
      if (isAllowedHost(found, port, allowed)) return;
      const listed = allowed.some((entry) => readKmsHost(entry).host === found.host);
      const messageId = listed ? 'unexpectedPort' : verdictOf(found, plain);
      ctx.report({ messageId, at, data: { host: found.host, port } });
    }

    return { key: judge };
  },
});

/** What a host is that nobody allowed. */
function verdictOf(
  { host, kind }: KmsHost,
  plain: 'unexpected' | 'discovered',
): 'loopback' | 'bogus' | 'pirate' | 'emulatorDefault' | 'azure' | 'unexpected' | 'discovered' {
  if (kind === 'loopback') return 'loopback';
  if (kind === 'bogus' || kind === 'invalid') return 'bogus';
  if (isPublicActivationHost(host)) return 'pirate';
  if (EMULATOR_DEFAULTS.has(host)) return 'emulatorDefault';
  return AZURE_HOSTS.has(host) ? 'azure' : plain;
}

/** The texts of a value whatever its type: tools write hosts as REG_EXPAND_SZ and REG_BINARY too. undefined: no text at all. */
function textsOf(value: StoredValue): readonly string[] | undefined {
  const { decoded } = value;
  const data = decoded?.data;
  if (decoded?.type === 'REG_DWORD' || decoded?.type === 'REG_QWORD') return [String(decoded.data)];
  if (decoded?.type === 'REG_MULTI_SZ') return decoded.data;
  if (typeof data === 'string') return [data.replace(/\0.*$/s, '')];
  const wide = value.raw[1] === 0;
  const text = (wide ? utf16(value.raw) : Buffer.from(value.raw).toString('latin1')).replace(/\0.*$/s, '');
  // Bytes before the first of which stands a NUL, as in letters of the other byte order, are no empty text.
  if (text === '' && value.raw.some((byte) => byte !== 0)) return undefined;
  return /^[\x20-\x7e]*$/.test(text) ? [text] : undefined;
}

function portOf(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
