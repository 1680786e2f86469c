// What SYSTEM starts must not be writable by everybody: whoever can change the file owns the machine.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { targetsOf } from '../../formats/command-line/targets.ts';
import { parseDescriptor, writersOf } from '../../formats/security-descriptor/parse.ts';
import { parseXml } from '../../formats/xml/parse.ts';
import { childOf, elementsOf, textOf, type XmlElement } from '../../formats/xml/tree.ts';
import type { ContainerId, Image, ImageFile, StoredValue } from '../../image/image.ts';
import { defineRule, type VisitedKey } from '../../lint/rule.ts';
import { answerFileLocations } from '../../unattend/locations.ts';

const SCRIPTS = '/Windows/Setup/Scripts';
/** SetupComplete and ErrorHandler are started by Setup itself; what they call is followed this deep. */
const SCRIPT_DEPTH_MAX = 3;
const SCRIPT_BYTES_MAX = 1024 * 1024;
const SCRIPT_LINES_MAX = 20_000;
const SCRIPT = /\.(?:cmd|bat|ps1|vbs|js|wsf)$/i;
/** A real Windows has about 700 services and 200 tasks. */
const TARGETS_MAX = 200_000;
/** From so many files on one finding names their number: then the whole image has no descriptors. */
const MANY = 20;

const DISABLED = 4;
const SYSTEM_ACCOUNT = /^(?:\.\\)?(?:localsystem|system|nt authority\\system|s-1-5-18)$/i;
const RUN_KEYS = ['Run', 'RunOnce', 'RunOnceEx\\*', 'RunServices', 'RunServicesOnce', 'Policies\\Explorer\\Run'];
const WITHOUT_VOLUME: ReadonlySet<ContainerId> = new Set(['wim', 'esd', 'swm', 'iso']);

interface Service {
  command: string | undefined;
  library: string | undefined;
  account: string | undefined;
  start: number | undefined;
}

