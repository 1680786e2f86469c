// The generated images: what tests and demo build on must itself be what it claims to be, seen by tools that are not ours.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDigitalProductId, parseDigitalProductId4 } from '../../../formats/product-key/digital-product-id.ts';
import { productKeyOf } from '../../../formats/product-key/key.ts';
import { encodeDescriptor, inherit, parseSddl } from '../../../scripts/dev/fixtures/descriptor.ts';
import { licenceOf } from '../../../scripts/dev/fixtures/hives.ts';
import { decoyKey, digitalProductIds, GVLK } from '../../../scripts/dev/fixtures/product-id.ts';
import { parseReg } from '../../../scripts/dev/fixtures/reg-text.ts';
import { makeBaseImage, makeDecoys, makeSmallImage, makeUnsafeImage } from '../../../scripts/dev/fixtures.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('fixtures');
const scratch = mkdtempSync(join(tmpdir(), 'wtgforge-fixtures-'));
test.after(() => rmSync(scratch, { recursive: true, force: true }));

const withTools = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const withNtfs = needTools(test, {
  'wimlib-imagex': 'wimtools',
  hivexregedit: 'libwin-hivex-perl',
  ntfssecaudit: 'ntfs-3g',
  mkntfs: 'ntfs-3g',
});

const wim = (...args: string[]) => execFileSync('wimlib-imagex', args, { maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });
const names = (path: string) => wim('dir', path, '1').toString().split('\n').filter(Boolean);

function value(image: string, index: string, hive: string, key: string, name: string): string {
  const file = join(scratch, `${index}.hive`);
  writeFileSync(file, wim('extract', image, index, `/Windows/System32/config/${hive}`, '--to-stdout', '--quiet'));
  const text = execFileSync('hivexregedit', ['--export', '--unsafe-printable-strings', file, `\\${key}`]).toString();
  return new RegExp(`^"${name}"=(?:str\\(1\\):"(.*)"|dword:0*(\\d+))$`, 'm').exec(text)?.slice(1).join('') ?? '';
}

withTools('the base image has two editions, thousands of files and passes wimlib verify', async () => {
  const base = await makeBaseImage(scratch);
  wim('verify', base);
  const info = wim('info', base).toString();
  assert.match(info, /Image Count: {4}2/);
  assert.match(info, /Edition ID: {13}Enterprise[\s\S]*Edition ID: {13}Education/);
  assert.match(info, /Architecture: {11}x86_64/);
  const all = names(base);
  assert.ok(all.length > 3400, `${all.length} entries`);
  for (const path of [
    '/Windows/System32/kernel32.dll',
    '/Windows/System32/Sysprep/Sysprep_succeeded.tag',
    '/Windows/Boot/PCAT/bootmgr',
    '/Users/Public',
  ]) {
    assert.ok(all.includes(path), path);
  }
  assert.ok(all.some((path) => /\/WinSxS\/[^/]+\/f\/[^/]+$/.test(path)));
});

withTools('the base image is the same file each time', async () => {
  const digest = async () =>
    createHash('sha256')
      .update(readFileSync(await makeSmallImage(scratch, { name: 'same' })))
      .digest('hex');
  assert.is(await digest(), await digest());
});

withTools('hard links, short names and named streams are there', async () => {
  const base = await makeBaseImage(scratch);
  const details = (path: string) => wim('dir', base, '1', '--detailed', `--path=${path}`).toString();
  assert.match(details('/Windows/System32/kernel32.dll'), /Link Count {10}= 2/);
  assert.match(details('/Program Files'), /Short Name {10}= "PROGRA~1"/);
  assert.match(details('/Users/Public/Documents/Welcome.txt'), /Named data stream "Zone\.Identifier"/);
  assert.match(details('/Users/All Users'), /Reparse Tag {9}= 0xa000000c/);
});

