// Takes away what activation has left in the configuration of an image that is to be sealed; never what an activator installed.

import type { Draft } from '../image/draft.ts';
import type { Hive, HiveName } from '../image/image.ts';
import { kmsPlaces, SPP_KEY, signOfForgery } from '../image/kms-settings.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

/** Pins, and what the client notes of a host that it found. The names of the latter are those of the properties of SoftwareLicensingProduct [M]. */
const PINS = [
  'KeyManagementServiceName',
  'KeyManagementServicePort',
  'KeyManagementServiceLookupDomain',
  'DiscoveredKeyManagementServiceMachineName',
  'DiscoveredKeyManagementServiceMachinePort',
  'DiscoveredKeyManagementServiceMachineIpAddress',
  'DiscoveredKeyManagementServiceIpAddress',
];

const TICKETS = [
  '/ProgramData/Microsoft/Windows/ClipSVC/GenuineTicket/**/*',
  '/ProgramData/Microsoft/Windows/ClipSVC/Install/Migration/**/*',
  '/**/GenuineTicket*.xml',
];
/** Base64 of UTF-16 "OSMajorVersion=5;" at the start of a session id, and of "GVLKExp=2038" in its three alignments: only made tickets hold them. */
const FORGED =
  /TwBTAE0AYQBqAG8AcgBWAGUAcgBzAGkAbwBuAD0ANQA7|RwBWAEwASwBFAHgAcAA9ADIAMAAzADgA|cAVgBMAEsARQB4AHAAPQAyADAAMwA4A|HAFYATABLAEUAeABwAD0AMgAwADMAOA/;
/** A real ticket has some kilobytes; the head is enough to judge a larger file. */
const TICKET_BYTES = 1024 * 1024;

const PROGRAMS = ['SppExtComObj.exe', 'sppsvc.exe', 'osppsvc.exe', 'SLsvc.exe'];
const OPTIONS = ['', 'Wow6432Node\\'].map((view) => `${view}Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options`);
const EXIT = ['', 'Wow6432Node\\'].map((view) => `${view}Microsoft\\Windows NT\\CurrentVersion\\SilentProcessExit`);
/** Start or load foreign code in a licensing program, or are read by an emulator only. `MitigationOptions` and its like are Windows' own and stay. */
const HIJACK = /^(?:Debugger|VerifierDlls|VerifierFlags|VerifierDebug|GlobalFlag|MonitorProcess|ReportingMode|KMS_.*)$/i;

const EXCLUSIONS = ['Microsoft\\Windows Defender\\Exclusions', 'Policies\\Microsoft\\Windows Defender\\Exclusions'];
/** Filters below a program's options; more of them are no debugging aid. */
const SUBKEYS_MAX = 200;

export const activationReset = defineStep({
  id: 'activation-reset',
  title: 'Remove what activation has left in the configuration',
  description: `A sealed image carries no KMS pin of its reference machine, no host that it discovered, no product key in clear text and no ticket. Removed are:

- \`pins\`: KMS names, ports, lookup domains and discovered hosts, at every key where a client reads them, in the profiles' hives too;
- \`backup-key\`: \`BackupProductKeyDefault\`, a product key as text [M];
- \`tickets\`: files of \`ClipSVC\\GenuineTicket\` and \`ClipSVC\\Install\\Migration\`, and \`GenuineTicket*.xml\` anywhere (the empty folders are normal);
- \`image-options\`: *Image File Execution Options* and *SilentProcessExit* values that hook a licensing program;
- \`defender-exclusions\`: every exclusion of Microsoft Defender, also those of a policy. Set yours by policy after deployment.

**It does not launder.** It removes configuration only: the binary, driver, service or task of an activator stays where it is, and the gate rejects
the image. The way out is a clean source. When it removes a *certain* sign of a forged activation (a hooked licensing program, a KMS pin on
the machine itself or on a public host, a ticket that only a tool writes), the sign stays in the report under its rule, and the image is at best
\`undecided\`: whether the licence store is forged cannot be seen offline. An entry in \`lint.allow\` with a reason decides it.

It must stand before \`kms-client\`. Sources: Microsoft, "Registry Settings for Volume Activation"; the marks of made tickets as public scripts write
them. Where Windows keeps a discovered host is [M].`,
  options: {
    keep: {
      type: 'string[]',
      description: 'What stays: pins, backup-key, tickets, image-options, defender-exclusions',
      default: [],
      pattern: 'pins|backup-key|tickets|image-options|defender-exclusions',
    },
  },
  async skip(image) {
    return (await image.has('/Windows/System32/config/SOFTWARE')) ? undefined : 'the image has no SOFTWARE hive';
  },
  async run(draft, { keep }, ctx) {
    if (!keep.includes('pins')) await removePins(draft, ctx);
    if (!keep.includes('backup-key')) await remove(draft, 'SOFTWARE', SPP_KEY, 'BackupProductKeyDefault');
    if (!keep.includes('tickets')) await removeTickets(draft, ctx);
    if (!keep.includes('image-options')) await removeHijacks(draft, ctx);
    if (!keep.includes('defender-exclusions')) await removeExclusions(draft);
  },
});

