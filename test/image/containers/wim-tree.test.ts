// Lookup by path: any case, never through a link; twins; hard links; order.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { streamRoles } from '../../../formats/wim/streams.ts';
import { entriesOf, isFolder, LINKS_MAX, WimTree } from '../../../image/containers/wim-tree.ts';
import { makeMetadata } from '../../helpers/make-wim.ts';

const { root } = makeMetadata(
  {
    '/Windows/System32/Sysprep/sysprep.exe': 'x',
    '/Windows/notepad.exe': { content: 'n', linkGroup: 5 },
    '/Windows/System32/notepad.exe': { content: 'n', linkGroup: 5 },
    '/Windows/other.exe': { content: 'other', linkGroup: 5 },
    '/wsl/readme': '1',
    '/wsl/README': '2',
    '/Straße/ß': '3',
    '/Straße/ss': '4',
    '/Documents and Settings': { folder: true, reparse: { tag: 0xa0000003, data: new Uint8Array(8) } },
  },
  new Map(),
);
const tree = new WimTree(root);

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, ImageError);
    return (error as ImageError).code;
  }
  return 'none';
}

test('finds in any case and gives the stored one', () => {
  assert.is(tree.find('/windows/SYSTEM32/sysprep/SYSPREP.EXE')?.path, '/Windows/System32/Sysprep/sysprep.exe');
  assert.is(tree.find('/')?.path, '/');
  assert.is(tree.find('/Windows/')?.path, '/Windows');
  assert.is(tree.find('/straße/ß')?.path, '/Straße/ß');
  assert.is(tree.find('/straße/SS')?.path, '/Straße/ss');
});

test('what is absent is undefined, also below a file', () => {
  assert.is(tree.find('/Windows/absent'), undefined);
  assert.is(tree.find('/Windows/notepad.exe/x'), undefined);
  assert.is(tree.find('/Windows/..'), undefined);
});

test('twins: the exact name, else both are named', () => {
  assert.is(tree.find('/wsl/README')?.path, '/wsl/README');
  assert.is(tree.find('/wsl/readme')?.path, '/wsl/readme');
  assert.throws(() => tree.find('/wsl/ReadMe'), /ambiguous \(the folder holds (readme and README|README and readme)\)/);
});

test('a link is found, but nothing behind it', () => {
  assert.is(tree.find('/documents and settings')?.path, '/Documents and Settings');
  assert.is(
    code(() => tree.find('/Documents and Settings/user/x')),
    'PATH_THROUGH_LINK',
  );
});

test('names of one file know each other; the same group with other content does not', () => {
  const links = (path: string) => {
    const place = tree.find(path)!;
    return tree.linksOf(place, streamRoles(place.entry));
  };
  assert.equal(links('/Windows/notepad.exe'), ['/Windows/System32/notepad.exe']);
  assert.equal(links('/Windows/System32/notepad.exe'), ['/Windows/notepad.exe']);
  assert.equal(links('/Windows/other.exe'), []);
  assert.equal(links('/wsl/readme'), []);
});

test('walks each folder before its content, and everything once', () => {
  const paths = [...tree.walk()].map((place) => place.path);
  assert.is(paths.length, new Set(paths).size);
  assert.is([...entriesOf(root)].length, paths.length + 1);
  for (const path of paths) {
    const parent = path.slice(0, path.lastIndexOf('/'));
    assert.ok(parent === '' || paths.indexOf(parent) < paths.indexOf(path));
  }
});

test('a file of a hundred thousand names has as many as NTFS takes, and is no long wait', () => {
  const files = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`/a/${at}`, { content: 'x', linkGroup: 1 }]));
  const { root } = makeMetadata(files, new Map());
  const many = new WimTree(root);
  const places = [...many.walk()].filter(({ entry }) => !isFolder(entry));
  assert.is(places.length, 100_000);
  assert.is(many.linksOf(places[0]!, streamRoles(places[0]!.entry)).length, LINKS_MAX - 1);
});

test.run();
