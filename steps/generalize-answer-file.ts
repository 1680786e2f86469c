// Puts one answer file into the image, with what Setup needs to generalize, specialize and greet without questions.
import { FormatError } from '../formats/bytes.ts';
import type { Draft } from '../image/draft.ts';
import type { Architecture } from '../image/image.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';
import { type AnswerSpec, answerFile, mergeSettings, type SettingGroup } from '../unattend/build.ts';
import { ANSWER_FILE_VALUE, type AnswerFileLocation, answerFileCopies, answerFileLocations } from '../unattend/locations.ts';
import { type ConflictAnswer, conflictLine, MergeConflictError } from '../unattend/merge-conflict.ts';
import { type AnswerFile, componentsOf, parseAnswerFile, processedPasses, renderAnswerFile, settingOf } from '../unattend/model.ts';

const FOLDERS = { panther: '/Windows/Panther', sysprep: '/Windows/System32/Sysprep' } as const;
const SHELL = 'Microsoft-Windows-Shell-Setup';
const INTERNATIONAL = 'Microsoft-Windows-International-Core';
const SYSTEM_HIVE = '/Windows/System32/config/SYSTEM';
const VALUE = `SYSTEM\\${ANSWER_FILE_VALUE.key}: ${ANSWER_FILE_VALUE.name}`;

interface Settings {
  readonly computerName: string;
  readonly timeZone?: string | undefined;
  readonly locale?: string | undefined;
  readonly inputLocale?: string | undefined;
  readonly hideOobe: boolean;
  readonly protectYourPC: number;
}

