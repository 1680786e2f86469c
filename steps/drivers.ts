// Copies driver folders into the image and has Windows install them at first boot; refuses what must be there before Windows starts.
import { basename } from 'node:path';
import { FormatError } from '../formats/bytes.ts';
import { type DriverFacts, driverFacts } from '../formats/inf/driver.ts';
import { parseInf } from '../formats/inf/inf.ts';
import type { Draft } from '../image/draft.ts';
import { actionSlug, type FirstBootAction, runAtFirstBoot } from '../image/first-boot.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

const ID = 'drivers';
const FOLDER = '/Windows/wtgforge/drivers';
const IN_WINDOWS = '%SystemRoot%\\wtgforge\\drivers';
const KEY = 'Microsoft\\Windows\\CurrentVersion';
const DEVICE_PATH = 'DevicePath';
const DEFAULT_PATH = '%SystemRoot%\\inf';

/** All drivers together; they are held in memory until the image is written. */
const TOTAL_MAX = 512 * 1024 * 1024;
/** Windows 10 1607, the first whose pnputil takes /add-driver. (Microsoft, PnPUtil command syntax) */
const NEW_PNPUTIL = 14393;
/** No device matches, and a restart is needed: both are no failures here. (Microsoft, PnPUtil return values) */
const FINE = [259, 3010];

interface DriverFolder {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
  /** Paths of its INF files. */
  readonly infs: readonly string[];
}

export const drivers = defineStep({
  id: ID,
  title: 'Bring drivers along',
  description: `Copies each folder with its INF files to \`Windows\\wtgforge\\drivers\`, adds every folder that holds an INF to \`DevicePath\`, where Windows
looks for drivers of new devices (Microsoft, DevicePath; sub-folders are not searched), and has \`pnputil /add-driver … /install\` run at first
boot (see \`first-boot\`). The answer file's DriverPaths does nothing here: its pass runs in Setup and DISM only.

Refused, each with its reason:

- a **boot-critical** driver: one with a service of StartType 0, or of the classes SCSIAdapter and HDC. Windows must have it in its driver store
  and in the registry before it can read its own volume, and only DISM on Windows puts it there.
- a driver for other architectures than the image's, an INF that cannot be read, a folder without any.

A driver without a catalogue is remarked: a 64-bit Windows installs none that is not signed. Catalogues are not checked here.`,
  options: {
    folders: {
      type: 'string[]',
      required: true,
      description: "Folders of the host, from the config's folder; each with all that is below it",
    },
  },
  async skip(image) {
    return (await image.has('/Windows/System32/config/SOFTWARE')) ? undefined : 'the image has no SOFTWARE hive';
  },
  async run(draft, { folders }, ctx) {
    if (folders.length === 0) ctx.fail('no folder is given');
    const read: DriverFolder[] = [];
    for (const folder of folders) {
      const one = await readFolder(folder, draft, ctx);
      if (read.some(({ name }) => name.toLowerCase() === one.name.toLowerCase()))
        ctx.fail(`two folders are called ${one.name}`, 'Rename one of them.');
      read.push(one);
    }
    const total = read.flatMap(({ files }) => files).reduce((sum, { content }) => sum + content.length, 0);
    if (total > TOTAL_MAX) ctx.fail(`the folders hold ${total} bytes (at most ${TOTAL_MAX})`, 'Take only the drivers that are needed.');
    for (const { name, files } of read) for (const { path, content } of files) await draft.write(`${FOLDER}/${name}/${path}`, content);
    await addToDevicePath(draft, read, ctx);
    await runAtFirstBoot(
      draft,
      ID,
      read.map((folder) => installation(folder, draft.info.build)),
      ctx,
    );
  },
});