/** Residue is nobody's wish: `kms-client` may set the same value afterwards. */
async function remove(draft: Draft, hive: HiveName, key: string, name: string): Promise<void> {
  await draft.deleteValue(hive, key, name, { residue: true });
}

async function removePins(draft: Draft, ctx: StepContext): Promise<void> {
  const { places, unread } = await kmsPlaces(draft);
  for (const reason of unread) ctx.note(`not cleaned: ${reason}`);
  for (const { hive, key } of places) {
    for (const name of PINS) {
      const stored = (await draft.hive(hive)).value(key, name);
      if (!stored) continue;
      const text = typeof stored.decoded?.data === 'string' ? stored.decoded.data : '';
      const sign = name === 'KeyManagementServiceName' ? signOfForgery(text) : undefined;
      if (sign) ctx.trace({ rule: 'activation/kms-host-policy', at: { hive, key, name: stored.name }, message: sign });
      await remove(draft, hive, key, stored.name);
    }
  }
}

async function removeTickets(draft: Draft, ctx: StepContext): Promise<void> {
  const paths: string[] = [];
  for await (const file of draft.walk({ files: TICKETS })) {
    if (file.folder || file.reparse) continue;
    paths.push(file.path);
    const content = Buffer.from((await file.read()).subarray(0, TICKET_BYTES));
    const isForged = FORGED.test(content.toString('latin1')) || FORGED.test(content.toString('utf16le'));
    if (!isForged) continue;
    const message = 'a ticket that only an activator makes lay here, ready for the licensing service to take it';
    ctx.trace({ rule: 'activation/genuine-ticket', at: { file: file.path }, message });
  }
  for (const path of paths) await draft.remove(path);
}

async function removeHijacks(draft: Draft, ctx: StepContext): Promise<void> {
  const hive = await draft.hive('SOFTWARE');
  for (const key of [...OPTIONS, ...EXIT].flatMap((root) => PROGRAMS.map((program) => `${root}\\${program}`))) {
    const filters = hive.keys(key).slice(0, SUBKEYS_MAX);
    for (const place of [key, ...filters.map((name) => `${key}\\${name}`)]) {
      for (const { name } of hive.values(place).filter((value) => HIJACK.test(value.name))) {
        const message = `${name} hooked a licensing program: foreign code ran in its place`;
        if (!/^GlobalFlag$/i.test(name)) {
          ctx.trace({ rule: 'activation/spp-image-hijack', at: { hive: 'SOFTWARE', key: place, name }, message });
        }
        await remove(draft, 'SOFTWARE', place, name);
      }
    }
  }
}

async function removeExclusions(draft: Draft): Promise<void> {
  const hive = await draft.hive('SOFTWARE');
  for (const { key, names } of EXCLUSIONS.flatMap((root) => exclusionsBelow(hive, root))) {
    for (const name of names) await remove(draft, 'SOFTWARE', key, name);
  }
}

/** The kinds (Paths, Processes, Extensions, …), each value one exclusion; what stands at the root only switches the kinds on. */
function exclusionsBelow(hive: Hive, root: string): readonly { readonly key: string; readonly names: readonly string[] }[] {
  const keys = hive.keys(root).map((kind) => `${root}\\${kind}`);
  return keys.map((key) => ({ key, names: hive.values(key).map(({ name }) => name) }));
}
