// Brings the author's own scripts into the image and has them run: once at first boot, at each boot, or at each logon.
import { basename } from 'node:path';
import { SYSTEM_SID, type TaskSpec } from '../formats/task-xml/task.ts';
import { actionSlug, type FirstBootAction, GUEST_FOLDER, GUEST_PATH, runAtFirstBoot } from '../image/first-boot.ts';
import { layTask } from '../image/guest-task.ts';
import type { OptionDefs, Resolved } from '../pipeline/options.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

const ID = 'script';
const SCRIPT_MAX = 1024 * 1024;
const USERS = 'S-1-5-32-545';

const SCRIPT_FIELDS = {
  file: { type: 'string', required: true, description: "A .ps1, .cmd or .bat on the host, from the config's folder" },
  when: { type: 'string', required: true, description: 'When it runs', oneOf: ['first-boot', 'boot', 'logon'] },
  runAs: {
    type: 'string',
    description: 'Who runs it; users is whoever logs on, and only with logon',
    oneOf: ['system', 'users'],
    default: 'system',
  },
  arguments: { type: 'string', description: 'Arguments, as on a command line', default: '', pattern: '[\\x20-\\x7e]{0,1000}' },
  delay: {
    type: 'string',
    description: 'With boot and logon: how long after it, as PT1M',
    pattern: 'PT(?=\\d)(?:\\d{1,3}H)?(?:\\d{1,4}M)?(?:\\d{1,5}S)?',
  },
  timeLimit: {
    type: 'string',
    description: 'With boot and logon: after which it is ended',
    default: 'PT1H',
    pattern: 'PT(?=\\d)(?:\\d{1,3}H)?(?:\\d{1,4}M)?',
  },
} as const satisfies OptionDefs;

type Script = Resolved<typeof SCRIPT_FIELDS>;

export const script = defineStep({
  id: ID,
  title: 'Run own scripts in the image',
  description: `Copies each script to \`Windows\\Setup\\Scripts\\wtgforge\\scripts\`, where only administrators and SYSTEM may write, and has it run:

- \`first-boot\`: once, by SetupComplete.cmd as SYSTEM before the logon screen (see \`first-boot\`); its exit code is the result.
- \`boot\`, \`logon\`: by a scheduled task that is registered at first boot, as SYSTEM, or with \`runAs: 'users'\` as whoever logs on, without elevation.

PowerShell runs with \`-NoProfile -NonInteractive -ExecutionPolicy Bypass\`. Windows PowerShell 5.1 reads a file without a byte order mark in the
code page of the machine [M], so a UTF-8 file with other characters than ASCII gets one. A batch file with bare line feeds gets the line ends that
\`cmd\` wants, since it loses labels otherwise [M]; a byte order mark, which it would take for a command, is removed. Nothing else is changed, and
nothing in the script is checked: what it does is yours. A password in it is readable by everybody who holds the stick.`,
  options: {
    scripts: { type: 'object[]', required: true, description: 'The scripts; those of first-boot run in this order', fields: SCRIPT_FIELDS },
  },
  async skip(image) {
    return (await image.has('/Windows')) ? undefined : 'the image has no Windows folder';
  },
  async run(draft, { scripts }, ctx) {
    const actions: FirstBootAction[] = [];
    const names = new Map<string, string>();
    for (const one of scripts) {
      const name = nameOf(one, ctx);
      const before = names.get(name.toLowerCase());
      if (before !== undefined && before !== one.file)
        ctx.fail(`${before} and ${one.file} would be one file in the image`, 'Rename one of them.');
      names.set(name.toLowerCase(), one.file);
      await draft.write(`${GUEST_FOLDER}/scripts/${name}`, contentOf(one.file, await ctx.host.read(one.file, SCRIPT_MAX), ctx));
      const id = `${ID}-${one.when}-${actionSlug(name).slice(0, 40)}`;
      if (actions.some((action) => action.id === id)) ctx.fail(`${one.file} is given twice for ${one.when}`);
      actions.push(one.when === 'first-boot' ? firstBoot(one, id, name) : await layTask(draft, id, taskOf(one, name)));
    }
    await runAtFirstBoot(draft, ID, actions, ctx);
  },
});

