// Puts one answer file into the image, with what Setup needs to generalize, specialize and greet without questions.
import { FormatError } from '../formats/bytes.ts';
import { XML_MAX_BYTES } from '../formats/xml/decode.ts';
import type { Draft } from '../image/draft.ts';
import { runAtFirstBoot } from '../image/first-boot.ts';
import type { Architecture } from '../image/image.ts';
import { listedTimeZones } from '../image/listed-time-zones.ts';
import type { Resolved } from '../pipeline/options.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';
import { answerFile, mergeSettings } from '../unattend/build.ts';
import { holdsSecrets, passwordsOf } from '../unattend/decode.ts';
import { ANSWER_FILE_VALUE, answerFileCopies, answerFileLocations, answerFilesInWindows } from '../unattend/locations.ts';
import { mergeAnswerFiles } from '../unattend/merge.ts';
import { conflictLine, type MergeConflict, MergeConflictError } from '../unattend/merge-conflict.ts';
import { type AnswerFile, componentsOf, parseAnswerFile, processedPasses, renderAnswerFile, settingOf } from '../unattend/model.ts';
import { type LocalAccount, sealingPasses } from '../unattend/sealing.ts';
import { knownTimeZone, likeTimeZones, timeZones } from '../unattend/time-zones.ts';

const FOLDERS = { panther: '/Windows/Panther', sysprep: '/Windows/System32/Sysprep' } as const;
const SHELL = 'Microsoft-Windows-Shell-Setup';
const SYSTEM_HIVE = '/Windows/System32/config/SYSTEM';
const VALUE = `SYSTEM\\${ANSWER_FILE_VALUE.key}: ${ANSWER_FILE_VALUE.name}`;
/** What the user database takes. (Microsoft, naming conventions; the length of a password is that of the log-on dialogue) */
const PASSWORD_MAX = 127;
const BUILT_IN = /^(?:Administrator|Guest|DefaultAccount|WDAGUtilityAccount|SYSTEM|LOCAL SERVICE|NETWORK SERVICE|NONE)$/i;

const options = {
  location: {
    type: 'string',
    description: 'panther is found first and scrubbed by Setup; sysprep stands below removable media',
    oneOf: ['panther', 'sysprep'],
    default: 'panther',
  },
  base: {
    type: 'string',
    description: "An answer file of the host, from the config's folder, that this step's settings are put into",
  },
  existing: {
    type: 'string',
    description: 'merge keeps what a file in the image says otherwise; replace writes a new one',
    oneOf: ['merge', 'replace'],
    default: 'merge',
  },
  conflict: {
    type: 'string',
    description: 'When an earlier file has another value: later takes ours, base keeps that of the file, error refuses',
    oneOf: ['later', 'error', 'base'],
    default: 'later',
  },
  others: {
    type: 'string',
    description: 'Any other answer file that Setup would find or has kept, and the registry value that names one: remove it, or refuse',
    oneOf: ['remove', 'error'],
    default: 'remove',
  },
  deleteAfterSetup: {
    type: 'boolean',
    description: 'Whether SetupComplete deletes the file and the copies that Setup keeps, before anybody can log on',
    default: true,
  },
  mode: {
    type: 'string',
    description: 'oobe greets the user of a workspace; audit has a reference machine seal itself and shut down',
    oneOf: ['oobe', 'audit'],
    default: 'oobe',
  },
  computerName: {
    type: 'string',
    description: '* for a random name, or a name that every clone will have',
    default: '*',
    pattern: '\\*|(?![0-9]+$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?',
  },
  timeZone: {
    type: 'string',
    description: 'Time zone by its Windows name, for example "W. Europe Standard Time"; one that the image does not know is refused',
    pattern: '[A-Za-z][A-Za-z0-9 .()+_-]{1,62}',
  },
  locale: {
    type: 'string',
    description: 'Language and region of system, user and dialogue: "de-DE"',
    pattern: '[a-z]{2,3}(?:-[A-Z][a-z]{3})?-(?:[A-Z]{2}|[0-9]{3})',
  },
  inputLocale: {
    type: 'string',
    description: 'Keyboard: "de-DE" or "0407:00000407"; several with semicolons',
    pattern: '[A-Za-z0-9:;-]{2,100}',
  },
  extendOsPartition: {
    type: 'boolean',
    description: 'Whether Windows grows its partition to the end of the disk; left out, the file says nothing of it',
  },
  hideOobe: { type: 'boolean', description: 'Whether the pages of the first-run dialogue are hidden', default: true },
  protectYourPC: { type: 'integer', description: 'Express settings: 1 recommended, 2 updates only, 3 off', default: 3, min: 1, max: 3 },
  accountName: {
    type: 'string',
    description: 'A local account to make; without it the dialogue asks for one',
    pattern: '(?![. ])[^"/\\\\\\[\\]:;|=,+*?<>@\\u0000-\\u001f]{1,20}(?<![. ])',
  },
  accountGroup: { type: 'string', description: 'Its group', oneOf: ['Users', 'Administrators'], default: 'Users' },
  accountPassword: { type: 'secret', description: 'Its password; needed with accountName' },
} as const;

