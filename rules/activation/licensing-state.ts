// The licensing state must be that of a sealed Windows: nothing that tools leave in it, and the store where Windows keeps it.
import { FormatError } from '../../formats/bytes.ts';
import { type DigitalProductId4, parseDigitalProductId, parseDigitalProductId4 } from '../../formats/product-key/digital-product-id.ts';
import { gvlkFor } from '../../formats/product-key/gvlk.ts';
import { inMachineHives, inUserHives } from '../../image/hive-path.ts';
import type { Image, StoredValue } from '../../image/image.ts';
import { valueNumber, valueText } from '../../image/value-text.ts';
import { defineRule, type VisitedKey } from '../../lint/rule.ts';

const CURRENT = 'Microsoft\\Windows NT\\CurrentVersion';
const PLATFORM = `${CURRENT}\\SoftwareProtectionPlatform`;
const POLICY = 'Policies\\Microsoft\\Windows NT\\CurrentVersion\\Software Protection Platform';
const HEARTBEAT = 'Microsoft\\Office\\*\\Common\\Licensing\\Resiliency';

/** Where Windows 8 and later keeps the store; as REG_SZ or REG_EXPAND_SZ (measured on 8.1). */
const STORE = /^(?:%(?:systemroot|windir)%|c:\\windows)\\system32\\spp\\store(?:\\2\.0)?\\?$/i;
/** A failure that has not happened yet. Office writes the time of the last one; a tool writes 2040. */
const FUTURE = 2035;

export const licensingState = defineRule({
  id: 'activation/licensing-state',
  title: 'The licensing state is that of a sealed Windows',
  description: `Looks at what the licensing of Windows and Office leaves in the registry, of the machine and of every user.

**Certain.** Office was told that its heartbeat failed in a year that is far ahead: only a hook of Office's licensing needs that.
**Strong.** The token store lies elsewhere than in \`System32\\spp\\store\`.
**Weak.** \`NoGenTicket\`, which tools set and hardening benchmarks too; \`UserOperations\`, which lets everybody change keys; notices switched off.

**Warnings.** The installed key is no KMS client key although the edition has one, as after a digital licence, honest or forged; the key is for another edition.

**Honest look-alikes.** A retail or OEM licence of one machine (never of an image for many); evaluations, which \`secrets/product-key\` tells. \`Activation\\Manual\` is 1 in every Windows that was measured and is not looked at. \`NoGenTicket\` is a setting of the CIS benchmark.

**Cannot be proved.** A digital licence by a forged ticket (HWID), KMS38 and changes of the encrypted store leave nothing that can be read offline: this
rule is no proof that there were none. The report says so, with the checks that were made: the channel and the edition of the installed key, the copies of
it, the files of the store, the keys below \`WPA\`, \`SkipRearm\`. A sealed image resets its licences unless that is set.

Sources: Microsoft, "Registry Settings for Volume Activation"; places that hooks of Office write as read in public descriptions; hives of Windows 7 and 8.1.`,
  why: 'What is left of an activation on the reference machine is copied to every machine.',
  repair: {
    step: 'activation-reset',
    text: 'Let the step remove it, or seal the reference machine again after an installation that was never activated by a tool.',
  },
  level: 'weak',
  levels: { heartbeat: 'certain', store: 'strong' },
  hiveCopies: 'less',
  options: {},
  messages: {
    heartbeat: "Office's last failed heartbeat is dated {when}",
    store: 'the store of licences is not where Windows keeps it',
    noTicket: 'NoGenTicket is set: Windows does not ask for a genuine ticket',
    userOperations: 'UserOperations is set: everybody may change product keys',
    notices: 'notices of activation are switched off',
    noClientKey: 'the edition {edition} has a KMS client key, and the installed one is {channel}: a digital licence looks like that',
    otherEdition: 'the installed key is for {keyEdition}, and the edition is {edition}',
  },
  select: {
    keys: [
      ...['', 'Wow6432Node\\'].flatMap((view) =>
        [PLATFORM, `${PLATFORM}\\Activation`, POLICY].flatMap((key) => inMachineHives('SOFTWARE', `${view}${key}`)),
      ),
      ...inMachineHives('SOFTWARE', HEARTBEAT),
      ...inUserHives(HEARTBEAT),
    ],
  },
  create: (ctx) => ({
    key(key) {
      const report = (messageId: 'heartbeat' | 'store' | 'noTicket' | 'userOperations' | 'notices', name: string, evidence: string) =>
        ctx.report({
          messageId,
          at: { hive: key.hive, key: key.path, name },
          data: { when: evidence },
          evidence,
        });
      const heartbeat = yearOf(key);
      if (heartbeat !== undefined && heartbeat.year >= FUTURE) report('heartbeat', 'TimeOfLastHeartbeatFailure', heartbeat.text);
      const store = valueText(key.values.get('tokenstore'));
      if (store !== undefined && store !== '' && !STORE.test(store)) report('store', 'TokenStore', store);
      const isSet = (name: string) => (valueNumber(key.values.get(name)) ?? 0) !== 0;
      if (isSet('nogenticket')) report('noTicket', 'NoGenTicket', 'NoGenTicket');
      if (isSet('useroperations')) report('userOperations', 'UserOperations', 'UserOperations');
      if (isSet('notificationdisabled')) report('notices', 'NotificationDisabled', 'NotificationDisabled');
    },
    async end(image) {
      const checks = await consistencyOf(image);
      ctx.show(`HWID, KMS38, TSforge: not provable offline; checked: ${checks.said.join(', ')}`);
      if (!checks.installed) return;
      const { channel, keyEdition, edition } = checks.installed;
      const at = { hive: 'SOFTWARE' as const, key: CURRENT, name: 'DigitalProductId4' };
      const hasClientKey = gvlkFor(edition, ctx.info.build) !== undefined;
      if (hasClientKey && !/^volume:|eval/i.test(channel)) {
        ctx.report({ messageId: 'noClientKey', at, data: { edition, channel }, severity: 'warning' });
      }
      if (keyEdition && keyEdition.toLowerCase() !== edition.toLowerCase() && !/eval/i.test(channel)) {
        ctx.report({ messageId: 'otherEdition', at, data: { keyEdition, edition }, severity: 'warning' });
      }
    },
  }),
});

