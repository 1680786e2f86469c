// The sparse copy: other tools take it for the volume; what was changed in it comes back, what was given up comes as zeros.
import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DiskImage } from '../../../image/containers/disk-image.ts';
import type { NtfsNode } from '../../../image/containers/ntfs-tree.ts';
import { changesOf, makeSparse } from '../../../image/containers/sparse-volume.ts';
import { openImage } from '../../../image/open.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { DISK_TOOLS, makeVolume } from '../../helpers/disk-files.ts';
import { run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('sparse-volume');
const withTools = needTools(test, DISK_TOOLS);

withTools('holds the tables and the touched files, and brings back what ntfscp wrote into it', () =>
  withScratch(async (folder) => {
    const path = makeVolume(folder, {
      '/large.bin': { content: mixedContent(9_000_000) },
      '/touched.bin': { content: Buffer.alloc(200_000, 'old content ') },
    });
    const image = (await openImage(path)) as DiskImage;
    const { volume } = image;
    const ntfs = volume.ntfs!;
    const touched = new Set([(image.place('/touched.bin')!.node as NtfsNode).file]);
    const copy = join(folder, 'copy');
    const copied = await makeSparse(ntfs, volume.source, touched, copy);
    assert.is(statSync(copy).size, statSync(path).size);
    assert.ok(statSync(copy).blocks * 512 < 6_000_000, `${statSync(copy).blocks * 512} bytes`);
    run('ntfsfix', ['-n', copy]);
    const same = async () => {
      const patches = [];
      for await (const patch of changesOf(copy, ntfs, volume.source, { copied, touched })) patches.push(patch);
      return patches;
    };
    assert.equal(await same(), []);
    copyFileSync('/dev/null', join(folder, 'empty'));
    run('ntfscp', ['-q', copy, join(folder, 'empty'), 'touched.bin']);
    const merged = readFileSync(path);
    for (const { offset, bytes } of await same()) merged.set(bytes, offset);
    assert.not(merged.includes('old content old content'));
    assert.ok(merged.includes(Buffer.from(mixedContent(9_000_000).subarray(4096, 8192))));
    await image.close();
  }),
);

test.run();
