// WIM files and disks that lie in an image, read by our own readers: every image and partition, streams, what no file of it names, and damage.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withScratch } from '../../../tools/scratch.ts';
import { pack } from '../../helpers/archives.ts';
import { convertDisk, DISK_TOOLS, makeDisk, makeFat, makeVolume } from '../../helpers/disk-files.ts';
import { makeWim, run, type WimSpec } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';
import { lookInside } from '../../helpers/nested-probe.ts';

const wimOf = (spec: WimSpec) =>
  withScratch(async (folder) => {
    makeWim(join(folder, 'made.wim'), spec);
    return readFileSync(join(folder, 'made.wim'));
  });

const BOOT: WimSpec = {
  images: [
    { files: { '/Windows/System32/startnet.xml': 'one', '/tool.exe': 'a MARKER b' } },
    { files: { '/sources/unattend.xml': 'two', '/tool.exe': 'a MARKER b', '/plain.txt': { content: 'x', streams: { hidden: 'MARKER' } } } },
  ],
};

test('every image of it, and named streams', async () => {
  const { seen, found, opaque, result } = await lookInside({ '/sources/boot.bin': await wimOf(BOOT), '/copy.wim': await wimOf(BOOT) });
  assert.equal(
    seen.filter((line) => line.startsWith('/sources')),
    ['/sources/boot.bin!/1/Windows/System32/startnet.xml=one', '/sources/boot.bin!/2/sources/unattend.xml=two'],
  );
  assert.equal(
    found.filter((place) => place.startsWith('/sources/boot.bin!')),
    ['/sources/boot.bin!1/tool.exe', '/sources/boot.bin!2/plain.txt:hidden', '/sources/boot.bin!2/tool.exe'],
  );
  assert.equal(opaque, []);
  assert.is(result.stats.archives?.opened, 2);
  const [first] = result.findings.filter(({ at }) => at.inside?.[0] === '2/plain.txt:hidden');
  assert.equal(first?.at, { file: '/copy.wim', inside: ['2/plain.txt:hidden'] });
});

needTools(test, { '7zz': '7zip' })('archives in it, and it in an archive', async () => {
  const wim = await wimOf({ images: [{ files: { '/drivers.zip': pack('zip', { 'a.xml': 'deep' }) as unknown as string } }] });
  const { seen } = await lookInside({ '/outer.7z': pack('7z', { 'inner.wim': wim }) });
  assert.equal(seen, ['/outer.7z!/inner.wim!/1/drivers.zip!/a.xml=deep']);
});

needTools(test, { 'wimlib-imagex': 'wimtools', '7zz': '7zip' })('one that our reader does not know goes to 7-Zip', async () => {
  await withScratch(async (folder) => {
    makeWim(join(folder, 'a.wim'), BOOT);
    run('wimlib-imagex', ['export', join(folder, 'a.wim'), 'all', join(folder, 'solid.esd'), '--solid']);
    const { seen, found, opaque } = await lookInside({ '/install.esd': readFileSync(join(folder, 'solid.esd')) });
    assert.equal(
      seen.filter((line) => !line.includes('[1].xml')), // what 7-Zip calls the description of the images
      ['/install.esd!/1/Windows/System32/startnet.xml=one', '/install.esd!/2/sources/unattend.xml=two'],
    );
    assert.equal(found.slice(-3), ['/install.esd!1/tool.exe', '/install.esd!2/plain.txt:hidden', '/install.esd!2/tool.exe']);
    assert.equal(opaque, []);
  });
});

test('one that is damaged or holds what cannot be read is told', async () => {
  const wim = await wimOf(BOOT);
  const bent = Buffer.from(wim);
  bent[bent.indexOf('a MARKER b')] = 0x62;
  const { opaque } = await lookInside({ '/bent.wim': bent, '/cut.wim': wim.subarray(0, 300) });
  assert.equal(opaque.map(({ at, why }) => `${why} ${at}`).sort(), ['damaged /bent.wim', 'damaged /cut.wim']);
});

