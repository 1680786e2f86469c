// A new disk from a WIM: sound for sgdisk and libntfs, with what the WIM holds; too small a size is said.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDisk } from '../../../image/containers/disk-make.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { makeWim, run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';
import { refusalOf } from '../../helpers/refusal.ts';

const test = suite('disk-make');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools', mkntfs: 'ntfs-3g', 'qemu-img': 'qemu-utils', sgdisk: 'gdisk' });
const MIB = 1024 * 1024;

withTools('one volume in a GPT, as large as asked for', () =>
  withScratch(async (folder) => {
    const wim = join(folder, 'a.wim');
    const content = mixedContent(2 * MIB);
    makeWim(wim, { images: [{ files: { '/Windows/a.bin': { content, streams: { kept: 'stream' } } } }] });
    const disk = join(folder, 'a.raw');
    const work = { volume: join(folder, 'volume'), head: join(folder, 'head'), tail: join(folder, 'tail') };
    await makeDisk(wim, disk, { as: 'raw', content: content.length, diskSize: 40, work });
    assert.match(run('sgdisk', ['--verify', disk]), /No problems found/);
    const bytes = readFileSync(disk);
    assert.is(bytes.length, 40 * MIB);
    assert.is(bytes.readUInt32LE(MIB + 28), 2048, 'the boot sector knows where it stands');
    const volume = join(folder, 'volume');
    writeFileSync(volume, bytes.subarray(MIB, 39 * MIB));
    run('ntfsfix', ['-n', volume]);
    assert.is(run('ntfscat', ['-n', 'kept', volume, 'Windows/a.bin']), 'stream');
  }),
);

withTools('a disk that is too small is refused, whether that is plain or comes out on the way', () =>
  withScratch(async (folder) => {
    const wim = join(folder, 'a.wim');
    makeWim(wim, { images: [{ files: { '/a.bin': { content: mixedContent(20 * MIB) } } }] });
    const work = { volume: join(folder, 'volume'), head: join(folder, 'head'), tail: join(folder, 'tail') };
    for (const diskSize of [10, 24]) {
      run('rm', ['-f', work.volume]);
      const to = join(folder, 'a.vhdx');
      const refusal = await refusalOf(() => makeDisk(wim, to, { as: 'vhdx', content: 20 * MIB, diskSize, work }));
      assert.is(refusal.code, 'DISK_SIZE_SMALL');
      assert.match(refusal.message, /the files hold 20 MiB/);
      assert.not(existsSync(to));
    }
  }),
);

test.run();
