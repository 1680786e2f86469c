// WIM containers against wimlib, entry by entry: the real samples, random trees in every compression, 100,000 files; and the hostile samples.
import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { openWim, wimFormat } from '../../../image/containers/wim.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { makeWim, run } from '../../helpers/make-wim.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';
import { ourListing, wimlibListing } from '../../helpers/wim-listing.ts';

const test = suite('wim');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
const withData = needRealData(test);
const samples = join(realData, 'images');
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

async function sameAsWimlib(path: string, index: number): Promise<number> {
  const ours = await ourListing(path, index);
  const theirs = wimlibListing(path, index);
  assert.is(ours.size, theirs.size);
  for (const [name, lines] of theirs) assert.equal(ours.get(name)?.join('\n'), lines.join('\n'), `${path}: ${name}`);
  return ours.size;
}

async function refused(path: string, code: string, said: RegExp): Promise<void> {
  try {
    const container = await openWim(path);
    try {
      for (const { info } of container.images) await container.open(info.index);
    } finally {
      await container.close();
    }
  } catch (error) {
    assert.instance(error, ImageError);
    const { code: found, message, hint } = error as ImageError;
    assert.is(found, code);
    assert.ok(message.startsWith(`${path}: `) && !message.includes('\n'), message);
    assert.match(message, said);
    assert.ok(hint);
    return;
  }
  assert.unreachable(`${path} was taken`);
}

/** What is there must be judged: a sample that is neither listed here nor readable makes a test fail. */
const HOSTILE: Readonly<Record<string, readonly [string, RegExp]>> = {
  'wimlib-dotdot.wim': ['CONTAINER_CORRUPT', /the name of an entry is "\.\."/],
  'wimlib-cyclic.wim': ['CONTAINER_CORRUPT', /a folder to itself/],
  'wimlib-duplicate_names.wim': ['CONTAINER_CORRUPT', /same name/],
  'mwl-Split.swm': ['CONTAINER_UNSUPPORTED', /part 1 of 2/],
  'mwl-Split2.swm': ['CONTAINER_UNSUPPORTED', /part 2 of 2/],
};

withData('hostile samples are refused, each for its reason', async () => {
  for (const [name, [code, said]] of Object.entries(HOSTILE)) await refused(join(samples, name), code, said);
});

withData('every other sample is listed as wimlib lists it', async () => {
  let entries = 0;
  for (const name of readdirSync(samples).filter((file) => file.endsWith('.wim') && !(file in HOSTILE))) {
    const path = join(samples, name);
    const container = await openWim(path);
    const info = run('wimlib-imagex', ['info', path]);
    assert.is(container.images.length, Number(/^Image Count:\s+(\d+)$/m.exec(info)![1]));
    const names = [...info.matchAll(/^Name:[ \t]+(.*)$/gm)].map((match) => match[1]);
    assert.equal(
      container.images.map((image) => image.info.name),
      names,
    );
    const folders = [...info.matchAll(/^Directory Count:\s+(\d+)$/gm)].map((match) => Number(match[1]));
    assert.equal(
      container.images.map((image) => image.folders),
      folders,
    );
    for (const image of container.images) entries += await sameAsWimlib(path, image.info.index);
    await container.close();
  }
  assert.ok(entries > 250);
});

withData('a damaged content is found when it is read, not when the file is opened', async () => {
  for (const [name, code] of [
    ['wimlib-corrupted_file_1.wim', 'CONTENT_DIGEST'],
    ['wimlib-corrupted_file_2.wim', 'CONTAINER_CORRUPT'],
  ] as const) {
    const container = await openWim(join(samples, name));
    const image = await container.open(1);
    const file = (await image.find('/file'))!;
    await file.read().then(
      () => assert.unreachable(),
      (error) => assert.is((error as ImageError).code, code),
    );
    const chunks = [];
    for await (const chunk of image.stream([{ file }])) chunks.push({ ...chunk, bytes: chunk.bytes.length });
    assert.is(chunks.length, 1);
    assert.ok(chunks[0]!.last && chunks[0]!.failed);
    await container.close();
  }
});

/** A small tree with files of many sizes, hard links, empty files, twins, deep folders. */
function randomTree(root: string, seed: number): void {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  const folders = [root];
  mkdirSync(root);
  const files: string[] = [];
  for (let count = 0; count < 60; count++) {
    const parent = folders[random(folders.length)]!;
    const path = join(parent, `${['file', 'Ünï', '文件', 'a b', 'x'][random(5)]}${count}`);
    const kind = random(8);
    if (kind === 0) {
      mkdirSync(path);
      folders.push(path);
    } else if (kind === 1 && files.length > 0) linkSync(files[random(files.length)]!, path);
    else if (kind === 2) writeFileSync(path, '');
    else {
      writeFileSync(path, mixedContent(random(kind === 3 ? 300_000 : 5_000) + 1));
      files.push(path);
    }
  }
  symlinkSync('somewhere/else', join(root, 'link'));
}

