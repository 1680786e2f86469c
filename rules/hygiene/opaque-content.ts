// What could not be looked into: archives that are encrypted, damaged, bottomless, or packed by nobody knows what.
import type { StoredValue } from '../../image/image.ts';
import { pathGlobs } from '../../image/path-globs.ts';
import { defineRule, type OpaqueContent, type VisitedKey } from '../../lint/rule.ts';

/** Values that name what Windows starts: services, logon, the shell, Setup. */
const STARTING = /^(?:imagepath|servicedll|shell|userinit|taskman|cmdline|debugger|stubpath|appinit_dlls)$/i;
const AUTOSTART = /\\(?:Run|RunOnce|RunOnceEx|RunServices)(?:\\[^\\]+)*$|\\Active Setup\\Installed Components\\[^\\]+$/i;
/** What stands in these folders is started by standing there. */
const STARTED_FOLDERS = pathGlobs([
  '/Users/*/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/*',
  '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/*',
  '/Windows/System32/GroupPolicy/{Machine,User}/Scripts/**',
  '/Windows/Setup/Scripts/{SetupComplete,ErrorHandler}.cmd',
]);
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

**Weight.** In full when something starts the file (a service, a task, an autostart entry, a script of Setup, an answer file), whatever it is, and
where only users and image builders put files. A warning below the folders that servicing fills (\`Windows\\WinSxS\`, \`Windows\\System32\`, store
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
    keys: [
      ...['Microsoft', 'Wow6432Node\\Microsoft'].flatMap((vendor) => [
        `SOFTWARE\\${vendor}\\Windows\\CurrentVersion\\Run`,
        `SOFTWARE\\${vendor}\\Windows\\CurrentVersion\\RunOnce`,
        `SOFTWARE\\${vendor}\\Windows\\CurrentVersion\\RunOnceEx\\**`,
        `SOFTWARE\\${vendor}\\Windows NT\\CurrentVersion\\Winlogon`,
        `SOFTWARE\\${vendor}\\Active Setup\\Installed Components\\*`,
      ]),
      'SYSTEM\\Setup',
      'SYSTEM\\ControlSet*\\Services\\*',
      'SYSTEM\\ControlSet*\\Services\\*\\Parameters',
      '/Users/*/NTUSER.DAT\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
      '/Users/*/NTUSER.DAT\\Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce',
    ],
  },
  create(ctx) {
    const found: OpaqueContent[] = [];
    const commands: string[] = [];

    return {
      opaque: (content) => void found.push(content),
      file(file, content) {
        if (file.folder || !content || content.length > STARTER_BYTES_MAX) return;
        for (const text of textsOf(content)) commands.push(text);
      },
      key(key) {
        for (const value of key.values.values()) if (starts(key, value)) commands.push(...dataOf(value));
      },
      end() {
        if (found.length === 0) return;
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

function starts(key: VisitedKey, { name }: StoredValue): boolean {
  return STARTING.test(name) || AUTOSTART.test(key.path);
}

function dataOf({ decoded }: StoredValue): readonly string[] {
  if (decoded?.type === 'REG_MULTI_SZ') return decoded.data;
  return decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ' ? [decoded.data] : [];
}

/** Tasks are UTF-16, scripts mostly not: what has zeros in every second place is read as both. */
function textsOf(content: Uint8Array): readonly string[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  const wide = bytes.includes(0) ? [bytes.toString('utf16le')] : [];
  return [bytes.toString('utf8'), ...wide];
}

/** The name as a word of its own: `setup.exe` is not named by `mysetup.exe`. */
function isNamed(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = [text[at - 1], text[at + name.length]];
    if (around.every((char) => char === undefined || !/[\p{L}\p{N}_.-]/u.test(char))) return true;
  }
  return false;
}
