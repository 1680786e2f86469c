// Which volumes are never written: hibernated or shut down with fast startup, and what is no NTFS.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DiskImage } from '../../../image/containers/disk-image.ts';
import { refuseUnwritable } from '../../../image/containers/disk-state.ts';
import { openImage } from '../../../image/open.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { DISK_TOOLS, makeDisk, makeFat, makeVolume } from '../../helpers/disk-files.ts';
import type { WimTree } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';
import { refusalOf } from '../../helpers/refusal.ts';
import { windowsTree } from '../../helpers/windows-tree.ts';

const test = suite('disk-state');
const withTools = needTools(test, DISK_TOOLS);

for (const [content, code] of [
  ['hibr', 'VOLUME_HIBERNATED'],
  ['WAKE', 'VOLUME_HIBERNATED'],
  ['RSTR', 'VOLUME_HIBERNATED'],
  ['\0\0\0\0', undefined],
  ['', undefined],
] as const) {
  withTools(`hiberfil.sys that begins with ${JSON.stringify(content)}: ${code ?? 'may be written'}`, () =>
    withScratch(async (folder) => {
      const file: WimTree = content === '' ? {} : { '/hiberfil.sys': { content: `${content}${'\0'.repeat(4096)}` } };
      const image = (await openImage(
        makeDisk(folder, [{ volume: makeVolume(folder, { ...windowsTree(), ...file }), type: 7 }]),
      )) as DiskImage;
      if (code === undefined) await refuseUnwritable(image);
      else assert.is((await refusalOf(() => refuseUnwritable(image))).code, code);
      await image.close();
    }),
  );
}

withTools('FAT is not written', () =>
  withScratch(async (folder) => {
    const image = (await openImage(makeDisk(folder, [{ volume: makeFat(folder, { '/a': 'x' }), type: 0x0c }]))) as DiskImage;
    assert.is((await refusalOf(() => refuseUnwritable(image))).code, 'VOLUME_UNKNOWN');
    await image.close();
  }),
);

test.run();