export const generalizeAnswerFile = defineStep({
  id: 'generalize-answer-file',
  title: 'Put one answer file into the image',
  description: `One answer file for the image's architecture, with three configuration passes:

- **generalize**, which runs only when somebody starts this image and seals it again with sysprep: \`SkipRearm\` 0 (the licence state is
  reset, so clones do not share a client ID), \`PersistAllDeviceInstalls\` and \`DoNotCleanUpNonPresentDevices\` false (a workspace meets
  other hardware each time).
- **specialize**, at the next start: \`ComputerName\` (\`*\` makes a random one), the time zone and the locales that were given;
  the language of the dialogue only when System32 holds a folder for it.
- **oobeSystem**: the pages of the first-run dialogue that can be answered beforehand are hidden. No account is made; the first user is
  asked for one.

It lies at \`Windows\\Panther\\unattend.xml\` by default. Setup searches Panther before removable media and before Sysprep, and scrubs
secrets only in Panther; a file at \`location: 'sysprep'\` is kept for every later generalize, but a file in Panther or on a
plugged-in medium wins over it. (Microsoft, Windows Setup automation overview) Exactly one file is written; every other one that Setup
would find is reported, and so is the registry value that names one; \`removeStale\` takes them away instead, and with them the copies
that Setup keeps of earlier runs, so that no forgotten file wins over this one.

A file that is there already is the base of a merge: it keeps everything that this step does not set, its formatting and comments
included. Where it has another value than this step, \`conflict\` says which one wins, and each such setting is reported with both
values and the line of the file. A file whose passes Setup has marked as done is its working
copy of an earlier installation, and those passes would not run again; it is replaced. Settings and passes are those of Microsoft's
reference of 2018; the file carries no password.`,
  options: {
    location: {
      type: 'string',
      description: 'panther is found first and scrubbed by Setup; sysprep stays for later generalizes',
      oneOf: ['panther', 'sysprep'],
      default: 'panther',
    },
    existing: {
      type: 'string',
      description: 'merge sets our settings in a file that is there; replace writes a new one',
      oneOf: ['merge', 'replace'],
      default: 'merge',
    },
    conflict: {
      type: 'string',
      description: 'When a file that is there has another value: later takes ours, base keeps that of the file, error refuses',
      oneOf: ['later', 'error', 'base'],
      default: 'later',
    },
    removeStale: {
      type: 'boolean',
      description: 'Remove every other answer file that Setup would find or has kept, and the registry value that names one',
      default: false,
    },
    computerName: {
      type: 'string',
      description: '* for a random name, or a name that every clone will have',
      default: '*',
      pattern: '\\*|(?![0-9]+$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?',
    },
    timeZone: {
      type: 'string',
      description: 'Time zone by its Windows name, for example "W. Europe Standard Time"',
      pattern: '[A-Za-z][A-Za-z0-9 .()+-]{1,62}',
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
    hideOobe: { type: 'boolean', description: 'Whether the pages of the first-run dialogue are hidden', default: true },
    protectYourPC: { type: 'integer', description: 'Express settings: 1 recommended, 2 updates only, 3 off', default: 3, min: 1, max: 3 },
  },
  async skip(image) {
    return (await image.has('/Windows')) ? undefined : 'the image has no Windows folder';
  },
  async run(draft, options, ctx) {
    const { architecture } = draft.info;
    if (architecture === 'unknown') ctx.fail('nothing in the image says its architecture, and Setup skips components of another one');
    const spec = { architecture, passes: passesOf(options, await uiLanguage(draft, options.locale, ctx)) };
    const folder = FOLDERS[options.location];
    const target = `${(await draft.find(folder))?.path ?? folder}/unattend.xml`;

    const present = options.existing === 'merge' ? await existingFile(draft, target, ctx) : undefined;
    if (present) remarkArchitectures(present, architecture, target, ctx);
    const file = present ? merged(present, target, spec, options.conflict, ctx) : answerFile(spec);
    await draft.write(target, renderAnswerFile(file));
    await (options.removeStale ? removeOthers : remarkOthers)(draft, target, ctx);
    ctx.note('the generalize pass runs only when somebody starts this image and seals it again with sysprep /generalize');
    const name = settingOf(file, 'specialize', SHELL, 'ComputerName', architecture) ?? '*';
    if (name !== '*') ctx.note(`every workspace made from this image will be called ${name}`);
  },
});

/** Our settings in the file that is there; what the two do not agree on is reported, or refused. */
function merged(file: AnswerFile, target: string, spec: AnswerSpec, conflict: ConflictAnswer, ctx: StepContext): AnswerFile {
  try {
    const result = mergeSettings({ name: target, file }, { name: 'this step', spec }, conflict);
    for (const one of result.conflicts) ctx.note(conflictLine(one));
    return result.file;
  } catch (error) {
    if (!(error instanceof MergeConflictError)) throw error;
    const all = error.conflicts.map(conflictLine).join('; ');
    return ctx.fail(
      `${target}: does not agree with this step (${all})`,
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

function passesOf(options: Settings, language: string | undefined): AnswerSpec['passes'] {
  const { timeZone, locale, inputLocale } = options;
  const zone: SettingGroup = timeZone === undefined ? {} : { TimeZone: timeZone };
  const languages: SettingGroup = {
    ...(inputLocale === undefined ? {} : { InputLocale: inputLocale }),
    ...(locale === undefined ? {} : { SystemLocale: locale, UserLocale: locale }),
    ...(language === undefined ? {} : { UILanguage: language }),
  };
  const international: Readonly<Record<string, SettingGroup>> = Object.keys(languages).length > 0 ? { [INTERNATIONAL]: languages } : {};
  const oobe: SettingGroup = {
    ProtectYourPC: options.protectYourPC,
    ...(options.hideOobe
      ? { HideEULAPage: true, HideOEMRegistrationScreen: true, HideOnlineAccountScreens: true, HideWirelessSetupInOOBE: true }
      : {}),
  };
  return {
    generalize: {
      'Microsoft-Windows-Security-SPP': { SkipRearm: 0 },
      'Microsoft-Windows-PnpSysprep': { PersistAllDeviceInstalls: false, DoNotCleanUpNonPresentDevices: false },
    },
    specialize: { [SHELL]: { ComputerName: options.computerName, ...zone }, ...international },
    oobeSystem: { [SHELL]: { OOBE: oobe, ...zone }, ...international },
  };
}

/** The file at the target, unless it is Setup's own copy of a finished installation. */
async function existingFile(draft: Draft, target: string, ctx: StepContext): Promise<AnswerFile | undefined> {
  if (!(await draft.has(target))) return undefined;
  let file: AnswerFile;
  try {
    file = parseAnswerFile(await draft.read(target));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return ctx.fail(`${target}: cannot be read as an answer file (${error.message})`, 'Repair it, or set existing: "replace".');
  }
  const done = processedPasses(file);
  if (done.length === 0) return file;
  ctx.note(`${target}: Setup had marked ${done.join(', ')} as done, so it is its copy of an earlier installation; it was replaced`);
  return undefined;
}

function remarkArchitectures(file: AnswerFile, architecture: Architecture, target: string, ctx: StepContext): void {
  const others = componentsOf(file).filter((one) => ![architecture, 'wow64'].includes(one.architecture.toLowerCase()));
  const names = [...new Set(others.map((one) => one.architecture || '(none)'))];
  if (names.length > 0) ctx.note(`${target}: holds components for ${names.join(', ')}, which Setup skips on ${architecture}`);
}

/** Every other file that Setup would find, above or below ours, and the registry value that stands above all of them. */
async function remarkOthers(draft: Draft, target: string, ctx: StepContext): Promise<void> {
  const rank = (path: string) => answerFileLocations.findIndex((location) => location.path.toLowerCase() === path.toLowerCase());
  for (const { path, rank: at, reason } of await othersAt(draft, answerFileLocations, target)) {
    const effect = at < rank(target) ? 'wins over the file of this step' : 'is read for passes that ours does not hold';
    ctx.note(`${path}: another answer file, which ${effect} (${reason})`);
  }
  const named = await namedByRegistry(draft);
  if (named) ctx.note(`${VALUE} names ${JSON.stringify(named)}, which wins over every file`);
}

/** The same files gone, with the copies that Setup keeps; what the registry names stays as a file, because it may be anything. */
async function removeOthers(draft: Draft, target: string, ctx: StepContext): Promise<void> {
  for (const { path, reason } of await othersAt(draft, [...answerFileLocations, ...answerFileCopies], target)) {
    await draft.remove(path);
    ctx.note(`${path}: another answer file, removed (${reason})`);
  }
  const named = await namedByRegistry(draft);
  if (!named) return;
  await draft.deleteValue('SYSTEM', ANSWER_FILE_VALUE.key, ANSWER_FILE_VALUE.name);
  ctx.note(`${VALUE} named ${JSON.stringify(named)}; the value was removed, a file of that name stays`);
}

async function othersAt(draft: Draft, places: readonly AnswerFileLocation[], target: string) {
  const others: { readonly path: string; readonly rank: number; readonly reason: string }[] = [];
  for (const [rank, { path, reason }] of places.entries()) {
    const other = await draft.find(path);
    if (other && !other.folder && other.path.toLowerCase() !== target.toLowerCase()) others.push({ path: other.path, rank, reason });
  }
  return others;
}

/** What `UnattendFile` holds, when it holds anything. */
async function namedByRegistry(draft: Draft): Promise<string | undefined> {
  if (!(await draft.has(SYSTEM_HIVE))) return undefined;
  const named = (await draft.hive('SYSTEM')).value(ANSWER_FILE_VALUE.key, ANSWER_FILE_VALUE.name)?.decoded;
  return typeof named?.data === 'string' && named.data !== '' ? named.data : undefined;
}
