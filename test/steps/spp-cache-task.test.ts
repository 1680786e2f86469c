// The licence cache task: its files, its registration in the owner's SetupComplete.cmd, and what the script may not do.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTask } from '../../formats/task-xml/task.ts';
import { sppCacheTask } from '../../steps/spp-cache-task.ts';
import { type LoggedEvent, selectsEvent, sppEvent } from '../helpers/event-query.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { needRealData, needTools, realData } from '../helpers/need.ts';
import { optionFaults, runStep } from '../helpers/step-tester.ts';

const FOLDER = '/Windows/Setup/Scripts/wtgforge';
const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const image = (files: FakeSpec['files'] = {}, info: FakeSpec['info'] = {}) => fakeImage({ SOFTWARE: {}, files, info });
const guest = (name: string) => readFileSync(new URL(`../../scripts/guest/${name}`, import.meta.url), 'utf8');

test('lays its scripts, its task and its waits, and has the task registered at first boot', async () => {
  const { lines, text, notes } = await runStep(sppCacheTask({ firstWait: 10, longestWait: 60 }), image());
  assert.equal(lines, [
    `write ${FOLDER}/spp-cache.cmd`,
    `write ${FOLDER}/kms-probe.ps1`,
    'set SOFTWARE wtgforge\\SppCache!FirstWait = 10',
    'set SOFTWARE wtgforge\\SppCache!LongestWait = 60',
    `write ${FOLDER}/spp-cache-task.xml`,
    `write ${FOLDER}/spp-cache-task.cmd`,
    `write ${FOLDER}/first-boot.cmd`,
    `write ${COMPLETE}`,
  ]);
  assert.match(await text(COMPLETE), 'first-boot.cmd" spp-cache-task\r\n');
  assert.match(
    await text(`${FOLDER}/spp-cache-task.cmd`),
    '/Create /TN "\\wtgforge\\spp-cache" /XML "%~dp0spp-cache-task.xml" /RU SYSTEM /F\r\n',
  );
  assert.equal(notes, []);
  for (const name of ['spp-cache.cmd', 'kms-probe.ps1']) {
    const shipped = await text(`${FOLDER}/${name}`);
    assert.is(shipped.replaceAll('\r\n', '\n'), guest(name));
    assert.not.ok(/[^\r]\n/.test(shipped), `${name} has bare line feeds`);
  }
});

test('the task runs as SYSTEM, on batteries, one at a time, and is started by failures only', async () => {
  const { image: after } = await runStep(sppCacheTask({ bootDelay: 7 }), image());
  const bytes = await after.read(`${FOLDER}/spp-cache-task.xml`);
  const task = parseTask(bytes);
  assert.equal(
    task.principals.map(({ userId }) => userId),
    ['S-1-5-18'],
  );
  assert.equal(
    task.triggers.map(({ kind }) => kind),
    ['BootTrigger', 'EventTrigger'],
  );
  const xml = Buffer.from(bytes).toString('utf16le');
  for (const part of ['<Delay>PT7M</Delay>', 'IgnoreNew', '<DisallowStartIfOnBatteries>false', '<StopIfGoingOnBatteries>false', 'PT30M']) {
    assert.ok(xml.includes(part), part);
  }
  const [action] = task.actions;
  assert.is(action?.kind, 'exec');
  assert.is((action as { arguments: string }).arguments, '/d /c "%SystemRoot%\\Setup\\Scripts\\wtgforge\\spp-cache.cmd"');
});

needRealData(test)('the task is valid by the schema of Windows', async () => {
  const { image: after } = await runStep(sppCacheTask(), image());
  const schema = join(realData, 'tasks/xsd/TaskSchedulerV2Schema.xsd');
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], {
    input: await after.read(`${FOLDER}/spp-cache-task.xml`),
  });
  assert.is(status, 0, String(stderr));
});

