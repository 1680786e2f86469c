// From a file to its disk: each container, parents found and refused.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { openDisk } from '../../../image/containers/disk-layers.ts';
import { convertDisk, wholeOf } from '../../helpers/disk-files.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';

const test = suite('disk-layers');
const withTools = needTools(test, { 'qemu-img': 'qemu-utils' });
const withData = needRealData(test);
let folder = '';
let raw = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  raw = join(folder, 'disk.raw');
  writeFileSync(raw, Buffer.alloc(1024 * 1024, 'content of the disk '));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const real = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, gunzipSync(readFileSync(join(realData, 'images', `${name}.gz`))));
  return path;
};

async function refusal(path: string): Promise<ImageError> {
  try {
    await (await openDisk(path)).close();
  } catch (error) {
    assert.instance(error, ImageError);
    return error as ImageError;
  }
  throw new Error(`${path} was opened`);
}

for (const [id, options, layout] of [
  ['vhd', ['-o', 'subformat=fixed,force_size=on'], 'fixed'],
  ['vhd', ['-o', 'subformat=dynamic,force_size=on'], 'mapped'],
  ['vhdx', [], 'mapped'],
  ['qcow2', ['-c'], 'mapped'],
  ['raw', [], 'fixed'],
] as const) {
  withTools(`${id} ${options.join(' ')}`, async () => {
    const disk = await openDisk(convertDisk(raw, id, options));
    assert.equal([disk.id, disk.layout, disk.differencing, disk.replayed], [id, layout, false, false]);
    assert.ok((await wholeOf(disk.disk)).equals(readFileSync(raw)));
    await disk.close();
  });
}

withData('a differencing VHDX of Windows with its parent beside it, without it, with another one', async () => {
  const child = real('ntfs-differential.vhdx');
  assert.is((await refusal(child)).code, 'PARENT_ABSENT');
  const parent = real('ntfs-parent.vhdx');
  const disk = await openDisk(child);
  assert.ok(disk.differencing);
  await disk.close();
  copyFileSync(real('ntfs-dynamic.vhdx'), parent);
  const changed = await refusal(child);
  assert.is(changed.code, 'PARENT_CHANGED');
  assert.match(changed.message, /ntfs-parent\.vhdx is another disk or was written since/);
});

withData('a differencing VHD of Windows: its parent is asked for by name, another one is refused', async () => {
  const child = real('ntfs-differential.vhd');
  const absent = await refusal(child);
  assert.is(absent.code, 'PARENT_ABSENT');
  assert.match(absent.message, /ntfs-parent\.vhd/);
  copyFileSync(real('ntfs-dynamic.vhd'), join(folder, 'ntfs-parent.vhd'));
  assert.is((await refusal(child)).code, 'PARENT_CHANGED');
});

withTools('a VHD without its end is no raw disk', async () => {
  const path = convertDisk(raw, 'vhd', ['-o', 'subformat=dynamic']);
  writeFileSync(path, readFileSync(path).subarray(0, -512));
  assert.is((await refusal(path)).code, 'CONTAINER_CORRUPT');
});

test.run();
