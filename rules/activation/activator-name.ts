// Programs, scripts, services and tasks that carry the name of a known activator; the weakest evidence, and so the last to be asked.
import { ImageError } from '../../errors.ts';
import type { ImageFile, StoredValue } from '../../image/image.ts';
import { defineRule, type Location, type VisitedKey } from '../../lint/rule.ts';

/** Whole names of files (case and Unicode form do not matter), beside those that have a word of TOKEN in them. Families: docs of their makers and Microsoft Defender's threat names. */
const FILE_NAMES = new Set(
  `service_kms.exe|kmsss.exe|tunmirror.exe|tunmirror2.exe|kms server service.exe|microsoft toolkit.exe|kmsemulator.exe|aact.exe|aact_x64.exe|
  aact_network.exe|aact network.exe|mas_aio.cmd|hwid_activation.cmd|kms38_activation.cmd|online_kms_activation.cmd|ohook_activation_aio.cmd|
  tsforge_activation.cmd|gatherosstatemodified.exe|sppcs.dll|tsforge.exe|windows loader.exe|xntkrnl.exe|xosload.exe|oem-drv64.sys|re-loader.exe|
  removewat.exe|sppc64.dll|sppc32.dll`
    .split('|')
    .map((name) => name.trim()),
);

/** Names that an honest program has too. */
const OFTEN_HONEST = new Set(['windows loader.exe']);

/** The same with a version or a word around it. `B` is a bound: no letter or digit may stand there (gohook, ShortsForge are honest). */
const B = '(?:^|[^a-z0-9])';
const E = '(?:$|[^a-z0-9])';
const TOKEN = new RegExp(
  `${B}(?:kms[ _-]?pico|kms[ _-]?eldi|autopico|vlmcsd?|kms[ _-]?auto(?:[ _-]?(?:net|lite|s|x64))?|autokms|kms[ _-]?vl[ _-]?all|sppextcomobj(?:hook|patcher)|secoh-qad|heu[ _-]?kms[ _-]?activator|w10[ _-]?digital[ _-]?activation|libtsforge|massgrave|microsoft[ _-]activation[ _-]scripts)(?:[ _-]?v?\\d[\\w.]*)?${E}`,
);
/** Paths from the image root, where the path alone tells. */
const PATHS = [
  /^\/(?:program files(?: \(x86\))?\/kmspico|programdata\/kmsauto(?:s)?|windows\/kmsautos?|program files(?: \(x86\))?\/kmsauto[^/]*|windows\/aact_tools|windows\/autokms|windows\/kmsserverservice|program files\/activation-renewal)\//,
  /^\/windows\/temp\/mas_[0-9a-f-]{36}\.cmd$/,
];
const TASK_FOLDER = '/windows/system32/tasks/';
const PY_KMS = /^pykms_\w+\.py$/;

const SERVICES = new Set(['kmsemulator', 'kmsserverservice', 'oem-drv64', 'kmsss', 'py-kms', 'pykms']);
const SERVICE_DISPLAYS = new Set(['key management server', 'kms server service', 'service kmseldi']);
/** Names below the task root; the last is the copy of a genuine task that one family puts beside Microsoft's own. */
const TASKS =
  /^(?:.*\/)?(?:autokmscustom|kmstools|activation-renewal|aact(?:[ _-].*)?)$|^microsoft\/windows\/softwareprotectionplatform\/svctrigger$/;

/** What Windows starts or loads by its ending. */
const RUNNABLE = /\.(?:exe|dll|sys|com|scr|cpl|ocx|drv|efi|msi|msp|cmd|bat|ps1|psm1|vbs|vbe|js|jse|wsf|hta|py|pyw|lnk|pif|kmd|reg|au3)$/;
/** Texts, rule files and catalogues mention names and are nothing. */
const MENTION =
  /\.(?:txt|md|rst|adoc|html?|pdf|docx?|rtf|odt|json|ya?ml|toml|csv|xml|yara?|sig|rules?|ndb|hdb|url|png|jpe?g|svg|mui|manifest|log)$/;

/** CreateProcess takes 32,767 characters, the registry millions; a path is far shorter. */
const COMMAND_MAX = 4096;
/** A file without a telling ending is read to see what it is; larger ones are taken at their name. */
const PEEK_BYTES_MAX = 64 * 1024 * 1024;

