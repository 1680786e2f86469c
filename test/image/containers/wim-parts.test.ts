// Opening a WIM: its parts as stored, and every kind of broken file with its one line.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { openWim } from '../../../image/containers/wim.ts';
import { isMetadata, readWim } from '../../../image/containers/wim-parts.ts';
import { damaged } from '../../helpers/damage.ts';
import { makeWim } from '../../helpers/make-wim.ts';

const test = suite('wim-parts');
let folder = '';
let good = new Uint8Array();
const HEADER = 208;
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  makeWim(join(folder, 'good.wim'), {
    images: [{ files: { '/a.txt': 'alpha', '/b/c.txt': { content: 'gamma', shortName: 'C~1.TXT' } } }, { files: { '/a.txt': 'alpha' } }],
  });
  good = new Uint8Array(readFileSync(join(folder, 'good.wim')));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

function written(change: (bytes: Uint8Array, view: DataView) => Uint8Array | undefined): string {
  const bytes = good.slice();
  const path = join(folder, 'changed.wim');
  writeFileSync(path, change(bytes, new DataView(bytes.buffer)) ?? bytes);
  return path;
}

async function refused(path: string, code: string, said: RegExp): Promise<void> {
  try {
    await (await openWim(path)).close();
  } catch (error) {
    assert.instance(error, ImageError);
    const { code: found, message, hint } = error as ImageError;
    assert.is(found, code, message);
    assert.ok(message.startsWith(`${path}: `) && !message.includes('\n'), message);
    assert.match(message, said);
    assert.ok(hint);
    return;
  }
  assert.unreachable(`${said} was taken`);
}

test('gives the parts as they are stored', async () => {
  const parts = await readWim(join(folder, 'good.wim'));
  assert.is(parts.fileSize, good.length);
  assert.is(parts.header.imageCount, 2);
  assert.equal(parts.blobs.map(isMetadata), [true, true, false, false]);
  assert.equal(parts.metadataBlobs, parts.blobs.slice(0, 2));
  assert.is(Buffer.from(parts.xml).toString('utf16le').startsWith('\ufeff<WIM>'), true);
  assert.equal(
    (await parts.readEntries(1)).tree().root.children.map((child) => child.name),
    ['a.txt', 'b'],
  );
  const alpha = parts.blobs[2]!;
  assert.is(parts.blobOf(alpha.digest), alpha);
  assert.is(parts.blobOf(parts.metadataBlobs[0]!.digest), undefined);
  assert.is(new TextDecoder().decode(await parts.readBlob(alpha)), 'alpha');
  assert.is(await parts.readIntegrity(), undefined);
  await parts.close();
});

test('a file that is cut anywhere', async () => {
  await refused(
    written((bytes) => bytes.slice(0, 100)),
    'CONTAINER_TRUNCATED',
    /100 bytes, its header alone needs 208/,
  );
  for (const lost of [1, 50, 300])
    await refused(
      written((bytes) => bytes.slice(0, bytes.length - lost)),
      'CONTAINER_TRUNCATED',
      /is cut short/,
    );
});

test('not finished, split, pipable, LZMS', async () => {
  const flags = 0x10;
  await refused(
    written((_, view) => void view.setUint32(flags, 0x40, true)),
    'CONTAINER_UNFINISHED',
    /write in progress/,
  );
  await refused(
    written((_, view) => void view.setUint32(0x28, 0x00020001, true)),
    'CONTAINER_UNSUPPORTED',
    /part 1 of 2 of a split WIM/,
  );
  await refused(
    written((bytes) => void bytes.set(new TextEncoder().encode('WLPWM'))),
    'CONTAINER_UNSUPPORTED',
    /pipable/,
  );
  await refused(
    written((_, view) => void view.setUint32(flags, 0x80002, true)),
    'CONTAINER_UNSUPPORTED',
    /LZMS/,
  );
  await refused(
    written((_, view) => void view.setUint32(0x0c, 0xe00, true)),
    'CONTAINER_UNSUPPORTED',
    /solid/,
  );
});

