// The boot configuration starts Windows with its own loader, its own kernel, and with the checks of signatures on.
import { BCD, type BcdElement, type BcdObject } from '../../formats/bcd/store.ts';
import type { HiveName } from '../../image/image.ts';
import { defineRule, type Location } from '../../lint/rule.ts';

/** Where Windows keeps its loaders, in a WIM and on a disk. */
const LOADERS =
  /^\\(?:windows\\system32\\(?:boot\\)?|efi\\microsoft\\boot\\|boot\\)?(?:winload|winresume|bootmgfw|bootmgr|memtest)(?:\.exe|\.efi)?$/i;
const KERNELS = /^(?:ntoskrnl|ntkrnlpa|ntkrnlmp|ntkrpamp)\.exe$/i;
const HALS = /^(?:hal|halacpi|halmacpi)\.dll$/i;
const DEBUG_TRANSPORTS = /^kd[\w-]{0,20}\.dll$/i;
/** The elements that say which object inherits from which. */
const INHERITED = 0x14000006;
const INHERITED_MAX = 16;

export const bootChain = defineRule({
  id: 'activation/boot-chain',
  title: 'Windows is started by its own loader and kernel, with the checks of signatures on',
  description: `Reads every boot configuration store of the image (\`\\Boot\\BCD\`, \`\\EFI\\Microsoft\\Boot\\BCD\`, the template) and looks at each entry that
starts Windows, with what it inherits.

**Certain.** The checks of signatures are off *and* the kernel, the HAL or the loader is another one. **Strong.** Another kernel, HAL, debug
transport or loader in an entry of Windows; the checks of integrity off (\`nointegritychecks\`, or by load options); test signing,
which developers of drivers use and no golden image needs.

**Honest look-alikes.** Entries of other systems (boot sectors, firmware entries for Linux) are not looked at; a kernel debugger's settings are
fine; the recovery system starts from a ramdisk with Microsoft's loader.

**Cannot be proved.** That the loader of that name is Microsoft's: the rules on programs look at it.

Sources: Microsoft, "BcdLibraryElementTypes", "BcdOSLoaderElementTypes" and "BCDEdit /set"; real stores of Windows 10.`,
  why: `A loader or kernel that is not Microsoft's can hand a forged licence to Windows before anything could see it, and with
the checks off any driver is loaded.`,
  repair: { text: 'Make the store anew with `bcdboot`, or remove the elements: `bcdedit /deletevalue {default} nointegritychecks`.' },
  level: 'strong',
  levels: { replacedUnchecked: 'certain' },
  options: {},
  messages: {
    replacedUnchecked: 'starts Windows with {what} and without checks of signatures',
    replaced: 'starts Windows with {what}',
    unchecked: 'starts Windows without checks of signatures ({what})',
    testSigning: 'lets Windows load drivers that are signed for tests only',
  },
  select: {},
  create: (ctx) => ({
    async end() {
      for (const { hive, store } of (await ctx.views.bcd()) ?? []) {
        const byId = new Map(store.objects.map((object) => [object.id, object]));
        for (const object of store.objects) {
          if (object.kind !== 'windows loader' && object.kind !== 'resume' && object.kind !== 'boot manager') continue;
          judge(
            hive,
            object,
            inheritedBy(object, byId, () => ctx.unable(`${hive}: ${object.id} inherits from more than ${INHERITED_MAX} objects`)),
          );
        }
      }

      function judge(hive: HiveName, object: BcdObject, elements: ReadonlyMap<number, BcdElement>): void {
        const at: Location = { hive, key: `Objects\\${object.id}` };
        const other = replacedPart(elements);
        const unchecked = uncheckedBy(elements);
        if (other && unchecked) ctx.report({ messageId: 'replacedUnchecked', at, data: { what: other } });
        else if (other) ctx.report({ messageId: 'replaced', at, data: { what: other } });
        else if (unchecked) ctx.report({ messageId: 'unchecked', at, data: { what: unchecked } });
        if (!unchecked && (isOn(elements.get(BCD.testSigning)) || isOn(elements.get(BCD.oldTestSigning)))) {
          ctx.report({ messageId: other ? 'replacedUnchecked' : 'testSigning', at, data: { what: other ?? '' } });
        }
      }
    },
  }),
});

/** The object's own elements before those that it inherits; circles end. */
function inheritedBy(object: BcdObject, byId: ReadonlyMap<string, BcdObject>, tooMany: () => void): ReadonlyMap<number, BcdElement> {
  const elements = new Map<number, BcdElement>();
  const open = [object];
  const seen = new Set<BcdObject>();
  for (let next = open.shift(); next; next = open.shift()) {
    if (seen.has(next)) continue;
    if (seen.size > INHERITED_MAX) {
      tooMany();
      break;
    }
    seen.add(next);
    for (const [type, element] of next.elements) if (!elements.has(type)) elements.set(type, element);
    const from = next.elements.get(INHERITED);
    if (from?.kind === 'objects') open.push(...from.ids.flatMap((id) => byId.get(id) ?? []));
  }
  return elements;
}

function replacedPart(elements: ReadonlyMap<number, BcdElement>): string | undefined {
  const parts = [
    ['the loader', BCD.path, LOADERS],
    ['the kernel', BCD.kernel, KERNELS],
    ['the HAL', BCD.hal, HALS],
    ['the debug transport', BCD.debugTransport, DEBUG_TRANSPORTS],
  ] as const;
  for (const [what, type, own] of parts) {
    const element = elements.get(type);
    if (element?.kind === 'text' && element.text !== '' && !own.test(element.text)) return `${what} ${element.text}`;
  }
  return undefined;
}

function uncheckedBy(elements: ReadonlyMap<number, BcdElement>): string | undefined {
  if (isOn(elements.get(BCD.noIntegrityChecks))) return 'nointegritychecks';
  const options = elements.get(BCD.loadOptions);
  return options?.kind === 'text' && /disable_integrity_checks/i.test(options.text) ? `loadoptions ${options.text}` : undefined;
}

function isOn(element: BcdElement | undefined): boolean {
  return element?.kind === 'boolean' && element.on;
}
