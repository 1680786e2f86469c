// KMS settings in every place where one may hide, in a real image: after the build hivexregedit finds ours and no other, and the report names each.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BuildReport } from '../../pipeline/build.ts';
import { licenceOf } from '../../scripts/dev/fixtures/hives.ts';
import { digitalProductIds } from '../../scripts/dev/fixtures/product-id.ts';
import { keyOf, mergeKeys, type RegKey, regValue } from '../../scripts/dev/fixtures/reg-text.ts';
import { makeSmallImage } from '../../scripts/dev/fixtures.ts';
import { exportedHive } from '../helpers/hive-export.ts';
import { needTools } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

const CURRENT = 'Microsoft\\Windows NT\\CurrentVersion';
const SPP = `${CURRENT}\\SoftwareProtectionPlatform`;
const WINDOWS = '55c92734-d682-4d71-983e-d6ec3f16059f';
const OFFICE = '0ff1ce15-a989-479d-af46-f275c6370663';
const SKU = '73111121-5638-40f6-bc11-f1d7b0d64300';
const SOFTWARE = '/Windows/System32/config/SOFTWARE';
const NETWORK_SERVICE = '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT';

/** Below SOFTWARE, and again below Software of a profile. */
const PLACES = [
  SPP,
  `${SPP}\\${WINDOWS}`,
  `${SPP}\\${WINDOWS}\\${SKU}`,
  `${SPP}\\Policies\\${WINDOWS}`,
  `${SPP}\\${OFFICE}`,
  `Wow6432Node\\${SPP}`,
  `Wow6432Node\\${SPP}\\${WINDOWS}`,
  `${CURRENT}\\SL`,
  'Microsoft\\OfficeSoftwareProtectionPlatform',
  'Microsoft\\OfficeSoftwareProtectionPlatform\\59a52881-a989-479d-af46-f275c6370663',
];
const pinned = (places: readonly string[]): readonly RegKey[] =>
  places.map((place) =>
    keyOf(place, {
      KeyManagementServiceName: regValue.text('kms.old.example'),
      KeyManagementServicePort: regValue.text('1700'),
      VLActivationType: regValue.dword(1),
    }),
  );

/** The values with a name of KMS: lower-case places, data as hivexregedit writes it. */
function kmsValues(image: string, path: string, folder: string): Record<string, string> {
  const file = join(folder, 'judged.hive');
  writeFileSync(file, execFileSync('wimlib-imagex', ['extract', image, '1', path, '--to-stdout', '--quiet'], { maxBuffer: 2 ** 28 }));
  return Object.fromEntries([...exportedHive(file)].filter(([place]) => /!(?:keymanagementservice|vlactivationtype)/.test(place)));
}

const wide = (text: string) =>
  `hex(1):${[...Buffer.from(`${text}\0`, 'utf16le')].map((byte) => byte.toString(16).padStart(2, '0')).join(',')}`;

/** The small image with the keys merged in by hivexregedit. */
async function plantedImage(folder: string, software: readonly RegKey[], service: readonly RegKey[]): Promise<string> {
  const plain = await makeSmallImage(folder, { name: 'plain' });
  const hives: Record<string, Uint8Array> = {};
  for (const [path, keys] of [
    [SOFTWARE, software],
    [NETWORK_SERVICE, service],
  ] as const) {
    const file = join(folder, 'plant.hive');
    writeFileSync(file, execFileSync('wimlib-imagex', ['extract', plain, '1', path, '--to-stdout', '--quiet'], { maxBuffer: 2 ** 28 }));
    mergeKeys(file, keys);
    hives[path] = new Uint8Array(readFileSync(file));
  }
  return makeSmallImage(folder, { name: 'planted', hives });
}

e2e('every override goes, ours stay, and each is in the report', async () => {
  await inWorkspace(async ({ build, configure, folder, output }) => {
    const service = pinned(PLACES.map((place) => `Software\\${place}`));
    const image = await plantedImage(folder, pinned(PLACES), service);
    assert.is(Object.keys(kmsValues(image, SOFTWARE, folder)).length, 3 * PLACES.length, 'all are there before');
    assert.is(Object.keys(kmsValues(image, NETWORK_SERVICE, folder)).length, 3 * PLACES.length);
    await configure({
      image: `{ path: ${JSON.stringify(image)} }`,
      steps: "[kmsClient({ host: 'kms.corp.example', officeHost: 'office.corp.example:1690', activationType: 2 }), workspacePolicy()]",
      lint: "{ kmsHosts: ['kms.corp.example', 'office.corp.example:1690'] }",
    });
    const { code, out, err } = await build('--json');
    assert.is(code, 0, err + out.slice(0, 2000));
    const root = SPP.toLowerCase();
    assert.equal(kmsValues(output, SOFTWARE, folder), {
      [`${root}!keymanagementservicename`]: wide('kms.corp.example'),
      [`${root}!vlactivationtype`]: 'dword:00000002',
      [`${root}\\${OFFICE}!keymanagementservicename`]: wide('office.corp.example'),
      [`${root}\\${OFFICE}!keymanagementserviceport`]: wide('1690'),
    });
    assert.equal(kmsValues(output, NETWORK_SERVICE, folder), {});
    const [report] = (JSON.parse(out) as BuildReport).steps;
    const removed = report!.changes.filter(({ kind, before }) => kind === 'delete-value' && before === '"kms.old.example"');
    assert.is(removed.length, 2 * PLACES.length - 2, 'all but the root and the one of Office, which are replaced');
    assert.ok(report!.notes.some((note) => note.includes('kms.old.example')));
  });
});

e2e('a channel that KMS does not serve is told, with what would change it', async () => {
  await inWorkspace(async ({ build, configure, folder }) => {
    const { v4 } = digitalProductIds({ ...licenceOf('Enterprise'), channel: 'Retail' });
    const image = await plantedImage(folder, [keyOf(CURRENT, { DigitalProductId4: regValue.binary(v4) })], []);
    const notes = async (more: string) => {
      await configure({
        image: `{ path: ${JSON.stringify(image)} }`,
        steps: `[kmsClient({ host: 'kms.corp.example'${more} })]`,
      });
      const { out, code, err } = await build('--dry-run', '--json');
      assert.is(code, 0, err);
      return (JSON.parse(out) as BuildReport).steps[0]!.notes.join('\n');
    };
    assert.match(
      await notes(''),
      'the licence channel is "Retail", not Volume:GVLK: KMS settings have no effect until a GVLK is installed',
    );
    assert.match(await notes(', installKey: true'), 'have no effect until Setup has installed the key of this step');
  });
});

test.run();
