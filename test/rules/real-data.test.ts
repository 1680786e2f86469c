// All first rules over real hives, tasks, answer files and texts: what they say there is written down, and why.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../image/hive.ts';
import { hivePath } from '../../image/hive-path.ts';
import type { HiveName, Image } from '../../image/image.ts';
import { lintImage } from '../../lint/lint-image.ts';
import { locationText } from '../../lint/location.ts';
import { rules } from '../../rules/index.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { needRealData, realData } from '../helpers/need.ts';

const NETWORK_SERVICE = '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT' as const;
const withRealData = needRealData(test);
const real = (path: string) => {
  const bytes = readFileSync(join(realData, path));
  return new Uint8Array(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
};

/** An image whose hives are real files. */
function imageOf(hives: Readonly<Partial<Record<HiveName, string>>>, files: Readonly<Record<string, Uint8Array>> = {}): Image {
  const contents = Object.entries(hives).map(([name, path]) => [hivePath(name as HiveName), real(path!)] as const);
  const image = fakeImage({ files: { ...Object.fromEntries(contents), ...files } });
  const opened = new Map(contents.map(([path, bytes]) => [path.toLowerCase(), openHive(bytes, path)]));
  return { ...image, hive: async (name) => opened.get(hivePath(name).toLowerCase()) ?? image.hive(name) };
}

async function saysOf(image: Image, severity?: 'error'): Promise<readonly string[]> {
  const { findings, outcomes } = await lintImage(image, { rules });
  assert.equal(
    outcomes.filter(({ outcome }) => outcome === 'unable'),
    [],
  );
  const chosen = findings.filter((finding) => severity === undefined || finding.severity === severity);
  return chosen.map((finding) => `${finding.severity} ${finding.rule} ${finding.messageId} ${locationText(finding.at)}`).sort();
}

const CURRENT = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const STATE = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State!ImageState';
const SAN = 'SYSTEM\\ControlSet001\\Services\\partmgr\\Parameters!SanPolicy';

withRealData('Windows 8.1 Enterprise Evaluation as it runs: an evaluation, not generalized, and no key of anybody', async () => {
  const hives = { SOFTWARE: 'hives/win81ent-eval-x64.SOFTWARE.gz', SYSTEM: 'hives/win81ent-eval-x64.SYSTEM.gz' };
  assert.equal(await saysOf(imageOf(hives)), [
    `error hygiene/generalized notSealed ${STATE}`,
    `error hygiene/san-policy wrong ${SAN}`,
    'note hygiene/machine-residue drives SYSTEM\\MountedDevices',
    `note hygiene/machine-residue profiles ${CURRENT}\\ProfileList\\S-1-5-21-226059406-2984137831-1201299043-1107!ProfileImagePath`,
    'warning hygiene/join-residue suffix SYSTEM\\ControlSet001\\Services\\Tcpip\\Parameters!Domain',
    `warning secrets/product-key evaluation ${CURRENT}!DigitalProductId4`,
    'warning secrets/product-key otherEdition SOFTWARE\\Microsoft\\Internet Explorer\\Registration!DigitalProductId4',
  ]);
});

withRealData('Windows 7 Ultimate as it runs: retail keys of Windows and of Office, which are somebody’s', async () => {
  const hives = {
    SOFTWARE: 'hives/win7ult-x64.SOFTWARE.gz',
    SYSTEM: 'hives/win7-x86.SYSTEM.gz',
    [NETWORK_SERVICE]: 'hives/win7.NTUSER.DAT',
  };
  assert.equal(await saysOf(imageOf(hives)), [
    `error hygiene/generalized notSealed ${STATE}`,
    `error hygiene/san-policy wrong ${SAN}`,
    'error secrets/product-key ownedKey SOFTWARE\\Microsoft\\Internet Explorer\\Registration!DigitalProductId4',
    'error secrets/product-key ownedKey SOFTWARE\\Microsoft\\Office\\14.0\\Registration\\{90140000-003D-0000-1000-0000000FF1CE}!DigitalProductID',
    `error secrets/product-key ownedKey ${CURRENT}!DigitalProductId4`,
    'note hygiene/machine-residue drives SYSTEM\\MountedDevices',
    `note hygiene/machine-residue profiles ${CURRENT}\\ProfileList\\S-1-5-21-2036804247-3058324640-2116585241-1105!ProfileImagePath`,
    `note secrets/product-key defaultKey ${CURRENT}\\DefaultProductKey!DigitalProductId4`,
    'warning activation/defender-tampering off SOFTWARE\\Microsoft\\Windows Defender!DisableAntiSpyware',
    'warning hygiene/join-residue suffix SYSTEM\\ControlSet001\\services\\Tcpip\\Parameters!Domain',
    'warning hygiene/join-residue suffix SYSTEM\\ControlSet002\\services\\Tcpip\\Parameters!Domain',
  ]);
});

withRealData('the SYSTEM hive of Windows 10: SanPolicy 1 and nothing else', async () => {
  const hives = {
    SOFTWARE: 'hives/mini/win81.SOFTWARE-min',
    SYSTEM: 'hives/win10-2004.SYSTEM.gz',
    [NETWORK_SERVICE]: 'hives/win10-default.NTUSER.DAT',
  };
  assert.equal(await saysOf(imageOf(hives), 'error'), [
    `error hygiene/generalized notSealed ${STATE}`,
    `error hygiene/san-policy wrong ${SAN}`,
  ]);
});

withRealData('real tasks, logs, documents and tables: the only key of somebody is the one in a published answer file', async () => {
  const files: Record<string, Uint8Array> = {};
  for (const [folder, place] of [
    ['fp', '/docs'],
    ['panther', '/Windows/Panther/logs'],
    ['tasks/permissive', '/Windows/System32/Tasks/Real'],
    ['tasks/copyleft', '/Windows/System32/Tasks/Real'],
    ['unattend', '/deploy'],
  ] as const) {
    for (const name of readdirSync(join(realData, folder))) files[`${place}/${name.replace(/\.gz$/, '')}`] = real(`${folder}/${name}`);
  }
  assert.ok(Object.keys(files).length > 70);
  const hives = { SOFTWARE: 'hives/mini/win81.SOFTWARE-min', SYSTEM: 'hives/mini/win10.SYSTEM-min' };
  const errors = await saysOf(imageOf(hives, files), 'error');
  const ofFiles = errors.filter((line) => !/ hygiene\/(?:generalized|san-policy) /.test(line));
  const keys = ofFiles.filter((line) => line.includes('secrets/product-key'));
  assert.equal(keys, ['error secrets/product-key textKey /deploy/WPF__Unattend__SysPrep_unattend.xml']);
  // Samples of the web hold passwords: that is what the rule is for, and it is said of nothing but answer files.
  const others = ofFiles.filter((line) => !keys.includes(line));
  assert.equal(
    others.filter((line) => !/^error secrets\/answer-file-password (?:plain|encoded) \/deploy\/\S+\.xml$/i.test(line)),
    [],
  );
});

test('this repository, lying in an image, is no finding', async () => {
  const files: Record<string, Uint8Array> = {};
  for (const folder of ['formats', 'rules', 'scripts', 'test', 'steps', 'docs']) {
    const root = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      if (entry.isFile()) files[`/src/${folder}/${path.slice(root.length)}`] = new Uint8Array(readFileSync(path));
    }
  }
  assert.ok(Object.keys(files).length > 100);
  const { findings } = await lintImage(fakeImage({ files, SOFTWARE: { Microsoft: {} }, SYSTEM: { Setup: {} } }), { rules });
  assert.equal(
    findings.map(({ rule, at }) => `${rule} ${locationText(at)}`),
    [],
  );
});

test.run();
