// Writing into a disk: descriptors, streams, links and everything untouched stay; what goes is not readable any more; what must not be written is refused.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDescriptor } from '../../../formats/security-descriptor/parse.ts';
import { commitDisk } from '../../../image/containers/disk-commit.ts';
import type { DiskImage } from '../../../image/containers/disk-image.ts';
import type { FileEdit } from '../../../image/image.ts';
import { openImage } from '../../../image/open.ts';
import { compressedResource, mixedContent } from '../../helpers/compressed.ts';
import { convertDisk, DISK_TOOLS, makeDisk, makeFat, makeVolume } from '../../helpers/disk-files.ts';
import { detailedDir, run } from '../../helpers/make-wim.ts';
import { needFuse, needTools } from '../../helpers/need.ts';
import { refusalOf } from '../../helpers/refusal.ts';
import { MARKER, windowsTree } from '../../helpers/windows-tree.ts';
import { wofFile } from '../../helpers/wof.ts';

const test = suite('disk-commit');
const withTools = needTools(test, { ...DISK_TOOLS, setfattr: 'attr', 'ntfs-3g': 'ntfs-3g' });
const withFuse = needFuse(withTools as never);
const MIB = 1024 * 1024;
const VOLUME_AT = 4 * MIB;
const SECRET = 'SECRET-OF-A-LARGE-FILE-';
let folder = '';
let raw = '';
const bytes = (text: string) => new TextEncoder().encode(text);