export const writableByUsers = defineRule({
  id: 'hygiene/writable-by-users',
  title: 'Nothing that SYSTEM starts can be changed by ordinary users',
  description: `Collects what runs with the rights of the system: programs and libraries of services and drivers, SetupComplete.cmd and ErrorHandler.cmd with what
they call (three levels), the actions of tasks that run as SYSTEM, the Run keys of the machine, the answer files that Setup reads. Looks at the security
descriptor of each.

**Why it matters.** If Everyone, Users or Authenticated Users may write such a file, any account on the stick becomes SYSTEM. A
file without a descriptor, as Linux tools add them to a WIM, becomes *Everyone: full control* when \`wimlib-imagex apply\` writes it to NTFS.

**Verdict.** A descriptor that lets ordinary users write is an error. No descriptor is an error on a disk, and a warning in a WIM, where DISM would
let the file inherit.

**Repair.** Rebuild the image with this tool, which gives new files the descriptor that Windows would give them; on Windows use \`icacls /reset\`.

**Honest look-alikes.** Names that cannot be resolved inside the image (other drives, search paths, unknown variables) are passed over; services that are disabled
or run under another account too.

**Cannot be proved.** Folders in which users may create a file that is looked for first.

Sources: [MS-DTYP] 2.4 for descriptors; measured with wimlib and ntfssecaudit for files without one.`,
  severity: 'error',
  options: {},
  messages: {
    writable: '{why} starts or reads this file, and {who} may change it',
    noDescriptor: '{why} starts or reads this file, which has no security descriptor',
    noDescriptors: '{count} files that SYSTEM starts have no security descriptor, this one first',
    damaged: '{why} starts or reads this file, whose security descriptor cannot be read',
  },
  select: {
    files: [
      '/Windows/System32/Tasks/**',
      `${SCRIPTS}/SetupComplete.cmd`,
      `${SCRIPTS}/ErrorHandler.cmd`,
      ...answerFileLocations.map(({ path }) => path),
    ],
    keys: [
      'SYSTEM\\ControlSet*\\Services\\*',
      'SYSTEM\\ControlSet*\\Services\\*\\Parameters',
      ...['Microsoft', 'Wow6432Node\\Microsoft'].flatMap((vendor) =>
        RUN_KEYS.map((key) => `SOFTWARE\\${vendor}\\Windows\\CurrentVersion\\${key}`),
      ),
    ],
    content: 'whole',
  },
  create(ctx) {
    const services = new Map<string, Service>();
    /** Candidates of one file each, and who starts it. */
    const targets: { readonly paths: readonly string[]; readonly why: string }[] = [];
    const scripts: { readonly file: ImageFile; readonly content: Uint8Array }[] = [];
    const missing: { readonly file: ImageFile; readonly why: string }[] = [];
    const judged = new Set<string>();

    function add(line: string, why: string, folder?: string): void {
      for (const paths of targetsOf(line, folder)) if (targets.length < TARGETS_MAX) targets.push({ paths, why });
    }

    function readKey(key: VisitedKey): void {
      const service = /^(ControlSet\d+\\Services\\[^\\]+)(\\Parameters)?$/i.exec(key.path);
      if (!service) {
        for (const value of key.values.values()) add(textOfValue(value) ?? '', 'a Run key of the machine');
        return;
      }
      const known = services.get(service[1]!) ?? { command: undefined, library: undefined, account: undefined, start: undefined };
      services.set(service[1]!, known);
      known.library = textOfValue(key.values.get('servicedll')) ?? known.library;
      if (service[2]) return;
      known.command = textOfValue(key.values.get('imagepath'));
      known.account = textOfValue(key.values.get('objectname'));
      const start = key.values.get('start')?.decoded;
      known.start = start?.type === 'REG_DWORD' ? start.data : undefined;
    }

    function judge(file: ImageFile, why: string): void {
      if (file.folder || file.reparse || judged.has(file.path)) return;
      judged.add(file.path);
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
        if (!(error instanceof FormatError)) throw error;
        ctx.report({ messageId: 'damaged', at, data: { why }, severity: 'warning' });
      }
    }

    /** The first of the candidates that is in the image. */
    async function findFirst(image: Image, paths: readonly string[]): Promise<ImageFile | undefined> {
      for (const path of paths) {
        const file = await findFile(image, path);
        if (file) return file;
      }
      return undefined;
    }

    async function followScripts(image: Image): Promise<void> {
      let open = scripts.map(({ file, content }) => ({ file, content }));
      for (let depth = 0; depth < SCRIPT_DEPTH_MAX && open.length > 0; depth++) {
        const next: typeof open = [];
        for (const { file, content } of open) {
          const folder = file.path.slice(0, file.path.lastIndexOf('/'));
          for (const line of linesOf(content)) {
            for (const paths of targetsOf(line, folder)) {
              const called = await findFirst(image, paths);
              if (!called || called.folder || called.path === file.path || judged.has(called.path)) continue;
              judge(called, `${file.path}, which Setup runs as SYSTEM,`);
              if (SCRIPT.test(called.path) && called.size <= SCRIPT_BYTES_MAX)
                next.push({ file: called, content: await readOrNothing(called) });
            }
          }
        }
        open = next;
      }
    }

    function reportMissing(): void {
      const severity = WITHOUT_VOLUME.has(ctx.info.container) ? 'warning' : 'error';
      const [first] = missing;
      if (first && missing.length >= MANY) {
        ctx.report({ messageId: 'noDescriptors', at: { file: first.file.path }, data: { count: missing.length }, severity });
        return;
      }
      for (const { file, why } of missing) ctx.report({ messageId: 'noDescriptor', at: { file: file.path }, data: { why }, severity });
    }

    return {
      key: readKey,
      file(file, content) {
        if (file.folder) return;
        if (/^\/Windows\/System32\/Tasks\//i.test(file.path)) {
          for (const line of content ? systemActions(content) : [])
            add(line, `the task ${file.path.slice('/Windows/System32/Tasks/'.length)}`);
          return;
        }
        const isScript = /\.cmd$/i.test(file.path);
        if (isScript && content) scripts.push({ file, content });
        judge(file, isScript ? 'Setup, as SYSTEM,' : 'Setup, as SYSTEM, when it looks for an answer file,');
      },
      async end(image) {
        for (const [path, { command, library, account, start }] of services) {
          if (start === DISABLED || (account !== undefined && account !== '' && !SYSTEM_ACCOUNT.test(account.trim()))) continue;
          const why = `the service ${path.slice(path.lastIndexOf('\\') + 1)}`;
          add(command ?? '', why);
          add(library ?? '', why);
        }
        for (const { paths, why } of targets) {
          const file = await findFirst(image, paths);
          if (file) judge(file, why);
        }
        await followScripts(image);
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

/** Command lines of a task's programs, when the task runs as SYSTEM. */
function systemActions(content: Uint8Array): readonly string[] {
  let root: XmlElement;
  try {
    root = parseXml(content).root;
  } catch (error) {
    if (error instanceof FormatError) return []; // no task: Windows does not run it either
    throw error;
  }
  const principals = childOf(root, 'Principals');
  const asSystem = principals && elementsOf(principals).some((one) => SYSTEM_ACCOUNT.test(textIn(one, 'UserId').trim()));
  const actions = asSystem ? childOf(root, 'Actions') : undefined;
  if (!actions) return [];
  const programs = elementsOf(actions).filter((action) => action.local === 'Exec');
  return programs.map((action) => `"${textIn(action, 'Command').replaceAll('"', '').trim()}" ${textIn(action, 'Arguments')}`);
}

function textIn(element: XmlElement, local: string): string {
  const child = childOf(element, local);
  return child ? textOf(child) : '';
}

function linesOf(content: Uint8Array): readonly string[] {
  const wide = content[1] === 0 || (content[0] === 0xff && content[1] === 0xfe);
  const text = Buffer.from(content.subarray(0, SCRIPT_BYTES_MAX)).toString(wide ? 'utf16le' : 'latin1');
  const lines = text.split(/\r?\n|&&?|\|\|?/, SCRIPT_LINES_MAX).map((line) => line.replace(/^[\s@(]+/, ''));
  return lines.filter((line) => line !== '' && !/^(?:rem\b|::|#|')/i.test(line));
}

/** Paths that run through a link are left out, as is what cannot be looked at. */
async function findFile(image: Image, path: string): Promise<ImageFile | undefined> {
  try {
    return await image.find(path);
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

async function readOrNothing(file: ImageFile): Promise<Uint8Array> {
  try {
    return await file.read();
  } catch (error) {
    if (error instanceof ImageError) return new Uint8Array();
    throw error;
  }
}

function textOfValue(value: StoredValue | undefined): string | undefined {
  const decoded = value?.decoded;
  return decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ' ? decoded.data : undefined;
}
