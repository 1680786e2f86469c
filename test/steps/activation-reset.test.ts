// The activation reset: what it removes and keeps, which signs stay in the report, and that an activator is left for the gate.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activationReset } from '../../steps/activation-reset.ts';
import { kmsClient } from '../../steps/kms-client.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { optionFaults, runInOrder, runStep, unchecked } from '../helpers/step-tester.ts';

const SPP = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const IFEO = 'Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options';
const DEFENDER = 'Microsoft\\Windows Defender\\Exclusions';
const TICKET = '/ProgramData/Microsoft/Windows/ClipSVC/GenuineTicket/GenuineTicket.xml';
const PROFILE = '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT';
const image = (SOFTWARE: FakeSpec['SOFTWARE'], more: FakeSpec = {}) => fakeImage({ SOFTWARE, ...more });

test('an image that was never activated stays as it is', async () => {
  const { lines, traces, notes } = await runStep(
    activationReset(),
    image({ [SPP]: {}, [`${IFEO}\\sppsvc.exe`]: { MitigationOptions: 1 }, [`${IFEO}\\taskmgr.exe`]: { Debugger: 'procexp.exe' } }),
  );
  assert.equal([lines, traces, notes], [[], [], []]);
});

test('removes honest residue without a trace', async () => {
  const { lines, traces } = await runStep(
    activationReset(),
    image(
      {
        [SPP]: { KeyManagementServiceName: 'kms.lab.example', BackupProductKeyDefault: 'some key', Keep: 1 },
        [`${SPP}\\app\\sku`]: { DiscoveredKeyManagementServiceIpAddress: '10.1.1.1' },
        [DEFENDER]: { DisableAutoExclusions: 1 },
        [`${DEFENDER}\\Paths`]: { 'C:\\Tools': 0 },
        [`Policies\\${DEFENDER}\\Processes`]: { 'tool.exe': 0 },
      },
      {
        hives: { [PROFILE]: { [`Software\\${SPP}\\app`]: { KeyManagementServicePort: '1700' } } },
        files: { [TICKET]: '<genuineAuthorization/>' },
      },
    ),
  );
  assert.equal(lines, [
    `delete SOFTWARE ${SPP}!KeyManagementServiceName`,
    `delete SOFTWARE ${SPP}\\app\\sku!DiscoveredKeyManagementServiceIpAddress`,
    `delete ${PROFILE} Software\\${SPP}\\app!KeyManagementServicePort`,
    `delete SOFTWARE ${SPP}!BackupProductKeyDefault`,
    `remove ${TICKET}`,
    `delete SOFTWARE ${DEFENDER}\\Paths!C:\\Tools`,
    `delete SOFTWARE Policies\\${DEFENDER}\\Processes!tool.exe`,
  ]);
  assert.equal(traces, []);
});

test('a certain sign is removed and stays as a trace', async () => {
  const forged = `<genuineAuthorization SessionId="TwBTAE0AYQBqAG8AcgBWAGUAcgBzAGkAbwBuAD0ANQA7"/>`;
  const { traces } = await runStep(
    activationReset(),
    image(
      {
        [SPP]: { KeyManagementServiceName: 'kms8.msguides.com' },
        [`${SPP}\\app`]: { KeyManagementServiceName: '127.0.0.2' },
        [`${IFEO}\\SppExtComObj.exe`]: { Debugger: 'hook.exe', MitigationOptions: 1 },
        [`${IFEO}\\sppsvc.exe\\1`]: { VerifierDlls: 'hook.dll' },
        [`Wow6432Node\\${IFEO}\\osppsvc.exe`]: { KMS_Emulation: 1, GlobalFlag: 256 },
      },
      { files: { [TICKET]: forged, '/Users/Public/GenuineTicket2.xml': new Uint8Array(Buffer.from(forged, 'utf16le')) } },
    ),
  );
  assert.equal(
    traces.map(({ rule, at }) => [rule, 'file' in at ? at.file : 'name' in at && at.name]),
    [
      ['activation/kms-host-policy', 'KeyManagementServiceName'],
      ['activation/kms-host-policy', 'KeyManagementServiceName'],
      ['activation/genuine-ticket', TICKET],
      ['activation/genuine-ticket', '/Users/Public/GenuineTicket2.xml'],
      ['activation/spp-image-hijack', 'Debugger'],
      ['activation/spp-image-hijack', 'VerifierDlls'],
      ['activation/spp-image-hijack', 'KMS_Emulation'],
    ],
  );
  assert.match(traces[1]!.message, '127.0.0.2, the machine itself');
});

test('an activator itself is left for the gate', async () => {
  const path = '/Windows/System32/SppExtComObjHook.dll';
  const { lines, image: after } = await runStep(activationReset(), image({ [SPP]: {} }, { files: { [path]: 'MZ' } }));
  assert.equal(lines, []);
  assert.ok(await after.has(path));
});

test('keeps what is asked for, and refuses an unknown word', async () => {
  const spec = { [SPP]: { KeyManagementServiceName: '127.0.0.2' }, [`${IFEO}\\sppsvc.exe`]: { Debugger: 'x' } };
  const { lines, traces } = await runStep(activationReset({ keep: ['pins', 'image-options'] }), image(spec));
  assert.equal([lines, traces], [[], []]);
  assert.match(optionFaults(unchecked(activationReset, { keep: ['drivers'] }))[0]!, 'right form');
});

test('kms-client may set afterwards what was removed here', async () => {
  const after = await runInOrder(
    [activationReset(), kmsClient({ host: 'kms.corp.example' })],
    image({ [SPP]: { KeyManagementServiceName: 'old.example', KeyManagementServicePort: '1700' } }),
  );
  const hive = await after.hive('SOFTWARE');
  assert.is(hive.value(SPP, 'KeyManagementServiceName')?.decoded?.data, 'kms.corp.example');
  assert.is(hive.value(SPP, 'KeyManagementServicePort'), undefined);
});

test('a profile that is no hive is left and told; an image without SOFTWARE is skipped', async () => {
  const broken = image({ [SPP]: {} }, { files: { '/Users/a/NTUSER.DAT': 'not a hive' } });
  const { notes } = await runStep(activationReset(), broken);
  assert.match(notes[0]!, '/Users/a/NTUSER.DAT');
  assert.is((await runStep(activationReset(), fakeImage())).skipped, 'the image has no SOFTWARE hive');
});

test.run();
