// The digest of an input: the same for a copy, another when one byte of one file is other, and any file that is no WIM by its bytes.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Container } from '../../image/image.ts';
import { beginInputDigest, inputDigest } from '../../image/input-digest.ts';
import { openContainer } from '../../image/open.ts';
import { withScratch } from '../../tools/scratch.ts';
import { makeWim } from '../helpers/make-wim.ts';
import { refusalOf } from '../helpers/refusal.ts';

async function digestOfFile(path: string): Promise<string> {
  const container = await openContainer(path);
  try {
    return await inputDigest(container);
  } finally {
    await container.close();
  }
}

test('follows the content of a WIM and not its path', async () => {
  await withScratch(async (folder) => {
    const path = (name: string) => join(folder, name);
    makeWim(path('a.wim'), { images: [{ files: { '/a': 'one' } }] });
    copyFileSync(path('a.wim'), path('copy.wim'));
    makeWim(path('content.wim'), { images: [{ files: { '/a': 'two' } }] });
    makeWim(path('name.wim'), { images: [{ files: { '/b': 'one' } }] });
    const first = await digestOfFile(path('a.wim'));
    assert.is(await digestOfFile(path('copy.wim')), first);
    assert.is.not(await digestOfFile(path('content.wim')), first);
    assert.is.not(await digestOfFile(path('name.wim')), first);
  });
});

test('any other container by its bytes', async () => {
  await withScratch(async (folder) => {
    const path = join(folder, 'a.raw');
    writeFileSync(path, 'abc');
    assert.is(await inputDigest({ path } as Container), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

test('begun early it is the same, of a disk and of a WIM; stopped it ends with nothing said', async () => {
  await withScratch(async (folder) => {
    const [wim, disk] = [join(folder, 'a.wim'), join(folder, 'a.raw')];
    makeWim(wim, { images: [{ files: { '/a': 'one' } }] });
    writeFileSync(disk, Buffer.concat([Buffer.alloc(510), Buffer.from([0x55, 0xaa]), Buffer.alloc(3_000_000)]));
    const container = await openContainer(wim);
    assert.is(await (await beginInputDigest(wim)).of(container), await inputDigest(container));
    await container.close();
    const early = await beginInputDigest(disk);
    assert.is(await early.of({ path: disk } as Container), await inputDigest({ path: disk } as Container));
    early.stop();
    const stopped = await beginInputDigest(disk);
    stopped.stop();
    assert.match((await refusalOf(() => beginInputDigest(join(folder, 'absent')))).code, 'CONTAINER_ABSENT');
  });
});

test.run();
