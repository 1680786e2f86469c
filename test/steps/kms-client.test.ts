// The KMS client step: name and port at the SPP root, overrides gone, and hosts that are refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gvlkFor } from '../../formats/product-key/gvlk.ts';
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
  const { lines, notes, value, traces } = await runStep(
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
  const sorted = (list: readonly string[]) => [...list].sort();
  assert.equal(
    traces.map(({ rule, message }) => [rule, message.includes('127.0.0.2, the machine itself')]),
    Array(3).fill(['activation/kms-host-policy', true]),
  );
  assert.equal(
    sorted(lines.slice(1)),
    sorted([
      `delete SOFTWARE ${SPP}\\${WINDOWS_APP}!KeyManagementServiceName`,
      `delete SOFTWARE ${SPP}\\${WINDOWS_APP}!KeyManagementServicePort`,
      `delete SOFTWARE ${SPP}\\${WINDOWS_APP}\\${SKU}!KeyManagementServiceName`,
      `delete SOFTWARE ${SPP}\\${WINDOWS_APP}\\${SKU}!KeyManagementServicePort`,
      `delete SOFTWARE Wow6432Node\\${SPP}!KeyManagementServiceName`,
      `delete SOFTWARE Wow6432Node\\${SPP}!KeyManagementServicePort`,
      'delete SOFTWARE Microsoft\\OfficeSoftwareProtectionPlatform\\59a52881-a989-479d-af46-f275c6370663!KeyManagementServiceName',
      `delete ${NETWORK_SERVICE} Software\\${SPP}\\${WINDOWS_APP}!KeyManagementServicePort`,
    ]),
  );
  assert.is(notes.length, 8);
  assert.is(await value('SOFTWARE', `${SPP}\\${WINDOWS_APP}`, 'KeepMe'), 'x');
});

