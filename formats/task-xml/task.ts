// Scheduled tasks as XML: version 1.2, which every Windows since Vista reads, in UTF-16LE with a byte order mark.
import { FormatError } from '../bytes.ts';
import { encodeXml } from '../xml/decode.ts';
import { parseXml } from '../xml/parse.ts';
import { escapeText } from '../xml/render.ts';
import { attributeOf, childOf, elementsOf, textOf, type XmlElement } from '../xml/tree.ts';

export const TASK_NAMESPACE = 'http://schemas.microsoft.com/windows/2004/02/mit/task';
/** The local system account. */
export const SYSTEM_SID = 'S-1-5-18';

/** Durations are ISO 8601: `PT5M`; times of day `03:00`, local to the machine. */
export type TaskTrigger =
  | { readonly kind: 'boot'; readonly delay?: string }
  | { readonly kind: 'logon'; readonly delay?: string }
  | { readonly kind: 'daily'; readonly at: string }
  | { readonly kind: 'weekly'; readonly at: string; readonly days: readonly Weekday[] }
  /** `query` is the whole QueryList. */
  | { readonly kind: 'event'; readonly query: string; readonly delay?: string };

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Who runs it: an account, or whoever of a group logs on. No password is ever stored. */
export type TaskPrincipal = { readonly userId: string } | { readonly groupId: string };

export interface TaskSpec {
  readonly uri: string; // '\folder\name'
  readonly description: string;
  readonly triggers: readonly TaskTrigger[];
  readonly principal: TaskPrincipal; // SIDs
  readonly highest: boolean;
  readonly needsNetwork: boolean;
  readonly timeLimit: string;
  readonly command: string;
  readonly arguments: string;
  readonly workingDirectory?: string;
}

/** What a task does, for checks: any schema version. */
export interface TaskView {
  readonly version: string;
  readonly uri: string | undefined;
  readonly hidden: boolean;
  readonly enabled: boolean;
  readonly networkOnly: boolean;
  readonly principals: readonly {
    readonly userId: string | undefined;
    readonly groupId: string | undefined;
    readonly runLevel: string | undefined;
  }[];
  readonly triggers: readonly { readonly kind: string; readonly subscription: string | undefined }[];
  readonly actions: readonly TaskAction[];
}

export type TaskAction =
  | { readonly kind: 'exec'; readonly command: string; readonly arguments: string; readonly workingDirectory: string }
  | { readonly kind: 'com'; readonly classId: string }
  | { readonly kind: 'other'; readonly name: string };