needTools(test, { xmllint: 'libxml2-utils' })(
  'the query selects failures and updates, never a request that went well in a field of its own',
  async () => {
    const { image: after } = await runStep(sppCacheTask(), image());
    const query = parseTask(await after.read(`${FOLDER}/spp-cache-task.xml`)).triggers[1]!.subscription!;
    const update = { log: 'System', provider: 'Microsoft-Windows-WindowsUpdateClient', id: 19, level: 4, data: ['KB1'] } as const;
    const selected: readonly LoggedEvent[] = [
      ...([12288, 12289, 8198] as const).map((id) => sppEvent(id, '0xC004F038')),
      { ...sppEvent(12288, ''), data: ['0xC004F074', '0x0'] },
      update,
    ];
    const ignored: readonly LoggedEvent[] = [
      { ...sppEvent(12288, ''), data: ['0x0', '0x8', 'kms.corp.example:1688'] },
      { ...sppEvent(12289, ''), data: ['0x00000000'] },
      { ...sppEvent(12288, '0xC004F038'), provider: 'Someone' },
      { ...sppEvent(8198, '0x1'), level: 4 },
      { ...update, id: 20 },
      { ...update, log: 'Application' },
      { ...sppEvent(12288, '0x1'), id: 12290 },
    ];
    for (const event of selected) assert.ok(selectsEvent(query, event), JSON.stringify(event));
    for (const event of ignored) assert.not.ok(selectsEvent(query, event), JSON.stringify(event));
  },
);

test('the script removes the cache only, never rearms, and notes its wait before it asks', () => {
  const code = guest('spp-cache.cmd').replace(/^\s*rem\b.*$/gm, '');
  assert.equal(code.match(/^.*\b(?:del|rd|rmdir|erase|move)\b.*$/gm), [
    'for %%F in ("%LOG%") do if exist "%LOG%" if %%~zF gtr 262144 move /y "%LOG%" "%LOG%.old" >nul',
    'del /f /q "%CACHE%"',
  ]);
  assert.match(code, 'set "CACHE=%SYS%\\spp\\store\\2.0\\cache\\cache.dat"');
  const order = [
    '"%LICENSED%"=="1"',
    '"%RESULT%"=="0x0"',
    'set /a LEFT',
    '"%HOST%"=="none"',
    ':state %FAILURES%',
    'stop sppsvc',
    'del /f',
    'start sppsvc',
    '/ato',
  ];
  const places = order.map((part) => code.indexOf(part));
  assert.not.ok(places.includes(-1));
  assert.equal(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.is(code.match(/slmgr\.vbs" \S+/g)?.join(), 'slmgr.vbs" /ato');
});

test('remarks an edition on which SetupComplete.cmd may be skipped', async () => {
  const { notes } = await runStep(sppCacheTask(), image({}, { edition: 'Education' }));
  assert.match(notes[0]!, 'on Education Windows skips SetupComplete.cmd');
});

test('refuses waits that shrink, and a SetupComplete.cmd that it cannot share', async () => {
  const refusal = async (configured: Parameters<typeof runStep>[0], files: FakeSpec['files'] = {}) => {
    try {
      await runStep(configured, image(files));
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(await refusal(sppCacheTask({ firstWait: 120, longestWait: 60 })), 'firstWait 120 is above longestWait 60');
  assert.match(await refusal(sppCacheTask(), { [COMPLETE]: 'rem wtgforge >>> spp-cache-task\r\n' }), 'cannot be shared');
  assert.match(await refusal(sppCacheTask(), { [COMPLETE]: new Uint8Array(Buffer.from('\ufeffecho', 'utf16le')) }), 'UTF-16');
  assert.match(optionFaults(sppCacheTask({ bootDelay: 0 }))[0]!, 'at least 1');
  assert.match(optionFaults(sppCacheTask({ longestWait: 20000 }))[0]!, 'at most 10080');
});

test('skips a Windows with another store, and what is no Windows', async () => {
  assert.match((await runStep(sppCacheTask(), image({}, { build: 7601 }))).skipped!, 'build 7601');
  assert.match((await runStep(sppCacheTask(), fakeImage())).skipped!, 'no SOFTWARE hive');
  assert.is((await runStep(sppCacheTask(), image({}, { build: 0 }))).skipped, undefined);
});

test.run();
