// Our check of tasks against the schema of Windows: the same verdict on real tasks and on many damaged ones, with a line and a reason.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { FAULTS_MAX, taskFaults } from '../../../formats/task-xml/check.ts';
import { needRealData, realData } from '../../helpers/need.ts';

const SCHEMA = join(realData, 'tasks/xsd/TaskSchedulerV2Schema.xsd');
const NAMESPACE = 'http://schemas.microsoft.com/windows/2004/02/mit/task';

type Node = readonly [name: string, content?: string | readonly Node[], attributes?: Readonly<Record<string, string>>];
const render = ([name, content = '', attributes = {}]: Node): string => {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
  return `<${name}${words.join('')}>${typeof content === 'string' ? content : content.map(render).join('')}</${name}>`;
};
const task = (children: readonly Node[], version = '1.2') => render(['Task', children, { version, xmlns: NAMESPACE }]);
const bytes = (text: string) => new TextEncoder().encode(text);
const told = (text: string) => taskFaults(bytes(text)).map(({ message }) => message);

const ACTIONS: Node = [
  'Actions',
  [
    [
      'Exec',
      [
        ['Command', 'a.exe'],
        ['Arguments', '/b'],
      ],
      { id: 'one' },
    ],
    ['ComHandler', [['ClassId', '{01234567-89ab-cdef-0123-456789abcdef}']]],
  ],
  { Context: 'Author' },
];
/** Every kind of trigger and most settings: what the damaged ones are made from. */
const FULL: readonly Node[] = [
  [
    'RegistrationInfo',
    [
      ['Date', '2020-01-01T00:00:00'],
      ['Author', 'x'],
      ['URI', '\\a\\b'],
      ['Description', 'd'],
    ],
  ],
  [
    'Triggers',
    [
      [
        'BootTrigger',
        [
          [
            'Repetition',
            [
              ['Interval', 'PT5M'],
              ['Duration', 'P1D'],
              ['StopAtDurationEnd', 'false'],
            ],
          ],
          ['Enabled', 'true'],
          ['Delay', 'PT5M'],
        ],
      ],
      [
        'EventTrigger',
        [
          ['Subscription', 'q'],
          ['Delay', 'PT1M'],
          ['NumberOfOccurrences', '3'],
          ['ValueQueries', [['Value', 'v', { name: 'n' }]]],
        ],
      ],
      [
        'SessionStateChangeTrigger',
        [
          ['StateChange', 'SessionLock'],
          ['UserId', 'u'],
        ],
      ],
      [
        'CalendarTrigger',
        [
          ['StartBoundary', '2020-01-01T03:00:00Z'],
          [
            'ScheduleByWeek',
            [
              ['WeeksInterval', '2'],
              ['DaysOfWeek', [['Monday'], ['Friday']]],
            ],
          ],
        ],
      ],
      [
        'CalendarTrigger',
        [
          ['RandomDelay', 'PT1H'],
          [
            'ScheduleByMonth',
            [
              [
                'DaysOfMonth',
                [
                  ['Day', '31'],
                  ['Day', 'Last'],
                ],
              ],
              ['Months', [['May']]],
            ],
          ],
        ],
      ],
      [
        'CalendarTrigger',
        [
          [
            'ScheduleByMonthDayOfWeek',
            [
              ['Weeks', [['Week', 'Last']]],
              ['DaysOfWeek', [['Sunday']]],
            ],
          ],
        ],
      ],
      ['TimeTrigger', [['StartBoundary', '2020-01-01T03:00:00.123+01:00']]],
    ],
  ],
  [
    'Principals',
    [
      [
        'Principal',
        [
          ['UserId', 'S-1-5-18'],
          ['RunLevel', 'HighestAvailable'],
          ['LogonType', 'S4U'],
        ],
        { id: 'Author' },
      ],
    ],
  ],
  [
    'Settings',
    [
      [
        'RestartOnFailure',
        [
          ['Interval', 'PT1M'],
          ['Count', '3'],
        ],
      ],
      ['MultipleInstancesPolicy', 'IgnoreNew'],
      ['Priority', '7'],
      [
        'IdleSettings',
        [
          ['Duration', 'PT10M'],
          ['StopOnIdleEnd', '1'],
        ],
      ],
      [
        'NetworkSettings',
        [
          ['Name', 'n'],
          ['Id', '01234567-89ab-cdef-0123-456789abcdef'],
        ],
      ],
      [
        'MaintenanceSettings',
        [
          ['Period', 'P1D'],
          ['Deadline', 'P2D'],
          ['Exclusive', 'false'],
        ],
      ],
    ],
  ],
  ACTIONS,
];

test('takes a task with everything in it, and the smallest', () => {
  assert.equal(told(task(FULL)), []);
  assert.equal(told(task([['Actions', [['Exec', [['Command', 'a.exe']]]]]])), []);
});

