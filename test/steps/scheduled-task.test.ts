// The step scheduled-task: tasks from options and from XML, their registration, and what is refused.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTask } from '../../formats/task-xml/task.ts';
import { scheduledTask } from '../../steps/scheduled-task.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { needRealData, realData } from '../helpers/need.ts';
import { inHostFolder, refusalOf } from '../helpers/step-folder.ts';
import { optionFaults, runStep, unchecked } from '../helpers/step-tester.ts';

const FOLDER = '/Windows/Setup/Scripts/wtgforge';
const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const image = () => fakeImage({ files: { '/Windows/notepad.exe': 'MZ' } });
const inventory = { name: '\\corp\\Inventory (daily)', command: 'C:\\Windows\\x.exe', triggers: ['daily 03:00', 'boot PT5M'] };
const NAMESPACE = 'http://schemas.microsoft.com/windows/2004/02/mit/task';
const xml = (principal: string, more = '') =>
  `<?xml version="1.0"?>\n<Task version="1.4" xmlns="${NAMESPACE}">\n<Principals><Principal id="A">${principal}</Principal></Principals>\n${more}<Actions Context="A"><Exec><Command>a.exe</Command></Exec></Actions></Task>`;

test('a task from options: its XML, its action, the block in SetupComplete.cmd', async () => {
  const {
    lines,
    image: after,
    text,
  } = await runStep(
    scheduledTask({ tasks: [inventory, { ...inventory, name: '\\other', runAs: 'users', triggers: ['logon'], elevated: true }] }),
    image(),
  );
  assert.equal(lines, [
    `write ${FOLDER}/scheduled-task-corp-inventory-daily.xml`,
    `write ${FOLDER}/scheduled-task-other.xml`,
    `write ${FOLDER}/scheduled-task-corp-inventory-daily.cmd`,
    `write ${FOLDER}/scheduled-task-other.cmd`,
    `write ${FOLDER}/first-boot.cmd`,
    `write ${COMPLETE}`,
  ]);
  assert.match(
    await text(`${FOLDER}/scheduled-task-corp-inventory-daily.cmd`),
    '/TN "\\corp\\Inventory (daily)" /XML "%~dp0scheduled-task-corp-inventory-daily.xml" /RU SYSTEM /F',
  );
  assert.match(await text(`${FOLDER}/scheduled-task-other.cmd`), '/TN "\\other" /XML "%~dp0scheduled-task-other.xml" /F');
  const task = parseTask(await after.read(`${FOLDER}/scheduled-task-corp-inventory-daily.xml`));
  assert.equal(
    [task.uri, task.principals[0]!.runLevel, task.triggers.map(({ kind }) => kind)],
    [inventory.name, 'HighestAvailable', ['CalendarTrigger', 'BootTrigger']],
  );
  const other = parseTask(await after.read(`${FOLDER}/scheduled-task-other.xml`));
  assert.equal([other.principals[0]!.groupId, other.principals[0]!.runLevel], ['S-1-5-32-545', 'HighestAvailable']);
  assert.equal((await text(COMPLETE)).match(/first-boot\.cmd" (\S+)/g)?.length, 2);
});

test('a task from XML is checked, written as UTF-16 and registered as its principal says', async () => {
  await inHostFolder({ 'own.xml': xml('<UserId>S-1-5-18</UserId>'), 'corp.xml': xml('<UserId>CORP\\svc</UserId>') }, async (folder) => {
    const tasks = ['own', 'corp'].map((name) => ({ name: `\\${name}`, xml: join(folder, `${name}.xml`) }));
    const { image: after, text, notes } = await runStep(scheduledTask({ tasks }), image());
    const bytes = Buffer.from(await after.read(`${FOLDER}/scheduled-task-own.xml`));
    assert.equal([...bytes.subarray(0, 2)], [0xff, 0xfe]);
    assert.match(bytes.toString('utf16le'), /^\ufeff<\?xml version="1.0" encoding="UTF-16"\?>\r\n<Task version="1.4"/);
    assert.match(await text(`${FOLDER}/scheduled-task-own.cmd`), '/RU SYSTEM /F');
    assert.not.match(await text(`${FOLDER}/scheduled-task-corp.cmd`), '/RU');
    assert.equal(notes, ['\\corp: runs as "CORP\\\\svc", which must be there at first boot']);
  });
});

test('a bad XML is refused with every line and reason', async () => {
  const wrong = xml('<UserId>S-1-5-21-1-2-3-500</UserId>');
  const broken = xml('', '<Settings>\n<Enabled>yes</Enabled><Delay/></Settings>\n');
  await inHostFolder({ 'wrong.xml': wrong, 'broken.xml': broken, 'cut.xml': broken.slice(0, -20), 'text.xml': 'task' }, async (folder) => {
    const of = (name: string, more = {}) =>
      refusalOf(runStep(scheduledTask({ tasks: [{ name: '\\x', xml: join(folder, name), ...more }] }), image()));
    assert.match(
      await of('broken.xml'),
      /broken\.xml: is no task \(line 5: <Enabled>: "yes" is neither true nor false; line 5: <Delay>: is not an element of <Settings>/,
    );
    assert.match(await of('wrong.xml'), 'line 3: <Principal>: UserId S-1-5-21-1-2-3-500 is an account of one machine');
    assert.match(await of('cut.xml'), 'cannot be read as a task');
    assert.match(await of('text.xml'), 'cannot be read as a task');
    assert.match(await of('absent.xml'), 'cannot be read (ENOENT)');
    assert.match(await of('wrong.xml', { command: 'x' }), 'command and triggers stand in');
  });
});

test('options that contradict each other or say too little are refused', async () => {
  const of = (...tasks: Parameters<typeof scheduledTask>[0]['tasks'][number][]) => refusalOf(runStep(scheduledTask({ tasks }), image()));
  assert.match(await of({ name: '\\x' }), '\\x: neither command nor xml is given');
  assert.match(await of({ name: '\\x', command: 'a' }), '\\x: nothing starts it');
  assert.match(await of({ ...inventory, triggers: ['hourly'] }), 'trigger "hourly" is none of boot');
  assert.match(await of({ ...inventory, elevated: true }), 'elevated is for runAs "users"');
  assert.match(await of({ ...inventory, runAs: 'users' }), 'at boot nobody is');
  assert.match(await of(inventory, { ...inventory, name: '\\corp\\inventory.daily' }), 'two tasks are called');
  const faults = (task: object) => optionFaults(unchecked(scheduledTask, { tasks: [task] }));
  for (const name of ['x', '\\a"b', '\\%PATH%', '\\', '\\a&b'])
    assert.match(faults({ name })[0]!, 'scheduled-task.tasks[0].name: does not have the right form', name);
  assert.match(faults({ ...inventory, timeLimit: '1 hour' })[0]!, 'right form');
  assert.match(faults({ ...inventory, runAs: 'root' })[0]!, 'must be one of system');
});

needRealData(test)('what it writes of real and of own tasks is valid by the schema of Windows', async () => {
  const real = join(realData, 'tasks/permissive/unattend-generator__PauseWindowsUpdate.xml');
  const { image: after } = await runStep(scheduledTask({ tasks: [inventory, { name: '\\real', xml: real }] }), image());
  for (const name of ['corp-inventory-daily', 'real']) {
    const input = await after.read(`${FOLDER}/scheduled-task-${name}.xml`);
    const { status, stderr } = spawnSync(
      'xmllint',
      ['--noout', '--nonet', '--schema', join(realData, 'tasks/xsd/TaskSchedulerV2Schema.xsd'), '-'],
      { input },
    );
    assert.is(status, 0, String(stderr));
  }
  assert.equal(
    parseTask(await after.read(`${FOLDER}/scheduled-task-real.xml`)).actions,
    parseTask(new Uint8Array(readFileSync(real))).actions,
  );
});

test('skips what is no Windows', async () => {
  assert.match((await runStep(scheduledTask({ tasks: [inventory] }), fakeImage())).skipped!, 'no Windows folder');
});

test.run();