export const activatorName = defineRule({
  id: 'activation/activator-name',
  title: 'Nothing carries the name of a known activator',
  description: `Compares names of files, named streams, members of archives, services and scheduled tasks with the families
of known activators. Whole names and names with word bounds, without case, in one Unicode form.

**Strength.** A program, script, service or task is strong. A program below a folder of such a name is weak. Texts, rule files, catalogues,
logs and images are nothing; a file without a telling ending counts when it begins like a program or script.

**Honest look-alikes.** gohook, iohook, discohook, ShortsForge, TypeScript projects named tsforge, cloud tools named kms, reports and signature files
about activators, the tasks SvcRestartTask*.

**Cannot be proved.** That a file of another name is none: whoever wants to hide one renames it.

Sources: public documentation of the families and Microsoft Defender's threat names. The lists are never complete.`,
  why: `Most activators are dropped into an image as they were downloaded. A name is weak evidence: the other rules of this
family judge by structure, this one catches what lies about unused.`,
  repair: { text: `Remove it, and look for what it left behind; allow an honest namesake by its path in \`lint.allow\` with a reason.` },
  level: 'strong',
  options: {},
  messages: {
    file: '{name} is the name of an activator',
    folder: 'a program lies in {name}, a folder with the name of an activator',
    service: 'the service {name} carries the name of an activator',
    task: 'the scheduled task {name} carries the name of an activator',
    pyKms: 'this folder holds {count} modules of a KMS emulator in Python',
  },
  select: {
    files: ['/**'],
    keys: [
      'SYSTEM\\ControlSet*\\Services\\*',
      'SYSTEM\\ControlSet*\\Services\\*\\Parameters',
      'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree\\**',
    ],
    content: 'none',
  },
  create(ctx) {
    const pyKms = new Map<string, number>();
    /** Files come folder by folder. */
    let last = { folder: '', isTold: false };

    /** Streams of folders as well. Nothing honest is hidden under such a name, so one without a telling ending counts, too. */
    function judgeStreams(file: ImageFile): void {
      for (const { name } of file.streams) {
        const own = folded(name);
        if (isActivator(own) && !MENTION.test(own))
          ctx.report({ messageId: 'file', at: { file: file.path, stream: name }, data: { name } });
      }
    }

    function judgeFile(file: ImageFile): Promise<void> | void {
      judgeStreams(file);
      const path = folded(file.path);
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (file.folder) return;
      if (path.startsWith(TASK_FOLDER)) {
        const task = path.slice(TASK_FOLDER.length);
        if (TASKS.test(task) || TOKEN.test(task))
          return ctx.report({ messageId: 'task', at: { file: file.path }, data: { name: file.path.slice(TASK_FOLDER.length) } });
      }
      if (PY_KMS.test(name)) {
        const own = file.path.slice(0, file.path.lastIndexOf('/')) || '/';
        pyKms.set(own, (pyKms.get(own) ?? 0) + 1);
      }
      const folder = path.slice(0, path.lastIndexOf('/'));
      if (last.folder !== folder) last = { folder, isTold: TOKEN.test(folder) };
      const byName = isActivator(name);
      if (!byName && !last.isTold && !PATHS.some((known) => known.test(path))) return;
      if (RUNNABLE.test(name)) reportFile(file, path, byName);
      else if (byName || !MENTION.test(name)) return reportProgram(file, path, byName);
    }

    async function reportProgram(file: ImageFile, path: string, byName: boolean): Promise<void> {
      if (await isProgram(file)) reportFile(file, path, byName);
    }

    function reportFile(file: ImageFile, path: string, byName: boolean): void {
      const known = byName || PATHS.some((one) => one.test(path));
      const name = byName ? nameOf(file.path) : file.path.slice(0, file.path.lastIndexOf('/'));
      const level = !known || OFTEN_HONEST.has(nameOf(path)) ? 'weak' : 'strong';
      ctx.report({ messageId: byName ? 'file' : 'folder', at: { file: file.path }, data: { name }, level });
    }

    function judgeKey(key: VisitedKey): void {
      const name = key.path.slice(key.path.lastIndexOf('\\') + 1);
      if (!/\\Services\\/i.test(key.path)) {
        const task = folded(key.path.replace(/^.*?\\TaskCache\\Tree\\/i, '').replaceAll('\\', '/'));
        const isTask = key.values.has('id'); // folders of tasks have none
        if (isTask && (TASKS.test(task) || TOKEN.test(task))) ctx.report({ messageId: 'task', at: keyOf(key), data: { name } });
        return;
      }
      const programs = ['imagepath', 'servicedll'].map((value) => programOf(textOf(key.values.get(value))));
      if (/\\Parameters$/i.test(key.path)) {
        if (programs.some(isActivator)) ctx.report({ messageId: 'service', at: keyOf(key), data: { name: key.path.split('\\').at(-2)! } });
        return;
      }
      const display = folded(textOf(key.values.get('displayname')));
      const own = folded(name);
      if (SERVICES.has(own) || TOKEN.test(own) || SERVICE_DISPLAYS.has(display) || programs.some(isActivator)) {
        ctx.report({ messageId: 'service', at: keyOf(key), data: { name } });
      }
    }

    return {
      file: judgeFile,
      key: judgeKey,
      end() {
        for (const [folder, count] of pyKms) {
          ctx.report({ messageId: 'pyKms', at: { file: folder }, data: { count }, level: count >= 3 ? 'strong' : 'weak' });
        }
      },
    };
  },
});

function isActivator(name: string): boolean {
  return FILE_NAMES.has(name) || TOKEN.test(name);
}

/** The file name of the first program in a command line; the rest of an overlong one is no program that Windows starts. */
function programOf(line: string): string {
  const target = folded(line.slice(0, COMMAND_MAX)).replaceAll('\\', '/').replaceAll('"', '');
  return /([^/]*?\.(?:exe|dll|sys|cmd|bat|py))(?:\s|$)/.exec(target)?.[1] ?? '';
}

/** Compared form: NFKC without case, without the characters that show nothing. Letters of ASCII are in it already. */
function folded(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .toLowerCase();
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function keyOf(key: VisitedKey): Location {
  return { hive: key.hive, key: key.path };
}

function textOf(value: StoredValue | undefined): string {
  const { decoded } = value ?? {};
  return decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ' ? decoded.data : '';
}

/** Begins like a program of Windows, Linux or macOS, or like a script; what is too large or cannot be read is taken at its name. */
async function isProgram(file: ImageFile): Promise<boolean> {
  if (file.size > PEEK_BYTES_MAX) return true;
  try {
    const head = Buffer.from((await file.read()).subarray(0, 4)).toString('latin1');
    return /^(?:MZ|\x7fELF|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe|#!|KMD\0)/s.test(head);
  } catch (error) {
    if (error instanceof ImageError) return true;
    throw error;
  }
}
