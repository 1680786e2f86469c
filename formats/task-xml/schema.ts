// What the task scheduler takes as a task, as data: elements, their order and their values, after Microsoft's schema (MS-TSCH 2.5).

/** The form of a text. */
export type TextForm =
  | 'any'
  | 'filled'
  | 'path'
  | 'boolean'
  | 'duration'
  | 'dateTime'
  | 'guid'
  | 'version'
  | { readonly oneOf: readonly string[] }
  | { readonly from: number; readonly to: number }
  | { readonly minSeconds: number; readonly maxSeconds: number };

export interface Field {
  /** A text, or the name of a complex type. */
  readonly is: TextForm | { readonly type: string };
  readonly required?: true;
  /** How often it may stand there; once unless given. */
  readonly max?: number;
  /** Fields of one group stand for each other: one of them, not two. */
  readonly group?: string;
}

export interface ComplexType {
  /** Whether the sub-elements may stand in any order. */
  readonly order: 'any' | 'as listed';
  readonly fields: Readonly<Record<string, Field>>;
  readonly attributes?: Readonly<Record<string, Field>>;
  /** How many sub-elements there may be in all. */
  readonly total?: { readonly min: number; readonly max: number };
  /** Any content is taken. */
  readonly open?: true;
}

const optional = (is: Field['is']): Field => ({ is });
const required = (is: Field['is']): Field => ({ is, required: true });
const many = (is: Field['is'], max: number): Field => ({ is, max });
const type = (name: string) => ({ type: name });

const MINUTE = 60;
const DAY = 86_400;
const ENDLESS = Number.POSITIVE_INFINITY;

const TRIGGER = {
  Repetition: optional(type('repetition')),
  StartBoundary: optional('dateTime'),
  EndBoundary: optional('dateTime'),
  ExecutionTimeLimit: optional('duration'),
  Enabled: optional('boolean'),
} as const;
const trigger = (fields: Readonly<Record<string, Field>>): ComplexType => ({
  order: 'as listed',
  fields: { ...TRIGGER, ...fields },
  attributes: { id: optional('any') },
});
const DELAY = { Delay: optional('duration') };
const schedule = (name: string): Field => ({ is: type(name), required: true, group: 'schedule' });
const flags = (names: string): ComplexType => ({
  order: 'any',
  fields: Object.fromEntries(names.split(' ').map((name) => [name, optional({ oneOf: [''] })])),
});
const action = (fields: Readonly<Record<string, Field>>): ComplexType => ({ order: 'any', fields, attributes: { id: optional('any') } });
const STATES = ['ConsoleConnect', 'ConsoleDisconnect', 'RemoteConnect', 'RemoteDisconnect', 'SessionLock', 'SessionUnlock'];

