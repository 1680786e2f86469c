// Triggers as authors write them: each form, and the reason when it is none.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderTask, SYSTEM_SID, type TaskTrigger } from '../../../formats/task-xml/task.ts';
import { readTrigger } from '../../../formats/task-xml/trigger-text.ts';
import { selectsEvent } from '../../helpers/event-query.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';

const GOOD = [
  'boot',
  'boot PT5M',
  'logon',
  'logon PT1H30M',
  'daily 03:00',
  'weekly Mon,friday 22:30',
  'event System Microsoft-Windows-WindowsUpdateClient 19',
  'event "Microsoft-Windows-TaskScheduler/Operational" "Some & <Provider>" 200 PT1M',
];

test('each form gives its trigger', () => {
  assert.equal(readTrigger('boot'), { kind: 'boot' });
  assert.equal(readTrigger(' logon  PT30S '), { kind: 'logon', delay: 'PT30S' });
  assert.equal(readTrigger('daily 23:59'), { kind: 'daily', at: '23:59' });
  assert.equal(readTrigger('weekly Mon,friday 22:30'), { kind: 'weekly', at: '22:30', days: ['Monday', 'Friday'] });
  assert.is((readTrigger('event System X 19 PT1M') as { delay: string }).delay, 'PT1M');
});

test('what is no trigger gives the reason', () => {
  for (const [text, reason] of [
    ['', 'is none of boot'],
    ['hourly', 'is none of boot'],
    ['boot 5', 'has a delay that is none'],
    ['boot PT', 'has a delay that is none'],
    ['daily 3:00', 'needs a time of day'],
    ['daily 24:00', 'needs a time of day'],
    ['weekly 03:00', 'needs days and a time'],
    ['weekly Mon,Xyz 03:00', 'needs days and a time'],
    ['event System X', 'needs a log, a provider and a number'],
    ["event System X' 19", 'needs a log, a provider and a number'],
    ['event System X 70000', '65535 is the last'],
    ['event System X 19 5', 'has a delay that is none'],
  ] as const) {
    const trigger = readTrigger(text);
    assert.type(trigger, 'string', text);
    assert.match(trigger as string, reason);
  }
});

needTools(test, { xmllint: 'libxml2-utils' })('an event trigger selects its event and no other', () => {
  const { query } = readTrigger('event System "Some Provider" 19') as { query: string };
  const event = { log: 'System', provider: 'Some Provider', id: 19, level: 4, data: [] } as const;
  assert.ok(selectsEvent(query, event));
  assert.not.ok(selectsEvent(query, { ...event, id: 20 }));
  assert.not.ok(selectsEvent(query, { ...event, provider: 'Other' }));
  assert.not.ok(selectsEvent(query, { ...event, log: 'Application' }));
});

needRealData(test)('every form makes a task that the schema of Windows takes', () => {
  const schema = join(realData, 'tasks/xsd/TaskSchedulerV2Schema.xsd');
  const input = renderTask({
    uri: '\\x',
    description: '',
    triggers: GOOD.map((text) => readTrigger(text) as TaskTrigger),
    principal: { userId: SYSTEM_SID },
    highest: false,
    needsNetwork: false,
    timeLimit: 'PT1H',
    command: 'x.exe',
    arguments: '',
    workingDirectory: 'C:\\',
  });
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input });
  assert.is(status, 0, String(stderr));
});

test('any text gives a trigger or a reason, and never an error', () => {
  fc.assert(fc.property(fc.string(), (text) => ['string', 'object'].includes(typeof readTrigger(text))));
  fc.assert(
    fc.property(fc.constantFrom(...GOOD), fc.string(), (form, more) => ['string', 'object'].includes(typeof readTrigger(form + more))),
  );
});

test.run();
