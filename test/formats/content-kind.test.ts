// Kinds of containers by their first bytes; made by the tools that write them where these are here.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { contentKind, KIND_BYTES, kindOf, tailKind } from '../../formats/content-kind.ts';
import { needTools } from '../helpers/need.ts';

needTools(test, { '7zz': '7zip' })('archives as 7-Zip writes them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kind-'));
  try {
    writeFileSync(join(folder, 'a.txt'), 'content\n'.repeat(100));
    for (const kind of ['zip', '7z', 'tar', 'gzip', 'bzip2', 'xz', 'wim'] as const) {
      const file = join(folder, `out.${kind}`);
      execFileSync('7zz', ['a', `-t${kind}`, file, join(folder, 'a.txt')], { stdio: 'ignore' });
      assert.is(contentKind(readFileSync(file))?.id, kind);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what lies far from the start is seen, and no further than is asked for', () => {
  const iso = new Uint8Array(KIND_BYTES);
  iso.set(Buffer.from('CD001'), 0x8001);
  assert.is(contentKind(iso)?.id, 'iso');
  assert.is(contentKind(iso.subarray(0, KIND_BYTES - 1)), undefined);
});

test('what only begins alike is nothing', () => {
  for (const text of ['', 'M', 'P', 'PK', 'PK\x03', 'MSCF', 'text', 'Rar!', 'BZ', '7z'])
    assert.is(contentKind(Buffer.from(text, 'latin1')), undefined);
  assert.is(contentKind(Buffer.from('MZ'))?.id, 'pe');
  assert.is(contentKind(gzipSync('x'))?.id, 'gzip');
});

test('kinds whose few bytes are met by chance are checked further', () => {
  const of = (text: string, size?: number) => contentKind(Buffer.from(text, 'latin1'), size)?.id;
  assert.is(of('BZh91AY&SY'), 'bzip2');
  assert.is(of('BZh9 and text'), undefined);
  assert.is(of('\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff'), 'lzma');
  assert.is(of('\x5d\0\0\x80\0 and other text'), undefined);
  assert.is(of('\xeb\x52\x90NTFS    ', 512), undefined, 'a boot sector');
  assert.is(of('\xeb\x52\x90NTFS    ', 8 * 1024 * 1024), 'ntfs');
  assert.is(of('ab-lh5-'), 'lzh');
  assert.is(of('ab-lies-'), undefined);
});

test('volumes and disks as they are, and what is only their first sector', () => {
  const mib = 1024 * 1024;
  const sector = (marks: Readonly<Record<number, string>>) => {
    const bytes = Buffer.alloc(1024);
    for (const [at, text] of Object.entries({ ...marks, 510: '\x55\xaa' })) bytes.write(text, Number(at), 'latin1');
    return bytes;
  };
  const windows = { 446: '\x80\x20\x21\x00\x07\xfe\xff\xff\x00\x08\x00\x00\x00\x00\x10\x00' };
  for (const [marks, id, size] of [
    [{ 54: 'FAT12   ' }, 'fat', 1_474_560],
    [{ 54: 'FAT16   ' }, 'fat', 8 * mib],
    [{ 82: 'FAT32   ' }, 'fat', 64 * mib],
    [{ 3: '-FVE-FS-' }, 'bitlocker', 64 * mib],
    [windows, 'mbr', 64 * mib],
    [{ 512: 'EFI PART\0\0\x01\0', ...windows }, 'gpt', 64 * mib],
  ] as const) {
    assert.is(contentKind(sector(marks), size)?.id, id, id);
    if (id !== 'gpt') assert.is(contentKind(sector(marks), 512), undefined, `${id}: a copy of its first sector`);
  }
  assert.is(contentKind(sector({}), 64 * mib), undefined, 'no partition');
  assert.is(contentKind(sector({ 446: '\x12' }), 64 * mib), undefined, 'code where the table would be');
});

test('zip and VHD show at the end, whatever stands in front', () => {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46, 12);
  const picture = Buffer.concat([Buffer.from('\xff\xd8\xff\xe0 a picture', 'latin1'), Buffer.alloc(100)]);
  assert.is(tailKind(Buffer.concat([picture, end]), 200)?.id, 'zip');
  const commented = Buffer.from(end);
  commented.writeUInt16LE(5, 20);
  assert.is(tailKind(Buffer.concat([picture, commented, Buffer.from('hello')]), 200)?.id, 'zip');
  assert.is(tailKind(Buffer.concat([picture, commented, Buffer.from('hell')]), 200), undefined, 'the comment runs past the end');
  assert.is(tailKind(picture, picture.length), undefined);
  assert.is(tailKind(new Uint8Array(), 0), undefined);
  const disk = Buffer.alloc(2048);
  disk.write('conectix', 1536);
  assert.is(tailKind(disk, 1024 * 1024)?.id, 'vhd');
  assert.is(tailKind(disk, 1024 * 1024 + 1), undefined);
  assert.is(kindOf('vhd')?.type, 'VHD');
  assert.is(kindOf('none'), undefined);
});

test.run();
