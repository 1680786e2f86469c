// What SYSTEM starts must not be writable by everybody: whoever can change the file owns the machine.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { targetsOf } from '../../formats/command-line/targets.ts';
import { parseDescriptor, replacersOf, writersOf } from '../../formats/security-descriptor/parse.ts';
import { parseTask, type TaskView } from '../../formats/task-xml/task.ts';
import { findThroughLinks } from '../../image/follow.ts';
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
  onFailure: string | undefined;
  library: string | undefined;
  account: string | undefined;
  start: number | undefined;
}

export const writableByUsers = defineRule({
  id: 'hygiene/writable-by-users',
  title: 'Nothing that SYSTEM starts can be changed by ordinary users',
  description: `Collects what runs with the rights of the system: programs and libraries of services and drivers, SetupComplete.cmd and ErrorHandler.cmd with what
they call (three levels), the command line of Setup, the actions of tasks that run as SYSTEM, the Run keys of the machine, the answer files that Setup
reads. Looks at the security descriptor of each, and of the folders above it: who may delete what is in a folder, or change its rights, may put another
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
      'SYSTEM\\Setup',
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
    /** Folders above judged files, with one of the files. */
    const folders = new Map<string, string>();

    function add(line: string, why: string, folder?: string): void {
      for (const paths of targetsOf(line, folder)) {
        if (targets.length < TARGETS_MAX) targets.push({ paths, why });
        else ctx.unable(`more than ${TARGETS_MAX} files are started`);
      }
    }

    function readKey(key: VisitedKey): void {
      if (/^Setup$/i.test(key.path)) {
        add(textOfValue(key.values.get('cmdline')) ?? '', 'Setup, as SYSTEM,', '/Windows/System32');
        return;
      }
      const service = /^(ControlSet\d+\\Services\\[^\\]+)(\\Parameters)?$/i.exec(key.path);
      if (!service) {
        for (const value of key.values.values()) add(textOfValue(value) ?? '', 'a Run key of the machine');
        return;
      }
      const known = services.get(service[1]!) ?? {
        command: undefined,
        onFailure: undefined,
        library: undefined,
        account: undefined,
        start: undefined,
      };
      services.set(service[1]!, known);
      known.library = textOfValue(key.values.get('servicedll')) ?? known.library;
      if (service[2]) return;
      known.command = textOfValue(key.values.get('imagepath'));
      known.onFailure = textOfValue(key.values.get('failurecommand'));
      known.account = textOfValue(key.values.get('objectname'));
      const start = key.values.get('start')?.decoded;
      known.start = start?.type === 'REG_DWORD' ? start.data : undefined;
    }

    function judge(file: ImageFile, why: string): void {
      if (file.folder || judged.has(file.path)) return;
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
        if (!(error instanceof FormatError)) throw error;
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
          if (!(error instanceof FormatError)) throw error;
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
      for (let depth = 0; depth < SCRIPT_DEPTH_MAX && open.length > 0; depth++) {
        const next: typeof open = [];
        for (const { file, content } of open) {
          const folder = file.path.slice(0, file.path.lastIndexOf('/'));
          if (isCut(content)) ctx.unable(`${file.path}: is longer than a script that is followed`);
          for (const line of linesOf(content)) {
            for (const paths of targetsOf(line, folder)) {
              const why = `${file.path}, which Setup runs as SYSTEM,`;
              const called = await findFirst(image, paths, why);
              if (!called || called.path === file.path || followed.has(called.path)) continue;
              followed.add(called.path);
              judge(called, why);
              if (!SCRIPT.test(called.path)) continue;
              if (called.size <= SCRIPT_BYTES_MAX) next.push({ file: called, content: await readOrNothing(called) });
              else ctx.unable(`${called.path}: is longer than a script that is followed`);
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
          for (const { line, folder } of content ? systemActions(content) : [])
            add(line, `the task ${file.path.slice('/Windows/System32/Tasks/'.length)}`, folder);
          return;
        }
        const isScript = /\.cmd$/i.test(file.path);
        if (isScript && content) scripts.push({ file, content });
        judge(file, isScript ? 'Setup, as SYSTEM,' : 'Setup, as SYSTEM, when it looks for an answer file,');
      },
      async end(image) {
        for (const [path, { command, onFailure, library, account, start }] of services) {
          if (start === DISABLED || (account !== undefined && account !== '' && !SYSTEM_ACCOUNT.test(account.trim()))) continue;
          const why = `the service ${path.slice(path.lastIndexOf('\\') + 1)}`;
          add(command ?? '', why);
          add(onFailure ?? '', why);
          add(library ?? '', why);
        }
        for (const { paths, why } of targets) {
          const file = await findFirst(image, paths, why);
          if (file) judge(file, why);
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

/** Command lines of a task's programs and the folders they start in, when the task runs as SYSTEM. */
function systemActions(content: Uint8Array): readonly { readonly line: string; readonly folder: string | undefined }[] {
  let task: TaskView;
  try {
    task = parseTask(content);
  } catch (error) {
    if (error instanceof FormatError) return []; // no task: Windows does not run it either
    throw error;
  }
  if (!task.principals.some(({ userId }) => SYSTEM_ACCOUNT.test(userId ?? ''))) return [];
  return task.actions.flatMap((action) => {
    if (action.kind !== 'exec') return [];
    const line = `"${action.command.replaceAll('"', '').trim()}" ${action.arguments}`;
    return [{ line, folder: targetsOf(`"${action.workingDirectory.replaceAll('"', '').trim()}"`)[0]?.[0] }];
  });
}

function isCut(content: Uint8Array): boolean {
  return content.length > SCRIPT_BYTES_MAX || content.filter((byte) => byte === 0x0a).length > SCRIPT_LINES_MAX;
}

function linesOf(content: Uint8Array): readonly string[] {
  const wide = content[1] === 0 || (content[0] === 0xff && content[1] === 0xfe);
  const text = Buffer.from(content.subarray(0, SCRIPT_BYTES_MAX)).toString(wide ? 'utf16le' : 'latin1');
  const lines = text.split(/\r?\n|&&?|\|\|?/, SCRIPT_LINES_MAX).map((line) => line.replace(/^[\s@(]+/, ''));
  return lines.filter((line) => line !== '' && !/^(?:rem\b|::|#|')/i.test(line));
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