withTools('a disk is made', () => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  const compact = mixedContent(100_000);
  const { stored } = compressedResource(folder, compact, 'xpress', 4096)!;
  const tree = windowsTree();
  const windows = makeVolume(folder, {
    ...tree,
    '/Windows/large.log': { content: SECRET.repeat(20_000) },
    '/Windows/rewritten.bin': { content: SECRET.repeat(9_000), streams: { kept: 'the stream stays' } },
    '/Windows/compact.dll': wofFile(stored, compact.length, 0),
    '/Windows/untouched.bin': { content: mixedContent(3_000_000) },
  });
  raw = makeDisk(folder, [
    { volume: makeFat(folder, { '/EFI/a': 'x' }, 12, 3 * MIB), type: 0x0c },
    { volume: windows, type: 0x07 },
  ]);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const EDITS: readonly FileEdit[] = [
  { kind: 'write', path: '/windows/SYSTEM32/drivers/etc/HOSTS', content: bytes('127.0.0.1 localhost\n') },
  { kind: 'write', path: '/Windows/Setup/Scripts/SetupComplete.cmd', content: bytes('rem new\r\n') },
  { kind: 'write', path: '/Windows/rewritten.bin', content: bytes('short now') },
  { kind: 'write', path: '/Windows/compact.dll', content: bytes('no longer compressed') },
  { kind: 'remove', path: '/Windows/large.log' },
  { kind: 'remove', path: '/Windows/Panther' },
  { kind: 'write', path: '/Windows/System32/kernel32.dll', content: bytes('both names') },
];

async function commitTo(path: string, edits: readonly FileEdit[], time?: Date): Promise<string> {
  const image = (await openImage(path)) as DiskImage;
  const staged = path.replace(/(\.\w+)$/, '-out$1');
  try {
    await commitDisk(image, staged, { edits, time });
  } finally {
    await image.close();
  }
  return staged;
}

/** The Windows volume of a disk as other tools can read it. */
function volumeOf(disk: string, format: string): string {
  const flat = join(folder, 'flat.img');
  run('qemu-img', ['convert', '-f', format, '-O', 'raw', disk, flat]);
  const volume = join(folder, 'flat.ntfs');
  writeFileSync(volume, readFileSync(flat).subarray(VOLUME_AT, VOLUME_AT + 24 * MIB));
  return volume;
}

/** What wimlib captures of a volume: by path the lines that say what a file is. */
function captured(volume: string): Map<string, readonly string[]> {
  const wim = join(folder, 'captured.wim');
  rmSync(wim, { force: true });
  run('wimlib-imagex', ['capture', volume, wim, '--compress=none', '--quiet']);
  return new Map([...detailedDir(wim)].map(([path, lines]) => [path, lines.filter((line) => !/Time|Link|Security ID/i.test(line))]));
}

const source = () => volumeOf(raw, 'raw');

for (const [id, format] of [
  ['raw', 'raw'],
  ['vhdx', 'vhdx'],
  ['vhd', 'vpc'],
  ['qcow2', 'qcow2'],
] as const) {
  withFuse(`${id}: exactly what was asked for changes, as wimlib and ntfssecaudit see it`, async () => {
    const disk = convertDisk(raw, id, id === 'vhd' ? ['-o', 'force_size=on'] : []);
    const before = createHash('sha1').update(readFileSync(disk)).digest('hex');
    const was = captured(source());
    const staged = await commitTo(disk, EDITS, new Date('2022-02-02T02:02:02Z'));
    assert.is(createHash('sha1').update(readFileSync(disk)).digest('hex'), before, 'the source is only read');
    const volume = volumeOf(staged, format);
    run('ntfsfix', ['-n', volume]);
    const is = captured(volume);
    const gone = [...was.keys()].filter((path) => !is.has(path)).sort();
    const made = [...is.keys()].filter((path) => !was.has(path)).sort();
    const changed = [...is]
      .filter(([path, lines]) => was.has(path) && was.get(path)!.join('\n') !== lines.join('\n'))
      .map(([path]) => path);
    assert.equal(gone, [
      '/Windows/Panther',
      '/Windows/Panther/deeper',
      '/Windows/Panther/deeper/and deeper.log',
      '/Windows/Panther/setupact.log',
      '/Windows/large.log',
    ]);
    assert.equal(made, ['/Windows/Setup', '/Windows/Setup/Scripts', '/Windows/Setup/Scripts/SetupComplete.cmd']);
    assert.equal(changed.sort(), [
      '/Windows/System32/drivers/etc/hosts',
      '/Windows/System32/kernel32.dll',
      '/Windows/WinSxS/amd64_kernel32/kernel32.dll',
      '/Windows/compact.dll',
      '/Windows/rewritten.bin',
    ]);
    assert.is(run('ntfscat', [volume, 'Windows/compact.dll']), 'no longer compressed');
    assert.is(run('ntfscat', ['-n', 'kept', volume, 'Windows/rewritten.bin']), 'the stream stays');
    assert.match(run('ntfscat', ['-n', 'Zone.Identifier', volume, 'Windows/System32/drivers/etc/hosts']), /ZoneId=3/);
    const content = readFileSync(volume).toString('latin1');
    assert.not(content.includes(SECRET), 'removed and replaced content is not readable in free clusters');
    assert.not(content.includes(`deep ${MARKER}`), 'nor in records of removed files');
    assert.not(content.includes(`log ${MARKER}`));
    assert.ok(content.includes(`regf ${MARKER}`), 'what was not removed is still there');
    rmSync(staged);
  });
}

withFuse('a changed file keeps its descriptor, a new one inherits as in a WIM', async () => {
  const staged = await commitTo(raw, EDITS);
  const [was, is] = [await openImage(raw), await openImage(staged)];
  for (const path of ['/Windows/System32/drivers/etc/hosts', '/Windows/compact.dll', '/Windows/rewritten.bin']) {
    const [old, now] = [await was.find(path), await is.find(path)];
    assert.equal(
      now!.descriptor && Buffer.from(now!.descriptor).toString('hex'),
      old!.descriptor && Buffer.from(old!.descriptor).toString('hex'),
      path,
    );
  }
  assert.is((await is.find('/Windows/compact.dll'))!.reparse, undefined);
  const { owner, dacl } = parseDescriptor((await is.find('/Windows/Setup/Scripts/SetupComplete.cmd'))!.descriptor!);
  assert.is(owner, 'S-1-5-32-544');
  assert.not(
    dacl!.some(({ sid, mask }) => sid === 'S-1-1-0' || (sid === 'S-1-5-32-545' && (mask & 2) !== 0)),
    'nobody but the privileged may write it',
  );
  assert.ok(dacl!.some(({ sid }) => sid === 'S-1-5-18'));
  await was.close();
  await is.close();
  const volume = volumeOf(staged, 'raw');
  const shown = run('ntfssecaudit', ['-v', '-v', volume, 'Windows/Setup/Scripts/SetupComplete.cmd']);
  assert.match(shown, /S-1-5-32-544|Administrators|20020000/);
  rmSync(staged);
});

withFuse('nothing asked for is nothing changed', async () => {
  const staged = await commitTo(raw, []);
  assert.ok(readFileSync(staged).equals(readFileSync(raw)));
  rmSync(staged);
});

withFuse('links, folders, wrong names and paths through links are refused, and nothing is written', async () => {
  for (const [edit, code] of [
    [{ kind: 'write', path: '/Documents and Settings', content: bytes('x') }, 'PATH_IS_LINK'],
    [{ kind: 'write', path: '/Documents and Settings/x', content: bytes('x') }, 'PATH_THROUGH_LINK'],
    [{ kind: 'write', path: '/Windows/System32', content: bytes('x') }, 'PATH_IS_FOLDER'],
    [{ kind: 'write', path: '/Windows/empty.txt/x', content: bytes('x') }, 'PATH_THROUGH_FILE'],
    [{ kind: 'write', path: '/Windows/con?.txt', content: bytes('x') }, 'PATH_INVALID'],
    [{ kind: 'remove', path: '/' }, 'PATH_INVALID'],
  ] as const) {
    assert.is((await refusalOf(() => commitTo(raw, [edit]))).code, code, edit.path);
  }
});

withFuse('a volume without room for what is written is said to be full, not the disk of this machine', async () => {
  const error = await refusalOf(() =>
    commitTo(raw, [{ kind: 'write', path: '/Windows/big.bin', content: new Uint8Array(40 * MIB).fill(1) }]),
  );
  assert.is(error.code, 'VOLUME_FULL');
  assert.match(error.message, /has no room/);
  rmSync(raw.replace('.raw', '-out.raw'), { force: true });
});

withFuse('another kind of disk: the same changes, in one pass', async () => {
  for (const [as, extension] of [
    ['vhdx', 'vhdx'],
    ['vhd', 'vhd'],
  ] as const) {
    const image = (await openImage(raw)) as DiskImage;
    const staged = raw.replace('.raw', `-as.${extension}`);
    await commitDisk(image, staged, { edits: EDITS, as, time: undefined });
    await image.close();
    const made = await openImage(staged);
    assert.is(made.info.container, as);
    assert.is(Buffer.from(await made.read('/Windows/rewritten.bin')).toString(), 'short now');
    await made.close();
    const content = readFileSync(volumeOf(staged, as === 'vhd' ? 'vpc' : as)).toString('latin1');
    assert.not(content.includes(SECRET), 'nothing that went is readable');
    rmSync(staged);
  }
});

withTools('dirty and hibernated disks are never written', async () => {
  const edit: FileEdit = { kind: 'write', path: '/a', content: bytes('x') };
  const dirty = join(folder, 'dirty.raw');
  const disk = readFileSync(raw);
  const volume = join(folder, 'dirty.ntfs');
  writeFileSync(volume, disk.subarray(VOLUME_AT, VOLUME_AT + 24 * MIB));
  run('ntfslabel', [volume, 'still readable']);
  const marked = readFileSync(volume);
  // $Volume is record 3; its $VOLUME_INFORMATION holds the flag.
  const record = marked.readUInt32LE(48) * 4096 + 3 * 1024;
  for (let at = record + marked.readUInt16LE(record + 20); marked.readUInt32LE(at) !== 0xffffffff; at += marked.readUInt32LE(at + 4)) {
    if (marked.readUInt32LE(at) === 0x70) marked.writeUInt16LE(1, at + marked.readUInt16LE(at + 20) + 10);
  }
  disk.set(marked, VOLUME_AT);
  writeFileSync(dirty, disk);
  assert.is((await refusalOf(() => commitTo(dirty, [edit]))).code, 'VOLUME_DIRTY');
  for (const magic of ['hibr', 'HIBR', 'wake']) {
    const hibernated = makeVolume(folder, { ...windowsTree(), '/hiberfil.sys': { content: `${magic}${'\0'.repeat(5000)}` } });
    const path = makeDisk(folder, [{ volume: hibernated, type: 7 }]);
    assert.is((await refusalOf(() => commitTo(path, [edit]))).code, 'VOLUME_HIBERNATED');
  }
});

test.run();