type Settings = Resolved<typeof options>;

export const generalizeAnswerFile = defineStep({
  id: 'generalize-answer-file',
  version: 2,
  title: 'Put one answer file into the image',
  description: `One answer file for the image's architecture:

- **generalize**: \`SkipRearm\` 0 (the licence state is reset, so clones do not share a client ID), \`PersistAllDeviceInstalls\` and
  \`DoNotCleanUpNonPresentDevices\` false (a workspace meets other hardware each time). With \`mode: 'oobe'\` this pass runs only when somebody starts
  this image and seals it again with sysprep. With \`mode: 'audit'\` a reference machine that starts the image goes to audit mode (\`Reseal\`), generalizes
  itself and shuts down (\`Generalize\` with \`ForceShutdownNow\` in auditUser): capture it then; that image is the one for workspaces.
- **specialize**, at the next start: \`ComputerName\` (\`*\` makes a random one), the time zone and the locales that were given, the language of the
  dialogue only when System32 holds a folder for it, and \`ExtendOSPartition\` when it was chosen.
- **oobeSystem**: the pages of the first-run dialogue that can be answered beforehand are hidden. A local account is made only with
  \`accountName\` and \`accountPassword\`, a reference to a secret; it is stored as Setup wants it, which hides it from nobody: the gate reports it, and an
  allowlist entry with a reason must cover it.

It lies at \`Windows\\Panther\\unattend.xml\` by default. Setup searches Panther before removable media and before Sysprep, and scrubs secrets only in
Panther. (Microsoft, Windows Setup automation overview) Exactly one file is left: every other one that Setup would find, the copies that it
keeps of earlier runs, and the registry value that names a file are removed, or refused with \`others: 'error'\`.

\`deleteAfterSetup\` lets SetupComplete delete the file and Setup's copies of it as SYSTEM, before anybody can log on. It is left out in audit mode, where
the file is still needed. A file with FirstLogonCommands is deleted before these run; whether Windows has taken them over by then is [U].

\`base\` is an answer file of the host. It is put over a file in the image, and this step's settings over both; each keeps what the later ones do not
set, formatting and comments included. Where they do not agree, \`conflict\` says which one wins, and each such setting is reported with both
values and lines. A \`base\` with a password is refused: passwords come by reference. A file in the image whose passes Setup has marked as done is its
working copy of an earlier installation, and those passes would not run again; it is replaced. Settings and passes are those of Microsoft's
reference of 2018; time zones are those that the image's registry lists.`,
  options,
  async skip(image) {
    return (await image.has('/Windows')) ? undefined : 'the image has no Windows folder';
  },
  async run(draft, settings, ctx) {
    const { architecture } = draft.info;
    if (architecture === 'unknown') ctx.fail('nothing in the image says its architecture, and Setup skips components of another one');
    const { locale, mode } = settings;
    const timeZone = await checkedTimeZone(draft, settings.timeZone, ctx);
    const account = await accountOf(settings, ctx);
    const language = await uiLanguage(draft, locale, ctx);
    const spec = { architecture, passes: sealingPasses({ ...settings, timeZone, language, account }) };
    const folder = FOLDERS[settings.location];
    const target = `${(await draft.find(folder))?.path ?? folder}/unattend.xml`;

    const present = await earlierFile(draft, target, settings, ctx);
    if (present) remarkArchitectures(present, architecture, target, ctx);
    const { conflict, others } = settings;
    const merge = (earlier: AnswerFile) => mergeSettings({ name: target, file: earlier }, { name: 'this step', spec }, conflict);
    const file = present ? agreed(target, ctx, () => merge(present)) : answerFile(spec);
    await draft.write(target, renderAnswerFile(file), { secret: account !== undefined || holdsSecrets(file) });
    await settleOthers(draft, target, others, ctx);
    if (settings.deleteAfterSetup && mode === 'oobe') {
      const lines = answerFilesInWindows.map((path) => `if exist "${path}" del /f /q "${path}"`);
      await runAtFirstBoot(draft, 'generalize-answer-file', [{ id: 'delete-answer-files', lines: [...lines, 'exit /b 0'] }], ctx);
    }
    // A first boot that deletes the file leaves none for a later sysprep to find.
    const given = settings.deleteAfterSetup ? ' /unattend:FILE, as the file in the image is deleted at first boot' : '';
    ctx.note(
      mode === 'oobe'
        ? `the generalize pass runs only when somebody starts this image and seals it again with sysprep /generalize${given}`
        : 'the generalize pass runs when a reference machine has started this image: it seals itself and shuts down; give workspaces the image that is captured from it',
    );
    const name = settingOf(file, 'specialize', SHELL, 'ComputerName', architecture) ?? '*';
    if (name !== '*') ctx.note(`every workspace made from this image will be called ${name}`);
  },
});