/** Checks what does not fit together, and gives the file's name in the image. */
function nameOf({ file, when, runAs, delay }: Script, ctx: StepContext): string {
  const name = basename(file.replaceAll('\\', '/'));
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}\.(?:ps1|cmd|bat)$/i.test(name))
    ctx.fail(`${file}: is not a .ps1, .cmd or .bat with a plain name`);
  if (runAs === 'users' && when !== 'logon') ctx.fail(`${file}: runAs "users" is for logon; at ${when} nobody is logged on`);
  if (delay !== undefined && when === 'first-boot') ctx.fail(`${file}: delay is for boot and logon`);
  return name;
}

function contentOf(file: string, bytes: Uint8Array, ctx: StepContext): Uint8Array {
  return /\.ps1$/i.test(file) ? powerShell(file, bytes, ctx) : batch(file, bytes, ctx);
}

function powerShell(file: string, bytes: Uint8Array, ctx: StepContext): Uint8Array {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
  if (marked || bytes.every((byte) => byte < 0x80 && byte !== 0)) return bytes;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return ctx.fail(
      `${file}: is neither UTF-8 nor marked as UTF-16, so PowerShell would read it in the code page of the machine`,
      'Save it as UTF-8.',
    );
  }
  if (bytes.includes(0)) return ctx.fail(`${file}: is binary`);
  ctx.note(`${file}: got a byte order mark, without which PowerShell reads it in the code page of the machine`);
  return new Uint8Array([0xef, 0xbb, 0xbf, ...bytes]);
}

function batch(file: string, bytes: Uint8Array, ctx: StepContext): Uint8Array {
  if (bytes.includes(0) || (bytes[0] === 0xff && bytes[1] === 0xfe))
    ctx.fail(`${file}: is UTF-16 or binary, which the command interpreter does not run`);
  let text = Buffer.from(bytes).toString('latin1');
  if (text.startsWith('\xef\xbb\xbf')) {
    ctx.note(`${file}: lost its byte order mark, which the command interpreter takes for a command`);
    text = text.slice(3);
  }
  if (/(?:^|[^\r])\n/.test(text)) ctx.note(`${file}: got the line ends of Windows`);
  return new Uint8Array(Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1'));
}

const POWERSHELL = '%SystemRoot%\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const SWITCHES = '-NoProfile -NonInteractive -ExecutionPolicy Bypass -File';

function firstBoot({ arguments: words }: Script, id: string, name: string): FirstBootAction {
  const path = `"%~dp0scripts\\${name}"${words === '' ? '' : ` ${words}`}`;
  return { id, lines: [/\.ps1$/i.test(name) ? `"${POWERSHELL}" ${SWITCHES} ${path}` : `call ${path}`, 'exit /b %ERRORLEVEL%'] };
}

function taskOf({ when, runAs, delay, timeLimit, arguments: words }: Script, name: string): TaskSpec {
  const path = `"${GUEST_PATH}\\scripts\\${name}"${words === '' ? '' : ` ${words}`}`;
  const isPowerShell = /\.ps1$/i.test(name);
  return {
    uri: `\\wtgforge\\${ID} ${when} ${name}`,
    description: `Runs ${name} at each ${when}.`,
    triggers: [{ kind: when === 'logon' ? 'logon' : 'boot', ...(delay === undefined ? {} : { delay }) }],
    principal: runAs === 'users' ? { groupId: USERS } : { userId: SYSTEM_SID },
    highest: runAs !== 'users',
    needsNetwork: false,
    timeLimit,
    command: isPowerShell ? POWERSHELL : '%SystemRoot%\\System32\\cmd.exe',
    arguments: isPowerShell ? `${SWITCHES} ${path}` : `/d /c "${path}"`,
  };
}
