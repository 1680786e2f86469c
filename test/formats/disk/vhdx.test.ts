// VHDX: disks from qemu-img and from Windows, a differencing pair of Windows, damage.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { isVhdx, readVhdx } from '../../../formats/disk/vhdx.ts';
import { survivesAsync } from '../../helpers/damage.ts';
import { convertDisk, wholeOf } from '../../helpers/disk-files.ts';
import { run } from '../../helpers/make-wim.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';

const test = suite('vhdx');
const withTools = needTools(test, { 'qemu-img': 'qemu-utils' });
const withData = needRealData(test);
let folder = '';
let raw = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  raw = join(folder, 'disk.raw');
  writeFileSync(raw, Buffer.alloc(5 * 1024 * 1024, 'second'));
  truncateSync(raw, 12 * 1024 * 1024);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');
const realFile = (name: string) => new Uint8Array(gunzipSync(readFileSync(join(realData, 'images', name))));

for (const kind of ['fixed', 'dynamic'] as const) {
  withTools(`a ${kind} disk of qemu-img reads as the raw one`, async () => {
    const bytes = new Uint8Array(readFileSync(convertDisk(raw, 'vhdx', ['-o', `subformat=${kind},block_size=1M`])));
    assert.ok(isVhdx(bytes));
    const vhdx = await readVhdx(sourceOfBytes(bytes));
    assert.equal([vhdx.kind, vhdx.size, vhdx.sectorSize, vhdx.replayed], ['whole', 12 * 1024 * 1024, 512, false]);
    assert.is(sha1(await wholeOf(vhdx.disk())), sha1(readFileSync(raw)));
  });
}

withTools('damaged copies give a FormatError or other bytes', async () => {
  const bytes = new Uint8Array(readFileSync(convertDisk(raw, 'vhdx', ['-o', 'subformat=dynamic,block_size=1M'])));
  for (const from of [64 * 1024, 192 * 1024, 1024 * 1024, 2 * 1024 * 1024, 3 * 1024 * 1024]) {
    const part = bytes.slice(from, from + 4096);
    await survivesAsync(
      part,
      async (damaged) => {
        const copy = bytes.slice();
        copy.fill(0, from, from + 4096);
        copy.set(damaged, from);
        await (await readVhdx(sourceOfBytes(copy))).disk().read(0, 4096);
      },
      FormatError,
      20,
    );
  }
});

withData('a dynamic disk of Windows 10 reads as qemu-img reads it', async () => {
  const bytes = realFile('ntfs-dynamic.vhdx.gz');
  const path = join(folder, 'real.vhdx');
  writeFileSync(path, bytes);
  run('qemu-img', ['convert', '-f', 'vhdx', '-O', 'raw', path, join(folder, 'real.img')]);
  assert.is(sha1(await wholeOf((await readVhdx(sourceOfBytes(bytes))).disk())), sha1(readFileSync(join(folder, 'real.img'))));
});

withData('a differencing disk of Windows 10 names its parent, and differs from it where it was written', async () => {
  const parent = await readVhdx(sourceOfBytes(realFile('ntfs-parent.vhdx.gz')));
  const child = await readVhdx(sourceOfBytes(realFile('ntfs-differential.vhdx.gz')));
  assert.is(child.kind, 'differencing');
  assert.ok(child.parent?.ids.includes(parent.id));
  assert.ok(child.parent?.paths.includes('.\\ntfs-parent.vhdx'));
  const [above, merged] = [await wholeOf(parent.disk()), await wholeOf(child.disk(parent.disk()))];
  assert.is(merged.length, above.length);
  const same = Array.from({ length: merged.length / 512 }, (_, at) =>
    above.subarray(at * 512, at * 512 + 512).equals(merged.subarray(at * 512, at * 512 + 512)),
  );
  assert.ok(same.includes(true) && same.includes(false));
});

withTools('other versions, cut files and wrong sums are refused', async () => {
  const good = new Uint8Array(readFileSync(convertDisk(raw, 'vhdx')));
  const cases = [good.slice(0, 100_000), good.slice(0, 300_000), good.slice().fill(1, 65_600, 65_601).fill(1, 131_136, 131_137)];
  for (const bytes of cases) {
    let refused = false;
    await readVhdx(sourceOfBytes(bytes)).catch((error) => {
      assert.instance(error, FormatError);
      refused = true;
    });
    assert.ok(refused);
  }
});

test.run();
