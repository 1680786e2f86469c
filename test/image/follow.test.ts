// Links inside an image: files and folders, absolute and relative, circles, and ways out.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findThroughLinks } from '../../image/follow.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const SYMLINK = 0xa000000c;
const JUNCTION = 0xa0000003;
const link = (target: string | undefined, tag = SYMLINK) => ({ reparse: { tag, target } });
const folderLink = (target: string) => ({ folder: true, ...link(target, JUNCTION) });
const image = fakeImage({
  files: {
    '/Tools/a.exe': 'MZ',
    '/Windows/absolute.exe': link('\\??\\C:\\Tools\\A.EXE'),
    '/Windows/relative.exe': link('..\\Tools\\a.exe'),
    '/Windows/rooted.exe': link('\\Tools\\a.exe'),
    '/Windows/twice.exe': link('C:\\Windows\\relative.exe'),
    '/Windows/there': folderLink('\\??\\C:\\Tools'),
    '/Windows/circle': folderLink('C:\\Windows\\circle'),
    '/Windows/other.exe': link('D:\\a.exe'),
    '/Windows/share.exe': link('\\\\?\\UNC\\server\\share\\a.exe'),
    '/Windows/volume.exe': link('\\??\\Volume{0}\\a.exe'),
    '/Windows/above.exe': link('..\\..\\..\\Tools\\a.exe'),
    '/Program Files': { folder: true, shortName: 'PROGRA~1' },
    '/Program Files/My Agent': { folder: true, shortName: 'MYAGEN~1' },
    '/Program Files/My Agent/agent program.exe': { content: 'MZ', shortName: 'AGENTP~1.EXE' },
    '/Program Files/Other Agent': { folder: true, shortName: 'OTHERA~1', reparse: { tag: JUNCTION, target: 'C:\\Tools' } },
    '/Windows/packed.exe': link(undefined, 0x80000017),
  },
});

for (const [path, links] of [
  ['/tools/a.exe', []],
  ['/Windows/absolute.exe', ['/Windows/absolute.exe']],
  ['/Windows/relative.exe', ['/Windows/relative.exe']],
  ['/Windows/rooted.exe', ['/Windows/rooted.exe']],
  ['/Windows/twice.exe', ['/Windows/twice.exe', '/Windows/relative.exe']],
  ['/Windows/THERE/a.exe', ['/Windows/there']],
  ['/Windows/above.exe', ['/Windows/above.exe']],
  ['/progra~1/OTHERA~1/a.exe', ['/Program Files/Other Agent']],
] as const) {
  test(`${path} leads to the file`, async () => {
    const found = await findThroughLinks(image, path);
    assert.is(found.file?.path, '/Tools/a.exe');
    assert.equal(
      found.links.map((one) => one.path),
      links,
    );
  });
}

test('short names lead to what has them, in their own folder only', async () => {
  const found = await findThroughLinks(image, '/PROGRA~1/MyAgen~1/agentp~1.exe');
  assert.is(found.file?.path, '/Program Files/My Agent/agent program.exe');
  for (const path of ['/PROGRA~2/MYAGEN~1', '/MYAGEN~1', '/Windows/PROGRA~1'])
    assert.is((await findThroughLinks(image, path)).file, undefined);
});

for (const path of ['/Windows/circle/a.exe', '/Windows/other.exe', '/Windows/share.exe', '/Windows/volume.exe', '/absent', '/']) {
  test(`${path} leads nowhere in the image`, async () => assert.is((await findThroughLinks(image, path)).file, undefined));
}

test('a reparse point that is no link is the file itself', async () => {
  assert.is((await findThroughLinks(image, '/Windows/packed.exe')).file?.path, '/Windows/packed.exe');
});

test.run();
