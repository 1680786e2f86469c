// VHD: fixed and dynamic disks from qemu-img and from Windows, differencing ones of Windows, damage.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { isVhdFooter, readVhd } from '../../../formats/disk/vhd.ts';
import { survivesAsync } from '../../helpers/damage.ts';
import { convertDisk, wholeOf } from '../../helpers/disk-files.ts';
import { run } from '../../helpers/make-wim.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';

const test = suite('vhd');
const withTools = needTools(test, { 'qemu-img': 'qemu-utils' });
const withData = needRealData(test);
let folder = '';
let raw = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  raw = join(folder, 'disk.raw');
  writeFileSync(raw, Buffer.alloc(5 * 1024 * 1024, 'first'));
  truncateSync(raw, 12 * 1024 * 1024);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');
const realFile = (name: string) => new Uint8Array(gunzipSync(readFileSync(join(realData, 'images', name))));

for (const kind of ['fixed', 'dynamic'] as const) {
  withTools(`a ${kind} disk of qemu-img reads as the raw one`, async () => {
    const bytes = new Uint8Array(readFileSync(convertDisk(raw, 'vhd', ['-o', `subformat=${kind},force_size=on`])));
    assert.ok(isVhdFooter(bytes.subarray(-512)));
    assert.is(isVhdFooter(bytes.subarray(0, 512)), kind === 'dynamic');
    const vhd = await readVhd(sourceOfBytes(bytes));
    assert.is(vhd.kind, kind);
    assert.is(vhd.parent, undefined);
    assert.is(sha1(await wholeOf(vhd.disk())), sha1(readFileSync(raw)));
  });
}

withTools('damaged copies give a FormatError or other bytes', async () => {
  const bytes = new Uint8Array(readFileSync(convertDisk(raw, 'vhd', ['-o', 'subformat=dynamic'])));
  const vital = Buffer.concat([bytes.subarray(0, 4096), bytes.subarray(-512)]);
  await survivesAsync(new Uint8Array(vital), async (damaged) => (await readVhd(sourceOfBytes(damaged))).disk().read(0, 4096), FormatError);
});

withData('fixed and dynamic disks of Windows 10', async () => {
  const fixed = realFile('ntfs-fixed.vhd.gz');
  assert.is((await readVhd(sourceOfBytes(fixed))).kind, 'fixed');
  const dynamic = realFile('ntfs-dynamic.vhd.gz');
  const path = join(folder, 'real.vhd');
  writeFileSync(path, dynamic);
  run('qemu-img', ['convert', '-f', 'vpc', '-O', 'raw', path, join(folder, 'real.img')]);
  assert.is(sha1(await wholeOf((await readVhd(sourceOfBytes(dynamic))).disk())), sha1(readFileSync(join(folder, 'real.img'))));
});

withData('a differencing disk of Windows 10 names its parent and takes from it what it does not hold', async () => {
  const child = await readVhd(sourceOfBytes(realFile('ntfs-differential.vhd.gz')));
  assert.is(child.kind, 'differencing');
  assert.is(child.parent?.id, 'e7ea92008493954ea8169572339be931');
  assert.ok(child.parent?.paths.includes('.\\ntfs-parent.vhd'));
  assert.throws(
    () => child.disk(),
    (error: unknown) => error instanceof FormatError,
  );
  const parent = sourceOfBytes(new Uint8Array(child.size).fill(0xaa));
  const merged = await wholeOf(child.disk(parent));
  const own = await wholeOf(child.disk(sourceOfBytes(new Uint8Array(child.size))));
  assert.is(merged.length, child.size);
  let inherited = 0;
  for (let at = 0; at < merged.length; at++) {
    if (merged[at] === own[at]) continue;
    assert.is(merged[at], 0xaa);
    inherited++;
  }
  assert.ok(inherited > 0 && inherited < merged.length, `${inherited} bytes of the parent`);
});

for (const [name, change] of [
  ['no footer', (bytes: Buffer) => bytes.fill(0, bytes.length - 512)],
  ['a footer that does not match its sum', (bytes: Buffer) => bytes.writeUInt8(9, bytes.length - 400)],
] as const) {
  withTools(`${name} is refused`, async () => {
    const bytes = readFileSync(convertDisk(raw, 'vhd', ['-o', 'subformat=fixed']));
    change(bytes);
    try {
      await readVhd(sourceOfBytes(bytes));
    } catch (error) {
      assert.instance(error, FormatError);
      return;
    }
    assert.unreachable();
  });
}

test.run();
