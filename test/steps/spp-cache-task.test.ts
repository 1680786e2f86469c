// The licence cache task: its files, its registration in the owner's SetupComplete.cmd, and what the script may not do.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTask } from '../../formats/task-xml/task.ts';
import { parseXml } from '../../formats/xml/parse.ts';
import { elementsOf, textOf } from '../../formats/xml/tree.ts';
import { sppCacheTask } from '../../steps/spp-cache-task.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { needRealData, realData } from '../helpers/need.ts';
import { optionFaults, runStep } from '../helpers/step-tester.ts';

const FOLDER = '/Windows/Setup/Scripts/wtgforge';
const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const BLOCK = [
  'rem wtgforge >>> spp-cache-task',
  'call "%SystemRoot%\\Setup\\Scripts\\wtgforge\\register-spp-cache.cmd"',
  'rem wtgforge <<< spp-cache-task',
  '',
].join('\r\n');
const image = (files: FakeSpec['files'] = {}, info: FakeSpec['info'] = {}) =>
  fakeImage({ files: { '/Windows/System32/ntdll.dll': 'MZ', ...files }, info });
const guest = (name: string) => readFileSync(new URL(`../../scripts/guest/${name}`, import.meta.url), 'utf8');

test('lays four files and a block in SetupComplete.cmd', async () => {
  const { lines, text, notes } = await runStep(sppCacheTask({ firstWait: 10, longestWait: 60 }), image());
  assert.equal(lines, [
    `write ${FOLDER}/spp-cache.ps1`,
    `write ${FOLDER}/spp-cache.json`,
    `write ${FOLDER}/spp-cache.xml`,
    `write ${FOLDER}/register-spp-cache.cmd`,
    `write ${COMPLETE}`,
  ]);
  assert.equal(JSON.parse(await text(`${FOLDER}/spp-cache.json`)), { firstWaitMinutes: 10, longestWaitMinutes: 60, logBytes: 262144 });
  assert.is(await text(COMPLETE), `@echo off\r\n${BLOCK}`);
  assert.equal(notes, []);
  for (const name of ['spp-cache.ps1', 'register-spp-cache.cmd']) {
    const shipped = await text(`${FOLDER}/${name}`);
    assert.is(shipped.replaceAll('\r\n', '\n'), guest(name));
    assert.not.ok(/[^\r]\n/.test(shipped), `${name} has bare line feeds`);
  }
});

test("keeps the owner's SetupComplete.cmd byte for byte, in its own place and case", async () => {
  const owner = new Uint8Array(Buffer.from('echo \x81\xe4\nexit /b 0\n', 'latin1'));
  const { lines, image: after } = await runStep(sppCacheTask(), image({ '/Windows/Setup/scripts/setupcomplete.CMD': owner }));
  assert.is(lines.at(-1), 'replace /Windows/Setup/scripts/setupcomplete.CMD');
  assert.is(Buffer.from(await after.read(COMPLETE)).toString('latin1'), BLOCK + Buffer.from(owner).toString('latin1'));
});

test('the task runs as SYSTEM, on batteries, one at a time, and is started by failures only', async () => {
  const { image: after } = await runStep(sppCacheTask({ bootDelay: 7 }), image());
  const bytes = await after.read(`${FOLDER}/spp-cache.xml`);
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
  // Every Select of the query must ask for more than the bare event: 12288 alone is logged by the task's own request.
  const query = parseXml(new TextEncoder().encode(task.triggers[1]!.subscription!));
  const selects = elementsOf(elementsOf(query.root)[0]!).map(textOf);
  assert.is(selects.length, 2);
  assert.match(selects[0]!, /EventID=12288 or EventID=12289.* and EventData\[Data\[1\]!='0x00000000'\]/);
  assert.match(selects[1]!, /EventID=8198 and Level=2/);
  const [action] = task.actions;
  assert.is(action?.kind, 'exec');
  assert.match((action as { arguments: string }).arguments, `-File "%SystemRoot%\\Setup\\Scripts\\wtgforge\\spp-cache.ps1"`);
});

needRealData(test)('the task is valid by the schema of Windows', async () => {
  const { image: after } = await runStep(sppCacheTask(), image());
  const schema = join(realData, 'tasks/xsd/TaskSchedulerV2Schema.xsd');
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], {
    input: await after.read(`${FOLDER}/spp-cache.xml`),
  });
  assert.is(status, 0, String(stderr));
});

test('the script removes the cache only, never rearms, and waits before it asks', () => {
  const script = guest('spp-cache.ps1');
  const code = script.replace(/^\s*#.*$/gm, '');
  assert.equal(code.match(/Remove-Item.*$/gm), ['Remove-Item -LiteralPath $cache -Force']);
  assert.equal(code.match(/'spp\\.*?'/g), ["'spp\\store\\2.0\\cache\\cache.dat'"]);
  assert.not.ok(/rearm|tokens\.dat|data\.dat|Invoke-Expression/i.test(code));
  const repair = code.slice(code.indexOf('function Repair-Activation'));
  const order = [
    'Test-Licensed',
    'Get-LastResult',
    'Test-Waiting',
    'Test-KmsHost',
    'Start-Waiting',
    'Stop-Licensing',
    'Remove-Item',
    'Start-Service',
    "'/ato'",
  ];
  const places = order.map((part) => repair.indexOf(part));
  assert.not.ok(places.includes(-1));
  assert.equal(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.is(code.match(/'\/ato'/g)?.length, 1);
  for (const [open, close] of ['{}', '()', '[]']) {
    assert.is(code.split(open!).length, code.split(close!).length, `${open}${close}`);
  }
});

test('the registration is one schtasks line, whose code is handed on', () => {
  const script = guest('register-spp-cache.cmd');
  assert.is(script.match(/schtasks\.exe" \/Create \/TN "\\wtgforge\\spp-cache" \/XML "[^"]+spp-cache\.xml" \/RU SYSTEM \/F/g)?.length, 1);
  assert.match(script, 'exit /b %CODE%');
  assert.not.ok(/shutdown|reboot/i.test(script));
  // `%CODE%>>log` becomes `0>>log`, which redirects handle 0 and leaves the line out of the log.
  assert.not.ok(/[%\d]\s*>/.test(script.replaceAll('2>&1', '').replace(/\/F >>/, '')), 'a number stands before a redirection');
  assert.match(script, '>>"%LOGS%\\first-boot.log" echo spp-cache-task');
});

test('no comment of a batch file puts a redirection right behind rem', async () => {
  const { text } = await runStep(sppCacheTask(), image());
  for (const path of [COMPLETE, `${FOLDER}/register-spp-cache.cmd`]) assert.not.ok(/^\s*rem\s*[<>|&]/im.test(await text(path)), path);
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
  assert.match((await runStep(sppCacheTask(), fakeImage())).skipped!, 'no Windows\\System32');
  assert.is((await runStep(sppCacheTask(), image({}, { build: 0 }))).skipped, undefined);
});

test.run();
