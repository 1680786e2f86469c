// What an image does when it starts for the first time: actions that SetupComplete.cmd runs one after the other, each with a status and one log.
import { FormatError } from '../formats/bytes.ts';
import { parseDigitalProductId4 } from '../formats/product-key/digital-product-id.ts';
import { blockOf, withBlock } from '../formats/setup-script/block.ts';
import type { StepContext } from '../pipeline/step.ts';
import type { Draft } from './draft.ts';

const SETUP_SCRIPTS = '/Windows/Setup/Scripts';
/** Inherits from Windows: only administrators and SYSTEM write there. ProgramData would let every user add files. */
export const GUEST_FOLDER = `${SETUP_SCRIPTS}/wtgforge`;
/** The same folder as a running Windows names it. */
export const GUEST_PATH = '%SystemRoot%\\Setup\\Scripts\\wtgforge';

const RUNNER = 'first-boot.cmd';
/** A command line longer than this is cut off by cmd. (Microsoft, command prompt line string limitation) */
export const COMMAND_MAX = 8191;

export interface FirstBootAction {
  /** Lower case letters, digits and dashes: names the .cmd file, the status key and the lines of the log. */
  readonly id: string;
  /** Lines of a batch file; its exit code is the result. ASCII. */
  readonly lines: readonly string[];
}

/** A name as the end of an action's id: lower case letters, digits and dashes; the caller cuts it. */
export function actionSlug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

type Context = Pick<StepContext, 'guest' | 'note' | 'fail'>;

/**
 * Has the actions run at first boot, in this order, as the block `id` of SetupComplete.cmd; the owner's own lines stay.
 * An action of an earlier run of that block which is no longer wanted goes. Each leaves `HKLM\SOFTWARE\wtgforge\FirstBoot\<action>`
 * with Step, Result (`running`, or the exit code) and Time, and its output in `%SystemRoot%\Logs\wtgforge\first-boot.log`.
 */
export async function runAtFirstBoot(draft: Draft, id: string, actions: readonly FirstBootAction[], ctx: Context): Promise<void> {
  for (const action of actions) await writeAction(draft, action, ctx);
  await draft.write(`${GUEST_FOLDER}/${RUNNER}`, await guestScript(RUNNER, ctx));
  const path = `${SETUP_SCRIPTS}/SetupComplete.cmd`;
  const present = (await draft.has(path)) ? await draft.read(path) : undefined;
  try {
    const wanted = actions.map(({ id: name }) => `call "${GUEST_PATH}\\${RUNNER}" ${name}`);
    const before = present && blockOf(present, id);
    await draft.write(path, withBlock(present, id, wanted));
    for (const line of before ?? []) if (!wanted.includes(line)) await removeAction(draft, line);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    ctx.fail(`${path}: cannot be shared (${error.message})`, 'Repair the script in the image.');
  }
  await remarkSkipping(draft, id, ctx);
}

/** A file of scripts/guest with the line ends of Windows; PowerShell 5.1 and cmd read anything but ASCII in the code page of the machine. */
export async function guestScript(name: string, ctx: Pick<StepContext, 'guest' | 'fail'>): Promise<string> {
  const text = await ctx.guest(name);
  if (!isAscii(text)) ctx.fail(`the guest script ${name} is not plain ASCII`);
  return text.replaceAll('\n', '\r\n');
}

async function writeAction(draft: Draft, { id, lines }: FirstBootAction, ctx: Context): Promise<void> {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(id) || `${id}.cmd` === RUNNER)
    ctx.fail(`"${id}" cannot name an action of the first boot`);
  const wrong = lines.find((line) => !isAscii(line) || /[\n\r]/.test(line) || line.length > COMMAND_MAX);
  // Without the line: it may hold a password.
  if (wrong !== undefined) ctx.fail(`${id}: a command is not one line of at most ${COMMAND_MAX} ASCII characters`);
  const text = ['@echo off', 'setlocal EnableExtensions DisableDelayedExpansion', ...lines];
  await draft.write(`${GUEST_FOLDER}/${id}.cmd`, text.map((line) => `${line}\r\n`).join(''));
}

async function removeAction(draft: Draft, line: string): Promise<void> {
  const id = /\\first-boot\.cmd" ([a-z0-9-]+)$/.exec(line)?.[1];
  if (id !== undefined) await draft.remove(`${GUEST_FOLDER}/${id}.cmd`);
}

/**
 * Windows leaves SetupComplete.cmd out when an OEM key is installed, except on Enterprise and Server. (Microsoft, add a custom script to
 * Windows Setup) A workspace has the image's key; the key in a host's firmware is used only where the image has none of its own.
 */
async function remarkSkipping(draft: Draft, id: string, ctx: Context): Promise<void> {
  const { edition } = draft.info;
  if (/^(?:Enterprise|Server)/i.test(edition)) return;
  const channel = await channelOf(draft);
  if (channel?.startsWith('OEM'))
    ctx.note(`${id}: on ${edition} with a key of the channel ${channel} Windows skips SetupComplete.cmd, and nothing of it runs`);
  else ctx.note(`${id}: on ${edition} Windows skips SetupComplete.cmd when an OEM key is installed, and nothing of it runs then`);
}

/** The licence channel as the image has it; undefined when it has none or none that can be read. */
async function channelOf(draft: Draft): Promise<string | undefined> {
  if (!(await draft.has('/Windows/System32/config/SOFTWARE'))) return undefined;
  const stored = (await draft.hive('SOFTWARE')).value('Microsoft\\Windows NT\\CurrentVersion', 'DigitalProductId4');
  try {
    return stored && parseDigitalProductId4(stored.raw).channel;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e\n\t]*$/.test(text);
}
