// Lays scheduled tasks into the image, from options or from XML, and has them registered at first boot.
import { FormatError } from '../formats/bytes.ts';
import { taskFaults } from '../formats/task-xml/check.ts';
import { parseTask, SYSTEM_SID, type TaskPrincipal, type TaskSpec, type TaskTrigger } from '../formats/task-xml/task.ts';
import { readTrigger, TRIGGER_FORMS } from '../formats/task-xml/trigger-text.ts';
import { decodeXml, encodeXml, XML_MAX_BYTES } from '../formats/xml/decode.ts';
import type { Draft } from '../image/draft.ts';
import { actionSlug, type FirstBootAction, runAtFirstBoot } from '../image/first-boot.ts';
import { layTask, layTaskXml } from '../image/guest-task.ts';
import type { OptionDefs, Resolved } from '../pipeline/options.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

const ID = 'scheduled-task';

/** The accounts that need no password, by their SIDs. */
const ACCOUNTS: Readonly<Record<'system' | 'local-service' | 'network-service' | 'users', TaskPrincipal>> = {
  system: { userId: SYSTEM_SID },
  'local-service': { userId: 'S-1-5-19' },
  'network-service': { userId: 'S-1-5-20' },
  users: { groupId: 'S-1-5-32-545' },
};

const TASK_FIELDS = {
  name: {
    type: 'string',
    required: true,
    description: 'Path of the task in the scheduler: \\corp\\inventory',
    pattern: '(?:\\\\[A-Za-z0-9_. ()-]{1,100}){1,6}',
  },
  xml: { type: 'string', description: "A task's XML on the host, from the config's folder; then no other field but name" },
  command: { type: 'string', description: 'Program that is started, with its path in Windows' },
  arguments: { type: 'string', description: 'Its arguments', default: '' },
  workingDirectory: { type: 'string', description: 'Folder in which it is started' },
  triggers: { type: 'string[]', description: `What starts it: ${TRIGGER_FORMS}` },
  runAs: {
    type: 'string',
    description: 'Who runs it; users is whoever is logged on',
    oneOf: ['system', 'local-service', 'network-service', 'users'],
    default: 'system',
  },
  elevated: { type: 'boolean', description: 'With users: whether an administrator runs it elevated', default: false },
  needsNetwork: { type: 'boolean', description: 'Start only when a network is there', default: false },
  timeLimit: { type: 'string', description: 'After which it is ended', default: 'PT1H', pattern: 'PT(?=\\d)(?:\\d{1,3}H)?(?:\\d{1,4}M)?' },
  description: { type: 'string', description: 'What the scheduler shows', default: '' },
} as const satisfies OptionDefs;

type Task = Resolved<typeof TASK_FIELDS>;

export const scheduledTask = defineStep({
  id: ID,
  title: 'Register scheduled tasks',
  description: `Lays each task's XML into \`Windows\\Setup\\Scripts\\wtgforge\` and has it registered at first boot with \`schtasks /Create /XML\` (see
\`first-boot\`): the scheduler loads tasks from the registry, in a form that nobody documents, so XML alone registers nothing. [M]

- From options: task version 1.2, which every Windows since Vista reads; one instance at a time; on batteries, too, which is not the default of
  Windows; started later when its time was missed. (Microsoft, Task Scheduler schema)
- From \`xml\`: any task, checked against the scheduler's schema; every fault is told with its line. It is written as UTF-16 with a byte order mark,
  since \`schtasks\` wants the declared encoding and the bytes to agree. [U] A task that needs a password, or an account of one machine
  (S-1-5-21-…), is refused: the image gets other accounts.
- A task of SYSTEM is registered with \`/RU SYSTEM\`; any other as its XML says.`,
  options: {
    tasks: { type: 'object[]', required: true, description: 'The tasks, in the order in which they are registered', fields: TASK_FIELDS },
  },
  async skip(image) {
    return (await image.has('/Windows')) ? undefined : 'the image has no Windows folder';
  },
  async run(draft, { tasks }, ctx) {
    const actions: FirstBootAction[] = [];
    for (const task of tasks) {
      const id = `${ID}-${slugOf(task.name)}`;
      if (actions.some((action) => action.id === id))
        ctx.fail(`two tasks are called ${task.name}, or nearly so`, 'Give one of them another name.');
      actions.push(task.xml === undefined ? await layTask(draft, id, specOf(task, ctx)) : await layFile(draft, id, task, task.xml, ctx));
    }
    await runAtFirstBoot(draft, ID, actions, ctx);
  },
});

