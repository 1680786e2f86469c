// Contents in clusters: holes, bytes that were never written, compression units, pieces that are missing or there twice.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { type Attribute, FLAG_COMPRESSED, FLAG_ENCRYPTED } from '../../../formats/ntfs/record.ts';
import { firstCluster, isEncrypted, isResident, readPieces, readWhole, runsOf, streamOf } from '../../../formats/ntfs/stream.ts';

const test = suite('stream');
const CLUSTER = 512;
/** Cluster n is full of the byte n. */
const disk = sourceOfBytes(Uint8Array.from({ length: 64 * CLUSTER }, (_, at) => Math.floor(at / CLUSTER)));
const volume = { disk, clusterSize: CLUSTER, clusters: 64 };

function attribute(given: Partial<Attribute> & { readonly list?: string }): Attribute {
  const runs = given.list === undefined ? undefined : Buffer.from(given.list, 'hex');
  return { type: 0x80, name: '', flags: 0, value: undefined, runs, lowestVcn: 0, size: 0, initialized: given.size ?? 0, unit: 0, ...given };
}

async function refusal(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    assert.instance(error, FormatError);
    return (error as Error).message;
  }
  return 'read';
}

test('runs, a hole and an end inside a cluster', async () => {
  const stream = streamOf([attribute({ list: '110205' + '0101' + '110103' + '00', size: 3 * CLUSTER + 10 })]);
  const bytes = await readWhole(volume, stream, 10_000);
  assert.equal([bytes[0], bytes[CLUSTER], bytes[2 * CLUSTER], bytes[3 * CLUSTER], bytes.length], [5, 6, 0, 8, 3 * CLUSTER + 10]);
  assert.is(firstCluster(stream, 64), 5);
  assert.not(isResident(stream));
});

test('what was never written reads as zeros, not as what stood on the disk', async () => {
  const bytes = await readWhole(volume, streamOf([attribute({ list: '11020500', size: 2 * CLUSTER, initialized: 100 })]), 10_000);
  assert.equal([bytes[99], bytes[100], bytes[CLUSTER]], [5, 0, 0]);
});

test('resident content', async () => {
  const stream = streamOf([attribute({ value: Buffer.from('text'), size: 4 })]);
  assert.ok(isResident(stream));
  assert.is(Buffer.from(await readWhole(volume, stream, 10)).toString(), 'text');
  assert.is(firstCluster(stream, 64), 0);
});

test('several pieces in any order; a missing one and a double one are refused', async () => {
  const first = attribute({ list: '11020500', size: 4 * CLUSTER });
  const second = attribute({ list: '11020a00', lowestVcn: 2 });
  const bytes = await readWhole(volume, streamOf([second, first]), 10_000);
  assert.equal([bytes[0], bytes[2 * CLUSTER]], [5, 10]);
  assert.match(await refusal(() => readWhole(volume, streamOf([first, attribute({ list: '11020a00', lowestVcn: 3 })]), 10_000)), /missing/);
  assert.match(await refusal(() => readWhole(volume, streamOf([first, first]), 10_000)), /twice/);
  const resident = attribute({ value: Buffer.from('other'), size: 5 });
  assert.match(await refusal(() => readWhole(volume, streamOf([resident, resident]), 10_000)), /twice/);
  assert.is(runsOf(streamOf([first, second]), 64).length, 2);
});

test('compression units: stored, compressed, empty', async () => {
  const unit = 4 * CLUSTER;
  const bytes = Buffer.alloc(64 * CLUSTER);
  bytes.fill(1, 8 * CLUSTER, 12 * CLUSTER);
  Buffer.concat([Buffer.from([0x03, 0x30]), Buffer.from('abcd')]).copy(bytes, 20 * CLUSTER);
  // four clusters at 8; one at 20 and a hole of three; a hole of four
  const stream = streamOf([
    attribute({ list: '110408' + '11010c' + '0103' + '0104' + '00', size: 3 * unit, unit: 2, flags: FLAG_COMPRESSED }),
  ]);
  const content = await readWhole({ ...volume, disk: sourceOfBytes(bytes) }, stream, 100_000);
  assert.equal([content[0], content[unit - 1]], [1, 1]);
  assert.is(Buffer.from(content.subarray(unit, unit + 5)).toString(), 'abcd\0');
  assert.ok(content.subarray(2 * unit).every((byte) => byte === 0));
});

test('what is encrypted, too long for its clusters or too large is refused', async () => {
  const encrypted = streamOf([attribute({ list: '11020500', size: CLUSTER, flags: FLAG_ENCRYPTED })]);
  assert.ok(isEncrypted(encrypted));
  assert.match(await refusal(() => readWhole(volume, encrypted, 10_000)), /EFS/);
  assert.match(
    await refusal(() => readWhole(volume, streamOf([attribute({ list: '11020500', size: 9 * CLUSTER })]), 10_000)),
    /more than its clusters/,
  );
  assert.match(await refusal(() => readWhole(volume, streamOf([attribute({ list: '11020500', size: CLUSTER })]), 100)), /too large/);
  assert.match(
    await refusal(async () => {
      for await (const _ of readPieces(volume, streamOf([attribute({ list: '11020500', size: CLUSTER, flags: FLAG_COMPRESSED })])));
    }),
    /compression unit/,
  );
});

test.run();
