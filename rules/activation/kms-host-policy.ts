// Every KMS host that the image names, at every level where Windows or Office reads one, must be on the config's list.
import { ImageError } from '../../errors.ts';
import { utf16 } from '../../formats/bytes.ts';
import { isAllowedHost, KMS_PORT, type KmsHost, readKmsHost } from '../../formats/kms-host/host.ts';
import type { Hive, HiveName, Image, StoredValue } from '../../image/image.ts';
import { defineRule, type Location, type VisitedKey } from '../../lint/rule.ts';

/** Below SOFTWARE and below a user's Software. Sub-keys (AppID, AppID\SkuID, Policies\AppID) take precedence over them. */
const PLATFORM_KEYS = [
  'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform',
  'Microsoft\\Windows NT\\CurrentVersion\\SL',
  'Microsoft\\OfficeSoftwareProtectionPlatform',
].flatMap((key) => [key, `Wow6432Node\\${key}`]);

/** A user's platform keys hold a handful of sub-keys; a hive that says otherwise is not walked to its end. */
const USER_KEYS_MAX = 5000;

/** Public hosts of pirates, full names only: `bbs.luobotou.org` is honest, `kms.luobotou.org` is not. They come and go; the allow-list is what decides. */
const PIRATE_HOSTS = new Set(
  `kms.03k.org kms-default.cangshui.net kms.cangshui.net kms.moeclub.org kms.cgtsoft.com kms.moeyuuko.com kms.loli.best kms.loli.beer
  kms.0t.net.cn win.kms.pub kms.ghxi.com kms789.com kms.digiboy.ir kms7.msguides.com kms8.msguides.com kms.chinancce.com kms.luobotou.org
  kms.lotro.cc kms.shuax.com kms.bige0.com kms.lolico.moe kms.ddddg.cn zh.us.to skms.netnr.eu.org kms.iaini.net kms.cnlic.com kms.ijio.net
  kms.mogeko.me windows.kms.app kms.kuretru.com kms.qkeke.com kms.mrxn.net kms.litbear.cn kms.jihuowin.com kms.akams.cn xykz.f3322.org
  key.17108.com kms.kmzs123.cn kms.zhuxiaole.org kms.catqu.com kms.ddz.red 222.184.9.98`.split(/\s+/),
);
/** Values that emulators write when nobody tells them otherwise; ordinary private addresses all the same, so an allow-listed one is fine. */
const EMULATOR_DEFAULTS = new Set(['172.16.0.2', '10.3.0.1', '10.0.0.10']);
/** Microsoft's own hosts for virtual machines in its cloud: honest, and out of place on a drive that roams. */
const AZURE_HOSTS = new Set(['kms.core.windows.net', 'azkms.core.windows.net']);

