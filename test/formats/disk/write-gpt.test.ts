// A written partition table: read back by our reader, and judged by sgdisk.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPartitions } from '../../../formats/disk/partitions.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { gptAround, VOLUME_SECTOR } from '../../../formats/disk/write-gpt.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('write-gpt');
const MIB = 1024 * 1024;
const ids = { disk: new Uint8Array(16).fill(1), partition: new Uint8Array(16).fill(2) };

function diskOf(mib: number): Buffer {
  const { head, tail } = gptAround(mib * MIB, ids);
  return Buffer.concat([head, Buffer.alloc(mib * MIB), tail]);
}

test('our reader finds the one volume, also when only the copy is left', async () => {
  const disk = diskOf(3);
  const expected = [
    { number: 1, start: VOLUME_SECTOR * 512, size: 3 * MIB, type: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7', name: 'Basic data partition' },
  ];
  assert.equal(await readPartitions(sourceOfBytes(disk)), { kind: 'gpt', partitions: expected });
  disk.fill(0, 512, 1024);
  assert.equal((await readPartitions(sourceOfBytes(disk))).partitions, expected);
});

test('a size that is no whole number of MiB is refused', () => {
  for (const size of [0, -MIB, MIB + 512]) assert.throws(() => gptAround(size, ids), /whole number of MiB/);
});

needTools(test, { sgdisk: 'gdisk' })('sgdisk finds no fault', () =>
  withScratch(async (folder) => {
    const path = join(folder, 'disk.raw');
    writeFileSync(path, diskOf(5));
    const { stdout, status } = spawnSync('sgdisk', ['--verify', '--print', path], { encoding: 'utf8' });
    assert.is(status, 0);
    assert.match(stdout, /No problems found/);
    assert.match(stdout, /1\s+2048\s+12287\s+5\.0 MiB\s+0700/);
  }),
);

test.run();