test('tells the line, the element and the reason', () => {
  const of = (node: Node) =>
    told(
      task([
        ['Settings', [node]],
        ['Actions', [['Exec', [['Command', 'a.exe']]]]],
      ]),
    )[0];
  assert.is(of(['ExecutionTimeLimit', '30 minutes']), '<ExecutionTimeLimit>: "30 minutes" is no duration (PT5M, P1D)');
  assert.match(of(['Enabled', 'yes'])!, '"yes" is neither true nor false');
  assert.match(of(['Priority', '11'])!, '"11" is not 0 to 10');
  assert.match(of(['MultipleInstancesPolicy', 'Ignore'])!, 'is not one of Parallel, Queue, IgnoreNew, StopExisting');
  assert.match(
    of([
      'RestartOnFailure',
      [
        ['Interval', 'PT1S'],
        ['Count', '3'],
      ],
    ])!,
    '"PT1S" is too short',
  );
  assert.match(of(['Nonsense'])!, '<Nonsense>: is not an element of <Settings> (it takes');
  assert.match(told(task([]))[0]!, '<Task>: misses <Actions>');
  assert.match(told(task([['Actions']]))[0]!, '<Actions>: has 0 elements, not 1 to 32');
  assert.match(told(task([['Triggers', [['CalendarTrigger']]], ACTIONS]))[0]!, 'misses <ScheduleByDay> or <ScheduleByWeek> or');
  assert.match(told(`<Task xmlns="${NAMESPACE}"><Actions>x<Exec><Command>a</Command></Exec></Actions></Task>`)[0]!, 'holds text beside');
  assert.match(told('<Task/>')[0]!, 'the root is <Task>, not a <Task> of http');
  assert.equal(
    taskFaults(bytes(`<Task xmlns="${NAMESPACE}">\n<Settings>\n\n<Hidden>x</Hidden></Settings></Task>`)).map(({ line }) => line),
    [1, 4],
  );
  const many = `<Task xmlns="${NAMESPACE}">${'<X/>'.repeat(100)}</Task>`;
  assert.is(taskFaults(bytes(many)).length, FAULTS_MAX);
});

test('refuses a principal that needs a password or belongs to one machine', () => {
  const principal = (...fields: readonly Node[]) =>
    told(
      task([
        ['Principals', [['Principal', fields, { id: 'A' }]]],
        ['Actions', [['Exec', [['Command', 'a']]]], { Context: 'A' }],
      ]),
    );
  assert.equal(principal(['UserId', 'S-1-5-18']), []);
  assert.match(principal(['LogonType', 'Password'])[0]!, 'needs a password, which no task file carries');
  assert.match(principal(['UserId', 'S-1-5-21-1-2-3-1001'])[0]!, 'is an account of one machine');
  assert.match(principal(['UserId', 'a'], ['GroupId', 'b'])[0]!, 'only one of them');
  assert.match(
    told(task([['Actions', [['Exec', [['Command', 'a']]]], { Context: 'Nobody' }]]))[0]!,
    'Context "Nobody" is the id of no Principal',
  );
});

needRealData(test)('has the verdict of the schema on the tasks of other people', () => {
  for (const folder of ['tasks/permissive', 'tasks/copyleft']) {
    for (const name of readdirSync(join(realData, folder))) {
      const path = join(realData, folder, name);
      const valid = spawnSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, path]).status === 0;
      let faults: readonly string[];
      try {
        faults = taskFaults(new Uint8Array(readFileSync(path))).map(({ message }) => message);
      } catch (error) {
        assert.ok(error instanceof FormatError);
        faults = [error.message];
      }
      const schema = faults.filter((message) => !message.startsWith('<Principal>: UserId'));
      assert.is(schema.length === 0, valid, `${name}: ${schema}`);
    }
  }
});

const TEXTS = [
  '',
  'x',
  'true',
  '1',
  'PT5M',
  'PT0M',
  'P1D',
  'P40D',
  '5',
  '40',
  '-1',
  'Last',
  '2020-01-01T03:00:00',
  '2020-13-01T03:00:00',
  'SessionLock',
  '{01234567-89ab-cdef-0123-456789abcdef}',
];
const NAMES = ['Enabled', 'Delay', 'Monday', 'Exec', 'UserId', 'Interval', 'BootTrigger', 'Wrong'];

/** One change at one place: text, name, order, an element more or fewer, an attribute. */
function damaged(node: Node, pick: (max: number) => number): Node {
  const [name, content = '', attributes = {}] = node;
  if (typeof content !== 'string' && content.length > 0 && pick(5) > 0) {
    const at = pick(content.length);
    return [name, content.map((child, index) => (index === at ? damaged(child, pick) : child)), attributes];
  }
  const list = typeof content === 'string' ? [] : content;
  switch (pick(6)) {
    case 0:
      return [name, TEXTS[pick(TEXTS.length)]!, attributes];
    case 1:
      return [NAMES[pick(NAMES.length)]!, content, attributes];
    case 2:
      return [name, list.toReversed(), attributes];
    case 3:
      return [name, [...list, [NAMES[pick(NAMES.length)]!, TEXTS[pick(TEXTS.length)]!]], attributes];
    case 4:
      return [name, list.slice(1), attributes];
    default:
      return [name, content, { ...attributes, extra: '1' }];
  }
}

needRealData(test)('has the verdict of the schema on 300 damaged tasks', () => {
  const cases = fc.sample(fc.infiniteStream(fc.nat({ max: 1_000_000 })), { numRuns: 300, seed: 20260101 }).map((numbers) => {
    const next = numbers[Symbol.iterator]();
    return task(damaged(['Task', FULL], (max) => (next.next().value as number) % max)[1] as readonly Node[]);
  });
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-tasks-'));
  try {
    const files = [...cases.keys()].map((at) => join(folder, `${at}.xml`));
    for (const [at, file] of files.entries()) writeFileSync(file, cases[at]!);
    const { stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
    let bad = 0;
    for (const [at, file] of files.entries()) {
      const valid = stderr.includes(`${file} validates\n`);
      if (!valid) bad += 1;
      // Stricter on purpose: the schema takes an empty element for its default.
      const strict = valid ? /needs a password|only one of them|: "" is / : /needs a password|only one of them/;
      const faults = told(cases[at]!).filter((message) => !strict.test(message));
      assert.is(faults.length === 0, valid, `${cases[at]}\n${faults}\n${stderr.split('\n').filter((line) => line.includes(file))}`);
    }
    assert.ok(bad > 150 && bad < 300, `${bad} of 300 are bad`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
