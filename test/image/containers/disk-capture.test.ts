// A disk captured as a WIM: edits, streams, links, descriptors and CompactOS files as wimlib sees them; page files stay behind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { captureDisk } from '../../../image/containers/disk-capture.ts';
import type { DiskImage } from '../../../image/containers/disk-image.ts';
import { openImage } from '../../../image/open.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { compressedResource, mixedContent } from '../../helpers/compressed.ts';
import { convertDisk, DISK_TOOLS, makeDisk, makeVolume } from '../../helpers/disk-files.ts';
import { detailedDir, run } from '../../helpers/make-wim.ts';
import { needFuse, needTools } from '../../helpers/need.ts';
import { refusalOf } from '../../helpers/refusal.ts';
import { windowsTree } from '../../helpers/windows-tree.ts';
import { wofFile } from '../../helpers/wof.ts';

const test = suite('disk-capture');
const withTools = needTools(test, { ...DISK_TOOLS, setfattr: 'attr', 'ntfs-3g': 'ntfs-3g' });
const withFuse = needFuse(withTools as never);
const edits = [{ kind: 'write', path: '/Windows/new.txt', content: new TextEncoder().encode('new') }] as const;

withFuse('everything is in it, and a compressed file is plain', () =>
  withScratch(async (folder) => {
    const compact = mixedContent(100_000);
    const { stored } = compressedResource(folder, compact, 'xpress', 4096)!;
    const volume = makeVolume(folder, {
      ...windowsTree(),
      '/Windows/compact.dll': { ...wofFile(stored, compact.length, 0, { streams: { kept: 'beside' } }) },
      '/pagefile.sys': 'paged',
    });
    const disk = convertDisk(makeDisk(folder, [{ volume, type: 7 }]), 'vhdx');
    const before = readFileSync(disk);
    const image = (await openImage(disk)) as DiskImage;
    const wim = join(folder, 'captured.wim');
    await captureDisk(image, wim, { edits, compress: 'xpress', solid: false, copy: join(folder, 'copy'), time: undefined });
    assert.ok(readFileSync(disk).equals(before), 'the source is only read');
    run('wimlib-imagex', ['verify', wim]);
    const captured = await openImage(wim);
    assert.is(Buffer.from(await captured.read('/Windows/new.txt')).toString(), 'new');
    assert.ok(Buffer.from(await captured.read('/Windows/compact.dll')).equals(Buffer.from(compact)));
    assert.is((await captured.find('/Windows/compact.dll'))!.reparse, undefined);
    assert.is(await captured.has('/pagefile.sys'), false);
    for await (const file of image.walk()) {
      if (/^\/(?:System Volume Information|pagefile\.sys|\$)/.test(file.path) || file.path === '/') continue;
      const same = await captured.find(file.path).catch(() => file); // below a link
      assert.ok(same, file.path);
      assert.equal(same!.descriptor, file.descriptor, file.path);
      assert.equal(same!.reparse, file.reparse, file.path);
      assert.equal(
        same!.streams.map(({ name, size }) => [name, size]),
        file.streams.map(({ name, size }) => [name, size]),
        file.path,
      );
    }
    assert.ok([...detailedDir(wim).keys()].includes('/Windows/compact.dll'));
    await image.close();
    await captured.close();
  }),
);

withTools('a hibernated Windows is not captured', () =>
  withScratch(async (folder) => {
    const volume = makeVolume(folder, { ...windowsTree(), '/hiberfil.sys': { content: `hibr${'\0'.repeat(5000)}` } });
    const image = (await openImage(makeDisk(folder, [{ volume, type: 7 }]))) as DiskImage;
    const options = { edits, compress: 'xpress', solid: false, copy: join(folder, 'copy'), time: undefined } as const;
    assert.is((await refusalOf(() => captureDisk(image, join(folder, 'a.wim'), options))).code, 'VOLUME_HIBERNATED');
    await image.close();
  }),
);

test.run();
