// The export of a partition: read-only throughout, no option from a path, and the very bytes of the partition.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { holdMount } from '../../tools/mount-keeper.ts';
import { canExport, qemuStorageDaemon, sliceExport } from '../../tools/qemu-export.ts';
import { makeScratch, withScratch } from '../../tools/scratch.ts';
import { missingTool, toolVersion } from '../../tools/tool.ts';
import { wimlib } from '../../tools/wimlib.ts';
import { makeWim, run } from '../helpers/make-wim.ts';
import { needFuse, needTools } from '../helpers/need.ts';

const test = suite('qemu-export');
const withTools = needTools(test, { 'qemu-storage-daemon': 'qemu-system-common', 'qemu-img': 'qemu-utils', 'wimlib-imagex': 'wimtools' });
const withFuse = needFuse(withTools as never);

test('everything is opened for reading, and a path is one text', () => {
  const path = '/tmp/a,file.driver=nbd,"x".qcow2';
  const { blockdev, export: shown } = sliceExport({ path, format: 'qcow2', start: 1024, size: 4096 }, '/tmp/m,writable=on');
  assert.equal(JSON.parse(blockdev), {
    driver: 'raw',
    'node-name': 'slice',
    'read-only': true,
    offset: 1024,
    size: 4096,
    // No parent that the file names is opened.
    file: { driver: 'qcow2', 'read-only': true, file: { driver: 'file', 'read-only': true, filename: path }, backing: null },
  });
  const asked = JSON.parse(shown) as Record<string, unknown>;
  assert.equal(
    [asked['mountpoint'], asked['writable'], asked['growable'], asked['allow-other']],
    ['/tmp/m,writable=on', false, false, 'off'],
  );
});

for (const [format, name] of [
  ['raw', 'raw'],
  ['vhdx', 'vhdx'],
  ['vpc', 'vhd'],
  ['qcow2', 'qcow2'],
] as const) {
  withFuse(`the bytes of a slice of a ${name}`, () =>
    withScratch(async (folder) => {
      const content = randomBytes(4 * 1024 * 1024);
      writeFileSync(join(folder, 'plain'), content);
      const disk = join(folder, `disk, with comma.${name}`);
      run('qemu-img', ['convert', '-f', 'raw', '-O', format, join(folder, 'plain'), disk]);
      makeWim(join(folder, 'a.wim'), { images: [{ files: { '/a': 'x' } }] });
      const at = join(folder, 'mount');
      mkdirSync(at);
      const own = await makeScratch();
      const file = join(own, 'slice');
      writeFileSync(file, '');
      const mount = await holdMount({
        command: [wimlib.name, 'mount', join(folder, 'a.wim'), '1', at, '--debug'],
        folder: at,
        what: 'x',
        hint: 'y',
        missing: () => missingTool(wimlib),
        own,
        export: sliceExport({ path: disk, format, start: 1024 * 1024, size: 512 * 1024 }, file),
      });
      assert.ok(readFileSync(file).equals(content.subarray(1024 * 1024, 1024 * 1024 + 512 * 1024)));
      assert.throws(() => writeFileSync(file, 'x'));
      await mount.unmount();
    }),
  );
}

withTools('its version is found, and root may export', async () => {
  assert.match((await toolVersion(qemuStorageDaemon)) ?? '', /^\d+\.\d+/);
  assert.is(await canExport(), process.getuid!() === 0);
});

test.run();
