// The libraries and programs of Windows' licensing are Microsoft's, in their place, and nothing stands between them and those who ask.
import { claimsMicrosoft, licensingShape, looksLikeActivationHook } from '../../formats/pe/licensing.ts';
import type { PeFacts } from '../../formats/pe/model.ts';
import { storeCopyOf, storeFiles } from '../../image/component-store.ts';
import type { Image, ImageFile } from '../../image/image.ts';
import { defineRule, type Location, type SignatureMatch } from '../../lint/rule.ts';

const NAMES = [
  'sppc.dll',
  'sppcext.dll',
  'slc.dll',
  'slcext.dll',
  'sppobjs.dll',
  'sppwinob.dll',
  'osppc.dll',
  'osppcext.dll',
  'osppobjs.dll',
  'pidgenx.dll',
  'clipc.dll',
  'sppsvc.exe',
  'SppExtComObj.exe',
  'osppsvc.exe',
  'slsvc.exe',
];
/** The name under which a hook keeps the real library beside itself; Microsoft has no file of that name. */
const HOOK_NAME = ['spp', 'cs.dll'].join('');
/** Names that others may have, too: outside of Windows' folders what they export counts. */
const COMMON = /^(?:slc|clipc)\.dll$/i;
const PLACE = /^\/Windows\/(?:System32|SysWOW64|SysArm32|WinSxS\/[^/]*_31bf3856ad364e35_[^/]*)\/[^/]+$/i;
const OFFICE_PLACE = /\/OfficeSoftwareProtectionPlatform\/ospp\w*\.(?:dll|exe)$/i;
/** Backups and sources of Setup, where whole copies of Windows lie. */
const COPIES =
  /^\/(?:Windows\.old|\$WINDOWS\.~\w+|\$SysReset|sources|Windows\/servicing|Windows\/SoftwareDistribution|Windows\/WinSxS\/(?:Temp|Backup))\//i;
const OFFICE = /\/Microsoft Office[^/]*\/|\/root\/vfs\/System/i;
const STATE_TOOL = 'gatherosstate.exe';

interface Held {
  readonly file: ImageFile;
  readonly facts: PeFacts;
}