async function readFolder(folder: string, draft: Draft, ctx: StepContext): Promise<DriverFolder> {
  const name = basename(folder.replace(/[/\\]+$/, ''));
  // The name stands in DevicePath and in a batch file.
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,60}[A-Za-z0-9_-])?$/.test(name))
    ctx.fail(`${folder}: its name is not plain letters, digits, dots and dashes`, 'Rename the folder.');
  const files: { path: string; content: Uint8Array }[] = [];
  for (const file of await ctx.host.list(folder)) {
    ctx.signal.throwIfAborted();
    files.push({ path: file.path, content: await file.read() });
  }
  const infs = files.filter(({ path }) => /\.inf$/i.test(path));
  if (infs.length === 0) ctx.fail(`${folder}: holds no INF file`, 'Unpack the driver; an installer cannot be used.');
  for (const { path, content } of infs) check(`${folder}/${path}`, factsOf(`${folder}/${path}`, content, ctx), draft, ctx);
  return { name, files, infs: infs.map(({ path }) => path) };
}

function factsOf(path: string, content: Uint8Array, ctx: StepContext): DriverFacts {
  try {
    return driverFacts(parseInf(content));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return ctx.fail(`${path}: cannot be read (${error.message})`);
  }
}

function check(path: string, facts: DriverFacts, draft: Draft, ctx: StepContext): void {
  const { architecture } = draft.info;
  if (facts.bootCritical !== undefined) {
    ctx.fail(
      `${path}: is boot-critical: ${facts.bootCritical}`,
      'Add it to the base image with DISM /Add-Driver on Windows: Windows needs it before it can read its own volume.',
    );
  }
  if (facts.architectures.length === 0) ctx.note(`${path}: names no device; Windows installs nothing from it by itself`);
  else if (architecture !== 'unknown' && !facts.architectures.some((one) => one === architecture)) {
    ctx.fail(
      `${path}: is for ${facts.architectures.join(', ')}, and the image is ${architecture}`,
      'Take the driver of that architecture, or leave it out.',
    );
  }
  if (!facts.catalogue) ctx.note(`${path}: names no catalogue, so it is not signed, and a 64-bit Windows does not install it`);
}

/** Each folder that holds an INF, behind what is there. */
async function addToDevicePath(draft: Draft, folders: readonly DriverFolder[], ctx: StepContext): Promise<void> {
  const stored = (await draft.hive('SOFTWARE')).value(KEY, DEVICE_PATH);
  const text = stored?.decoded?.data;
  if (stored && typeof text !== 'string') ctx.note(`${DEVICE_PATH} was no text and is replaced`);
  const present = typeof text === 'string' && text.trim() !== '' ? text.split(';').filter((part) => part.trim() !== '') : [DEFAULT_PATH];
  const wanted = folders.flatMap(({ name, infs }) => infs.map((path) => windowsPath(`${name}/${path}`.replace(/\/[^/]*$/, ''))));
  const added = [...new Set(wanted)].filter((path) => !present.some((part) => part.trim().toLowerCase() === path.toLowerCase()));
  if (added.length > 0)
    await draft.setValue('SOFTWARE', KEY, DEVICE_PATH, { type: 'REG_EXPAND_SZ', data: [...present, ...added].join(';') });
}

function installation({ name, infs }: DriverFolder, build: number): FirstBootAction {
  const program = '"%SystemRoot%\\System32\\pnputil.exe"';
  const calls =
    build !== 0 && build < NEW_PNPUTIL
      ? infs.map((path) => `${program} -i -a "${windowsPath(`${name}/${path}`)}"`)
      : [`${program} /add-driver "${windowsPath(name)}\\*.inf" /subdirs /install`];
  return {
    id: `${ID}-${actionSlug(name).slice(0, 40)}`,
    lines: [...calls.flatMap(withCode), 'exit /b %FAILED%'],
  };
}

/** The first code that is a failure is the code of the action. */
function withCode(call: string, at: number): readonly string[] {
  const fine = FINE.map((code) => `if "%CODE%"=="${code}" set "CODE=0"`);
  return [
    ...(at === 0 ? ['set "FAILED=0"'] : []),
    call,
    'set "CODE=%ERRORLEVEL%"',
    ...fine,
    'if not "%CODE%"=="0" if "%FAILED%"=="0" set "FAILED=%CODE%"',
  ];
}

function windowsPath(path: string): string {
  return `${IN_WINDOWS}\\${path.replaceAll('/', '\\')}`;
}