/** @returns the zone as the image writes it */
async function checkedTimeZone(draft: Draft, zone: string | undefined, ctx: StepContext): Promise<string | undefined> {
  if (zone === undefined) return undefined;
  const listed = await listedTimeZones(draft);
  const known = listed.length > 0 ? listed : timeZones;
  const found = knownTimeZone(zone, known);
  if (found !== undefined) return found;
  const like = likeTimeZones(zone, known);
  return ctx.fail(
    `timeZone "${zone}": ${listed.length > 0 ? 'the image does not know it' : 'is no time zone of Windows'} (${known.length} are known)`,
    like.length > 0
      ? `Did you mean ${like.map((one) => `"${one}"`).join(' or ')}?`
      : 'Take a name of Windows, such as "W. Europe Standard Time".',
  );
}

async function accountOf(
  { accountName, accountGroup, accountPassword, mode }: Settings,
  ctx: StepContext,
): Promise<LocalAccount | undefined> {
  if (accountName === undefined && accountPassword === undefined) return undefined;
  if (accountName === undefined || accountPassword === undefined) return ctx.fail('an account needs accountName and accountPassword, both');
  if (BUILT_IN.test(accountName)) ctx.fail(`accountName ${accountName}: is a name that Windows has for itself`, 'Choose another name.');
  if (mode === 'audit')
    ctx.fail('an account cannot be made in audit mode, where the file with its password stays', 'Make it in the image that is captured.');
  const password = await ctx.reveal(accountPassword);
  if (password.length > PASSWORD_MAX) ctx.fail(`accountPassword: is longer than ${PASSWORD_MAX} characters`);
  ctx.note(
    `the answer file holds the password of ${accountName}, hidden but not encrypted: the gate reports it, and an allowlist entry must cover it`,
  );
  return { name: accountName, group: accountGroup, password };
}

/** The merge of earlier settings with ours; what the two do not agree on is reported, or refused. */
function agreed(
  what: string,
  ctx: StepContext,
  merge: () => { readonly file: AnswerFile; readonly conflicts: readonly MergeConflict[] },
): AnswerFile {
  try {
    const result = merge();
    for (const one of result.conflicts) ctx.note(conflictLine(one));
    return result.file;
  } catch (error) {
    if (!(error instanceof MergeConflictError)) throw error;
    const all = error.conflicts.map(conflictLine).join('; ');
    return ctx.fail(
      `${what}: does not agree with this step (${all})`,
      'Change the file or the options, or set conflict: "later" or "base".',
    );
  }
}

