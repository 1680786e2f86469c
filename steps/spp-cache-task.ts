// Lays a scheduled task into the image that repairs a failing activation by removing the licence cache, and has it registered at first boot.
import { SYSTEM_SID, type TaskSpec } from '../formats/task-xml/task.ts';
import { GUEST_FOLDER, GUEST_PATH, guestScript, runAtFirstBoot } from '../image/first-boot.ts';
import { layTask } from '../image/guest-task.ts';
import { defineStep } from '../pipeline/step.ts';

const ID = 'spp-cache-task';
/** Where the task keeps its waits, below SOFTWARE. */
const KEY = 'wtgforge\\SppCache';

/** Windows 8.1, the first whose store lies at System32\spp\store\2.0. */
const FIRST_BUILD = 9600;

/**
 * 8198 is logged for failures only. Requests (12288) and answers (12289) bear their HRESULT first in one text with all their fields
 * (Microsoft, Volume Activation), in which an event query cannot look: it keeps out an event whose text is a zero alone, and the script
 * looks at the HRESULT itself. 19 is an update that was installed.
 */
const EVENTS = [
  '<QueryList><Query Id="0" Path="Application">',
  `<Select Path="Application">*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12288 or EventID=12289)]`,
  ` and EventData[Data[1]!='0x0' and Data[1]!='0x00000000']]</Select>`,
  `<Select Path="Application">*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and EventID=8198 and Level=2]]</Select>`,
  '</Query><Query Id="1" Path="System">',
  `<Select Path="System">*[System[Provider[@Name='Microsoft-Windows-WindowsUpdateClient'] and EventID=19]]</Select>`,
  '</Query></QueryList>',
].join('');

export const sppCacheTask = defineStep({
  id: ID,
  title: 'Register a task that repairs a failing activation',
  version: 2,
  description: `Lays a batch file, a probe and a task definition into \`Windows\\Setup\\Scripts\\wtgforge\`, where only administrators and SYSTEM
may write, the waits into \`SOFTWARE\\${KEY}\`, and has the task registered at first boot (see \`first-boot\`).

The task runs as SYSTEM, on batteries too, for at most 30 minutes:

- some minutes after boot, after an update was installed, and on activation **failures** (Security-SPP 8198, and 12288 and 12289 with a non-zero
  HRESULT). 12288 is logged on every request, the task's own included, and the HRESULT stands in one text with all other fields, in which
  no event query can look (Microsoft, Volume Activation): the script reads it before it does anything.
- It ends without asking when Windows is licensed, when the last request went well, while it waits, or when no KMS host answers on its
  port: the hosts of \`kms-client\`, the pinned one, or those that DNS names (as \`nslookup\` prints them [U]). The wait is noted in the registry
  *before* each request and doubles from \`firstWait\` to \`longestWait\`, so it cannot feed on its own events; a second instance is not started.
- With sppsvc stopped it removes \`System32\\spp\\store\\2.0\\cache\\cache.dat\`, which is built anew [M], and nothing else: data.dat and
  tokens.dat hold the licence state. Then one \`slmgr /ato\`; never \`/rearm\`, which uses up a counter and changes the client ID.
- It logs to \`Windows\\Logs\\wtgforge\\spp-cache.log\` (bounded, no key in it) and to the event log (Application, source wtgforge, 100), and ends with
  1 when it was not activated, 2 when the service did not stop, 3 when the probe failed.

No text of an event is handed to a command line: anybody may write events, and the task is SYSTEM.

The batch file is run against its own events under Wine in the tests; the probe (PowerShell) is parsed only. Nothing of this was started in
Windows yet.`,
  options: {
    bootDelay: { type: 'integer', description: 'Minutes after boot before the task looks', default: 5, min: 1, max: 60 },
    firstWait: { type: 'integer', description: 'Minutes to wait after the first failure', default: 30, min: 5, max: 1440 },
    longestWait: { type: 'integer', description: 'Minutes beyond which the wait does not double', default: 1440, min: 30, max: 10080 },
  },
  async skip(image) {
    const { build } = image.info;
    if (build !== 0 && build < FIRST_BUILD)
      return `build ${build} keeps its licence store elsewhere (Windows 8.1 is the first with spp\\store\\2.0)`;
    return (await image.has('/Windows/System32/config/SOFTWARE')) ? undefined : 'the image has no SOFTWARE hive';
  },
  async run(draft, { bootDelay, firstWait, longestWait }, ctx) {
    if (firstWait > longestWait) ctx.fail(`firstWait ${firstWait} is above longestWait ${longestWait}`);
    for (const name of ['spp-cache.cmd', 'kms-probe.ps1']) await draft.write(`${GUEST_FOLDER}/${name}`, await guestScript(name, ctx));
    await draft.setValue('SOFTWARE', KEY, 'FirstWait', { type: 'REG_DWORD', data: firstWait });
    await draft.setValue('SOFTWARE', KEY, 'LongestWait', { type: 'REG_DWORD', data: longestWait });
    await runAtFirstBoot(draft, ID, [await layTask(draft, ID, taskOf(bootDelay))], ctx);
  },
});

function taskOf(bootDelay: number): TaskSpec {
  return {
    uri: '\\wtgforge\\spp-cache',
    description: 'Removes the licence cache and asks the KMS host again after a failed activation.',
    triggers: [
      { kind: 'boot', delay: `PT${bootDelay}M` },
      { kind: 'event', query: EVENTS, delay: 'PT1M' },
    ],
    principal: { userId: SYSTEM_SID },
    highest: true,
    needsNetwork: true,
    timeLimit: 'PT30M',
    command: '%SystemRoot%\\System32\\cmd.exe',
    arguments: `/d /c "${GUEST_PATH}\\spp-cache.cmd"`,
  };
}
