// Every place of an image from which Windows starts something by itself, but for tasks and services: what is named there, and where it stands.
import { ImageError, WtgforgeError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { plainText } from '../../formats/plain-text.ts';
import { commandOfLink } from '../../formats/shell-link/command.ts';
import { leavesOf } from '../../formats/xml/difference.ts';
import { parseXml } from '../../formats/xml/parse.ts';
import { controlSets } from '../../image/control-set.ts';
import { isHiveCopy } from '../../image/hive-path.ts';
import type { Hive, HiveName, Image, ImageFile } from '../../image/image.ts';
import { valueText } from '../../image/value-text.ts';
import { isCommandSetting } from '../../unattend/command-files.ts';
import { answerFileCopies, answerFileLocations } from '../../unattend/locations.ts';
import { componentsOf, parseAnswerFile, settingsOf } from '../../unattend/model.ts';
import type { Location } from '../location.ts';
import { imageView, type Sight } from '../view.ts';
import { link } from './link.ts';

export type StartKind =
  | 'run'
  | 'active-setup'
  | 'winlogon'
  | 'app-init'
  | 'app-cert'
  | 'command-processor'
  | 'user-setting'
  | 'file-class'
  | 'policy-script'
  | 'boot-execute'
  | 'security-package'
  | 'setup'
  | 'setup-script'
  | 'startup-folder'
  | 'provisioning'
  | 'answer-file';

export interface StoredStart {
  readonly kind: StartKind;
  readonly at: Location;
  /** Name of the value, setting or file. */
  readonly name: string;
  /** The command line or list of libraries as stored; the path of the file (`C:\…`) for scripts and start folders. */
  readonly command: string;
}

export interface Start extends StoredStart {
  /** What is run: the command, or what a link in a start folder stands for. */
  readonly line: string;
}

/** Values that start something: all of a key, or those of these names. A `*` stands for any one key. */
interface Place {
  readonly kind: StartKind;
  readonly key: string;
  readonly names?: readonly string[];
}

const RUN = ['Run', 'RunOnce', 'RunOnceEx', 'RunOnceEx\\*', 'RunServices', 'RunServicesOnce', 'Policies\\Explorer\\Run'];
const SCRIPTS = ['Startup', 'Shutdown', 'Logon', 'Logoff'];

/** Below SOFTWARE and below `Software` of every user, each in its 32-bit view, too. */
const PLACES: readonly Place[] = [
  ...RUN.map((key): Place => ({ kind: 'run', key: `Microsoft\\Windows\\CurrentVersion\\${key}` })),
  { kind: 'active-setup', key: 'Microsoft\\Active Setup\\Installed Components\\*', names: ['StubPath'] },
  {
    kind: 'winlogon',
    key: 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
    names: ['Shell', 'Userinit', 'Taskman', 'VmApplet', 'AppSetup', 'GinaDLL', 'System'],
  },
  { kind: 'winlogon', key: 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Notify\\*', names: ['DllName'] },
  { kind: 'winlogon', key: 'Microsoft\\Windows\\CurrentVersion\\Policies\\System', names: ['Shell'] },
  { kind: 'app-init', key: 'Microsoft\\Windows NT\\CurrentVersion\\Windows', names: ['AppInit_DLLs', 'Load', 'Run'] },
  { kind: 'command-processor', key: 'Microsoft\\Command Processor', names: ['AutoRun'] },
  // Called for each program or script that somebody starts.
  ...['exefile', 'comfile', 'batfile', 'cmdfile'].flatMap((type) =>
    ['open', 'runas'].map((verb): Place => ({ kind: 'file-class', key: `Classes\\${type}\\shell\\${verb}\\command`, names: [''] })),
  ),
  ...SCRIPTS.flatMap((phase) =>
    ['Microsoft\\Windows\\CurrentVersion\\Group Policy\\Scripts', 'Policies\\Microsoft\\Windows\\System\\Scripts'].map(
      (key): Place => ({ kind: 'policy-script', key: `${key}\\${phase}\\*\\*`, names: ['Script'] }),
    ),
  ),
];

/** Below the root of every user's hive. */
const USER_PLACES: readonly Place[] = [
  { kind: 'user-setting', key: 'Environment', names: ['UserInitMprLogonScript'] },
  { kind: 'user-setting', key: 'Control Panel\\Desktop', names: ['SCRNSAVE.EXE'] },
];

/** Below each control set. */
const SYSTEM_PLACES: readonly Place[] = [
  {
    kind: 'boot-execute',
    key: 'Control\\Session Manager',
    names: ['BootExecute', 'SetupExecute', 'Execute', 'S0InitialCommand', 'PlatformExecute'],
  },
  { kind: 'app-cert', key: 'Control\\Session Manager\\AppCertDlls' },
  { kind: 'security-package', key: 'Control\\Lsa', names: ['Authentication Packages', 'Security Packages', 'Notification Packages'] },
];

const USER_HIVES = ['/**/ntuser.{dat,man}', '/Windows/System32/config/DEFAULT'];
const FOLDERS_OF_STARTS = [
  '/**/Start Menu/Programs/{Startup,StartUp}/*',
  '/**/Startmenü/Programme/Autostart/*', // localised on Windows before Vista
  '/Windows/Setup/Scripts/{SetupComplete,ErrorHandler,OOBE}.{cmd,bat}',
];
const POLICY_FILES = ['/Windows/System32/GroupPolicy{,Users/**}/**/{scripts,psscripts}.ini'];
/** Settings of provisioning packages, unpacked: their commands run as SYSTEM in the first-run experience (Microsoft, "ProvisioningCommands"). */
const PROVISIONING = ['/ProgramData/Microsoft/Provisioning/**/*.xml', '/Recovery/Customizations/**/*.xml'];
const LINK = /\.lnk$/i;
/** What is in every start folder and starts nothing. */
const NO_START = /\/desktop\.ini$/i;
const COMMAND_LINE = /<(?:\w+:)?CommandLine\b/i;
const FILE_MAX = 8 * 1024 * 1024;
/** An image that starts more things by itself is made to keep a reader busy. */
const STARTS_MAX = 200_000;

export const autostart = imageView<readonly Start[]>({
  walks: [USER_HIVES, FOLDERS_OF_STARTS, POLICY_FILES],
  async read(image, sight) {
    const starts: Start[] = [];
    const add: Add = (start, line = start.command) => {
      if (start.command === '') return;
      if (starts.length >= STARTS_MAX) throw new FormatError('autostart', `there are more than ${STARTS_MAX} entries`);
      starts.push({ ...start, line });
    };
    await tell(sight, 'SOFTWARE', async () => readHive(await image.hive('SOFTWARE'), 'SOFTWARE', '', add));
    await tell(sight, 'SYSTEM', async () => readSystem(await image.hive('SYSTEM'), 'SYSTEM', add));
    for await (const file of sight.walk(USER_HIVES)) {
      const name = file.path as HiveName;
      if (file.folder || file.size === 0 || isHiveCopy(name)) continue;
      await tell(sight, file.path, async () => readHive(await image.hive(name), name, 'Software\\', add));
    }
    for await (const file of sight.walk(FOLDERS_OF_STARTS)) {
      if (file.folder || NO_START.test(file.path)) continue;
      const kind = /\/setup\/scripts\//i.test(file.path) ? 'setup-script' : 'startup-folder';
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      const line = LINK.test(name) ? await sight.see(link)({ file }) : undefined;
      add({ kind, at: { file: file.path }, name, command: windowsPath(file.path) }, line && commandOfLink(line));
    }
    for await (const file of sight.walk(POLICY_FILES)) await tell(sight, file.path, () => readPolicyFile(file, add));
    for await (const file of image.walk({ files: PROVISIONING })) await tell(sight, file.path, () => readProvisioning(file, add));
    for (const path of await answerFiles(image)) await tell(sight, path, () => readAnswerFile(image, path, add));
    return starts;
  },
});

/** Without a line the command is what is run. */
type Add = (start: StoredStart, line?: string) => void;

/** What a hive starts, SOFTWARE or that of a user, whose places stand below the root `Software\\`. */
export function readHive(hive: Hive, name: HiveName, root: string, add: Add): void {
  for (const view of ['', 'Wow6432Node\\']) for (const place of PLACES) readPlace(hive, name, `${root}${view}`, place, add);
  if (root !== '') for (const place of USER_PLACES) readPlace(hive, name, '', place, add);
}

export function readSystem(hive: Hive, name: HiveName, add: Add): void {
  for (const set of controlSets(hive)) for (const place of SYSTEM_PLACES) readPlace(hive, name, `${set}\\`, place, add);
  readPlace(hive, name, '', { kind: 'setup', key: 'Setup', names: ['CmdLine'] }, add);
}

function readPlace(hive: Hive, name: HiveName, root: string, place: Place, add: Add): void {
  const names = place.names?.map((one) => one.toLowerCase());
  for (const key of keysLike(hive, `${root}${place.key}`)) {
    const values = hive.values(key);
    for (const value of values) {
      if (names && !names.includes(value.name.toLowerCase())) continue;
      const text = valueText(value) ?? '';
      const parameters = place.kind === 'policy-script' ? ` ${valueText(values.find((one) => /^parameters$/i.test(one.name))) ?? ''}` : '';
      add({
        kind: place.kind,
        at: { hive: name, key, name: value.name },
        name: value.name || shortKey(key),
        command: `${text}${parameters}`.trim(),
      });
    }
  }
}

/** What a default value is called by. */
function shortKey(key: string): string {
  return key.split('\\').slice(-4).join('\\');
}

/** The keys that a pattern means, `*` for any one key. */
function keysLike(hive: Hive, pattern: string): readonly string[] {
  let keys = [''];
  for (const name of pattern.split('\\')) {
    keys = keys.flatMap((key) => (name === '*' ? hive.keys(key).map((one) => `${key}\\${one}`) : [key === '' ? name : `${key}\\${name}`]));
    if (name === '*' && keys.length > STARTS_MAX) throw new FormatError('autostart', `the registry holds more than ${STARTS_MAX} entries`);
  }
  return keys.filter((key) => hive.has(key));
}

/** `[Startup]`, `0CmdLine=…`, `0Parameters=…`, in UTF-16. */
async function readPolicyFile(file: ImageFile, add: Add): Promise<void> {
  if (file.folder) return;
  const lines = plainText(await contentOf(file)).split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const [, number, command] = /^\s*(\d+)CmdLine\s*=(.*)$/i.exec(line) ?? [];
    if (command === undefined) continue;
    const parameters = lines.map((one) => /^\s*(\d+)Parameters\s*=(.*)$/i.exec(one)).find((match) => match?.[1] === number)?.[2] ?? '';
    add({
      kind: 'policy-script',
      at: { file: file.path, line: index + 1 },
      name: `${number}CmdLine`,
      command: `${command} ${parameters}`.trim(),
    });
  }
}

/** Packages of different versions have the commands in different places: every `CommandLine` counts. */
async function readProvisioning(file: ImageFile, add: Add): Promise<void> {
  if (file.folder || file.size === 0) return;
  const content = await contentOf(file);
  if (!COMMAND_LINE.test(plainText(content))) return; // most of them, and not all are sound XML
  for (const { names, text } of leavesOf(parseXml(content).root)) {
    const name = names.at(-1) ?? '';
    if (/^CommandLine$/i.test(name)) add({ kind: 'provisioning', at: { file: file.path }, name, command: text });
  }
}

async function answerFiles(image: Image): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { path } of [...answerFileLocations, ...answerFileCopies]) {
    const file = await image.find(path).catch((error: unknown) => {
      if (error instanceof ImageError) return undefined; // a path through a link: not where Setup looks
      throw error;
    });
    if (file && !file.folder) paths.push(file.path);
  }
  return paths;
}

/** Commands of the passes that still run in this Windows; a pass that Setup marked as done is not run again. */
async function readAnswerFile(image: Image, path: string, add: Add): Promise<void> {
  const file = (await image.find(path))!;
  for (const component of componentsOf(parseAnswerFile(await contentOf(file)))) {
    if (component.pass === 'windowsPE' || component.processed) continue;
    for (const setting of settingsOf(component)) {
      if (!isCommandSetting(setting.path)) continue;
      const at: Location = { file: path, line: setting.at?.line };
      add({ kind: 'answer-file', at, name: `${component.pass}: ${setting.path}`, command: setting.value.trim() });
    }
  }
}

async function contentOf(file: ImageFile): Promise<Uint8Array> {
  if (file.size > FILE_MAX) throw new FormatError('autostart', `is too large to be looked at (${file.size} bytes)`);
  return file.read();
}

function windowsPath(path: string): string {
  return `C:${path.replaceAll('/', '\\')}`;
}

async function tell(sight: Sight, what: string, read: () => Promise<void> | void): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof WtgforgeError)) throw error;
    sight.unseen(error.message.includes(what) ? error.message : `${what}: ${error.message}`);
  }
}
