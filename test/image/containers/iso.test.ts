// ISOs of Windows media: the image in sources, the rest of the disc beside it; other discs are refused.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isoFormat } from '../../../image/containers/iso.ts';
import { openContainer } from '../../../image/open.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { exportWim, splitWim } from '../../../tools/wimlib.ts';
import { makeWim, run } from '../../helpers/make-wim.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';
import { useOwnTmpdir } from '../../helpers/own-tmpdir.ts';
import { refusalOf } from '../../helpers/refusal.ts';
import { windowsTree } from '../../helpers/windows-tree.ts';

const test = suite('iso');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools', '7zz': '7zip', xorriso: 'xorriso' });
const withData = needRealData(test);
// Others work in the same temporary folder: this test has its own.
const own = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
process.env['TMPDIR'] = own;
test.after(() => rmSync(own, { recursive: true, force: true }));
useOwnTmpdir();
const scratchFolders = () => readdirSync(tmpdir()).filter((name) => /^wtgforge-[A-Za-z0-9]{6}$/.test(name)).length;

for (const kind of ['wim', 'esd', 'swm'] as const) {
  withTools(`sources/install.${kind}`, () =>
    withScratch(async (folder) => {
      const tree = join(folder, 'tree');
      mkdirSync(join(tree, 'sources/$OEM$/$$/Setup'), { recursive: true });
      writeFileSync(join(tree, 'sources/$OEM$/$$/Setup/run.cmd'), 'echo');
      writeFileSync(join(tree, 'autounattend.xml'), '<unattend/>');
      const wim = join(folder, 'plain.wim');
      makeWim(wim, { images: [{ files: windowsTree() }, { files: { '/second': 'x' } }] });
      if (kind === 'wim') copyFileSync(wim, join(tree, 'sources/install.wim'));
      else if (kind === 'esd') await exportWim(wim, join(tree, 'sources/install.esd'), { compress: 'lzms', solid: true });
      else await splitWim(wim, join(tree, 'sources/install.swm'), 1);
      const iso = join(folder, 'media.iso');
      run('xorriso', ['-as', 'mkisofs', '-quiet', '-J', '-joliet-long', '-o', iso, tree]);
      const before = scratchFolders();
      const container = await openContainer(iso);
      assert.is(container.id, 'iso');
      assert.is(container.images.length, 2);
      const image = await container.open(1);
      assert.is(image.info.container, 'iso');
      assert.is(Buffer.from(await image.read('/Windows/System32/drivers/etc/hosts')).toString(), '127.0.0.1');
      const [side] = container.sides!();
      assert.ok(side && 'image' in side && side.partition === 0);
      const seen: string[] = [];
      for await (const file of side.image.walk()) if (!file.folder) seen.push(file.path);
      assert.equal(seen.sort(), ['/autounattend.xml', '/sources/$OEM$/$$/Setup/run.cmd']);
      await container.close();
      assert.is(scratchFolders(), before);
      rmSync(iso);
    }),
  );
}

test('the mark of a disc', () => {
  const format = isoFormat(openContainer);
  const head = new Uint8Array(36 * 1024);
  assert.not(format.probe(head));
  head.set(Buffer.from('CD001'), 0x8001);
  assert.ok(format.probe(head));
});

withData('a disc without Windows and one with an empty install.wim are refused', async () => {
  const before = scratchFolders();
  assert.is((await refusalOf(() => openContainer(join(realData, 'images/iso9660.raw')))).code, 'ISO_NO_WINDOWS');
  const empty = await refusalOf(() => openContainer(join(realData, 'images/rufus-windows_to_go.iso')));
  assert.is(empty.code, 'CONTAINER_EMPTY');
  assert.match(empty.message, /rufus-windows_to_go\.iso: SOURCES\/INSTALL\.WIM: is empty/);
  assert.is(scratchFolders(), before);
});

test.run();