test('files that are encrypted by Windows are told', async () => {
  const wim = await wimOf({ images: [{ files: { '/secret.txt': { content: 'x', attributes: 0x4020 } } }] });
  const { opaque } = await lookInside({ '/a.wim': wim });
  assert.equal(opaque, [{ at: '/a.wim', why: 'encrypted', detail: '1 files in it are encrypted or stored elsewhere' }]);
});

needTools(test, { 'wimlib-imagex': 'wimtools' })('what no file of it names', async () => {
  const { found, opaque } = await withScratch(async (folder) => {
    const path = join(folder, 'a.wim');
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in/b.txt'), `a MARKER b${'.'.repeat(5000)}`);
    run('wimlib-imagex', ['capture', join(folder, 'in'), path, '--compress=LZX', '--no-acls']);
    run('wimlib-imagex', ['update', path, '1', '--command=delete /b.txt']);
    return lookInside({ '/drivers.wim': readFileSync(path) });
  });
  assert.equal(opaque, []);
  assert.match(found.join(), /^\/drivers\.wim!unreferenced-blob\/1-[0-9a-f]{40}$/);
});

const disks = needTools(test, DISK_TOOLS);

/** A Windows, a boot partition in front of it, and a third one. */
const diskOf = (folder: string, third?: string) => {
  const windows = makeVolume(folder, {
    '/unattend.xml': 'windows',
    '/plain.txt': { content: 'x', streams: { hidden: 'MARKER' } },
    '/Windows/System32/config/SOFTWARE': 'a hive',
  });
  const boot = makeFat(folder, { '/EFI/a.xml': 'boot' });
  const parts = [
    { volume: boot, type: 0x0c },
    { volume: windows, type: 0x07 },
  ];
  return makeDisk(folder, third === undefined ? parts : [...parts, { volume: third, type: 0x07 }]);
};

disks('every partition of a disk, in whatever container', async () => {
  await withScratch(async (folder) => {
    const raw = diskOf(folder);
    for (const kind of ['vhd', 'vhdx', 'qcow2', 'raw'] as const) {
      const { seen, found, opaque } = await lookInside({ '/d': readFileSync(convertDisk(raw, kind)) });
      assert.equal(seen, ['/d!/1/unattend.xml=windows', '/d!/partition-1/EFI/a.xml=boot'], kind);
      assert.ok(found.includes('/d!1/plain.txt:hidden'), kind);
      assert.equal(opaque, [], kind);
    }
    assert.equal((await lookInside({ '/e.bin': readFileSync(join(folder, 'volume.fat')) })).seen, ['/e.bin!/1/EFI/a.xml=boot']);
    const { seen } = await lookInside({ '/n.bin': readFileSync(join(folder, 'volume.ntfs')) });
    assert.equal(seen, ['/n.bin!/1/unattend.xml=windows']);
  });
});

disks('partitions that cannot be looked into are told, with no path of this machine', async () => {
  await withScratch(async (folder) => {
    const locked = join(folder, 'locked');
    const boot = Buffer.alloc(2 * 1024 * 1024);
    boot.write('\xeb\x58\x90-FVE-FS-', 'latin1');
    writeFileSync(locked, boot);
    const foreign = join(folder, 'foreign');
    writeFileSync(foreign, Buffer.alloc(1024 * 1024, 0x55));
    const closed = async (path: string) => (await lookInside({ '/d': readFileSync(path) })).opaque;
    assert.equal(await closed(diskOf(folder, locked)), [
      { at: '/d', why: 'encrypted', detail: 'partition 3 cannot be looked into (is encrypted with BitLocker)' },
    ]);
    assert.equal(await closed(diskOf(folder, foreign)), [
      {
        at: '/d',
        why: 'unsupported',
        detail: 'partition 3 cannot be looked into (holds no file system that is read (neither NTFS nor FAT))',
      },
    ]);
    for (const path of [makeDisk(folder, [{ volume: locked, type: 0x07 }]), locked])
      assert.equal(await closed(path), [{ at: '/d', why: 'encrypted', detail: 'a partition of it is encrypted with BitLocker' }]);
  });
});

test.run();