test('counts that disagree', async () => {
  await refused(
    written((_, view) => void view.setUint32(0x2c, 3, true)),
    'CONTAINER_CORRUPT',
    /holds 3 images but holds 2/,
  );
  await refused(
    written((_, view) => void view.setUint32(0x2c, 1, true)),
    'CONTAINER_CORRUPT',
    /holds 1 images but holds 2/,
  );
  const text = Buffer.from('<IMAGE INDEX="2">', 'utf16le');
  await refused(
    written((bytes) => void bytes.set(Buffer.from('<IMAGE INDEX="3">', 'utf16le'), Buffer.from(bytes).indexOf(text))),
    'CONTAINER_CORRUPT',
    /image 2 is missing/,
  );
});

test('resources that overlap: each other, the header, the tables', async () => {
  const table = Number(new DataView(good.buffer).getBigUint64(0x38, true));
  const entry = (index: number) => table + index * 50;
  const offset = (index: number) => Number(new DataView(good.buffer).getBigUint64(entry(index) + 8, true));
  for (const [index, to] of [
    [2, HEADER - 8],
    [2, offset(3) + 1],
    [3, table - 1],
    [3, table + 60],
    [2, offset(0) + 10],
  ] as const) {
    await refused(
      written((_, view) => void view.setBigUint64(entry(index) + 8, BigInt(to), true)),
      'CONTAINER_CORRUPT',
      /overlaps/,
    );
  }
  await refused(
    written((_, view) => void view.setBigUint64(0x50, BigInt(table), true)),
    'CONTAINER_CORRUPT',
    /overlaps/,
  );
  // The same place twice is one resource.
  const path = written((_, view) => void view.setBigUint64(entry(2) + 8, BigInt(offset(3)), true));
  await (await readWim(path)).close();
});

test('sizes that lie', async () => {
  const table = Number(new DataView(good.buffer).getBigUint64(0x38, true));
  await refused(
    written((_, view) => void view.setBigUint64(table + 100 + 16, 6n, true)),
    'CONTAINER_CORRUPT',
    /claims 6/,
  );
  await refused(
    written((_, view) => void view.setUint8(table + 100 + 7, 4)),
    'CONTAINER_CORRUPT',
    /compressed in a file that says it is not/,
  );
  await refused(
    written((_, view) => void view.setUint8(table + 100 + 7, 16)),
    'CONTAINER_UNSUPPORTED',
    /solid/,
  );
  await refused(
    written((_, view) => void view.setBigUint64(table + 100 + 8, 2n ** 40n, true)),
    'CONTAINER_TRUNCATED',
    /its blob ends at byte/,
  );
  await refused(
    written((_, view) => void view.setUint16(table + 100 + 24, 2, true)),
    'CONTAINER_CORRUPT',
    /part 2/,
  );
  await refused(
    written((_, view) => void view.setBigUint64(0x40, 2n ** 40n, true)),
    'CONTAINER_CORRUPT',
    /blob table/,
  );
});

test('metadata and content that were changed are noticed by their SHA-1', async () => {
  const at = Buffer.from(good).indexOf('alpha');
  const parts = await readWim(written((bytes) => void bytes.set([0x41], at)));
  await parts.readBlob(parts.blobs[2]!).then(
    () => assert.unreachable(),
    (error) => assert.is((error as ImageError).code, 'CONTENT_DIGEST'),
  );
  const pieces: number[] = [];
  try {
    for await (const piece of parts.streamBlob(parts.blobs[2]!)) pieces.push(piece.length);
    assert.unreachable();
  } catch (error) {
    assert.is((error as ImageError).code, 'CONTENT_DIGEST');
  }
  assert.equal(pieces, [5]);
  await parts.close();
  const name = Buffer.from(good).indexOf(Buffer.from('a.txt', 'utf16le'));
  const forged = await readWim(written((bytes) => void bytes.set([0x62], name)));
  await forged.readEntries(1).then(
    () => assert.unreachable(),
    (error) => assert.is((error as ImageError).code, 'CONTENT_DIGEST'),
  );
  await forged.close();
});

test('any damage ends in an ImageError or in a container', async () => {
  const path = join(folder, 'damaged.wim');
  await fc.assert(
    fc.asyncProperty(damaged(good), async (bytes) => {
      writeFileSync(path, bytes);
      try {
        const container = await openWim(path);
        try {
          for (const { info } of container.images) for await (const file of (await container.open(info.index)).walk()) await file.read();
        } finally {
          await container.close();
        }
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
      }
    }),
    { numRuns: 250 },
  );
});

test.run();
