// An image of every kind of container as a read-only folder; what fails leaves nothing; what is no folder for it is refused.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mountContainer } from '../../image/mount.ts';
import { unmountKept } from '../../tools/kept-mount.ts';
import { exportWim, splitWim } from '../../tools/wimlib.ts';
import { compressedResource, mixedContent } from '../helpers/compressed.ts';
import { convertDisk, DISK_TOOLS, makeDisk, makeFat, makeVolume } from '../helpers/disk-files.ts';
import { makeWim, run } from '../helpers/make-wim.ts';
import { mountsBelow, processesOf } from '../helpers/mounts.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';
import { windowsTree } from '../helpers/windows-tree.ts';
import { wofFile } from '../helpers/wof.ts';

const test = suite('mount');
const withTools = needTools(test, {
  ...DISK_TOOLS,
  'ntfs-3g': 'ntfs-3g',
  xorriso: 'xorriso',
  '7zz': '7zip',
  'qemu-storage-daemon': 'qemu-system-common',
});
const withFuse = needFuse(withTools as never);
const HOSTS = 'Windows/System32/drivers/etc/hosts';

// A temporary folder of its own, so that what is left in it is what we left.
const own = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
const temporary = join(own, 'tmp');
mkdirSync(temporary);
process.env['TMPDIR'] = temporary;
test.after(() => rmSync(own, { recursive: true, force: true }));

const folder = join(own, 'look inside, please'); // a blank and a comma: nothing takes it for an option
mkdirSync(folder);

function nothingLeft(): void {
  assert.equal(mountsBelow(own), []);
  assert.equal(processesOf(own), []);
  assert.equal(readdirSync(temporary), []);
  assert.equal(readdirSync(folder), []);
}

async function look(container: string, use: (root: string) => void, index?: number): Promise<readonly string[]> {
  const before = readFileSync(container);
  const { notes } = await mountContainer(container, folder, { index });
  try {
    use(folder);
    assert.throws(() => writeFileSync(join(folder, 'new.txt'), 'x'), /EROFS|EACCES|EPERM/);
  } finally {
    await unmountKept(folder);
  }
  nothingLeft();
  assert.ok(before.equals(readFileSync(container)), 'the container is only read');
  return notes;
}

const sees = (root: string) => assert.is(readFileSync(join(root, HOSTS), 'utf8'), '127.0.0.1');

withFuse('an image of a WIM, an ESD, a split WIM and an ISO', async () => {
  const wim = join(own, 'plain.wim');
  makeWim(wim, { images: [{ files: { '/first': 'x' } }, { files: windowsTree() }] });
  await exportWim(wim, join(own, 'solid.esd'), { compress: 'lzms', solid: true });
  await splitWim(wim, join(own, 'split.swm'), 1);
  mkdirSync(join(own, 'disc/sources'), { recursive: true });
  execFileSync('cp', [wim, join(own, 'disc/sources/install.wim')]);
  run('xorriso', ['-as', 'mkisofs', '-quiet', '-J', '-o', join(own, 'media.iso'), join(own, 'disc')]);
  for (const name of ['plain.wim', 'solid.esd', 'split.swm', 'media.iso']) {
    await look(join(own, name), sees, 2);
    await look(join(own, name), (root) => assert.equal(readdirSync(root), ['first']), 1);
  }
  assert.is((await refusalOf(() => mountContainer(wim, folder))).code, 'IMAGE_AMBIGUOUS');
  assert.is((await refusalOf(() => mountContainer(wim, folder, { index: 3 }))).code, 'IMAGE_INDEX_ABSENT');
  nothingLeft();
});

withFuse('the Windows on a VHD, a VHDX, a qcow2 and a raw disk; what CompactOS has compressed is told', async () => {
  const compact = mixedContent(20_000);
  const { stored } = compressedResource(own, compact, 'xpress', 4096)!;
  const windows = makeVolume(own, { ...windowsTree(), '/Windows/compact.dll': wofFile(stored, compact.length, 0) });
  const raw = makeDisk(own, [
    { volume: makeFat(own, { '/EFI/a': 'x' }, 12, 3 * 1024 * 1024), type: 0x0c },
    { volume: windows, type: 0x07 },
  ]);
  for (const disk of [raw, convertDisk(raw, 'vhdx'), convertDisk(raw, 'vhd', ['-o', 'force_size=on']), convertDisk(raw, 'qcow2')]) {
    assert.equal(await look(disk, sees), ['1 file(s) compressed with CompactOS are shown as broken links']);
  }
});

withFuse('a FAT volume', async () => {
  const raw = makeDisk(own, [{ volume: makeFat(own, { '/EFI/Boot/bootx64.efi': 'loader', '/a.txt': 'a' }), type: 0x0c }]);
  await look(raw, (root) => {
    assert.is(readFileSync(join(root, 'EFI/Boot/bootx64.efi'), 'utf8'), 'loader');
    assert.equal(readdirSync(root).sort(), ['EFI', 'a.txt']);
  });
});

withFuse('what is no empty folder, and a folder in use, are refused', async () => {
  const wim = join(own, 'small.wim');
  makeWim(wim, { images: [{ files: { '/a': 'x' } }] });
  writeFileSync(join(own, 'file'), '');
  const facts: readonly (readonly [string, RegExp])[] = [
    [join(own, 'absent'), /does not exist/],
    [join(own, 'file'), /is not a folder/],
    [own, /is not empty/],
  ];
  for (const [at, message] of facts) {
    const error = await refusalOf(() => mountContainer(wim, at));
    assert.is(error.code, 'MOUNT_FOLDER');
    assert.match(error.message, message);
    assert.ok(error.hint);
  }
  await mountContainer(wim, folder);
  assert.match((await refusalOf(() => mountContainer(wim, folder))).message, /in use for a mount already/);
  await unmountKept(folder);
  nothingLeft();
});

withFuse('a part that fails, and an interruption, leave nothing behind', async () => {
  const wim = join(own, 'small.wim');
  makeWim(wim, { images: [{ files: { '/a': 'x' } }] });
  const path = process.env['PATH'];
  // Everything but the program that mounts.
  const bare = join(own, 'bin');
  mkdirSync(bare);
  for (const name of ['sh', 'mkfifo', 'head', 'cat', 'sleep', 'mountpoint', 'rm', 'setpriv', 'grep', 'bash']) {
    execFileSync('ln', ['-s', execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bare, name)]);
  }
  process.env['PATH'] = bare;
  try {
    assert.is((await refusalOf(() => mountContainer(wim, folder))).code, 'TOOL_MISSING');
  } finally {
    process.env['PATH'] = path;
  }
  nothingLeft();
  const abort = new AbortController();
  abort.abort(new Error('stop'));
  let reason: unknown;
  await mountContainer(wim, folder, { signal: abort.signal }).catch((error) => {
    reason = error;
  });
  assert.is((reason as Error).message, 'stop');
  nothingLeft();
});

test.run();