const MADE: readonly (readonly string[])[] = [
  ['--compress=none'],
  ['--compress=XPRESS'],
  ['--compress=XPRESS', '--chunk-size=4096'],
  ['--compress=LZX'],
  ['--compress=LZX', '--chunk-size=131072'],
  ['--compress=LZX', '--check'],
];

MADE.forEach((options, seed) => {
  withTools(`a random tree as wimlib stores it with ${options.join(' ')}`, async () => {
    const tree = join(folder, `tree${seed}`);
    randomTree(tree, seed + 1);
    const path = `${tree}.wim`;
    run('wimlib-imagex', ['capture', tree, path, 'made', ...options, '--quiet', '--no-acls', '--unix-data']);
    assert.ok((await sameAsWimlib(path, 1)) > 50);
    const container = await openWim(path);
    const image = await container.open(1);
    for await (const file of image.walk()) {
      if (file.folder || file.reparse) continue;
      assert.is(Buffer.compare(await file.read(), readFileSync(join(tree, file.path))), 0);
    }
    assert.equal((await image.find('/LINK'))?.reparse, { tag: 0xa000000c, target: 'somewhere\\else' });
    assert.is((await container.parts.readIntegrity()) !== undefined, options.includes('--check'));
    assert.equal(await container.unreferencedBlobs(), []);
    await container.close();
  });
});

withTools('100,000 files, entry by entry', async () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 100_000; at++)
    files[`/folder ${at % 20}/sub ${at % 997}/amd64_microsoft-windows_${at}.dll`] = `content ${at % 5000}`;
  const plain = join(folder, 'large-plain.wim');
  makeWim(plain, { images: [{ files }] });
  const path = join(folder, 'large.wim');
  run('wimlib-imagex', ['export', plain, '1', path, '--compress=LZX', '--quiet']);
  assert.ok((await sameAsWimlib(path, 1)) > 100_000);
});

test('blobs that no image uses are found and read', async () => {
  const path = join(folder, 'loose.wim');
  makeWim(path, { images: [{ files: { '/kept': 'kept', '/dropped': 'left behind' } }] });
  const before = await openWim(path);
  assert.equal(await before.unreferencedBlobs(), []);
  const lost = before.parts.blobs.find((blob) => blob.resource.size === 11)!;
  await before.close();
  // The entry points to nothing from now on; the blob is still there.
  const bytes = readFileSync(path);
  const digest = Buffer.from(lost.digest, 'hex');
  const table = bytes.lastIndexOf(digest);
  const entry = bytes.indexOf(digest);
  assert.ok(entry < table);
  digest.fill(0).copy(bytes, entry);
  const metadata = before.parts.metadataBlobs[0]!;
  const content = bytes.subarray(metadata.resource.offset, metadata.resource.offset + metadata.resource.size);
  createHash('sha1')
    .update(content)
    .digest()
    .copy(bytes, bytes.indexOf(Buffer.from(metadata.digest, 'hex')));
  writeFileSync(path, bytes);
  const after = await openWim(path);
  const loose = await after.unreferencedBlobs();
  assert.equal(
    loose.map(({ size, digest: named, offset }) => ({ size, named, offset })),
    [{ size: 11, named: lost.digest, offset: lost.resource.offset }],
  );
  assert.is(new TextDecoder().decode(await loose[0]!.read()), 'left behind');
  await after.close();
});

withTools('a deleted image leaves its contents without a user and its metadata in no part', async () => {
  const path = join(folder, 'soft.wim');
  makeWim(path, { images: [{ files: { '/kept': 'kept' } }, { files: { '/dropped': 'left behind' } }] });
  const before = await openWim(path);
  assert.equal(before.parts.gaps(), []);
  await before.close();
  run('wimlib-imagex', ['delete', path, '2', '--soft', '--quiet']);
  const after = await openWim(path);
  const loose = await Promise.all((await after.unreferencedBlobs()).map((blob) => blob.read()));
  const gaps = await Promise.all(after.parts.gaps().map(({ offset, size }) => after.parts.readRaw(offset, size)));
  await after.close();
  assert.equal(
    loose.map((bytes) => new TextDecoder().decode(bytes)),
    ['left behind'],
  );
  assert.ok(gaps.some((bytes) => Buffer.from(bytes).includes(Buffer.from('dropped', 'utf16le'))));
});

test('says which files it takes', () => {
  assert.is(wimFormat.probe(new TextEncoder().encode('MSWIM\0\0\0')), true);
  assert.is(wimFormat.probe(new TextEncoder().encode('hello')), false);
});

test.run();