/** The bytes of the task's file. `schtasks /Create /XML` wants the declared encoding and the bytes to agree [U]. */
export function renderTask(task: TaskSpec): Uint8Array {
  const lines = [
    '<?xml version="1.0" encoding="UTF-16"?>',
    `<Task version="1.2" xmlns="${TASK_NAMESPACE}">`,
    '  <RegistrationInfo>',
    `    <Description>${escapeText(task.description)}</Description>`,
    `    <URI>${escapeText(task.uri)}</URI>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    ...task.triggers.flatMap(triggerLines),
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    'userId' in task.principal
      ? `      <UserId>${escapeText(task.principal.userId)}</UserId>`
      : `      <GroupId>${escapeText(task.principal.groupId)}</GroupId>`,
    `      <RunLevel>${task.highest ? 'HighestAvailable' : 'LeastPrivilege'}</RunLevel>`,
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    // Both are true by default, and a workspace runs on laptops.
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    `    <RunOnlyIfNetworkAvailable>${task.needsNetwork}</RunOnlyIfNetworkAvailable>`,
    `    <ExecutionTimeLimit>${escapeText(task.timeLimit)}</ExecutionTimeLimit>`,
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    `      <Command>${escapeText(task.command)}</Command>`,
    ...(task.arguments === '' ? [] : [`      <Arguments>${escapeText(task.arguments)}</Arguments>`]),
    ...(task.workingDirectory === undefined ? [] : [`      <WorkingDirectory>${escapeText(task.workingDirectory)}</WorkingDirectory>`]),
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ];
  return encodeXml(lines.join('\r\n'), 'utf-16le', true);
}

const TRIGGER_NAMES = {
  boot: 'BootTrigger',
  logon: 'LogonTrigger',
  event: 'EventTrigger',
  daily: 'CalendarTrigger',
  weekly: 'CalendarTrigger',
} as const;
/** A calendar trigger begins on a day; any in the past will do. */
const FIRST_DAY = '2020-01-01';

function triggerLines(trigger: TaskTrigger): readonly string[] {
  const name = TRIGGER_NAMES[trigger.kind];
  const calendar = trigger.kind === 'daily' || trigger.kind === 'weekly';
  return [
    `    <${name}>`,
    ...(calendar ? [`      <StartBoundary>${FIRST_DAY}T${escapeText(trigger.at)}:00</StartBoundary>`] : []),
    '      <Enabled>true</Enabled>',
    ...(trigger.kind === 'event' ? [`      <Subscription>${escapeText(trigger.query)}</Subscription>`] : []),
    ...(calendar || trigger.delay === undefined ? [] : [`      <Delay>${escapeText(trigger.delay)}</Delay>`]),
    ...(trigger.kind === 'daily' ? ['      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>'] : []),
    ...(trigger.kind === 'weekly' ? [weekly(trigger.days)] : []),
    `    </${name}>`,
  ];
}

function weekly(days: readonly Weekday[]): string {
  const wanted = WEEKDAYS.filter((day) => days.includes(day)).map((day) => `<${day} />`);
  return `      <ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek>${wanted.join('')}</DaysOfWeek></ScheduleByWeek>`;
}

/** @throws FormatError when the bytes are not XML or not a task. */
export function parseTask(bytes: Uint8Array): TaskView {
  const { root } = parseXml(bytes);
  if (root.local !== 'Task' || root.namespace !== TASK_NAMESPACE) throw new FormatError('task', `the root is <${root.name}>, not a <Task>`);
  const settings = childOf(root, 'Settings');
  const inside = (name: string) => elementsOf(childOf(root, name) ?? EMPTY);
  return {
    version: attributeOf(root, 'version') ?? '',
    uri: optional(childOf(root, 'RegistrationInfo'), 'URI'),
    hidden: isTrue(optional(settings, 'Hidden'), false),
    enabled: isTrue(optional(settings, 'Enabled'), true),
    networkOnly: isTrue(optional(settings, 'RunOnlyIfNetworkAvailable'), false),
    principals: inside('Principals').map((principal) => ({
      userId: optional(principal, 'UserId'),
      groupId: optional(principal, 'GroupId'),
      runLevel: optional(principal, 'RunLevel'),
    })),
    triggers: inside('Triggers').map((trigger) => ({ kind: trigger.local, subscription: optional(trigger, 'Subscription') })),
    actions: inside('Actions').map(actionOf),
  };
}

/**
 * The same for a file on a disk: where its declaration names another encoding than the bytes have, the bytes are right. Tasks that were exported and saved
 * again by an editor are so, real ones among them.
 */
export function parseTaskFile(bytes: Uint8Array): TaskView {
  try {
    return parseTask(bytes);
  } catch (error) {
    const declaration = /^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}encoding[^>]{0,100}\?>/.exec(
      Buffer.from(bytes.subarray(0, 400)).toString('latin1'),
    );
    if (!(error instanceof FormatError) || !declaration) throw error;
    return parseTask(bytes.subarray(declaration[0].length));
  }
}

const EMPTY: XmlElement = { kind: 'element', name: '', local: '', namespace: '', attributes: [], children: [], at: undefined };

function actionOf(action: XmlElement): TaskAction {
  const text = (name: string) => optional(action, name) ?? '';
  if (action.local === 'Exec') {
    return { kind: 'exec', command: text('Command'), arguments: text('Arguments'), workingDirectory: text('WorkingDirectory') };
  }
  return action.local === 'ComHandler' ? { kind: 'com', classId: text('ClassId') } : { kind: 'other', name: action.local };
}

function optional(parent: XmlElement | undefined, name: string): string | undefined {
  const found = parent && childOf(parent, name);
  return found && textOf(found).trim();
}

function isTrue(text: string | undefined, otherwise: boolean): boolean {
  return text === undefined ? otherwise : text === 'true' || text === '1';
}
