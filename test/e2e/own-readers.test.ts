// Lint of WIM files made to hide something: every image, streams, links, names of any kind, contents that no file names, and files that lie.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { blobDigest } from '../../formats/wim/digest.ts';
import { parseHeader } from '../../formats/wim/header.ts';
import type { ImageFile } from '../../image/image.ts';
import { lintContainer } from '../../lint/lint.ts';
import { locationText } from '../../lint/location.ts';
import { text as textReport } from '../../report/text.ts';
import { withScratch } from '../../tools/scratch.ts';
import { FOR_USERS, GUARDED } from '../helpers/descriptors.ts';
import { makeVolume } from '../helpers/disk-files.ts';
import { ruleOf } from '../helpers/lint-probe.ts';
import { makeWim, run, type WimSpec } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';

const KEY = madeKey(3);
const TEXT = `ProductKey=${KEY}`;

/** Every file that the walk gives, and every place of the planted key. */
async function look(path: string) {
  const files = new Map<string, ImageFile>();
  const rule = ruleOf({ files: ['/**'], text: 'product-keys' }, (report) => ({
    file: (file) => void files.set(file.path, file),
    text: ({ file, stream, text }) => text === KEY && report({ file: file.path, ...(stream === undefined ? {} : { stream }) }),
  }));
  const options = { rules: [rule], policy: { kmsHosts: [] }, options: {}, allow: [] };
  const result = await lintContainer(path, options);
  const found = result.images.map(({ findings }) => findings.map(({ at }) => locationText(at)).sort());
  const report = textReport.render(result, { rules: [rule], colour: false, tool: { name: 'wtgforge', version: '0' } });
  return { files, found, result, report };
}

async function lookAt(spec: WimSpec, change: (path: string) => void = () => {}) {
  return withScratch(async (folder) => {
    const path = join(folder, 'a.wim');
    makeWim(path, spec);
    change(path);
    return look(path);
  });
}

const linkTo = (target: string) => {
  const name = Buffer.from(target, 'utf16le');
  const data = Buffer.alloc(12);
  data.writeUInt16LE(name.length, 2);
  data.writeUInt16LE(name.length, 4);
  return { tag: 0xa000000c, data: Buffer.concat([data, name, name]) };
};

test('every image; streams of files and folders; each name of a file, read once; short names; targets of links; descriptors', async () => {
  const { files, found, result } = await lookAt({
    images: [
      { files: { '/a.txt': { content: 'x', streams: { hidden: TEXT } }, '/folder': { folder: true, streams: { deep: TEXT } } } },
      {
        files: {
          '/one.txt': { content: TEXT, linkGroup: 1, shortName: 'ONE~1.TXT', descriptor: GUARDED },
          '/two.txt': { content: TEXT, linkGroup: 1, descriptor: GUARDED },
          '/open.txt': { content: 'open', descriptor: FOR_USERS },
          '/link': { content: '', reparse: linkTo('\\??\\C:\\one.txt') },
        },
      },
    ],
  });
  assert.equal(found, [
    ['/a.txt:hidden', '/folder:deep'],
    ['/one.txt', '/two.txt'],
  ]);
  assert.is(result.stats.blobs, 4, 'the shared content counts once');
  assert.equal(files.get('/one.txt')?.links, ['/two.txt']);
  assert.is(files.get('/one.txt')?.shortName, 'ONE~1.TXT');
  assert.is(files.get('/link')?.reparse?.tag, 0xa000000c);
  assert.match(files.get('/link')?.reparse?.target ?? '', 'one.txt');
  assert.equal(files.get('/one.txt')?.descriptor, new Uint8Array(GUARDED));
  assert.equal(files.get('/open.txt')?.descriptor, new Uint8Array(FOR_USERS));
  assert.is(files.get('/link')?.descriptor, undefined);
});

test('a content that no file names', async () => {
  const { found } = await withScratch(async (folder) => {
    const path = join(folder, 'a.wim');
    makeWim(path, { images: [{ files: { '/a.txt': 'x', '/b.txt': TEXT } }] });
    run('wimlib-imagex', ['update', path, '1', '--command=delete /b.txt']);
    return look(path);
  });
  assert.is(found[0]?.length, 1);
  assert.match(found[0]![0]!, /^unreferenced-blob:[0-9a-f]{40}$/);
});

test('names that no Windows gives hide nothing', async () => {
  const names = ['rtl\u202egpj.exe', 'trailing. ', ' dot.', 'lone\ud800', '\u2028separator', 'Path = forged'];
  const { found, report } = await lookAt({
    images: [{ files: Object.fromEntries(names.map((name, at) => [`/${name}`, `${TEXT}\n${at}`])) }],
  });
  assert.equal(found[0], names.map((name) => `/${name}`).sort());
  assert.not.match(report, /[\u202e\u2028]/);
});

test('names with line ends, other control characters and backslashes make the container one that is not read', async () => {
  for (const name of ['line\nfeed.txt', 'con\x01trol\x1b[2J', 'a\r\n    error  forged', 'back\\slash']) {
    try {
      await lookAt({ images: [{ files: { [`/${name}`]: TEXT } }] });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ImageError);
      assert.match((error as Error).message, /is not a sound WIM .* holds (?:the control character U\+00|a backslash)/);
    }
  }
});

const disks = needTools(test, { mkntfs: 'ntfs-3g', ntfscp: 'ntfs-3g', 'wimlib-imagex': 'wimtools' });