test('lets sysprep rearm, and remarks a channel that KMS cannot serve', async () => {
  const productId = new Uint8Array(1272);
  productId.set([0xf8, 0x04, 0, 0, 4]);
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

test('refuses hosts that no image may carry, and options that contradict each other', async () => {
  const refusal = (given: Parameters<typeof kmsClient>[0]) =>
    runStep(kmsClient(given), image()).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  assert.match(await refusal({ host: 'http://kms.example' }), 'is a URL');
  assert.match(await refusal({ host: '10.0.0.5:1688' }), 'an address with a port');
  assert.match(await refusal({ host: 'kms.example:1688' }), 'carries a port');
  assert.match(await refusal({ host: 'kms8.msguides.com' }), 'public activation host');
  assert.match(await refusal({ host, officeHost: 'localhost' }), 'officeHost "localhost" is this computer itself');
  assert.match(await refusal({}), 'no host is given');
  assert.match(await refusal({ host, discovery: 'dns' }), 'switch DNS discovery off');
  assert.match(await refusal({ host, lookupDomain: 'corp.example' }), 'ignored while a host is pinned');
  assert.match(await refusal({ discovery: 'dns', lookupDomain: '10.0.0.1' }), 'is not a DNS domain');
  assert.match(optionFaults(kmsClient({ host, port: 0 }))[0]!, 'at least 1');
  assert.match(optionFaults(kmsClient({ host, port: 65536 }))[0]!, 'at most 65535');
  assert.match(optionFaults(kmsClient({ host, activationType: 4 }))[0]!, 'at most 3');
});

test('DNS discovery removes every pin and names the domain', async () => {
  const pin = { KeyManagementServiceName: 'old.example', KeyManagementServicePort: '1700' };
  const { lines } = await runStep(
    kmsClient({ discovery: 'dns', lookupDomain: 'corp.example', hostCaching: false }),
    image({ [SPP]: pin, [`${SPP}\\${WINDOWS_APP}`]: pin }),
  );
  assert.equal(lines, [
    `delete SOFTWARE ${SPP}!KeyManagementServiceName`,
    `delete SOFTWARE ${SPP}!KeyManagementServicePort`,
    `set SOFTWARE ${SPP}!KeyManagementServiceLookupDomain = "corp.example"`,
    `delete SOFTWARE ${SPP}\\${WINDOWS_APP}!KeyManagementServiceName`,
    `delete SOFTWARE ${SPP}\\${WINDOWS_APP}!KeyManagementServicePort`,
    `set SOFTWARE ${SPP}!DisableKeyManagementServiceHostCaching = 1`,
  ]);
});

test('an override is set where it is asked for, and the activation type is one for all', async () => {
  const office = `${SPP}\\0ff1ce15-a989-479d-af46-f275c6370663`;
  const { lines } = await runStep(
    kmsClient({ host, officeHost: 'office-kms.corp.example:1700', hostCaching: true, activationType: 2 }),
    image({
      [SPP]: { DisableKeyManagementServiceHostCaching: 1 },
      [office]: { KeyManagementServiceName: 'old.example', VLActivationType: 1 },
    }),
  );
  assert.equal(lines, [
    `set SOFTWARE ${SPP}!KeyManagementServiceName = "${host}"`,
    `set SOFTWARE ${office}!KeyManagementServiceName = "office-kms.corp.example"`,
    `set SOFTWARE ${office}!KeyManagementServicePort = "1700"`,
    `delete SOFTWARE ${office}!VLActivationType`,
    `delete SOFTWARE ${SPP}!DisableKeyManagementServiceHostCaching`,
    `set SOFTWARE ${SPP}!VLActivationType = 2`,
  ]);
});

test('a list of hosts: the first is pinned, a task walks all of them, and goes when the list goes', async () => {
  const given = { host, fallbackHosts: ['kms2.corp.example', '10.0.0.5'] };
  const { lines, text, image: after } = await runStep(kmsClient(given), image());
  assert.is(lines[0], `set SOFTWARE ${SPP}!KeyManagementServiceName = "${host}"`);
  const folder = '/Windows/Setup/Scripts/wtgforge';
  assert.equal(JSON.parse(await text(`${folder}/kms-hosts.json`)), { hosts: [`${host}:1688`, 'kms2.corp.example:1688', '10.0.0.5:1688'] });
  assert.match(await text('/Windows/Setup/Scripts/SetupComplete.cmd'), 'rem wtgforge >>> kms-client');
  const without = await runStep(kmsClient({ host }), after);
  assert.not.ok(await without.image.has(`${folder}/kms-hosts.json`));
  assert.match(without.notes.join(), 'the list of KMS hosts of an earlier build was removed');
});

test('a list of hosts that no image may carry is refused', async () => {
  const refusal = (given: Parameters<typeof kmsClient>[0]) =>
    runStep(kmsClient(given), image()).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  assert.match(await refusal({ host, fallbackHosts: ['localhost'] }), 'fallbackHosts "localhost" is this computer itself');
  assert.match(await refusal({ host, fallbackHosts: ['kms8.msguides.com'] }), 'public activation host');
  assert.match(await refusal({ host, fallbackHosts: ['https://kms2.corp.example'] }), 'is a URL');
  assert.match(await refusal({ host, fallbackHosts: [`${host}:1688`] }), 'is given twice');
  assert.match(await refusal({ discovery: 'dns', fallbackHosts: ['kms2.corp.example'] }), 'in place of DNS discovery');
  assert.match(await refusal({ host, fallbackHosts: Array.from({ length: 8 }, (_, at) => `kms${at}.corp.example`) }), '9 hosts are given');
  assert.is(await refusal({ host, fallbackHosts: [`${host}:1700`] }), 'taken');
});

const SPECIALIZE = '/Windows/System32/Sysprep/unattend.xml';
const answer = (pass: string) =>
  `<?xml version="1.0"?><unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="${pass}"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64"><TimeZone>UTC</TimeZone></component></settings></unattend>`;
const enterprise = gvlkFor('Enterprise', 19045)!.key;

test('the setup key goes into the file from which Setup takes the specialize pass', async () => {
  const fresh = await runStep(kmsClient({ host, installKey: true }), image());
  assert.is(fresh.lines.at(-1), 'write /Windows/Panther/unattend.xml');
  assert.match(await fresh.text('/Windows/Panther/unattend.xml'), `<ProductKey>${enterprise}</ProductKey>`);
  assert.not.match(fresh.notes.join(), enterprise);
  const files = { '/Windows/Panther/unattend.xml': answer('oobeSystem'), [SPECIALIZE]: answer('specialize') };
  const { lines, text } = await runStep(kmsClient({ host, productKey: enterprise.toLowerCase() }), image({}, { files }));
  assert.is(lines.at(-1), `replace ${SPECIALIZE}`);
  assert.match(await text(SPECIALIZE), `<ProductKey>${enterprise}</ProductKey>`);
  assert.match(await text(SPECIALIZE), '<TimeZone>UTC</TimeZone>');
});

test('a key of another edition, a MAK and an edition without a setup key are refused, and no key is shown', async () => {
  const refusal = (given: { installKey?: boolean; productKey?: string }, info: FakeSpec['info'] = {}) =>
    runStep(kmsClient({ host, ...given }), image({}, { info })).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  const education = gvlkFor('Education', 19045)!.key;
  assert.match(await refusal({ productKey: education }), /setup key of .*Education, and the image is Enterprise, build 19045/);
  const mak = enterprise.replace('YT43', 'YT44');
  const message = await refusal({ productKey: mak });
  assert.match(message, 'MAK or retail key');
  assert.not.match(message, mak);
  assert.match(await refusal({ installKey: true }, { edition: 'Core' }), 'no KMS client setup key for Core');
  const broken = image({}, { files: { '/Unattend.xml': '<a' } });
  const error = await runStep(kmsClient({ host, installKey: true }), broken).catch((reason: Error) => reason);
  assert.match((error as Error).message, 'cannot be read as an answer file');
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
