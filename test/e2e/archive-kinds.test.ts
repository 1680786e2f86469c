// Kinds of archives that 7-Zip reads and few people pack: opened whatever they are called, or told where no decoder is here.
import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32, pack } from '../helpers/archives.ts';
import { needTools } from '../helpers/need.ts';
import { lookInside } from '../helpers/nested-probe.ts';

const sevenZip = needTools(test, { '7zz': '7zip' });
const TEXT = 'a MARKER '.repeat(300);

sevenZip('bzip2, and the packages that are a zip: nupkg, appx', async () => {
  const members = { 'tools/init.xml': '<x/>', 'lib/a.dll': TEXT };
  const { seen, found, opaque } = await lookInside({
    '/a.dat': pack('bzip2', { a: TEXT }),
    '/Tools/pack.1.0.0.nupkg': pack('zip', members),
    '/Program Files/App.appx': pack('zip', members),
  });
  assert.equal(seen, ['/Program Files/App.appx!/tools/init.xml=<x/>', '/Tools/pack.1.0.0.nupkg!/tools/init.xml=<x/>']);
  assert.equal(found, ['/Program Files/App.appx!lib/a.dll', '/Tools/pack.1.0.0.nupkg!lib/a.dll', '/a.dat!a']);
  assert.equal(opaque, []);
});

needTools(test, { zstd: 'zstd', xz: 'xz-utils', '7zz': '7zip' })('Zstandard and LZMA alone', async () => {
  const packed = (program: string, ...words: string[]) => execFileSync(program, [...words, '-c'], { input: TEXT });
  const { found, opaque } = await lookInside({
    '/a.bin': packed('zstd', '-q'),
    '/b.bin': packed('xz', '--format=lzma'),
  });
  assert.equal(
    found.filter((place) => place.includes('!')),
    ['/a.bin!a', '/b.bin!b'],
  );
  assert.equal(opaque, []);
});

sevenZip('RAR is opened where 7-Zip has its decoder, and told where it has none', async () => {
  const { found, opaque } = await lookInside({ '/a.bin': storedRar('tool.bin', TEXT) });
  const told = opaque.map(({ at, why, detail }) => `${at} ${why} ${/7zip-rar/.test(detail)}`);
  assert.ok(found.includes('/a.bin!tool.bin') ? told.length === 0 : told.join() === '/a.bin unsupported true', told.join());
});

/** One stored file in RAR 5.0 (rarlab, "RAR 5.0 archive format"): each header with its CRC-32, sizes as numbers of seven bits a byte. */
function storedRar(name: string, content: string): Buffer {
  const data = Buffer.from(content);
  const header = (...fields: readonly Uint8Array[]): Buffer => {
    const body = Buffer.concat(fields);
    const sized = Buffer.concat([number(body.length), body]);
    return Buffer.concat([u32(crc32(sized)), sized]);
  };
  return Buffer.concat([
    Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1'),
    header(number(1), number(0), number(0)),
    header(
      ...[number(2), number(2), number(data.length), number(4), number(data.length), number(0x20)], // type, flags: data, its size, flags: CRC-32, size, attributes
      ...[u32(crc32(data)), number(0), number(0), number(name.length), Buffer.from(name)], // stored, Windows
    ),
    data,
    header(number(5), number(0), number(0)),
  ]);
}

function number(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) | 128);
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

test.run();