export const kmsHostPolicy = defineRule({
  id: 'activation/kms-host-policy',
  title: 'The image names no KMS host that the config does not allow',
  description: `Looks at \`KeyManagementServiceName\` and \`KeyManagementServicePort\` wherever a client reads them: the roots
\`SoftwareProtectionPlatform\`, \`SL\` (Vista) and \`OfficeSoftwareProtectionPlatform\` of SOFTWARE, their 32-bit views, the sub-keys per application and per
product (they win over the root), and the same keys in the hives of NetworkService, of the default user and of every other user.

**Why it matters.** An activator leaves its mark here: a loopback address for an emulator, a public host of strangers, or a bare address
because scanners know the names. An image that carries one activates against it on every machine it boots.

**Repair.** Remove the value, or let the step \`kms-client\` write yours; add a host that is really yours to \`lint.kmsHosts\` of the config.

**Honest look-alikes.** A listed host in any writing passes, a listed loopback or private address too. Microsoft's Azure hosts are a warning: honest,
but a stick does not run in Azure. An empty name means "not set".

**Cannot be proved.** A name resolved to somewhere else by the network, and whether the listed host is a real one.

Sources: Microsoft, "Registry Settings for Volume Activation"; places that activators write as read in public scripts; the writings of an address follow inet_aton.`,
  severity: 'error',
  options: {},
  messages: {
    loopback: 'the KMS host is {host}, the machine itself: an emulator would have to answer there',
    bogus: 'the KMS host is {host}, an address or a text that no KMS host can have',
    pirate: 'the KMS host is {host}, a public activation host that belongs to nobody you license from',
    emulatorDefault: 'the KMS host is {host}, the default of a KMS emulator, and lint.kmsHosts does not list it',
    azure: 'the KMS host is {host}, which answers in Azure only, and lint.kmsHosts does not list it',
    unexpected: 'the KMS host is {host}, which lint.kmsHosts does not list',
    unexpectedPort: 'the KMS host {host} is listed, but not with port {port}',
    portAlone: 'the KMS port is {port} although no host is named, and lint.kmsHosts has no such port',
    listeningPort: 'a port to listen on for KMS clients is set ({port}): a client image has none',
    foreignDomain: 'KMS hosts are looked up in the domain {domain}, to which no host of lint.kmsHosts belongs',
    unreadable: 'the value is of a type that Windows does not read here: it should be REG_SZ',
  },
  select: {
    files: ['/**/ntuser.dat', '/Windows/System32/config/DEFAULT'],
    keys: PLATFORM_KEYS.flatMap((key) => [`SOFTWARE\\${key}`, `SOFTWARE\\${key}\\**`]),
    content: 'none',
  },
  create(ctx) {
    const userHives: string[] = [];
    const allowed = ctx.policy.kmsHosts;

    function judge(key: VisitedKey): void {
      const at = (name: string): Location => ({ hive: key.hive, key: key.path, name });
      const name = key.values.get('keymanagementservicename');
      const portValue = key.values.get('keymanagementserviceport');
      const port = portOf(portValue);
      const text = name && textOf(name);
      if (name && text === undefined) ctx.report({ messageId: 'unreadable', at: at(name.name) });
      else if (name && text) judgeHost(readKmsHost(text), port, at(name.name));
      else if (portValue && port !== undefined && !allowedPorts().has(port)) {
        ctx.report({ messageId: 'portAlone', at: at(portValue.name), data: { port }, severity: 'warning' });
      }
      const listening = key.values.get('keymanagementservicelisteningport');
      if (listening) {
        ctx.report({ messageId: 'listeningPort', at: at(listening.name), data: { port: textOf(listening) ?? '?' }, severity: 'warning' });
      }
      const domainValue = key.values.get('keymanagementservicelookupdomain');
      const domain = domainValue && readKmsHost(textOf(domainValue) ?? '').host;
      if (domainValue && domain && !allowed.some((entry) => `.${readKmsHost(entry).host}`.endsWith(`.${domain}`))) {
        ctx.report({ messageId: 'foreignDomain', at: at(domainValue.name), data: { domain }, severity: 'warning' });
      }
    }

    function allowedPorts(): ReadonlySet<number> {
      return new Set([KMS_PORT, ...allowed.map((entry) => readKmsHost(entry).port ?? KMS_PORT)]);
    }

    function judgeHost(found: KmsHost, ownPort: number | undefined, at: Location): void {
      const port = found.port ?? ownPort ?? KMS_PORT;
      if (isAllowedHost(found, port, allowed)) return;
      const listed = allowed.some((entry) => readKmsHost(entry).host === found.host);
      const messageId = listed ? 'unexpectedPort' : verdictOf(found);
      ctx.report({ messageId, at, data: { host: found.host, port }, severity: messageId === 'azure' ? 'warning' : 'error' });
    }

    return {
      file(file) {
        if (!file.folder && !file.reparse && file.size > 0) userHives.push(file.path);
      },
      key: judge,
      async end(image) {
        for (const path of userHives) {
          const name = path as HiveName;
          const hive = await hiveOrReason(image, name);
          if (typeof hive === 'string') ctx.unable(hive);
          else if (!walkUserKeys(hive, name, judge)) ctx.unable(`${path}: holds more than ${USER_KEYS_MAX} keys below the platform keys`);
        }
      },
    };
  },
});

/** What a host is that nobody allowed. */
function verdictOf({ host, kind }: KmsHost): 'loopback' | 'bogus' | 'pirate' | 'emulatorDefault' | 'azure' | 'unexpected' {
  if (kind === 'loopback') return 'loopback';
  if (kind === 'bogus' || kind === 'invalid') return 'bogus';
  if (PIRATE_HOSTS.has(host)) return 'pirate';
  if (EMULATOR_DEFAULTS.has(host)) return 'emulatorDefault';
  return AZURE_HOSTS.has(host) ? 'azure' : 'unexpected';
}

async function hiveOrReason(image: Image, name: HiveName): Promise<Hive | string> {
  try {
    return await image.hive(name);
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

/** Visits the platform keys of a user's hive and all below; false when there are too many. */
function walkUserKeys(hive: Hive, name: HiveName, visit: (key: VisitedKey) => void): boolean {
  const open = PLATFORM_KEYS.map((key) => `Software\\${key}`).filter((key) => hive.has(key));
  for (let seen = 0; open.length > 0; seen++) {
    if (seen >= USER_KEYS_MAX) return false;
    const path = open.pop()!;
    visit({ hive: name, path, values: new Map(hive.values(path).map((value) => [value.name.toLowerCase(), value])) });
    open.push(...hive.keys(path).map((child) => `${path}\\${child}`));
  }
  return true;
}

/** The text of a value whatever its type: tools write hosts as REG_EXPAND_SZ and REG_BINARY too. undefined: no text at all. */
function textOf(value: StoredValue): string | undefined {
  const { decoded } = value;
  if (decoded?.type === 'REG_DWORD' || decoded?.type === 'REG_QWORD') return String(decoded.data);
  if (decoded?.type === 'REG_MULTI_SZ') return decoded.data[0] ?? '';
  if (decoded && decoded.type !== 'REG_BINARY') return decoded.data.replace(/\0.*$/s, '');
  if (value.raw.length === 0) return '';
  const wide = value.raw.length >= 2 && value.raw[1] === 0;
  const text = (wide ? utf16(value.raw) : Buffer.from(value.raw).toString('latin1')).replace(/\0.*$/s, '');
  return /^[\x20-\x7e]*$/.test(text) ? text : undefined;
}

function portOf(value: StoredValue | undefined): number | undefined {
  const text = value && textOf(value)?.trim();
  return text && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
