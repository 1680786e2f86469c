// The time client step: servers, limits, triggers and residue, on a fake image and on the real Windows 10 hive.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../image/hive.ts';
import type { Image } from '../../image/image.ts';
import { timeClient } from '../../steps/time-client.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { needRealData, realData } from '../helpers/need.ts';
import { optionFaults, runStep, unchecked } from '../helpers/step-tester.ts';

const SERVICE = 'ControlSet001\\Services\\W32Time';
const DOMAIN_JOINED = Buffer.from('ba0ae21c5198214494301ddeb766e809', 'hex');
const NOT_JOINED = Buffer.from('6e51afddc25866489574c3b615d42ea1', 'hex');
const servers = ['ntp1.corp.example', 'ntp2.corp.example', '10.0.0.5,0xa'];
const image = (SYSTEM: FakeSpec['SYSTEM'] = {}, more: FakeSpec = {}) =>
  fakeImage({ SYSTEM: { Select: { Default: 1 }, [SERVICE]: { Start: 3 }, ...SYSTEM }, ...more });

test('writes servers with flags, limits, poll intervals and the network triggers', async () => {
  const { lines, notes } = await runStep(timeClient({ servers }), image());
  assert.equal(lines, [
    `set SYSTEM ${SERVICE}\\Parameters!Type = "NTP"`,
    `set SYSTEM ${SERVICE}\\Parameters!NtpServer = "ntp1.corp.example,0x9 ntp2.corp.example,0x9 10.0.0.5,0xa"`,
    `set SYSTEM ${SERVICE}\\Config!MaxPosPhaseCorrection = 4294967295`,
    `set SYSTEM ${SERVICE}\\Config!MaxNegPhaseCorrection = 4294967295`,
    `set SYSTEM ${SERVICE}\\Config!MinPollInterval = 10`,
    `set SYSTEM ${SERVICE}\\Config!MaxPollInterval = 15`,
    `set SYSTEM ${SERVICE}\\TimeProviders\\NtpClient!Enabled = 1`,
    `set SYSTEM ${SERVICE}\\TimeProviders\\NtpClient!SpecialPollInterval = 3600`,
    `set SYSTEM ${SERVICE}\\TriggerInfo\\0!Type = 2`,
    `set SYSTEM ${SERVICE}\\TriggerInfo\\0!Action = 1`,
    `set SYSTEM ${SERVICE}\\TriggerInfo\\0!GUID = def2274fe2140b43a5497cd48cbc8245`,
    `set SYSTEM ${SERVICE}\\TriggerInfo\\1!Type = 2`,
    `set SYSTEM ${SERVICE}\\TriggerInfo\\1!Action = 2`,
    `set SYSTEM ${SERVICE}\\TriggerInfo\\1!GUID = 2aa64bcc2e164846847ab6bdf993e335`,
  ]);
  assert.equal(notes, []);
});

test('marks the second of two servers as fallback', async () => {
  const { value } = await runStep(timeClient({ servers: servers.slice(0, 2), type: 'AllSync' }), image());
  assert.is(await value('SYSTEM', `${SERVICE}\\Parameters`, 'NtpServer'), 'ntp1.corp.example,0x9 ntp2.corp.example,0xa');
  assert.is(await value('SYSTEM', `${SERVICE}\\Parameters`, 'Type'), 'AllSync');
});

test('keeps the trigger of a joined domain, drops the one that stops the service outside of it, and leaves no gap', async () => {
  const { image: after, value } = await runStep(
    timeClient({ servers }),
    image({
      [`${SERVICE}\\TriggerInfo\\0`]: { Type: 3, Action: 1, GUID: DOMAIN_JOINED, DataType0: 1 },
      [`${SERVICE}\\TriggerInfo\\1`]: { Type: 3, Action: 2, GUID: NOT_JOINED },
      [`${SERVICE}\\TriggerInfo\\7`]: { Type: 20, Action: 1, GUID: new Uint8Array(16) },
    }),
  );
  const system = await after.hive('SYSTEM');
  assert.equal([...system.keys(`${SERVICE}\\TriggerInfo`)].sort(), ['0', '1', '2', '3']);
  assert.equal(Buffer.from((await value('SYSTEM', `${SERVICE}\\TriggerInfo\\2`, 'GUID')) as Uint8Array), DOMAIN_JOINED);
  assert.is(await value('SYSTEM', `${SERVICE}\\TriggerInfo\\2`, 'DataType0'), 1);
  assert.is(await value('SYSTEM', `${SERVICE}\\TriggerInfo\\0`, 'DataType0'), undefined);
  assert.is(await value('SYSTEM', `${SERVICE}\\TriggerInfo\\3`, 'Type'), 20);
});

test('removes what the reference machine left, sets the hardware clock when asked, and remarks policies', async () => {
  const { lines, notes } = await runStep(
    timeClient({ servers, hardwareClock: 'utc', maxForward: 86400, maxBackward: 172800 }),
    image(
      {
        [`${SERVICE}\\Config`]: { LastKnownGoodTime: { type: 'REG_QWORD', data: 1n } },
        [`${SERVICE}\\SecureTimeLimits`]: { SecureTimeHigh: { type: 'REG_QWORD', data: 1n } },
        [`${SERVICE}\\SecureTimeLimits\\RunTime`]: { SecureTimeTickCount: 5 },
      },
      { SOFTWARE: { 'Policies\\Microsoft\\W32Time\\TimeProviders\\NtpClient': { Enabled: 0 } } },
    ),
  );
  assert.equal(lines.filter((line) => !line.includes('Trigger')).slice(-4), [
    `delete SYSTEM ${SERVICE}\\Config!LastKnownGoodTime`,
    `delete SYSTEM ${SERVICE}\\SecureTimeLimits!SecureTimeHigh`,
    `remove-key SYSTEM ${SERVICE}\\SecureTimeLimits\\RunTime`,
    'set SYSTEM ControlSet001\\Control\\TimeZoneInformation!RealTimeIsUniversal = 1',
  ]);
  assert.ok(lines.includes(`set SYSTEM ${SERVICE}\\Config!MaxPosPhaseCorrection = 86400`));
  assert.ok(lines.includes(`set SYSTEM ${SERVICE}\\Config!MaxNegPhaseCorrection = 172800`));
  assert.is(notes.length, 1);
  assert.match(notes[0]!, 'NtpClient holds a policy');
});

