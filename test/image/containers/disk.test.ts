// A disk with a boot partition and a Windows: the same image in every container, every partition seen, the Windows found by content.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageError } from '../../../errors.ts';
import { diskFormat, openDiskContainer } from '../../../image/containers/disk.ts';
import { compressedResource, mixedContent } from '../../helpers/compressed.ts';
import { convertDisk, DISK_TOOLS, makeDisk, makeFat, makeVolume } from '../../helpers/disk-files.ts';
import { needTools } from '../../helpers/need.ts';
import { descriptorOf, windowsTree } from '../../helpers/windows-tree.ts';
import { wofFile } from '../../helpers/wof.ts';

const test = suite('disk');
const withTools = needTools(test, DISK_TOOLS);
let folder = '';
let raw = '';
const compact = mixedContent(200_000);
test.before(() => {
  if (spawnSync('qemu-img', ['--version']).status !== 0) return;
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  const { stored } = compressedResource(folder, compact, 'xpress', 4096)!;
  const windows = makeVolume(folder, {
    ...windowsTree(),
    '/Windows/System32/compact.dll': wofFile(stored, compact.length, 0, {
      descriptor: descriptorOf([[0, 0x1f01ff, 'S-1-5-18']]),
      shortName: 'COMPAC~1.DLL',
    }),
  });
  const boot = makeFat(folder, { '/EFI/Boot/bootx64.efi': 'loader', '/Boot/BCD': 'store' });
  raw = makeDisk(folder, [
    { volume: boot, type: 0x0c },
    { volume: windows, type: 0x07 },
  ]);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

for (const id of ['raw', 'vhd', 'vhdx', 'qcow2'] as const) {
  withTools(`${id}: one image, its files, the boot partition beside it`, async () => {
    const path = convertDisk(raw, id, id === 'vhd' ? ['-o', 'force_size=on'] : []);
    assert.ok(diskFormat.probe(readFileSync(path).subarray(0, 36 * 1024)));
    const container = await openDiskContainer(path);
    try {
      assert.is(container.id, id);
      assert.is(container.images.length, 1);
      assert.is(container.images[0]!.info.container, id);
      const image = await container.open(1);
      const hosts = await image.find('/windows/SYSTEM32/drivers/etc/HOSTS');
      assert.is(hosts?.path, '/Windows/System32/drivers/etc/hosts');
      assert.is(Buffer.from(await hosts!.read('zone.identifier')).toString(), '[ZoneTransfer]\r\nZoneId=3');
      const dll = (await image.find('/Windows/System32/compact.dll'))!;
      assert.equal(
        [dll.size, dll.reparse, dll.streams, dll.attributes & 0x600, dll.shortName],
        [compact.length, undefined, [], 0, 'COMPAC~1.DLL'],
      );
      assert.is(Buffer.compare(await dll.read(), compact), 0);
      assert.ok(dll.descriptor);
      const kernel = (await image.find('/Windows/System32/kernel32.dll'))!;
      assert.equal(kernel.links, ['/Windows/WinSxS/amd64_kernel32/kernel32.dll']);
      const link = (await image.find('/Documents and Settings'))!;
      assert.equal(link.reparse, { tag: 0xa0000003, target: 'C:\\Users' });
      const [side] = container.sides!();
      assert.ok(side && 'image' in side && side.partition === 1);
      const seen: string[] = [];
      for await (const file of side.image.walk()) seen.push(file.path);
      assert.equal(seen.sort(), ['/Boot', '/Boot/BCD', '/EFI', '/EFI/Boot', '/EFI/Boot/bootx64.efi']);
      assert.is(Buffer.from(await side.image.read('/efi/boot/bootx64.efi')).toString(), 'loader');
    } finally {
      await container.close();
    }
  });
}

withTools('streams every content once, each to its last chunk', async () => {
  const container = await openDiskContainer(raw);
  const image = await container.open(1);
  const requests = [];
  for await (const file of image.walk()) if (!file.folder && !file.reparse) requests.push({ file });
  const hashes = new Map(requests.map((request) => [request, createHash('sha1')]));
  let ended = 0;
  for await (const chunk of image.stream(requests)) {
    assert.is(chunk.failed, undefined);
    hashes.get(chunk.request as never)!.update(chunk.bytes);
    if (chunk.last) ended++;
  }
  assert.is(ended, requests.length);
  for (const [{ file }, hash] of hashes)
    assert.is(
      hash.digest('hex'),
      createHash('sha1')
        .update(await file.read())
        .digest('hex'),
      file.path,
    );
  await container.close();
});

withTools('an index that is not there, a disk of BitLocker, a disk without a volume', async () => {
  const container = await openDiskContainer(raw);
  const absent = await container.open(2).then(
    () => undefined,
    (error) => error,
  );
  assert.is((absent as ImageError).code, 'IMAGE_INDEX_ABSENT');
  await container.close();
  const bytes = readFileSync(raw);
  const second = bytes.readUInt32LE(446 + 16 + 8) * 512;
  bytes.write('-FVE-FS-', second + 3, 'latin1');
  const locked = join(folder, 'locked.raw');
  writeFileSync(locked, bytes);
  const refused = await openDiskContainer(locked).then(
    () => undefined,
    (error) => error,
  );
  assert.is((refused as ImageError).code, 'VOLUME_ENCRYPTED');
  bytes.fill(0, 446, 510);
  writeFileSync(locked, bytes);
  const none = await openDiskContainer(locked).then(
    () => undefined,
    (error) => error,
  );
  assert.is((none as ImageError).code, 'IMAGE_NONE');
});

test.run();
