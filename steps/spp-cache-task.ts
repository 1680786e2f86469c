// Lays a scheduled task into the image that repairs a failing activation by removing the licence cache, and has it registered at first boot.
import { FormatError } from '../formats/bytes.ts';
import { withBlock } from '../formats/setup-script/block.ts';
import { renderTask, SYSTEM_SID, type TaskSpec } from '../formats/task-xml/task.ts';
import type { Draft } from '../image/draft.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

const ID = 'spp-cache-task';
const SCRIPTS = '/Windows/Setup/Scripts';
/** Inherits from Windows: only administrators and SYSTEM write there. ProgramData would let every user add files. */
const FOLDER = `${SCRIPTS}/wtgforge`;
const IN_WINDOWS = '%SystemRoot%\\Setup\\Scripts\\wtgforge';

/** Windows 8.1, the first whose store lies at System32\spp\store\2.0. */
const FIRST_BUILD = 9600;
const LOG_BYTES = 256 * 1024;

/**
 * Requests (12288) and answers (12289) of which the first field, the HRESULT, is not zero, and 8198, which is logged for failures only.
 * Where the event keeps all its fields in one text the comparison lets every event pass; the script looks at the HRESULT itself.
 */
const FAILURES = [
  '<QueryList><Query Id="0" Path="Application">',
  `<Select Path="Application">*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12288 or EventID=12289)]`,
  ` and EventData[Data[1]!='0x00000000']]</Select>`,
  `<Select Path="Application">*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and EventID=8198 and Level=2]]</Select>`,
  '</Query></QueryList>',
].join('');

export const sppCacheTask = defineStep({
  id: ID,
  title: 'Register a task that repairs a failing activation',
  description: `Lays three files and a task definition into \`Windows\\Setup\\Scripts\\wtgforge\`, where only administrators and SYSTEM may write, and a
block between markers into \`SetupComplete.cmd\`, which registers the task at first boot with \`schtasks /Create /XML\`. A task's XML alone
registers nothing, because the scheduler loads tasks from the registry. [M] The owner's lines in SetupComplete.cmd stay byte for byte;
our block goes before them, since a script that ends with \`exit\` would never reach its end.

The task runs as SYSTEM, on batteries too:

- some minutes after boot, and on activation **failures** (Security-SPP 12288 and 12289 with a non-zero HRESULT, 8198). 12288 is logged on
  every request, the task's own included. (Microsoft, Volume Activation) Whether the HRESULT is a field of its own in the event is
  [U], so the script looks at it again.
- It ends without asking when Windows is licensed, when the last request went well, while it waits, or when the pinned KMS host does not
  answer on its port. The wait is noted in the registry *before* each request and doubles from \`firstWait\` to \`longestWait\`, so it
  cannot feed on its own events; a second instance is not started.
- With sppsvc stopped it removes \`System32\\spp\\store\\2.0\\cache\\cache.dat\`, which is built anew [M], and nothing else: data.dat and
  tokens.dat hold the licence state. Then one \`slmgr /ato\`; never \`/rearm\`, which uses up a counter and changes the client ID.
- It logs to \`Windows\\Logs\\wtgforge\\spp-cache.log\` (bounded, no key in it) and ends with a code other than 0 when it was not activated.

SetupComplete.cmd runs as SYSTEM before the logon screen; Windows skips it with an OEM key, except on Enterprise and Server. (Microsoft,
add a custom script to Windows Setup) Nothing of this was started in Windows yet.`,
  options: {
    bootDelay: { type: 'integer', description: 'Minutes after boot before the task looks', default: 5, min: 1, max: 60 },
    firstWait: { type: 'integer', description: 'Minutes to wait after the first failure', default: 30, min: 5, max: 1440 },
    longestWait: { type: 'integer', description: 'Minutes beyond which the wait does not double', default: 1440, min: 30, max: 10080 },
  },
  async skip(image) {
    const { build } = image.info;
    if (build !== 0 && build < FIRST_BUILD)
      return `build ${build} keeps its licence store elsewhere (Windows 8.1 is the first with spp\\store\\2.0)`;
    return (await image.has('/Windows/System32')) ? undefined : 'the image has no Windows\\System32 folder';
  },
  async run(draft, { bootDelay, firstWait, longestWait }, ctx) {
    if (firstWait > longestWait) ctx.fail(`firstWait ${firstWait} is above longestWait ${longestWait}`);
    const settings = { firstWaitMinutes: firstWait, longestWaitMinutes: longestWait, logBytes: LOG_BYTES };
    await draft.write(`${FOLDER}/spp-cache.ps1`, await script('spp-cache.ps1', ctx));
    await draft.write(`${FOLDER}/spp-cache.json`, `${JSON.stringify(settings)}\r\n`);
    await draft.write(`${FOLDER}/spp-cache.xml`, renderTask(taskOf(bootDelay)));
    await draft.write(`${FOLDER}/register-spp-cache.cmd`, await script('register-spp-cache.cmd', ctx));
    await register(draft, ctx);
    if (!/^(?:Enterprise|Server)/i.test(draft.info.edition)) {
      ctx.note(
        `on ${draft.info.edition} Windows skips SetupComplete.cmd when an OEM key is installed, and the task is not registered then`,
      );
    }
  },
});

function taskOf(bootDelay: number): TaskSpec {
  return {
    uri: '\\wtgforge\\spp-cache',
    description: 'Removes the licence cache and asks the KMS host again after a failed activation.',
    triggers: [
      { kind: 'boot', delay: `PT${bootDelay}M` },
      { kind: 'event', query: FAILURES, delay: 'PT1M' },
    ],
    userId: SYSTEM_SID,
    needsNetwork: true,
    timeLimit: 'PT30M',
    command: '%SystemRoot%\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    arguments: `-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "${IN_WINDOWS}\\spp-cache.ps1"`,
  };
}

/** A guest script with the line ends of Windows; PowerShell 5.1 and cmd read anything but ASCII in the code page of the machine. */
async function script(name: string, ctx: StepContext): Promise<string> {
  const text = await ctx.guest(name);
  if (!/^[\x20-\x7e\n\t]*$/.test(text)) ctx.fail(`the guest script ${name} is not plain ASCII`);
  return text.replaceAll('\n', '\r\n');
}

async function register(draft: Draft, ctx: StepContext): Promise<void> {
  const path = `${SCRIPTS}/SetupComplete.cmd`;
  const present = (await draft.has(path)) ? await draft.read(path) : undefined;
  try {
    await draft.write(path, withBlock(present, ID, [`call "${IN_WINDOWS}\\register-spp-cache.cmd"`]));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    ctx.fail(`${path}: cannot be shared (${error.message})`, 'Repair the script in the image.');
  }
}
