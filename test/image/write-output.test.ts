// From a journal to each kind of container: what stands beside the staged file on the way is gone, also when it fails.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WimImage } from '../../image/containers/wim-image.ts';
import { openImage } from '../../image/open.ts';
import { resolvePacking } from '../../image/output-format.ts';
import { writeFromWim } from '../../image/write-output.ts';
import { makeSmallImage } from '../../scripts/dev/fixtures.ts';
import { withScratch } from '../../tools/scratch.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';

const test = suite('write-output');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools', mkntfs: 'ntfs-3g', 'qemu-img': 'qemu-utils' });
const edits = [{ kind: 'write', path: '/Windows/new.txt', content: new TextEncoder().encode('new') }] as const;

withTools('a WIM becomes an ESD, a SWM and a disk that hold the edit, and nothing else is left', () =>
  withScratch(async (folder) => {
    const image = (await openImage(await makeSmallImage(folder))) as WimImage;
    for (const name of ['a.esd', 'a.swm', 'a.vhdx']) {
      const staged = join(folder, name);
      const before = readdirSync(folder);
      const packing = resolvePacking('wim', name, {});
      const { notes, parts } = await writeFromWim(image, edits, { staged, images: 'built', packing });
      assert.equal(parts, []);
      assert.is(
        notes.some((note) => /no boot files/.test(note)),
        name === 'a.vhdx',
      );
      assert.equal(readdirSync(folder), [...before, name].sort());
      const made = await openImage(staged);
      assert.is(Buffer.from(await made.read('/Windows/new.txt')).toString(), 'new');
      await made.close();
    }
    await image.close();
  }),
);

withTools('when a tool fails, what it worked on is gone', () =>
  withScratch(async (folder) => {
    const image = (await openImage(await makeSmallImage(folder))) as WimImage;
    const before = readdirSync(folder);
    await withMockCommand('qemu-img', 'echo "qemu-img: cannot" >&2; exit 1', async () => {
      const packing = resolvePacking('wim', 'a.vhdx', {});
      const { code } = await refusalOf(() => writeFromWim(image, edits, { staged: join(folder, 'a.vhdx'), images: 'built', packing }));
      assert.is(code, 'TOOL_FAILED');
    });
    assert.equal(readdirSync(folder), before);
    await image.close();
  }),
);

test.run();
