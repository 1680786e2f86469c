// A list of KMS hosts in the image: Windows pins one, so a task looks which of them answers and pins that one.
import { SYSTEM_SID } from '../formats/task-xml/task.ts';
import type { StepContext } from '../pipeline/step.ts';
import type { Draft } from './draft.ts';
import { GUEST_FOLDER, GUEST_PATH, guestScript, runAtFirstBoot } from './first-boot.ts';
import { layTask } from './guest-task.ts';

const LIST = `${GUEST_FOLDER}/kms-hosts.json`;
const SCRIPT = 'kms-hosts.cmd';
/** Not the name of the script: the action is a .cmd file in the same folder. */
const ID = 'kms-host-list';

/** Requests and answers are logged for successes, too; the script changes nothing when the pinned host answers first. */
const EVENTS =
  '<QueryList><Query Id="0" Path="Application"><Select Path="Application">' +
  "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and EventID=8198 and Level=2]]</Select></Query></QueryList>";

export interface ListedHost {
  readonly host: string;
  readonly port: number;
}

type Context = Pick<StepContext, 'guest' | 'note' | 'fail'>;

/** Lays the list, best first, and the task that walks it, as the block `block` of the first boot. */
export async function layHostList(draft: Draft, block: string, hosts: readonly ListedHost[], ctx: Context): Promise<void> {
  const list = { hosts: hosts.map(({ host, port }) => `${host}:${port}`) };
  await draft.write(LIST, `${JSON.stringify(list)}\r\n`);
  for (const name of [SCRIPT, 'kms-probe.ps1']) await draft.write(`${GUEST_FOLDER}/${name}`, await guestScript(name, ctx));
  const action = await layTask(draft, ID, {
    uri: '\\wtgforge\\kms-hosts',
    description: 'Pins the first KMS host of the list that answers.',
    triggers: [
      { kind: 'boot', delay: 'PT2M' },
      { kind: 'event', query: EVENTS, delay: 'PT30S' },
    ],
    principal: { userId: SYSTEM_SID },
    highest: true,
    needsNetwork: true,
    timeLimit: 'PT10M',
    command: '%SystemRoot%\\System32\\cmd.exe',
    arguments: `/d /c "${GUEST_PATH}\\${SCRIPT}"`,
  });
  await runAtFirstBoot(draft, block, [action], ctx);
}

/** Takes away what an earlier build laid; the scripts would go on with its hosts. */
export async function removeHostList(draft: Draft, block: string, ctx: Context): Promise<void> {
  if (!(await draft.has(LIST))) return;
  for (const path of [LIST, `${GUEST_FOLDER}/${SCRIPT}`, `${GUEST_FOLDER}/${ID}.xml`]) await draft.remove(path);
  await runAtFirstBoot(draft, block, [], ctx);
  ctx.note('the list of KMS hosts of an earlier build was removed');
}
