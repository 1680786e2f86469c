// The licence cache task plays against its own events: the real query, the real batch file under Wine, a clock and a KMS host of the test.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTask } from '../../formats/task-xml/task.ts';
import { sppCacheTask } from '../../steps/spp-cache-task.ts';
import { type LoggedEvent, selectsEvent, sppEvent } from '../helpers/event-query.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { needTools } from '../helpers/need.ts';
import { runStep } from '../helpers/step-tester.ts';
import { openWineBox, registryValues, WINE_TOOLS, type WineBox } from '../helpers/wine.ts';

const e2e = needTools(test, { ...WINE_TOOLS, xmllint: 'libxml2-utils' });
const FOLDER = '/Windows/Setup/Scripts/wtgforge';
const SCRIPT = `${FOLDER}/spp-cache.cmd`;
const STORE = '/Windows/System32/spp/store/2.0';
const LOG = '/Windows/Logs/wtgforge/spp-cache.log';
const KEY = 'HKLM\\SOFTWARE\\wtgforge\\SppCache';
const START = 29_404_800;
const FAILED = '0xC004F074';

let box: WineBox;
let query = '';

interface Facts {
  readonly now: number;
  readonly licensed?: 0 | 1;
  readonly result?: string;
  readonly host?: string;
}

/** What the probe would print. */
const probe = ({ now, licensed = 0, result = FAILED, host = 'kms.corp.example:1688' }: Facts) =>
  [`now=${now}`, 'time=2026-01-01T00:00:00Z', `licensed=${licensed}`, `result=${result}`, 'pinned=none', `host=${host}`, ''].join('\r\n');

interface Before {
  /** How slmgr /ato ends, and what the probe says after it. */
  readonly code?: number;
  readonly after?: Facts;
  readonly failures?: number;
  readonly notBefore?: number;
}

/** One start of the task; says how it ended, which programs it called and what it noted. */
function start(facts: Facts, { code = 213, after = facts, failures, notBefore }: Before = {}) {
  box.put('/stub/probe', probe(facts));
  box.put('/stub/later', probe(after));
  box.stub('cscript', 'copy /y C:\\stub\\later C:\\stub\\probe >nul', `exit /b ${code}`);
  const { status, out } = box.batch(
    ...(failures === undefined ? [] : [setNumber('Failures', failures)]),
    ...(notBefore === undefined ? [] : [setNumber('NotBefore', notBefore)]),
    `cmd /d /c "C:${SCRIPT.replaceAll('/', '\\')}"`,
    'set "CODE=%ERRORLEVEL%"',
    `reg query "${KEY}"`,
    'exit /b %CODE%',
  );
  const calls = box.calls().map((line) => line.replace(/^powershell .*/, 'probe'));
  const { Failures, NotBefore } = registryValues(out);
  return { status, calls, asked: calls.some((line) => line.endsWith('/ato')), noted: [Number(Failures), Number(NotBefore)] };
}

const setNumber = (name: string, value: number) => `reg add "${KEY}" /v ${name} /t REG_DWORD /d ${value} /f >nul`;

function fillStore(): void {
  for (const name of ['cache/cache.dat', 'data.dat', 'tokens.dat']) box.put(`${STORE}/${name}`, 'x');
}

test.before(async () => {
  const { image } = await runStep(sppCacheTask({ firstWait: 30, longestWait: 120 }), fakeImage({ SOFTWARE: {} }));
  query = parseTask(await image.read(`${FOLDER}/spp-cache-task.xml`)).triggers[1]!.subscription!;
  const files = new Map<string, Uint8Array>();
  for (const name of ['spp-cache.cmd', 'kms-probe.ps1']) files.set(`${FOLDER}/${name}`, await image.read(`${FOLDER}/${name}`));
  box = openWineBox();
  box.install(files);
  box.stub('powershell', 'type C:\\stub\\probe');
  box.stub('sc', 'echo         STATE              : 1  STOPPED');
  const hive = await image.hive('SOFTWARE');
  box.batch(
    ...['FirstWait', 'LongestWait'].map((name) => setNumber(name, hive.value('wtgforge\\SppCache', name)!.decoded!.data as number)),
  );
});
test.after(() => box?.close());

