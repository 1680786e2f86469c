// Partition tables: what sgdisk and a plain MBR say, logical drives, bare file systems; overlaps and ends behind the disk are refused.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { readPartitions } from '../../../formats/disk/partitions.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { survivesAsync } from '../../helpers/damage.ts';
import { run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('partitions');
const withTools = needTools(test, { sgdisk: 'gdisk' });
const SECTORS = 8192;

/** An MBR with entries [type, first, count]. */
function mbr(entries: readonly (readonly [number, number, number])[], logical: Readonly<Record<number, typeof entries>> = {}): Uint8Array {
  const disk = Buffer.alloc(SECTORS * 512);
  const put = (sector: number, list: typeof entries) => {
    disk.writeUInt16LE(0xaa55, sector * 512 + 510);
    list.forEach(([type, first, count], index) => {
      const at = sector * 512 + 446 + index * 16;
      disk[at + 4] = type;
      disk.writeUInt32LE(first, at + 8);
      disk.writeUInt32LE(count, at + 12);
    });
  };
  put(0, entries);
  for (const [sector, list] of Object.entries(logical)) put(Number(sector), list);
  return disk;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await readPartitions(sourceOfBytes(bytes));
  } catch (error) {
    assert.instance(error, FormatError);
    return (error as Error).message;
  }
  return 'accepted';
}

test('primary partitions keep their place, logical drives count from 5', async () => {
  const disk = mbr(
    [
      [0x0c, 64, 100],
      [0, 0, 0],
      [0x05, 1000, 4000],
    ],
    {
      1000: [
        [0x07, 10, 50],
        [0x05, 200, 300],
      ],
      1200: [[0x07, 20, 60]],
    },
  );
  const { kind, partitions } = await readPartitions(sourceOfBytes(disk));
  assert.is(kind, 'mbr');
  assert.equal(
    partitions.map(({ number, start, size, type }) => [number, start / 512, size / 512, type]),
    [
      [1, 64, 100, '0c'],
      [5, 1010, 50, '07'],
      [6, 1220, 60, '07'],
    ],
  );
});

test('overlaps, ends behind the disk, circles and broken chains are refused', async () => {
  assert.match(
    await refusal(
      mbr([
        [7, 64, 100],
        [7, 150, 100],
      ]),
    ),
    /partitions 1 and 2 overlap/,
  );
  assert.match(await refusal(mbr([[7, 64, SECTORS]])), /partition 1 ends at byte/);
  assert.match(
    await refusal(
      mbr([[5, 100, 1000]], {
        100: [
          [7, 1, 5],
          [5, 0, 50],
        ],
      }),
    ),
    /circle/,
  );
  assert.match(await refusal(mbr([[5, 100, 1000]])), /chain of logical drives is broken/);
  assert.match(await refusal(new Uint8Array(4096)), /no partition table/);
  assert.match(await refusal(new Uint8Array(100)), /holds none/);
});

test('a file system at the start of the disk is the one partition', async () => {
  const disk = new Uint8Array(4096);
  disk.set(Buffer.from('NTFS    '), 3);
  disk.set([0x55, 0xaa], 510);
  assert.equal((await readPartitions(sourceOfBytes(disk))).partitions, [{ number: 1, start: 0, size: 4096, type: 'none', name: '' }]);
});

function gptDisk(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  try {
    const path = join(folder, 'disk');
    writeFileSync(path, '');
    truncateSync(path, SECTORS * 512);
    run('sgdisk', [
      '-a',
      '8',
      '-n',
      '1:64:320',
      '-t',
      '1:ef00',
      '-c',
      '1:EFI',
      '-n',
      '3:1024:2047',
      '-t',
      '3:0700',
      '-c',
      '3:Basic data',
      path,
    ]);
    return new Uint8Array(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

withTools('a GPT made by sgdisk', async () => {
  const { kind, partitions } = await readPartitions(sourceOfBytes(gptDisk()));
  assert.is(kind, 'gpt');
  assert.equal(
    partitions.map(({ number, start, size, name }) => [number, start / 512, size / 512, name]),
    [
      [1, 64, 257, 'EFI'],
      [3, 1024, 1024, 'Basic data'],
    ],
  );
  assert.is(partitions[0]!.type, 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b');
});

withTools('a damaged GPT is read from its copy; without a sound copy it is refused', async () => {
  const disk = gptDisk();
  disk[512 + 40]! ^= 1;
  assert.is((await readPartitions(sourceOfBytes(disk))).partitions.length, 2);
  disk[disk.length - 512 + 40]! ^= 1;
  assert.match(await refusal(disk), /neither the GPT nor its copy is sound/);
});

withTools('damaged tables give a FormatError or other partitions', async () => {
  const disk = gptDisk();
  const start = disk.slice(0, 34 * 512);
  await survivesAsync(
    start,
    async (damaged) => {
      const copy = disk.slice();
      copy.fill(0, 0, start.length);
      copy.set(damaged);
      await readPartitions(sourceOfBytes(copy));
    },
    FormatError,
  );
});

test.run();