withTools('both editions carry a key setup key of their own in both values', async () => {
  const base = await makeBaseImage(scratch);
  const current = 'Microsoft\\Windows NT\\CurrentVersion';
  for (const [index, edition] of [
    ['1', 'Enterprise'],
    ['2', 'Education'],
  ] as const) {
    assert.is(value(base, index, 'SOFTWARE', current, 'EditionID'), edition);
    assert.is(value(base, index, 'SOFTWARE', current, 'CurrentBuildNumber'), '19045');
  }
  for (const edition of ['Enterprise', 'Education'] as const) {
    const { v3, v4 } = digitalProductIds(licenceOf(edition));
    assert.is(parseDigitalProductId(v3).key?.text, GVLK[edition]);
    const parsed = parseDigitalProductId4(v4);
    assert.is(parsed.key?.text, GVLK[edition]);
    assert.is(v4.subarray(1016, 1038).toString('utf16le'), 'Volume:GVLK');
  }
});

withNtfs('applied to NTFS the image gives no user a way into System32, and its audit finds no error', async () => {
  const small = await makeSmallImage(scratch);
  const disk = join(scratch, 'ntfs.img');
  writeFileSync(disk, '');
  truncateSync(disk, 64 * 1024 * 1024);
  execFileSync('mkntfs', ['-F', '-Q', disk], { stdio: 'ignore' });
  wim('apply', small, '1', disk);
  const audit = (path: string) => execFileSync('ntfssecaudit', ['-v', disk, path], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  assert.match(audit('/Windows/System32/kernel32.dll'), /owner S-1-5-80-956008885/i);
  const restored = join(scratch, 'again.wim');
  wim('capture', disk, restored, '--compress=none');
  const listed = (path: string) => wim('dir', path, '1', '--detailed', '--path=/Windows/System32/config').toString();
  const descriptors = (path: string) => listed(path).match(/Security Descriptor = \w+/g);
  assert.equal(descriptors(restored), descriptors(small));
});

test('a child inherits what its folder hands on, with generic rights mapped and the creator named', () => {
  const folder = parseSddl('O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;CI;0x4;;;AU)(A;OICIIO;GA;;;CO)(A;;FA;;;WD)');
  const file = inherit(folder, false);
  assert.equal(
    file.aces.map((ace) => [ace.sid, ace.mask, ace.flags]),
    [
      ['S-1-5-18', 0x1f01ff, 0x10],
      ['S-1-5-18', 0x1f01ff, 0x10],
    ],
  );
  const child = inherit(folder, true);
  assert.equal(
    child.aces.map((ace) => ace.flags),
    [0x13, 0x12, 0x10, 0x1b],
  );
  assert.is(encodeDescriptor(child).readUInt16LE(2) & 0x8004, 0x8004);
});

test('.reg text is read, and what it cannot be is refused', () => {
  const [key] = parseReg('[HKEY_LOCAL_MACHINE\\SOFTWARE\\A\\{Name}]\n"x\\\\y"="1"\n@=str(2):"%a%"\n"m"=multi:"a","b"\n', { Name: 'B' });
  assert.is(key!.path, 'A\\B');
  assert.equal([...key!.values.keys()], ['x\\y', '', 'm']);
  assert.is(key!.values.get('m')!.data.toString('utf16le'), 'a\0b\0\0');
  assert.throws(() => parseReg('[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\n"x"=wrong:1\n'), /cannot read the value/);
  assert.throws(() => parseReg('nonsense\n'), /cannot read/);
});

test('a decoy key has the right checksum and is another one each time', () => {
  const key = decoyKey();
  assert.is(productKeyOf(key).valid, true);
  assert.is.not(decoyKey(), key);
});

withTools('the unsafe image holds every decoy and still passes wimlib verify', async () => {
  const small = await makeSmallImage(scratch);
  const out = join(scratch, 'unsafe.wim');
  const decoys = await makeUnsafeImage(small, out);
  wim('verify', out);
  assert.is(decoys.length, makeDecoys().length);
  const all = names(out);
  for (const path of decoys.flatMap((decoy) => Object.keys(decoy.files ?? {}))) assert.ok(all.includes(path), path);
  assert.is(value(out, '1', 'SYSTEM', 'Setup', 'SetupType'), '0');
  const hijack = 'Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\SppExtComObj.exe';
  assert.is(value(out, '1', 'SOFTWARE', hijack, 'VerifierDlls'), 'update-host.dll');
});

test.run();
