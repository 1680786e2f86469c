// What SYSTEM starts must not be writable by everybody: whoever can change the file owns the machine.
import { ImageError, only } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { callsOf } from '../../formats/command-line/calls.ts';
import { targetsOf } from '../../formats/command-line/targets.ts';
import { decodeScript } from '../../formats/script/decode.ts';
import { parseDescriptor, replacersOf, writersOf } from '../../formats/security-descriptor/parse.ts';
import { findThroughLinks } from '../../image/follow.ts';
import type { ContainerId, Image, ImageFile } from '../../image/image.ts';
import { defineRule } from '../../lint/rule.ts';
import { answerFileLocations } from '../../unattend/locations.ts';

/** Setup itself starts these; what they call is followed this deep. */
const SETUP_SCRIPTS = '/Windows/Setup/Scripts/{SetupComplete,ErrorHandler,OOBE}.cmd';
const SCRIPT_DEPTH_MAX = 3;
const SCRIPT_BYTES_MAX = 1024 * 1024;
/** As many lines as are searched for calls. */
const SCRIPT_LINES_MAX = 20_000;
const SCRIPT = /\.(?:cmd|bat|ps1|vbs|js|wsf)$/i;
/** A real Windows has about 700 services and 200 tasks. */
const TARGETS_MAX = 200_000;
/** From so many files on one finding names their number: then the whole image has no descriptors. */
const MANY = 20;
const WITHOUT_VOLUME: ReadonlySet<ContainerId> = new Set(['wim', 'esd', 'swm', 'iso']);

