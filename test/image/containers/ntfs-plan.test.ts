// What edits mean on a volume: which files are touched, what is expected to be different.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DiskImage } from '../../../image/containers/disk-image.ts';
import { planNtfs } from '../../../image/containers/ntfs-plan.ts';
import { openImage } from '../../../image/open.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { DISK_TOOLS, makeVolume } from '../../helpers/disk-files.ts';
import { needTools } from '../../helpers/need.ts';
import { windowsTree } from '../../helpers/windows-tree.ts';

const test = suite('ntfs-plan');
const withTools = needTools(test, DISK_TOOLS);
const content = new Uint8Array(3);

withTools('overwrites, new files in new folders, removals with all below', () =>
  withScratch(async (folder) => {
    const image = (await openImage(makeVolume(folder, windowsTree()))) as DiskImage;
    const { actions, touched, expected } = await planNtfs(image, [
      { kind: 'write', path: '/windows/EMPTY.txt', content },
      { kind: 'write', path: '/Windows/New/a.txt', content },
      { kind: 'write', path: '/windows/new/b.txt', content },
      { kind: 'remove', path: '/Windows/panther' },
      { kind: 'remove', path: '/nowhere' },
    ]);
    assert.equal(
      actions.map((action) => [action.kind, action.path]),
      [
        ['remove', '/Windows/Panther'],
        ['overwrite', '/Windows/empty.txt'],
        ['make-folder', '/Windows/New'],
        ['create', '/Windows/New/a.txt'],
        ['create', '/Windows/New/b.txt'],
      ],
    );
    const [removal] = actions;
    assert.ok(removal?.kind === 'remove');
    assert.equal([...removal.folders].sort(), ['/Windows/Panther', '/Windows/Panther/deeper']);
    assert.is(removal.folders.at(-1), '/Windows/Panther');
    assert.is(touched.size, 5);
    assert.is(expected.get('/windows/panther/deeper/and deeper.log'), 'removed');
    assert.is(expected.get('/windows/new/b.txt'), 'made');
    await image.close();
  }),
);

withTools('a file with two names keeps its content while one of them stays', () =>
  withScratch(async (folder) => {
    const image = (await openImage(makeVolume(folder, windowsTree()))) as DiskImage;
    const one = await planNtfs(image, [{ kind: 'remove', path: '/Windows/System32/kernel32.dll' }]);
    assert.equal(
      one.actions.flatMap((action) => (action.kind === 'remove' ? action.files.map(({ last }) => last) : [])),
      [false],
    );
    const both = await planNtfs(image, [{ kind: 'remove', path: '/Windows' }]);
    const last = both.actions.flatMap((action) =>
      action.kind === 'remove' ? action.files.filter(({ path }) => path.endsWith('kernel32.dll')) : [],
    );
    assert.equal(last.map((file) => file.last).sort(), [false, true]);
    await image.close();
  }),
);

test.run();