export const licensingLibrary = defineRule({
  id: 'activation/licensing-library',
  title: "The licensing libraries of Windows are Microsoft's, in their place, and nobody answers for them",
  description: `Looks at the structure of every program that hands on functions of the licensing client, whatever its name, also of one that stands
behind a picture, an archive or another program (the place then says at which offset), and at the files that bear the name of a licensing library or program.

**Certain.** A library hands on the functions of the licensing client and answers itself whether Windows or Office is licensed; the name under which a
hook keeps the real library; a file in place of a licensing program, or beside Office, that does not even claim to be Microsoft's; a library beside
the tool of old setups that gathers tickets. **Strong.** The entry of a hook on the activation service; a file in its place that differs from every
copy that the component store holds; a licensing library beside Office that is not Windows' own. **Weak.** A file under a licensing name in any other folder.

**Honest look-alikes.** Deltas of servicing (\`WinSxS\\*\\{f,r,n}\`) bear these names and are told by their first bytes. \`slc.dll\` of Windows hands
all functions on and answers none. Copies in Windows.old and in the folders of Setup. Libraries of others named \`slc.dll\` that export something else; those of Wine, which make Windows' own anew.

**Cannot be proved.** That the component store itself is genuine; see \`activation/licensing-signature\`. A hook that is in no file.

Sources: public descriptions of the Office hook; the export tables of Windows; 12,097 deltas of a real Windows 10.`,
  why: `Programs ask the licensing client whether Windows or Office is licensed. A library that stands in its way answers what it
likes, without a key, a host or a setting.`,
  repair: { text: 'Remove the file; restore one of Windows with `DISM /Image:… /RestoreHealth`, one of Office by a repair of Office.' },
  level: 'certain',
  levels: { hook: 'strong', differs: 'strong', besideOffice: 'strong', foreignElsewhere: 'weak', misplaced: 'weak' },
  options: {},
  messages: {
    proxy: 'hands {count} functions of the licensing client on to {to} and answers itself whether the system is licensed',
    storeProxy: 'hands functions of the licensing client on to {to} and answers some itself; it equals its copy in the component store',
    hookName: 'bears the name under which a hook keeps the real licensing library',
    hook: 'exports the entry by which a hook is put into the activation service',
    foreign: 'bears the name of a licensing program of Windows and does not come from Microsoft ({maker})',
    foreignElsewhere:
      'bears the name of a licensing program of Windows, does not come from Microsoft ({maker}), and lies where only programs beside it load it',
    ticketHelper: 'lies beside the tool that gathers tickets, which would load it in place of the library of Windows',
    differs: 'is not the file that the component store has under this name',
    besideOffice: "lies beside Office, which would load it in place of Windows' own",
    misplaced: 'is a licensing library in a folder where Windows has none',
  },
  select: { files: [...NAMES, HOOK_NAME].map((name) => `/**/${name}`), content: 'whole', signatures: ['licensing-shapes'] },
  create(ctx) {
    const named: Held[] = [];
    const shaped = new Map<string, SignatureMatch>();

    async function judgeShape(match: SignatureMatch, image: Image): Promise<void> {
      const { file, stream } = match;
      const at = { file: file.path, ...(stream === undefined ? {} : { stream }) };
      const facts = await ctx.views.pe(match);
      if (facts) {
        if (facts.faults.length > 0 && !facts.exports) ctx.unable(`${file.path}: ${facts.faults.join('; ')}`);
        const stored = async () => stream === undefined && PLACE.test(file.path) && (await storeCopyOf(image, file)) !== undefined;
        if (await judgeExports(facts, at, stored)) return;
      }
      for (const { offset, facts: inner } of (await ctx.views.carved(match)) ?? []) {
        const name = `0x${offset.toString(16)}.${inner.dll ? 'dll' : 'exe'}`;
        await judgeExports(inner, { ...at, offset, inside: [name] }, async () => false);
      }
    }

    /** @returns whether there was something to tell */
    async function judgeExports(facts: PeFacts, at: Location, stored: () => Promise<boolean>): Promise<boolean> {
      const shape = licensingShape(facts);
      if (shape?.answersItself) {
        const isStored = await stored();
        const data = { count: shape.handedOn, to: shape.to ?? '' };
        ctx.report({ messageId: isStored ? 'storeProxy' : 'proxy', at, data, ...(isStored ? { severity: 'note' as const } : {}) });
      } else if (looksLikeActivationHook(facts)) ctx.report({ messageId: 'hook', at });
      else return false;
      return true;
    }

    async function judgeNamed({ file, facts }: Held, image: Image): Promise<void> {
      const at = { file: file.path };
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      const inPlace = PLACE.test(file.path) || OFFICE_PLACE.test(file.path);
      if (COPIES.test(file.path) || ((await storeCopyOf(image, file)) !== undefined && inPlace)) return;
      if (/^slc\.dll$/i.test(name) && (await image.has(`${file.path.slice(0, -name.length)}${STATE_TOOL}`)) && !inPlace) {
        ctx.report({ messageId: 'ticketHelper', at });
      } else if (!claimsMicrosoft(facts)) {
        const maker = facts.version?.texts.get('CompanyName')?.trim() || 'it names no maker';
        const isLoaded = inPlace || OFFICE.test(file.path);
        if (isLoaded) ctx.report({ messageId: 'foreign', at, data: { maker } });
        else if (!COMMON.test(name) || licensingShape(facts)) ctx.report({ messageId: 'foreignElsewhere', at, data: { maker } });
      } else if (PLACE.test(file.path)) {
        for await (const _ of storeFiles(image, name)) {
          ctx.report({ messageId: 'differs', at });
          break;
        }
      } else if (!inPlace) {
        const besideOffice = OFFICE.test(file.path) && !/^ospp/i.test(name) && (await storeCopyOf(image, file)) === undefined;
        ctx.report({ messageId: besideOffice ? 'besideOffice' : 'misplaced', at });
      }
    }

    return {
      async file(file, content) {
        if (file.folder) return;
        const at = { file: file.path };
        if (file.path.toLowerCase().endsWith(`/${HOOK_NAME}`)) ctx.report({ messageId: 'hookName', at });
        else if (content) {
          // A delta of servicing bears such a name, too, and is no program.
          const facts = await ctx.views.pe({ file }, content);
          if (facts) named.push({ file, facts });
        }
      },
      match(match) {
        shaped.set(`${match.file.path}\0${match.stream ?? ''}`, match);
      },
      async end(image) {
        for (const match of shaped.values()) await judgeShape(match, image);
        for (const held of named) await judgeNamed(held, image);
      },
    };
  },
});
