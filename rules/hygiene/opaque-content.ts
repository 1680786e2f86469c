// What could not be looked into: archives that are encrypted, damaged, bottomless, or packed by nobody knows what.
import { bufferOf } from '../../formats/bytes.ts';
import { callsOf } from '../../formats/command-line/calls.ts';
import { targetsOf } from '../../formats/command-line/targets.ts';
import { findThroughLinks } from '../../image/follow.ts';
import type { Image, ImageFile } from '../../image/image.ts';
import { pathGlobs } from '../../image/path-globs.ts';
import { valueText } from '../../image/value-text.ts';
import { defineRule, type OpaqueContent, type RuleContext } from '../../lint/rule.ts';

/** What the registry starts in the place of a program or when one ends; the rest is in the views of tasks, services and autostart entries. */
const STARTING = /^(?:debugger|monitorprocess)$/i;
/** What stands there is started by standing there; start folders and scripts of Setup are in the view of autostart entries. */
const STARTED_FOLDERS = pathGlobs(['/Windows/System32/GroupPolicy/{Machine,User}/Scripts/**']);
/** Texts that start programs. */
const STARTERS = [
  '/Windows/Setup/Scripts/**',
  '/Windows/System32/Tasks/**',
  '/Windows/System32/GroupPolicy/**',
  '/Users/*/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/*',
  '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/*',
  '/**/*unattend*.xml',
];
/** A larger text is no list of commands. */
const STARTER_BYTES_MAX = 4 * 1024 * 1024;
const SCRIPT = /\.(?:cmd|bat|ps1|psm1|vbs|vbe|js|jse|wsf|hta)$/i;
/** Scripts that are started and what they call in turn: an image that starts more of them has been made to keep a reader busy. */
const SCRIPTS_MAX = 500;
/** Scripts that call scripts are followed so far, as in `activation/setup-script`. */
const CALLS_DEEP = 3;
/** Where servicing, drivers and store apps lie. Windows and its makers put nothing there that users bring. */
const WINDOWS_OWN = pathGlobs([
  '/Windows/{WinSxS,servicing,System32,SysWOW64,Installer,Provisioning,SystemApps,SystemResources,assembly,Microsoft.NET,INF,Help,IME,Boot,Fonts,SoftwareDistribution,PolicyDefinitions,diagnostics,Resources,ImmersiveControlPanel}/**',
  '/Program Files/WindowsApps/**',
  '/{Program Files,Program Files (x86)}/{Windows Defender,Windows NT,Internet Explorer,Microsoft,Common Files/Microsoft Shared}/**',
  '/ProgramData/{Microsoft,Package Cache,Packages}/**',
  '/Recovery/**',
  '/Boot/**',
]);