interface Consistency {
  /** One phrase for each check. */
  readonly said: readonly string[];
  /** Undefined when there is no readable key, or no edition to compare it with. */
  readonly installed: { readonly channel: string; readonly keyEdition: string; readonly edition: string } | undefined;
}

/** What can be compared without the encrypted store. A hive that is not there is the matter of other rules. */
async function consistencyOf(image: Image): Promise<Consistency> {
  const hiveOf = (name: 'SOFTWARE' | 'SYSTEM') => image.hive(name).catch(() => undefined);
  const [software, system] = [await hiveOf('SOFTWARE'), await hiveOf('SYSTEM')];
  const stored = software?.value(CURRENT, 'DigitalProductId4');
  const fourth = parsed(stored, parseDigitalProductId4);
  const third = parsed(software?.value(CURRENT, 'DigitalProductId'), parseDigitalProductId);
  const edition = valueText(software?.value(CURRENT, 'EditionID'));
  const store = await Promise.all(['data.dat', 'tokens.dat'].map((name) => image.has(`/Windows/System32/spp/store/2.0/${name}`)));
  const said = [
    `channel ${fourth?.channel || '(none)'}`,
    `key for ${fourth?.edition || '(none)'}, edition ${edition ?? '(none)'}`,
    `copies of the key ${third?.key?.text === fourth?.key?.text ? 'alike' : 'differ'}`,
    `value ${stateOf(fourth)}`,
    `store ${store[0] ? 'with' : 'without'} data.dat, ${store[1] ? 'with' : 'without'} tokens.dat`,
    `${system?.keys('WPA').length ?? 0} keys below WPA`,
    `SkipRearm ${valueNumber(software?.value(PLATFORM, 'SkipRearm')) ?? '(none)'}`,
  ];
  const isKnown = fourth !== undefined && edition !== undefined;
  return { said, installed: isKnown ? { channel: fourth.channel, keyEdition: fourth.edition, edition } : undefined };
}

function stateOf(id: DigitalProductId4 | undefined): string {
  if (id === undefined) return 'absent or unreadable';
  return id.intact ? 'intact' : 'changed by hand';
}

function parsed<T>(value: StoredValue | undefined, parse: (data: Uint8Array) => T): T | undefined {
  try {
    return value && parse(value.raw);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** ISO text, or a FILETIME as number or bytes. */
function yearOf(key: VisitedKey): { readonly year: number; readonly text: string } | undefined {
  const value = key.values.get('timeoflastheartbeatfailure');
  if (!value) return undefined;
  const text = valueText(value);
  const year = /^\s*(\d{4})-\d\d-\d\d/.exec(text ?? '')?.[1];
  if (year !== undefined) return { year: Number(year), text: text! };
  if (value.raw.length !== 8) return undefined;
  const filetime = new DataView(value.raw.buffer, value.raw.byteOffset, 8).getBigUint64(0, true);
  const own = 1601 + Number(filetime / 315_569_520_000_000n); // 100 ns in a mean year
  return { year: own, text: String(own) };
}
