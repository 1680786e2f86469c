// ESD and SWM: the same image as in the plain WIM; encrypted and damaged ones are refused; no temporary file stays.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { utf16Bytes } from '../../../formats/bytes.ts';
import { parseHeader } from '../../../formats/wim/header.ts';
import { openPackedWim, packedKind } from '../../../image/containers/packed-wim.ts';
import type { ImageFile } from '../../../image/image.ts';
import { openContainer } from '../../../image/open.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { exportWim, splitWim } from '../../../tools/wimlib.ts';
import { makeWim } from '../../helpers/make-wim.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';
import { useOwnTmpdir } from '../../helpers/own-tmpdir.ts';
import { refusalOf } from '../../helpers/refusal.ts';
import { windowsTree } from '../../helpers/windows-tree.ts';

const test = suite('packed-wim');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
const withData = needRealData(test);
// Others work in the same temporary folder: this test has its own.
const own = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
process.env['TMPDIR'] = own;
test.after(() => rmSync(own, { recursive: true, force: true }));
useOwnTmpdir();
const scratchFolders = () => readdirSync(tmpdir()).filter((name) => /^wtgforge-[A-Za-z0-9]{6}$/.test(name)).length;

async function contentOf(path: string): Promise<readonly unknown[]> {
  const container = await openContainer(path);
  try {
    const image = await container.open(1);
    assert.is(image.info.container, container.id);
    const seen: unknown[] = [];
    const facts = ({ path: at, size, attributes, digest, shortName, streams, links, reparse, descriptor }: ImageFile) => [
      at,
      size,
      attributes,
      digest,
      shortName,
      // By which number a container knows a content is its own matter.
      streams.map(({ name, size: bytes, digest: claimed }) => [name, bytes, claimed]),
      links,
      reparse,
      descriptor && Buffer.from(descriptor).toString('hex'),
    ];
    for await (const file of image.walk())
      seen.push([...facts(file), file.folder || file.reparse ? '' : Buffer.from(await file.read()).toString()]);
    return seen;
  } finally {
    await container.close();
  }
}

withTools('an ESD and a split WIM hold what the plain WIM holds', () =>
  withScratch(async (folder) => {
    const wim = join(folder, 'plain.wim');
    makeWim(wim, { images: [{ files: windowsTree() }] });
    await exportWim(wim, join(folder, 'solid.esd'), { compress: 'lzms', solid: true });
    await exportWim(wim, join(folder, 'lzms.wim'), { compress: 'lzms' });
    await splitWim(wim, join(folder, 'split.swm'), 1);
    const before = scratchFolders();
    const wanted = await contentOf(wim);
    assert.ok(wanted.length > 15);
    assert.is((await packedKind(join(folder, 'solid.esd')))?.kind, 'esd');
    assert.is((await packedKind(join(folder, 'lzms.wim')))?.kind, 'esd');
    assert.is(await packedKind(wim), undefined);
    for (const name of ['solid.esd', 'lzms.wim', 'split.swm']) assert.equal(await contentOf(join(folder, name)), wanted, name);
    assert.is(scratchFolders(), before);
  }),
);

withTools('an encrypted ESD is called that; a cut one is not sound; neither leaves a file', () =>
  withScratch(async (folder) => {
    const wim = join(folder, 'plain.wim');
    makeWim(wim, { images: [{ files: { '/a': 'x'.repeat(5000) }, xml: '<NOTE>0123456789012345678901234567890123456789</NOTE>' }] });
    const esd = join(folder, 'a.esd');
    await exportWim(wim, esd, { compress: 'lzms', solid: true });
    const bytes = readFileSync(esd);
    const { xml } = parseHeader(bytes.subarray(0, 208));
    const before = scratchFolders();
    const locked = Buffer.from(bytes);
    const text = '<WIM><ESD><ENCRYPTED><KEY/></ENCRYPTED></ESD></WIM>';
    locked.fill(' ', xml.offset + 2, xml.offset + xml.size);
    locked.set(utf16Bytes(text.padEnd((xml.size - 2) / 2)), xml.offset + 2);
    writeFileSync(esd, locked);
    assert.is((await refusalOf(() => openContainer(esd))).code, 'ESD_ENCRYPTED');
    writeFileSync(esd, bytes.subarray(0, bytes.length - 300));
    const cut = await refusalOf(() => openContainer(esd));
    assert.is(cut.code, 'CONTAINER_CORRUPT');
    assert.match(cut.message, /a\.esd: /);
    assert.is(scratchFolders(), before);
    assert.type(openPackedWim, 'function');
  }),
);

withData('a split WIM made on Windows', async () => {
  const first = await contentOf(join(realData, 'images/mwl-Split.swm'));
  assert.ok(first.length > 0);
  assert.equal(await contentOf(join(realData, 'images/mwl-Split2.swm')), first);
});

test.run();