export const opaqueContent = defineRule({
  id: 'hygiene/opaque-content',
  title: 'Every archive in the image can be looked into, to the bottom',
  description: `Archives are opened wherever they lie and whatever they are named: zip, 7z, cab, msi, NSIS, self-extracting programs, gz, xz, zst, ISO, WIM,
disks, and archives in archives. This rule tells what could not be opened: encrypted or damaged archives, members that unpack to more than a
hundred times their size, more than eight archives deep, installers and packers that nobody here knows.

**Weight.** In full when something starts the file (a service, a task of either store, an autostart entry, a script of Setup or of policy, an answer
file, a provisioning package, a script that one of these starts), whatever it is, and where only users and image builders put files. A warning below the folders that servicing fills (\`Windows\\WinSxS\`, \`Windows\\System32\`, store
apps, the package caches), and for programs with an unknown packer that nothing starts: honest installers are such.

**Cannot be proved.** What is in it. A name in a command is compared, not the path: two files of one name are told alike. RAR needs a decoder that
Debian ships apart (7zip-rar); without it such an archive is told here.

**Honest look-alikes.** Installers of vendors with a packer of their own, encrypted backups, documents with a password: allow them by path, digest and reason.

Sources: the formats as 7-Zip and wimlib read them; ratios and depths are measured on installers.`,
  level: 'opaque',
  why: 'An activator in an archive with a password is invisible to every other rule.',
  repair: { text: 'Put the content into the image unpacked, or without a password; or allow the file by its path with a reason.' },
  options: {},
  messages: {
    started: 'something starts this file, and it could not be looked into: {detail}',
    opaque: 'could not be looked into: {detail}',
    stock: 'could not be looked into, and lies where Windows keeps its own: {detail}',
  },
  select: {
    files: STARTERS,
    content: 'whole',
    large: 'visit',
    keys: ['Microsoft', 'Wow6432Node\\Microsoft'].flatMap((vendor) =>
      ['Image File Execution Options', 'SilentProcessExit'].map((name) => `SOFTWARE\\${vendor}\\Windows NT\\CurrentVersion\\${name}\\*`),
    ),
  },
  create(ctx) {
    const found: OpaqueContent[] = [];
    const commands: string[] = [];
    const scripts: ImageFile[] = [];

    return {
      opaque: (content) => void found.push(content),
      file(file, content) {
        if (!content || content.length > STARTER_BYTES_MAX) return;
        for (const text of textsOf(content)) commands.push(text);
        if (SCRIPT.test(file.path)) scripts.push(file);
      },
      key(key) {
        for (const value of key.values.values()) if (STARTING.test(value.name)) commands.push(valueText(value) ?? '');
      },
      async end(image) {
        if (found.length === 0) return; // what the views cannot see does not matter then
        const lines = await startedLines(ctx.views);
        const tooMany = () => ctx.unable(`more than ${SCRIPTS_MAX} scripts are started`);
        commands.push(...lines, ...(await scriptTexts(ctx.views, image, scripts, lines, tooMany)));
        const said = commands.map((text) => text.toLowerCase());
        const named = new Map<string, boolean>();
        for (const { at, path, why, detail } of found) {
          const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
          if (!named.has(name))
            named.set(
              name,
              said.some((text) => isNamed(text, name)),
            );
          const data = { detail };
          if (STARTED_FOLDERS(path) || named.get(name)) ctx.report({ messageId: 'started', at, data });
          else if (WINDOWS_OWN(path)) ctx.report({ messageId: 'stock', at, data, severity: 'warning' });
          else if (why === 'unknown-packer') ctx.report({ messageId: 'opaque', at, data, severity: 'warning' });
          else ctx.report({ messageId: 'opaque', at, data });
        }
      },
    };
  },
});

type Views = Pick<RuleContext['views'], 'autostart' | 'scmEntries' | 'script' | 'tasks'>;

/** What tasks of either store, services and autostart entries of the machine and of every user run. */
async function startedLines(views: Views): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { actions } of (await views.tasks()) ?? [])
    for (const action of actions) if (action.kind === 'exec') lines.push(`"${action.command.replaceAll('"', '')}" ${action.arguments}`);
  for (const { imagePath, library, onFailure } of (await views.scmEntries()) ?? []) lines.push(imagePath, library, onFailure);
  for (const { command } of (await views.autostart()) ?? []) lines.push(command);
  return lines;
}

/** The scripts that are started, by where they lie or by one of the lines, and what they call, each in plain form. */
async function scriptTexts(
  views: Views,
  image: Image,
  scripts: readonly ImageFile[],
  lines: readonly string[],
  tooMany: () => void,
): Promise<readonly string[]> {
  const open: { readonly file: ImageFile; readonly depth: number }[] = [];
  const seen = new Set<string>();
  const add = (file: ImageFile | undefined, depth: number) => {
    if (!file || file.size === 0 || seen.has(file.path.toLowerCase())) return;
    if (seen.size >= SCRIPTS_MAX) return tooMany();
    seen.add(file.path.toLowerCase());
    open.push({ file, depth });
  };
  const addCalled = async (path: string, depth: number) => {
    if (SCRIPT.test(path)) add((await findThroughLinks(image, path)).file, depth);
  };
  for (const file of scripts) add(file, 0);
  for (const line of lines) for (const path of targetsOf(line).flat()) await addCalled(path, 1);
  const texts: string[] = [];
  for (let next = open.shift(); next; next = open.shift()) {
    const { file, depth } = next;
    const layers = (await views.script({ file }))?.layers ?? [];
    texts.push(...layers.map(({ text }) => text));
    if (depth >= CALLS_DEEP) continue;
    const folder = file.path.slice(0, file.path.lastIndexOf('/'));
    for (const path of new Set(layers.flatMap(({ text }) => callsOf(text, folder)))) await addCalled(path, depth + 1);
  }
  return texts;
}

/** Tasks are UTF-16, scripts mostly not. */
function textsOf(content: Uint8Array): readonly string[] {
  const bytes = bufferOf(content);
  return [bytes.toString('utf8'), bytes.toString('utf16le')];
}

/** The name as a word of its own: `setup.exe` is not named by `mysetup.exe`. */
function isNamed(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = [text[at - 1], text[at + name.length]];
    if (around.every((char) => char === undefined || !/[\p{L}\p{N}_.-]/u.test(char))) return true;
  }
  return false;
}