test('the first boot looks after the triggers when asked, and no longer when not', async () => {
  const { image: after, text, lines } = await runStep(timeClient({ servers, repairTriggers: true }), image());
  const action = (await text('/Windows/Setup/Scripts/wtgforge/time-triggers.cmd')).split('\r\n');
  assert.equal(action.slice(2, -1), [
    '"%SystemRoot%\\System32\\reg.exe" query HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\TriggerInfo /s /v GUID | "%SystemRoot%\\System32\\find.exe" "DEF2274FE2140B43A5497CD48CBC8245" >nul',
    'if not errorlevel 1 exit /b 0',
    'echo w32time has lost its network triggers; they are set anew',
    '"%SystemRoot%\\System32\\sc.exe" triggerinfo w32time start/networkon stop/networkoff',
    'exit /b %ERRORLEVEL%',
  ]);
  assert.ok(lines.includes('write /Windows/Setup/Scripts/SetupComplete.cmd'));
  const { lines: later, text: now } = await runStep(timeClient({ servers }), after);
  assert.ok(later.includes('remove /Windows/Setup/Scripts/wtgforge/time-triggers.cmd'));
  assert.not.match(await now('/Windows/Setup/Scripts/SetupComplete.cmd'), 'time-triggers');
});

test('refuses what the options cannot say each for itself', async () => {
  const refusal = async (given: Readonly<Record<string, unknown>>) => {
    try {
      await runStep(unchecked(timeClient, { servers, ...given }), image());
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(await refusal({ servers: [] }), 'servers is empty');
  assert.match(await refusal({ servers: ['a', 'A,0x9'] }), 'names a twice');
  assert.match(await refusal({ servers: ['a,0x0'] }), 'outside 0x1..0xf');
  assert.match(await refusal({ servers: ['a,0x10'] }), 'outside 0x1..0xf');
  assert.match(await refusal({ servers: ['a,0xd'] }), 'symmetric active');
  assert.match(await refusal({ minPoll: 12, maxPoll: 10 }), 'above maxPoll');
  assert.match(await refusal({ pollInterval: 65536 }), 'outside 1024..32768');
  assert.match(await refusal({ pollInterval: 900 }), 'outside 1024..32768');
});

test('refuses options of the wrong form', () => {
  assert.match(optionFaults(timeClient({ servers: ['http://ntp'] }))[0]!, 'right form');
  assert.match(optionFaults(timeClient({ servers: ['ntp 0x9'] }))[0]!, 'right form');
  assert.match(optionFaults(timeClient({ servers, maxForward: 0 }))[0]!, 'at least 1');
  assert.match(optionFaults(timeClient({ servers, pollInterval: 604800 }))[0]!, 'at most 131072');
  assert.match(optionFaults(unchecked(timeClient, {}))[0]!, 'servers: is missing');
});

test('skips an image without the service', async () => {
  assert.is((await runStep(timeClient({ servers }), fakeImage())).skipped, 'the image has no SYSTEM hive');
  const bare = fakeImage({ SYSTEM: { Select: { Default: 1 }, ControlSet001: {} } });
  assert.match((await runStep(timeClient({ servers }), bare)).skipped!, 'no Windows Time service');
});

needRealData(test)('on the real Windows 10 hive: the triggers are those of lmhosts, the domain trigger stays', async () => {
  const system = openHive(
    new Uint8Array(gunzipSync(readFileSync(join(realData, 'hives/win10-2004.SYSTEM.gz')))),
    '/Windows/System32/config/SYSTEM',
  );
  const fake = image();
  const real: Image = { ...fake, hive: async (name) => (name === 'SYSTEM' ? system : fake.hive(name)) };
  const { image: after, lines } = await runStep(timeClient({ servers }), real);
  const hive = await after.hive('SYSTEM');
  for (const at of ['0', '1']) {
    for (const name of ['Type', 'Action', 'GUID']) {
      const lmhosts = hive.value(`ControlSet001\\Services\\lmhosts\\TriggerInfo\\${at}`, name)!;
      const ours = hive.value(`${SERVICE}\\TriggerInfo\\${at}`, name)!;
      assert.equal([ours.type, Buffer.from(ours.raw)], [lmhosts.type, Buffer.from(lmhosts.raw)], `${at} ${name}`);
    }
  }
  assert.equal(Buffer.from(hive.value(`${SERVICE}\\TriggerInfo\\2`, 'GUID')!.raw), DOMAIN_JOINED);
  for (const gone of ['Config!LastKnownGoodTime', 'SecureTimeLimits!SecureTimeLow', 'NtpClient!SpecialPollTimeRemaining']) {
    assert.ok(
      lines.some((line) => line.startsWith('delete') && line.endsWith(gone)),
      gone,
    );
  }
});

test.run();
