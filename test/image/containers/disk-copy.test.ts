// Copies of disks: as they are, and as another kind, with every byte of the disk in its place.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyDisk } from '../../../image/containers/disk-copy.ts';
import { type DiskId, openDisk } from '../../../image/containers/disk-layers.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { convertDisk, wholeOf } from '../../helpers/disk-files.ts';
import { run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';
import { refusalOf } from '../../helpers/refusal.ts';

const test = suite('disk-copy');
const withTools = needTools(test, { 'qemu-img': 'qemu-utils' });
const MIB = 1024 * 1024;
const KINDS: readonly DiskId[] = ['raw', 'vhd', 'vhdx', 'qcow2'];

withTools('every kind from every kind', () =>
  withScratch(async (folder) => {
    const raw = join(folder, 'a.raw');
    const content = Buffer.alloc(9 * MIB);
    content.set(mixedContent(100_000), 3 * MIB + 512);
    content.set(mixedContent(5000), 9 * MIB - 5000);
    content.writeUInt16LE(0xaa55, 510);
    writeFileSync(raw, content);
    const sources = [
      raw,
      ...(['vhd', 'vhdx', 'qcow2'] as const).map((kind) => convertDisk(raw, kind, kind === 'vhd' ? ['-o', 'force_size=on'] : [])),
    ];
    for (const source of sources) {
      for (const as of KINDS) {
        const to = join(folder, `to.${as}`);
        const flat = join(folder, 'flat');
        const disk = await openDisk(source);
        await copyDisk({ path: source, disk }, to, { as, flat });
        await disk.close();
        assert.not(existsSync(flat));
        const copy = await openDisk(to);
        assert.is(copy.id, as);
        const bytes = await wholeOf(copy.disk);
        assert.ok(bytes.subarray(0, content.length).equals(content), `${source} as ${as}`);
        assert.ok(bytes.subarray(content.length).every((byte) => byte === 0));
        await copy.close();
        run('rm', [to]);
      }
    }
  }),
);

withTools('sectors of 4 KiB do not go into another kind', () =>
  withScratch(async (folder) => {
    const path = join(folder, 'a.vhdx');
    writeFileSync(join(folder, 'a.raw'), Buffer.alloc(MIB));
    convertDisk(join(folder, 'a.raw'), 'vhdx');
    const opened = await openDisk(path);
    const disk = { ...opened, sectorSize: 4096 };
    const refusal = await refusalOf(() => copyDisk({ path, disk }, join(folder, 'b'), { as: 'raw', flat: join(folder, 'flat') }));
    assert.is(refusal.code, 'DISK_SECTORS');
    await copyDisk({ path, disk }, join(folder, 'same.vhdx'), { as: 'vhdx', flat: join(folder, 'flat') });
    assert.ok(readFileSync(join(folder, 'same.vhdx')).equals(readFileSync(path)));
    await opened.close();
  }),
);

test.run();