/** By name; the root is `task`. */
export const taskTypes: Readonly<Record<string, ComplexType>> = {
  task: {
    order: 'any',
    fields: {
      RegistrationInfo: optional(type('registration')),
      Triggers: optional(type('triggers')),
      Settings: optional(type('settings')),
      Data: optional('any'),
      Principals: optional(type('principals')),
      Actions: required(type('actions')),
    },
    attributes: { version: optional('version') },
  },
  registration: {
    order: 'any',
    fields: {
      URI: optional('any'),
      SecurityDescriptor: optional('any'),
      Source: optional('any'),
      Date: optional('dateTime'),
      Author: optional('any'),
      Version: optional('any'),
      Description: optional('any'),
      Documentation: optional('any'),
    },
  },
  triggers: {
    order: 'any',
    fields: Object.fromEntries(
      'Boot Registration Idle Time Event Logon SessionStateChange Calendar WnfStateChange'
        .split(' ')
        .map((name) => [`${name}Trigger`, many(type(`${name}Trigger`), 48)]),
    ),
    total: { min: 0, max: 48 },
  },
  repetition: {
    order: 'any',
    fields: {
      Interval: required({ minSeconds: MINUTE, maxSeconds: 31 * DAY }),
      Duration: optional({ minSeconds: MINUTE, maxSeconds: ENDLESS }),
      StopAtDurationEnd: optional('boolean'),
    },
  },
  BootTrigger: trigger(DELAY),
  RegistrationTrigger: trigger(DELAY),
  IdleTrigger: trigger({}),
  TimeTrigger: trigger({ RandomDelay: optional('duration') }),
  EventTrigger: trigger({
    Subscription: required('filled'),
    ...DELAY,
    PeriodOfOccurrence: optional('duration'),
    NumberOfOccurrences: optional({ from: 1, to: 32 }),
    MatchingElement: optional('filled'),
    ValueQueries: optional(type('queries')),
  }),
  queries: { order: 'as listed', fields: { Value: many(type('query'), 32) }, total: { min: 1, max: 32 } },
  query: { order: 'any', fields: {}, attributes: { name: required('filled') }, open: true },
  LogonTrigger: trigger({ UserId: optional('filled'), ...DELAY }),
  SessionStateChangeTrigger: trigger({ StateChange: required({ oneOf: STATES }), UserId: optional('filled'), ...DELAY }),
  WnfStateChangeTrigger: { order: 'any', fields: {}, attributes: { id: optional('any') }, open: true },
  CalendarTrigger: trigger({
    RandomDelay: optional('duration'),
    ScheduleByDay: schedule('byDay'),
    ScheduleByWeek: schedule('byWeek'),
    ScheduleByMonth: schedule('byMonth'),
    ScheduleByMonthDayOfWeek: schedule('byMonthDayOfWeek'),
  }),
  byDay: { order: 'any', fields: { DaysInterval: optional({ from: 1, to: 365 }) } },
  byWeek: { order: 'any', fields: { WeeksInterval: optional({ from: 1, to: 52 }), DaysOfWeek: optional(type('weekdays')) } },
  byMonth: { order: 'any', fields: { DaysOfMonth: optional(type('daysOfMonth')), Months: optional(type('months')) } },
  byMonthDayOfWeek: {
    order: 'any',
    fields: { Weeks: optional(type('weeks')), DaysOfWeek: required(type('weekdays')), Months: optional(type('months')) },
  },
  weekdays: flags('Monday Tuesday Wednesday Thursday Friday Saturday Sunday'),
  months: flags('January February March April May June July August September October November December'),
  daysOfMonth: {
    order: 'as listed',
    fields: { Day: many({ oneOf: [...Array.from({ length: 31 }, (_, day) => String(day + 1)), 'Last'] }, 32) },
  },
  weeks: { order: 'as listed', fields: { Week: many({ oneOf: ['1', '2', '3', '4', 'Last'] }, 5) } },
  settings: {
    order: 'any',
    fields: {
      ...Object.fromEntries(
        `AllowStartOnDemand DisallowStartIfOnBatteries StopIfGoingOnBatteries AllowHardTerminate StartWhenAvailable RunOnlyIfNetworkAvailable
        WakeToRun Enabled Hidden RunOnlyIfIdle UseUnifiedSchedulingEngine Volatile DisallowStartOnRemoteAppSession`
          .split(/\s+/)
          .map((name) => [name, optional('boolean')]),
      ),
      RestartOnFailure: optional(type('restart')),
      MultipleInstancesPolicy: optional({ oneOf: ['Parallel', 'Queue', 'IgnoreNew', 'StopExisting'] }),
      NetworkProfileName: optional('any'),
      DeleteExpiredTaskAfter: optional('duration'),
      IdleSettings: optional(type('idle')),
      NetworkSettings: optional(type('network')),
      ExecutionTimeLimit: optional('duration'),
      Priority: optional({ from: 0, to: 10 }),
      MaintenanceSettings: optional(type('maintenance')),
    },
  },
  restart: {
    order: 'any',
    fields: { Interval: required({ minSeconds: MINUTE, maxSeconds: 31 * DAY }), Count: required({ from: 1, to: 255 }) },
  },
  idle: {
    order: 'any',
    fields: {
      Duration: optional({ minSeconds: MINUTE, maxSeconds: ENDLESS }),
      WaitTimeout: optional({ minSeconds: MINUTE, maxSeconds: ENDLESS }),
      StopOnIdleEnd: optional('boolean'),
      RestartOnIdle: optional('boolean'),
    },
  },
  network: { order: 'any', fields: { Name: optional('filled'), Id: optional('guid') } },
  maintenance: {
    order: 'any',
    fields: {
      Period: required({ minSeconds: DAY, maxSeconds: ENDLESS }),
      Deadline: required({ minSeconds: DAY, maxSeconds: ENDLESS }),
      Exclusive: required('boolean'),
    },
  },
  principals: { order: 'as listed', fields: { Principal: required(type('principal')) } },
  principal: {
    order: 'any',
    fields: {
      UserId: optional('filled'),
      LogonType: optional({ oneOf: ['S4U', 'Password', 'InteractiveToken', 'InteractiveTokenOrPassword'] }),
      GroupId: optional('filled'),
      DisplayName: optional('any'),
      RunLevel: optional({ oneOf: ['LeastPrivilege', 'HighestAvailable'] }),
      ProcessTokenSidType: optional({ oneOf: ['None', 'Unrestricted'] }),
      RequiredPrivileges: optional(type('privileges')),
    },
    attributes: { id: optional('any') },
  },
  privileges: { order: 'as listed', fields: { Privilege: many('filled', 64) }, total: { min: 1, max: 64 } },
  actions: {
    order: 'any',
    fields: {
      Exec: many(type('exec'), 32),
      ComHandler: many(type('com'), 32),
      SendEmail: many(type('email'), 32),
      ShowMessage: many(type('message'), 32),
    },
    attributes: { Context: optional('any') },
    total: { min: 1, max: 32 },
  },
  exec: action({ Command: required('path'), Arguments: optional('any'), WorkingDirectory: optional('path') }),
  com: action({ ClassId: required('guid'), Data: optional('any') }),
  email: action({
    Server: required('filled'),
    ...Object.fromEntries('Subject To Cc Bcc ReplyTo From Body'.split(' ').map((name) => [name, optional('any')])),
    HeaderFields: optional(type('headers')),
    Attachments: optional(type('attachments')),
  }),
  headers: { order: 'as listed', fields: { HeaderField: many(type('header'), 32) } },
  header: { order: 'any', fields: { Name: required('filled'), Value: required('any') } },
  attachments: { order: 'as listed', fields: { File: many('filled', 8) } },
  message: action({ Title: required('filled'), Body: required('filled') }),
};