/** The end of the name, which is a path, as a file may be called. */
function slugOf(name: string): string {
  return actionSlug(name).slice(-48).replace(/^-/, '');
}

function specOf(task: Task, ctx: StepContext): TaskSpec {
  const { name, command, runAs, workingDirectory } = task;
  if (command === undefined || command.trim() === '') ctx.fail(`${name}: neither command nor xml is given`);
  if (task.triggers === undefined || task.triggers.length === 0) ctx.fail(`${name}: nothing starts it`, `Give triggers: ${TRIGGER_FORMS}.`);
  if (task.elevated && runAs !== 'users') ctx.fail(`${name}: elevated is for runAs "users"; ${runAs} has its rights anyway`);
  const triggers: TaskTrigger[] = task.triggers!.map((text) => {
    const trigger = readTrigger(text);
    return typeof trigger === 'string' ? ctx.fail(`${name}: trigger "${text}" ${trigger}`) : trigger;
  });
  if (runAs === 'users' && triggers.some(({ kind }) => kind === 'boot'))
    ctx.fail(`${name}: runs as whoever is logged on, and at boot nobody is`, 'Use logon.');
  return {
    uri: name,
    description: task.description,
    triggers,
    principal: ACCOUNTS[runAs],
    highest: task.elevated || runAs === 'system',
    needsNetwork: task.needsNetwork,
    timeLimit: task.timeLimit,
    command: command!,
    arguments: task.arguments,
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
  };
}

async function layFile(draft: Draft, id: string, task: Task, path: string, ctx: StepContext): Promise<FirstBootAction> {
  const { name, command, triggers } = task;
  if (command !== undefined || triggers !== undefined)
    ctx.fail(`${name}: command and triggers stand in ${path}`, 'Give xml, or the other fields.');
  const bytes = await ctx.host.read(path, XML_MAX_BYTES);
  try {
    const faults = taskFaults(bytes);
    if (faults.length > 0) {
      ctx.fail(
        `${path}: is no task (${faults.map(({ line, message }) => `line ${line}: ${message}`).join('; ')})`,
        'Mend the file; the scheduler would refuse it, too.',
      );
    }
    const { principals } = parseTask(bytes);
    const asSystem = principals.some(({ userId }) => userId === SYSTEM_SID || /^(?:NT AUTHORITY\\)?SYSTEM$/i.test(userId ?? ''));
    const named = principals.find(({ userId }) => userId !== undefined && !/^S-1-5-(?:18|19|20)$/i.test(userId) && !asSystem)?.userId;
    if (named !== undefined) ctx.note(`${name}: runs as ${JSON.stringify(named)}, which must be there at first boot`);
    return await layTaskXml(draft, id, name, asUtf16(bytes), asSystem);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return ctx.fail(`${path}: cannot be read as a task (${error.message})`, 'Mend the file.');
  }
}

/** The same text in UTF-16, with a declaration that says so. */
function asUtf16(bytes: Uint8Array): Uint8Array {
  const text = decodeXml(bytes).text.replace(/^<\?xml\s[^?]*\?>\s*/, '');
  return encodeXml(`<?xml version="1.0" encoding="UTF-16"?>\r\n${text}`, 'utf-16le', true);
}