disks('names on a disk that no Windows gives hide nothing, and every report writes them out', async () => {
  const names = ['rtl\u202egpj.txt', 'back\\slash.txt', 'con\x01trol\x1b[2J.txt', 'trailing. ', 'dot.', 'line\nfeed.txt'];
  await withScratch(async (folder) => {
    const volume = makeVolume(folder, { '/Windows/System32/config/SOFTWARE': 'a hive' });
    for (const [at, name] of names.entries()) {
      const content = join(folder, 'content');
      writeFileSync(content, `${TEXT}\n${at}`);
      run('ntfscp', ['-f', volume, content, name]);
    }
    const { found, report } = await look(volume);
    assert.equal(found[0], names.map((name) => `/${name}`).sort());
    assert.not.match(report, /[\u202e\x01\x1b]|line\nfeed/);
  });
});

test('100,000 streams, and more in one file than are read', async () => {
  const streamsOf = (file: number) =>
    Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`s${at}`, file === 24 && at === 3999 ? TEXT : `${file} ${at}`]));
  const files = Object.fromEntries(Array.from({ length: 25 }, (_, file) => [`/${file}`, { content: 'x', streams: streamsOf(file) }]));
  const { found, result } = await lookAt({ images: [{ files }] });
  assert.equal(found, [['/24:s3999']]);
  assert.is(result.verdict, 'rejected');
  try {
    await lookAt({
      images: [
        {
          files: {
            '/a': {
              content: 'x',
              streams: { ...streamsOf(1), ...Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`t${at}`, 'x'])) },
            },
          },
        },
      ],
    });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /an entry has 4201 streams \(at most 4096 are read\)/);
  }
});

/** A file of some 3000 bytes that compresses, an honest neighbour, and where the table of the WIM describes the former. */
function lyingWim(folder: string, compression: 'none' | 'XPRESS' | 'LZX', lie: (entry: Buffer, bytes: Buffer) => void): string {
  const [plain, path] = [join(folder, 'plain.wim'), join(folder, 'a.wim')];
  const content = Buffer.from('honest content, and again '.repeat(120));
  makeWim(plain, { images: [{ files: { '/a.txt': { content }, '/b.txt': 'other' } }] });
  run('wimlib-imagex', ['export', plain, '1', path, `--compress=${compression}`, '--quiet']);
  const bytes = readFileSync(path);
  const table = Number(parseHeader(bytes).blobTable.offset);
  const at = bytes.indexOf(Buffer.from(blobDigest(content), 'hex'), table) - 30;
  assert.ok(at >= table);
  lie(bytes.subarray(at, at + 50), bytes);
  writeFileSync(path, bytes);
  return path;
}

function flip(bytes: Buffer, at: number): void {
  bytes[at]! ^= 1;
}

/** +0 stored size, +8 offset, +16 size, +30 digest of an entry of the table. */
const LIES: readonly (readonly [string, (entry: Buffer, bytes: Buffer) => void])[] = [
  ['other bytes', (entry, bytes) => flip(bytes, entry.readUInt32LE(8) + entry.readUInt32LE(0) - 1)],
  ['another digest', (entry) => flip(entry, 30)],
  ['the place of another content', (entry) => void entry.writeUInt32LE(entry.readUInt32LE(8) + 2, 8)],
  ['more bytes than there are', (entry) => void entry.writeUInt32LE(entry.readUInt32LE(16) + 1, 16)],
  ['a gigabyte', (entry) => void entry.writeUInt32LE(2 ** 30, 16)],
  ['a terabyte', (entry) => void entry.writeUInt8(1, 21)],
  ['fewer bytes', (entry) => void entry.writeUInt32LE(entry.readUInt32LE(16) - 1, 16)],
  ['nothing', (entry) => void entry.writeUInt32LE(0, 16)],
  ['fewer bytes as stored', (entry) => void entry.writeUInt32LE(entry.readUInt32LE(0) - 1, 0)],
  ['a place behind the end', (entry) => void entry.writeUInt8(1, 13)],
];

const wimlib = needTools(test, { 'wimlib-imagex': 'wimtools' });

for (const [compression, readers] of [
  ['none', false],
  ['XPRESS', { from: 0, count: 1 }],
  ['LZX', false],
] as const) {
  wimlib(`a WIM (${compression}) that lies about digests, sizes and places is refused or undecided`, async () => {
    for (const [name, lie] of LIES) {
      const said = await withScratch(async (folder) => {
        const rule = ruleOf({ text: 'product-keys' }, () => ({ text() {} }));
        const options = { rules: [rule], policy: { kmsHosts: [] }, options: {}, allow: [], readers };
        try {
          const { verdict, images } = await lintContainer(lyingWim(folder, compression, lie), options);
          const [outcome] = images[0]!.outcomes;
          return `${verdict}: ${outcome && 'reason' in outcome ? outcome.reason : ''}`;
        } catch (error) {
          assert.instance(error, ImageError, name);
          return `refused: ${(error as Error).message}`;
        }
      });
      assert.match(said, /^undecided: .*\/a\.txt|^refused: .*a\.wim/s, `${name}: ${said}`);
    }
  });
}

wimlib('a quarter of a gigabyte of zeros', async () => {
  await withScratch(async (folder) => {
    run('truncate', ['-s', '256M', join(folder, 'zeros')]);
    run('sh', ['-c', 'mkdir "$1"/in && mv "$1"/zeros "$1"/in && printf %s "$2" > "$1"/in/key.txt', 'sh', folder, TEXT]);
    run('wimlib-imagex', ['capture', join(folder, 'in'), join(folder, 'a.wim'), '--compress=XPRESS', '--no-acls']);
    const { found, result } = await look(join(folder, 'a.wim'));
    assert.equal(found, [['/key.txt']]);
    assert.is(result.stats.bytesScanned, 256 * 1024 ** 2 + TEXT.length);
  });
});

test.run();
