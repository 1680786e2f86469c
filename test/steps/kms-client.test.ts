// The KMS client step: name and port at the SPP root, overrides gone, and hosts that are refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../image/hive.ts';
import type { Image } from '../../image/image.ts';
import { kmsClient } from '../../steps/kms-client.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { needRealData, realData } from '../helpers/need.ts';
import { optionFaults, runStep } from '../helpers/step-tester.ts';

const SPP = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const WINDOWS_APP = '55c92734-d682-4d71-983e-d6ec3f16059f';
const SKU = '73111121-5638-40f6-bc11-f1d7b0d64300';
const NETWORK_SERVICE = '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT';
const host = 'kms.corp.example';
const image = (SOFTWARE: FakeSpec['SOFTWARE'] = {}, more: FakeSpec = {}) => fakeImage({ SOFTWARE: { [SPP]: {}, ...SOFTWARE }, ...more });

test('writes the name, and no port when it is the usual one', async () => {
  const { lines, notes } = await runStep(kmsClient({ host }), image());
  assert.equal(lines, [`set SOFTWARE ${SPP}!KeyManagementServiceName = "${host}"`]);
  assert.equal(notes, []);
});

test('writes another port as text, and takes a stale one away', async () => {
  const other = await runStep(kmsClient({ host, port: 1700 }), image());
  assert.is(other.lines[1], `set SOFTWARE ${SPP}!KeyManagementServicePort = "1700"`);
  const stale = await runStep(
    kmsClient({ host }),
    image({ [SPP]: { KeyManagementServiceName: 'old.example', KeyManagementServicePort: '1700' } }),
  );
  assert.equal(stale.lines, [
    `set SOFTWARE ${SPP}!KeyManagementServiceName = "${host}"`,
    `delete SOFTWARE ${SPP}!KeyManagementServicePort`,
  ]);
  assert.match(stale.notes[0]!, '"old.example"');
});

test('removes every override that would win over the root, and says so', async () => {
  const pin = { KeyManagementServiceName: '127.0.0.2', KeyManagementServicePort: '1688', KeepMe: 'x' };
  const { lines, notes, value } = await runStep(
    kmsClient({ host }),
    image(
      {
        [`${SPP}\\${WINDOWS_APP}`]: pin,
        [`${SPP}\\${WINDOWS_APP}\\${SKU}`]: pin,
        [`Wow6432Node\\${SPP}`]: pin,
        'Microsoft\\OfficeSoftwareProtectionPlatform\\59a52881-a989-479d-af46-f275c6370663': { KeyManagementServiceName: 'old' },
      },
      { hives: { [NETWORK_SERVICE]: { [`Software\\${SPP}\\${WINDOWS_APP}`]: { KeyManagementServicePort: 1688 } } } },
    ),
  );
  assert.equal(lines.slice(1), [
    `delete SOFTWARE ${SPP}\\${WINDOWS_APP}!KeyManagementServiceName`,
    `delete SOFTWARE ${SPP}\\${WINDOWS_APP}!KeyManagementServicePort`,
    `delete SOFTWARE ${SPP}\\${WINDOWS_APP}\\${SKU}!KeyManagementServiceName`,
    `delete SOFTWARE ${SPP}\\${WINDOWS_APP}\\${SKU}!KeyManagementServicePort`,
    `delete SOFTWARE Wow6432Node\\${SPP}!KeyManagementServiceName`,
    `delete SOFTWARE Wow6432Node\\${SPP}!KeyManagementServicePort`,
    'delete SOFTWARE Microsoft\\OfficeSoftwareProtectionPlatform\\59a52881-a989-479d-af46-f275c6370663!KeyManagementServiceName',
    `delete ${NETWORK_SERVICE} Software\\${SPP}\\${WINDOWS_APP}!KeyManagementServicePort`,
  ]);
  assert.is(notes.length, 8);
  assert.is(await value('SOFTWARE', `${SPP}\\${WINDOWS_APP}`, 'KeepMe'), 'x');
});

test('lets sysprep rearm, and remarks a channel that KMS cannot serve', async () => {
  const productId = new Uint8Array(1272);
  productId.set(Buffer.from('Volume:MAK', 'utf16le'), 1016);
  const { lines, notes } = await runStep(
    kmsClient({ host }),
    image({ [SPP]: { SkipRearm: 1 }, 'Microsoft\\Windows NT\\CurrentVersion': { DigitalProductId4: productId } }),
  );
  assert.is(lines[1], `set SOFTWARE ${SPP}!SkipRearm = 0`);
  assert.match(notes[1]!, '"Volume:MAK", not Volume:GVLK');
  productId.set(Buffer.from('Volume:GVLK\0', 'utf16le'), 1016);
  const good = await runStep(
    kmsClient({ host }),
    image({ [SPP]: { SkipRearm: 0 }, 'Microsoft\\Windows NT\\CurrentVersion': { DigitalProductId4: productId } }),
  );
  assert.equal([good.lines.length, good.notes], [1, []]);
});

test('refuses hosts that cannot be a KMS host of an organisation', async () => {
  const refusal = async (name: string) => {
    try {
      await runStep(kmsClient({ host: name }), image());
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const name of ['localhost', 'LOCALHOST.', '127.0.0.1', '127.1', '0x7f.0.0.1', '2130706433', 'a.localhost']) {
    assert.match(await refusal(name), 'is this computer itself', name);
  }
  for (const name of ['0.0.0.0', '255.255.255.255', '224.0.0.1']) assert.match(await refusal(name), 'no host can have', name);
  for (const name of ['999.1.1.1', '1.2.3.4.5', 'a..b']) assert.match(await refusal(name), 'not a host name', name);
  for (const name of ['10.0.0.5', 'kms', 'KMS-1.corp.example.']) assert.is(await refusal(name), 'taken', name);
});

test('refuses options of the wrong form', () => {
  for (const wrong of ['http://kms.example', 'kms.example:1688', '', ' kms', 'fe80::1', 'kms;reboot', 'a\nb']) {
    assert.match(optionFaults(kmsClient({ host: wrong }))[0]!, 'right form', JSON.stringify(wrong));
  }
  assert.match(optionFaults(kmsClient({ host, port: 0 }))[0]!, 'at least 1');
  assert.match(optionFaults(kmsClient({ host, port: 65536 }))[0]!, 'at most 65535');
});

test('skips an image without a SOFTWARE hive', async () => {
  assert.is((await runStep(kmsClient({ host }), fakeImage())).skipped, 'the image has no SOFTWARE hive');
});

needRealData(test)('on real hives it adds the name and nothing else, and knows their channels', async () => {
  for (const [name, channel] of [
    ['win81ent-eval-x64.SOFTWARE.gz', 'Retail:TB:Eval'],
    ['win7ult-x64.SOFTWARE.gz', 'Retail'],
  ] as const) {
    const software = openHive(new Uint8Array(gunzipSync(readFileSync(join(realData, 'hives', name)))), name);
    const fake = image();
    const real: Image = { ...fake, hive: async (hive) => (hive === 'SOFTWARE' ? software : fake.hive(hive)) };
    const { lines, notes } = await runStep(kmsClient({ host }), real);
    assert.equal(lines, [`set SOFTWARE ${SPP}!KeyManagementServiceName = "${host}"`]);
    assert.is(notes.length, 1);
    assert.match(notes[0]!, `"${channel}"`);
  }
});

test.run();