export const writableByUsers = defineRule({
  id: 'hygiene/writable-by-users',
  title: 'Nothing that SYSTEM starts can be changed by ordinary users',
  description: `Collects what runs with the rights of the system, or of whoever logs on: programs and libraries of services and drivers, the scripts of Setup with
what they call (three levels), the command line of Setup, the actions of tasks that run as SYSTEM in both stores and the files of those tasks, the Run
keys of the machine, Active Setup, Winlogon, libraries that are loaded everywhere, scripts of group policy, the start folder of everybody, the answer files
that Setup reads and what their commands start. Looks at the security descriptor of each, of the links on the way, and of the folders above it: who may delete what is in a folder, or change its rights, may put another
file in the place of the guarded one.

**Verdict.** A descriptor that lets ordinary users write is an error. No descriptor is an error on a disk, and a warning in a WIM, where DISM would
let the file inherit.

**Honest look-alikes.** Names that cannot be resolved inside the image (other drives, search paths, unknown variables, links that lead out of it) are passed over; services that are disabled
or run under another account too.

**Cannot be proved.** Folders in which users may create a file that is looked for first.

Sources: [MS-DTYP] 2.4 for descriptors; measured with wimlib and ntfssecaudit for files without one.`,
  why: `If Everyone, Users or Authenticated Users may write such a file, any account on the stick becomes SYSTEM. A
file without a descriptor, as Linux tools add them to a WIM, becomes *Everyone: full control* when \`wimlib-imagex apply\` writes it to NTFS.`,
  repair: {
    text: `Rebuild the image with this tool, which gives new files the descriptor that Windows would give them; on Windows use \`icacls /reset\`.`,
  },
  severity: 'error',
  options: {},
  messages: {
    writable: '{why} starts or reads this file, and {who} may change it',
    replaceable: '{who} may replace what lies in this folder, and SYSTEM starts or reads {name} below it',
    noDescriptor: '{why} starts or reads this file, which has no security descriptor',
    noDescriptors: '{count} files that SYSTEM starts have no security descriptor, this one first',
    damaged: '{why} starts or reads this file, whose security descriptor cannot be read',
  },
  select: { files: [SETUP_SCRIPTS, ...answerFileLocations.map(({ path }) => path)], content: 'whole' },
  create(ctx) {
    const scripts: { readonly file: ImageFile; readonly content: Uint8Array }[] = [];
    const missing: { readonly file: ImageFile; readonly why: string }[] = [];
    const judged = new Set<string>();
    /** Folders above judged files, with one of the files. */
    const folders = new Map<string, string>();

    function judge(file: ImageFile, why: string): void {
      if (judged.has(file.path)) return;
      judged.add(file.path);
      for (let end = file.path.lastIndexOf('/'); end > 0; end = file.path.lastIndexOf('/', end - 1)) {
        const folder = file.path.slice(0, end);
        if (folders.has(folder)) break;
        folders.set(folder, file.path);
      }
      const at = { file: file.path };
      if (!file.descriptor) {
        missing.push({ file, why });
        return;
      }
      try {
        const who = writersOf(parseDescriptor(file.descriptor), false)
          .map((sid) => NAMES[sid] ?? sid)
          .join(', ');
        if (who !== '') ctx.report({ messageId: 'writable', at, data: { why, who } });
      } catch (error) {
        only(FormatError, error);
        ctx.report({ messageId: 'damaged', at, data: { why }, severity: 'warning' });
      }
    }

    /** The first of the candidates that is a file of the image: CreateProcess passes a folder by, too. */
    async function findFirst(image: Image, paths: readonly string[], why: string): Promise<ImageFile | undefined> {
      for (const path of paths) {
        const { file, links } = await findThroughLinks(image, path);
        for (const link of links) judge(link, why);
        if (file && !file.folder) return file;
      }
      return undefined;
    }

    async function judgeFolders(image: Image): Promise<void> {
      for (const [path, name] of folders) {
        const { file: folder } = await findThroughLinks(image, path);
        if (!folder?.descriptor) continue; // a missing descriptor is told with the files
        try {
          const who = replacersOf(parseDescriptor(folder.descriptor)).map((sid) => NAMES[sid] ?? sid);
          if (who.length > 0) ctx.report({ messageId: 'replaceable', at: { file: folder.path }, data: { who: who.join(', '), name } });
        } catch (error) {
          only(FormatError, error);
          ctx.report({
            messageId: 'damaged',
            at: { file: folder.path },
            data: { why: 'SYSTEM, by a file below it,' },
            severity: 'warning',
          });
        }
      }
    }

    async function followScripts(image: Image): Promise<void> {
      let open = scripts.map(({ file, content }) => ({ file, content }));
      const followed = new Set(scripts.map(({ file }) => file.path));
      for (let depth = 0; depth < SCRIPT_DEPTH_MAX; depth++) {
        const next: typeof open = [];
        for (const { file, content } of open) {
          const folder = file.path.slice(0, file.path.lastIndexOf('/'));
          if (isCut(content)) ctx.unable(`${file.path}: is longer than a script that is followed`);
          for (const path of callsOf(decodeScript(content.subarray(0, SCRIPT_BYTES_MAX)).text.text, folder)) {
            const why = `${file.path}, which Setup runs as SYSTEM,`;
            const called = await findFirst(image, [path], why);
            if (!called || followed.has(called.path)) continue;
            followed.add(called.path);
            judge(called, why);
            if (!SCRIPT.test(called.path)) continue;
            if (called.size <= SCRIPT_BYTES_MAX) next.push({ file: called, content: await contentOf(called) });
            else ctx.unable(`${called.path}: is longer than a script that is followed`);
          }
        }
        open = next;
      }
    }

    async function contentOf(file: ImageFile): Promise<Uint8Array> {
      try {
        return await file.read();
      } catch (error) {
        ctx.unable(only(ImageError, error).message);
        return new Uint8Array();
      }
    }

    function reportMissing(): void {
      const severity = WITHOUT_VOLUME.has(ctx.info.container) ? 'warning' : 'error';
      if (missing.length >= MANY) {
        ctx.report({ messageId: 'noDescriptors', at: { file: missing[0]!.file.path }, data: { count: missing.length }, severity });
        return;
      }
      for (const { file, why } of missing) ctx.report({ messageId: 'noDescriptor', at: { file: file.path }, data: { why }, severity });
    }

    return {
      file(file, content) {
        if (!content) return;
        const isScript = /\.cmd$/i.test(file.path);
        if (isScript) scripts.push({ file, content });
        judge(file, isScript ? 'Setup, as SYSTEM,' : 'Setup, as SYSTEM, when it looks for an answer file,');
      },
      async end(image) {
        let targets = 0;
        for (const { why, line, folder, saidBy } of (await ctx.views.systemStarts()) ?? []) {
          const said = saidBy === undefined ? undefined : await image.find(saidBy);
          if (said) judge(said, why);
          for (const paths of targetsOf(line, folder)) {
            if (++targets > TARGETS_MAX) return ctx.unable(`more than ${TARGETS_MAX} files are started`);
            const file = await findFirst(image, paths, why);
            if (file) judge(file, why);
          }
        }
        await followScripts(image);
        await judgeFolders(image);
        reportMissing();
      },
    };
  },
});

const NAMES: Readonly<Record<string, string>> = {
  'S-1-1-0': 'Everyone',
  'S-1-5-11': 'Authenticated Users',
  'S-1-5-32-545': 'Users',
  'S-1-5-4': 'Interactive',
};

function isCut(content: Uint8Array): boolean {
  return content.length > SCRIPT_BYTES_MAX || content.filter((byte) => byte === 0x0a).length > SCRIPT_LINES_MAX;
}