e2e('a failing activation: the waits double, and no event of its own request makes it ask again', () => {
  fillStore();
  const asks: number[] = [];
  let idle = 0;
  let noted: readonly number[] = [];
  // Windows itself asks every two hours; the task, started a minute after an event, logs the same events.
  const due: { readonly at: number; readonly event: LoggedEvent }[] = [];
  for (let at = 0; at <= 300; at += 120) due.push({ at, event: sppEvent(12288, FAILED) }, { at, event: sppEvent(8198, FAILED) });
  let busyUntil = -1;
  for (let next = due.shift(); next; next = due.sort((a, b) => a.at - b.at).shift()) {
    assert.ok(selectsEvent(query, next.event), 'a failure starts the task');
    const at = next.at + 1;
    // MultipleInstancesPolicy IgnoreNew: what comes while it runs is dropped.
    if (at <= busyUntil) continue;
    busyUntil = at;
    const { status, asked, ...rest } = start({ now: START + at });
    assert.is(status, asked ? 1 : 0);
    noted = rest.noted;
    if (asked) {
      asks.push(at);
      due.push({ at: at + 1, event: sppEvent(12288, FAILED) }, { at: at + 1, event: sppEvent(12289, '0xC004F038') });
    } else {
      idle += 1;
    }
    assert.ok(asks.length + idle < 20, 'it feeds on its own events');
  }
  // 1; then 121 (30 waited), 241 (60 waited): each of them made by Windows, none by the task's own events, which started it in vain.
  assert.equal(asks, [1, 121, 241]);
  assert.is(idle, 3);
  assert.equal(noted, [3, START + 241 + 120]);
  assert.ok(box.has(`${STORE}/data.dat`) && box.has(`${STORE}/tokens.dat`));
  assert.not.ok(box.has(`${STORE}/cache/cache.dat`));
  assert.match(
    box.text(LOG),
    /not activated: slmgr \/ato ended with 213, last event 0xC004F074, failure 1 in a row, next try in 30 minutes/,
  );
  assert.match(box.text(LOG), /failure 2 in a row, next try in 60 minutes/);
  assert.match(box.text(LOG), /failure 3 in a row, next try in 120 minutes/);
});

e2e('one repair: the service stops, the cache goes, the service starts, one request; success takes the wait away', () => {
  fillStore();
  const licensed = { now: START, licensed: 1, result: '0x0' } as const;
  const { status, calls, noted } = start({ now: START }, { code: 0, after: licensed, failures: 9, notBefore: 0 });
  assert.equal([status, noted], [0, [0, 0]]);
  assert.equal(calls, [
    'probe',
    'net stop sppsvc /y',
    'sc query sppsvc',
    'net start sppsvc',
    'cscript //nologo //T:300 "C:\\windows\\System32\\slmgr.vbs" /ato',
    'probe',
  ]);
  assert.not.ok(box.has(`${STORE}/cache/cache.dat`));
  assert.match(box.text(LOG), /activated\s*$/);
});

e2e('it ends before it asks when licensed, after a success, and when no host answers', () => {
  fillStore();
  for (const facts of [{ licensed: 1 as const }, { result: '0x0' }, { result: '0x00000000' }, { host: 'none' }]) {
    const { status, calls } = start({ now: START, ...facts });
    assert.equal([status, calls], [0, ['probe']], JSON.stringify(facts));
  }
  assert.ok(box.has(`${STORE}/cache/cache.dat`));
  assert.match(box.text(LOG), /no KMS host answers on its port; nothing done\s*$/);
});

e2e('a wait that no clock explains does not count; the longest wait is a bound', () => {
  fillStore();
  const { asked, noted } = start({ now: START }, { failures: 30, notBefore: START + 121 });
  assert.equal([asked, noted], [true, [31, START + 120]]);
});

e2e('a service that does not stop keeps its cache; a probe that fails ends it', () => {
  fillStore();
  box.stub('sc', 'echo         STATE              : 4  RUNNING');
  const { status, calls, asked } = start({ now: START }, { failures: 0, notBefore: 0 });
  box.stub('sc', 'echo         STATE              : 1  STOPPED');
  assert.equal([status, asked, calls.filter((line) => line.startsWith('ping')).length], [2, false, 4]);
  assert.match(calls.at(-1)!, 'eventcreate /L APPLICATION /T WARNING /SO wtgforge /ID 100 /D "sppsvc did not stop');
  assert.ok(box.has(`${STORE}/cache/cache.dat`));
  box.put('/stub/probe', 'unexpected=ManagementException\r\n');
  assert.is(box.run(SCRIPT).status, 3);
  box.put(LOG, 'x'.repeat(300_000));
  box.run(SCRIPT);
  assert.ok(box.text(LOG).length < 1000);
  assert.is(box.text(`${LOG}.old`).length, 300_000);
});

test.run();
