// Task XML: what we render is valid by the real schema, and what others wrote is read.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseTask, renderTask, SYSTEM_SID, type TaskSpec } from '../../../formats/task-xml/task.ts';
import { needRealData, realData } from '../../helpers/need.ts';

const SCHEMA = join(realData, 'tasks/xsd/TaskSchedulerV2Schema.xsd');
const query =
  '<QueryList><Query Id="0" Path="Application"><Select Path="Application">*[System[EventID=1 and Level<3]]</Select></Query></QueryList>';
const spec: TaskSpec = {
  uri: '\\wtgforge\\test & more',
  description: 'a < b',
  triggers: [{ kind: 'boot', delay: 'PT5M' }, { kind: 'logon' }, { kind: 'event', query, delay: 'PT1M' }],
  principal: { userId: SYSTEM_SID },
  highest: true,
  needsNetwork: true,
  timeLimit: 'PT30M',
  command: '%SystemRoot%\\System32\\cmd.exe',
  arguments: '/c "a & b"',
};

test('renders UTF-16LE with a byte order mark, CRLF, and what went in', () => {
  const bytes = renderTask(spec);
  assert.equal([...bytes.subarray(0, 4)], [0xff, 0xfe, 0x3c, 0]);
  const text = Buffer.from(bytes).toString('utf16le');
  assert.is(text.split('\r\n').length, text.split('\n').length);
  assert.equal(parseTask(bytes), {
    version: '1.2',
    uri: spec.uri,
    hidden: false,
    enabled: true,
    networkOnly: true,
    principals: [{ userId: 'S-1-5-18', groupId: undefined, runLevel: 'HighestAvailable' }],
    triggers: [
      { kind: 'BootTrigger', subscription: undefined },
      { kind: 'LogonTrigger', subscription: undefined },
      { kind: 'EventTrigger', subscription: query },
    ],
    actions: [{ kind: 'exec', command: spec.command, arguments: spec.arguments, workingDirectory: '' }],
  });
  for (const setting of ['<DisallowStartIfOnBatteries>false', '<StopIfGoingOnBatteries>false', '<MultipleInstancesPolicy>IgnoreNew']) {
    assert.ok(text.includes(setting), setting);
  }
});

needRealData(test)('is valid by the schema of Windows, which refuses a wrong duration', () => {
  const judge = (task: TaskSpec) => spawnSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, '-'], { input: renderTask(task) });
  const good = judge(spec);
  assert.is(good.status, 0, String(good.stderr));
  assert.not.equal(judge({ ...spec, timeLimit: '30 minutes' }).status, 0);
  assert.not.equal(judge({ ...spec, triggers: [{ kind: 'event', query: '' }] }).status, 0);
});

needRealData(test)('reads the tasks of other people', () => {
  for (const folder of ['tasks/permissive', 'tasks/copyleft']) {
    for (const name of readdirSync(join(realData, folder))) {
      const bytes = new Uint8Array(readFileSync(join(realData, folder, name)));
      const wellFormed = spawnSync('xmllint', ['--noout', join(realData, folder, name)]).status === 0;
      if (!wellFormed)
        assert.throws(
          () => parseTask(bytes),
          (error: unknown) => error instanceof FormatError,
        );
      else assert.ok(parseTask(bytes).actions.length > 0, name);
    }
  }
});

test('reads COM actions, and refuses what is not a task', () => {
  const namespace = 'xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"';
  const of = (text: string) => parseTask(new TextEncoder().encode(text));
  const view = of(
    `<Task ${namespace}><Settings><Hidden>true</Hidden><Enabled>0</Enabled></Settings><Actions><ComHandler><ClassId>{1}</ClassId></ComHandler><SendEmail/></Actions></Task>`,
  );
  assert.equal(
    [view.hidden, view.enabled, view.actions],
    [
      true,
      false,
      [
        { kind: 'com', classId: '{1}' },
        { kind: 'other', name: 'SendEmail' },
      ],
    ],
  );
  for (const wrong of ['<Task/>', `<Job ${namespace}/>`, 'task', ''])
    assert.throws(
      () => of(wrong),
      (error: unknown) => error instanceof FormatError,
    );
});

test.run();
