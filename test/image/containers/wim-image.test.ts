// One image of a WIM: what its files say, walking by globs, hives, and the errors a caller can act on.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { openWim, type WimContainer } from '../../../image/containers/wim.ts';
import type { Image, ImageFile } from '../../../image/image.ts';
import { makeWim } from '../../helpers/make-wim.ts';

const test = suite('wim-image');
const descriptor = Uint8Array.from([1, 0, 4, 128, ...new Array(16).fill(0)]);
let folder = '';
let container: WimContainer;
let image: Image;
test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  makeWim(join(folder, 'x.wim'), {
    images: [
      {
        name: 'one',
        files: {
          '/Windows/System32/config/SOFTWARE': { content: emptyHive() },
          '/Windows/System32/config/SYSTEM': 'this is no hive',
          '/Windows/System32/Tool.EXE': { content: 'tool', shortName: 'TOOL~1.EXE', descriptor, attributes: 0x21, linkGroup: 3 },
          '/Windows/WinSxS/tool.exe': { content: 'tool', descriptor, attributes: 0x21, linkGroup: 3 },
          '/Users/a/notes.txt': { content: 'notes', streams: { 'Zone.Identifier': 'zone' } },
          '/Documents and Settings': {
            folder: true,
            attributes: 0x2416,
            reparse: { tag: 0xa0000003, data: junction('\\??\\C:\\Users', 'C:\\Users') },
          },
          '/odd-link': { reparse: { tag: 0xa000000c, data: new Uint8Array(3) } },
          '/wof.dll': { content: 'plain', reparse: { tag: 0x80000017, data: new Uint8Array(16) } },
        },
      },
    ],
  });
  container = await openWim(join(folder, 'x.wim'));
  image = await container.open(1);
});
test.after(async () => {
  await container.close();
  rmSync(folder, { recursive: true, force: true });
});

function junction(substitute: string, printed: string): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(substitute.length * 2, 2);
  head.writeUInt16LE(substitute.length * 2, 4);
  head.writeUInt16LE(printed.length * 2, 6);
  return new Uint8Array(Buffer.concat([head, Buffer.from(substitute + printed, 'utf16le')]));
}

const factsOf = ({ path, folder: isFolder, size, attributes, shortName, digest, content, descriptor: own, streams, links }: ImageFile) =>
  JSON.stringify([path, isFolder, size, attributes, shortName, digest, content, own?.length, streams, links]);

async function code(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    assert.instance(error, ImageError);
    return (error as ImageError).code;
  }
  return 'none';
}

test('a file by its number is the file of the walk; links have none', async () => {
  const without: string[] = [];
  for await (const file of image.walk()) {
    if (file.number === undefined) without.push(file.path);
    else assert.is(factsOf(image.numbered!(file.number)), factsOf(file));
  }
  assert.equal(without, ['/Documents and Settings', '/odd-link', '/wof.dll']);
});

test('a file says everything that the WIM holds of it', async () => {
  const found = (await image.find('/windows/system32/tool.exe'))!;
  const { path, folder, size, attributes, shortName, digest, reparse, streams, links } = found;
  assert.equal(
    { path, folder, size, attributes, shortName, digest, descriptor: found.descriptor, reparse, streams, links },
    {
      path: '/Windows/System32/Tool.EXE',
      folder: false,
      size: 4,
      attributes: 0x21,
      shortName: 'TOOL~1.EXE',
      digest: createHash('sha1').update('tool').digest('hex'),
      descriptor,
      reparse: undefined,
      streams: [],
      links: ['/Windows/WinSxS/tool.exe'],
    },
  );
  const notes = (await image.find('/Users/a/notes.txt'))!;
  const [{ content: _, ...zone }] = notes.streams as [ImageFile['streams'][number]];
  assert.equal(zone, { name: 'Zone.Identifier', size: 4, digest: createHash('sha1').update('zone').digest('hex') });
  assert.is(notes.size, 5);
  assert.is((await image.find('/Users'))!.folder, true);
  assert.is((await image.find('/'))!.path, '/');
});

test('links say where they lead and are not followed', async () => {
  assert.equal((await image.find('/Documents and Settings'))!.reparse, { tag: 0xa0000003, target: 'C:\\Users' });
  assert.equal((await image.find('/odd-link'))!.reparse, { tag: 0xa000000c, target: undefined });
  const wof = (await image.find('/wof.dll'))!;
  assert.equal(wof.reparse, { tag: 0x80000017, target: undefined });
  assert.is(new TextDecoder().decode(await wof.read()), 'plain');
  assert.is(await code(() => image.find('/Documents and Settings/a/notes.txt')), 'PATH_THROUGH_LINK');
  assert.is(await code(() => image.has('/documents and settings/x')), 'PATH_THROUGH_LINK');
});

test('walks by globs without case', async () => {
  const paths = async (...files: string[]) => {
    const found: string[] = [];
    for await (const file of image.walk({ files })) found.push(file.path);
    return found.sort();
  };
  assert.equal(await paths('/windows/**/*.{exe,dll}'), ['/Windows/System32/Tool.EXE', '/Windows/WinSxS/tool.exe']);
  assert.equal(await paths('**/NOTES.txt'), ['/Users/a/notes.txt']);
  assert.equal(await paths('/nothing/**'), []);
  const all: string[] = [];
  for await (const file of image.walk()) all.push(file.path);
  assert.is(all.length, 14);
});

test('hives: read once, absent, not a hive', async () => {
  const software = await image.hive('SOFTWARE');
  assert.is(software.has('absent'), false);
  assert.is(await image.hive('SOFTWARE'), software);
  assert.is(await code(() => image.hive('SAM')), 'HIVE_ABSENT');
  assert.is(await code(() => image.hive('SYSTEM')), 'HIVE_CORRUPT');
  assert.is(await code(() => image.hive('/Users')), 'HIVE_ABSENT');
});

test('what is absent or a folder cannot be read', async () => {
  assert.is(await code(() => image.read('/absent')), 'FILE_ABSENT');
  assert.is(await code(() => image.read('/Windows')), 'FILE_ABSENT');
  assert.is(await image.find('/absent'), undefined);
  assert.is(await image.has('/absent'), false);
  assert.is(await image.has('/USERS'), true);
});

test('a file whose content is not in the container is no empty file', async () => {
  const path = join(folder, 'delta.wim');
  const bytes = readFileSync(join(folder, 'x.wim'));
  const digest = createHash('sha1').update('notes').digest();
  // The table comes last: its digest becomes another one, the metadata still asks for the first.
  bytes[bytes.lastIndexOf(digest)]! ^= 0xff;
  writeFileSync(path, bytes);
  const delta = await openWim(path);
  const opened = await delta.open(1);
  assert.is(await code(() => opened.find('/Users/a/notes.txt')), 'CONTENT_ABSENT');
  assert.is(await code(() => opened.read('/Windows/System32/Tool.exe')), 'none');
  await delta.close();
});

test.run();