/** The language of the dialogue, when the image can speak it: each installed language has a folder of that name in System32. */
async function uiLanguage(draft: Draft, locale: string | undefined, ctx: StepContext): Promise<string | undefined> {
  if (locale === undefined || (await draft.find(`/Windows/System32/${locale}`))?.folder) return locale;
  ctx.note(`the image has no language pack for ${locale}: region and keyboard are set, the language of the dialogue (UILanguage) is not`);
  return undefined;
}

/** What our settings are put into: the file at the target, with the host's file over it. */
async function earlierFile(draft: Draft, target: string, settings: Settings, ctx: StepContext): Promise<AnswerFile | undefined> {
  const present = settings.existing === 'merge' ? await existingFile(draft, target, ctx) : undefined;
  if (settings.base === undefined) return present;
  const { base: name } = settings;
  const base = parsed(await ctx.host.read(name, XML_MAX_BYTES), name, 'Repair it.', ctx);
  if (passwordsOf(base).some(({ state }) => state !== 'scrubbed'))
    ctx.fail(`${name}: holds a password`, 'Take it out, and give the account with accountName and accountPassword.');
  if (!present) return base;
  const inputs = [
    { name: target, file: present },
    { name, file: base },
  ];
  return agreed(target, ctx, () => mergeAnswerFiles(inputs, settings));
}

/** The file at the target, unless it is Setup's own copy of a finished installation. */
async function existingFile(draft: Draft, target: string, ctx: StepContext): Promise<AnswerFile | undefined> {
  if (!(await draft.has(target))) return undefined;
  const file = parsed(await draft.read(target), target, 'Repair it, or set existing: "replace".', ctx);
  const done = processedPasses(file);
  if (done.length === 0) return file;
  ctx.note(`${target}: Setup had marked ${done.join(', ')} as done, so it is its copy of an earlier installation; it was replaced`);
  return undefined;
}

function parsed(bytes: Uint8Array, name: string, hint: string, ctx: StepContext): AnswerFile {
  try {
    return parseAnswerFile(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return ctx.fail(`${name}: cannot be read as an answer file (${error.message})`, hint);
  }
}

function remarkArchitectures(file: AnswerFile, architecture: Architecture, target: string, ctx: StepContext): void {
  const others = componentsOf(file).filter((one) => ![architecture, 'wow64'].includes(one.architecture.toLowerCase()));
  const names = [...new Set(others.map((one) => one.architecture || '(none)'))];
  if (names.length > 0) ctx.note(`${target}: holds components for ${names.join(', ')}, which Setup skips on ${architecture}`);
}

/** Every other file that Setup would find or has kept, and the registry value that stands above all of them; what it names stays as a file. */
async function settleOthers(draft: Draft, target: string, others: Settings['others'], ctx: StepContext): Promise<void> {
  for (const { path, reason } of [...answerFileLocations, ...answerFileCopies]) {
    const other = await draft.find(path);
    if (!other || other.folder || other.path.toLowerCase() === target.toLowerCase()) continue;
    if (others === 'error')
      ctx.fail(`${other.path}: another answer file (${reason})`, 'Remove it from the base image, or set others: "remove".');
    await draft.remove(other.path);
    ctx.note(`${other.path}: another answer file, removed (${reason})`);
  }
  const named = await namedByRegistry(draft);
  if (!named) return;
  if (others === 'error') ctx.fail(`${VALUE} names ${JSON.stringify(named)}, which wins over every file`, 'Set others: "remove".');
  await draft.deleteValue('SYSTEM', ANSWER_FILE_VALUE.key, ANSWER_FILE_VALUE.name);
  ctx.note(`${VALUE} named ${JSON.stringify(named)}; the value was removed, a file of that name stays`);
}

/** What `UnattendFile` holds, when it holds anything. */
async function namedByRegistry(draft: Draft): Promise<string | undefined> {
  if (!(await draft.has(SYSTEM_HIVE))) return undefined;
  const named = (await draft.hive('SYSTEM')).value(ANSWER_FILE_VALUE.key, ANSWER_FILE_VALUE.name)?.decoded;
  return typeof named?.data === 'string' && named.data !== '' ? named.data : undefined;
}
