// The entries of a WIM image as a tree: what is a folder, and which names are one file.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isFolder } from '../../../formats/wim/streams.ts';
import { LINKS_MAX } from '../../../image/containers/name-tree.ts';
import { entriesOf, wimTree } from '../../../image/containers/wim-tree.ts';
import { makeMetadata } from '../../helpers/make-wim.ts';

const { root } = makeMetadata(
  {
    '/Windows/notepad.exe': { content: 'n', linkGroup: 5 },
    '/Windows/System32/notepad.exe': { content: 'n', linkGroup: 5 },
    '/Windows/other.exe': { content: 'other', linkGroup: 5 },
    '/wsl/readme': '1',
    '/Documents and Settings': { folder: true, reparse: { tag: 0xa0000003, data: new Uint8Array(8) } },
  },
  new Map(),
);
const tree = wimTree(root);

test('every entry, the root included; folders are told from files', () => {
  const entries = [...entriesOf(root)];
  assert.is(entries.length, [...tree.walk()].length + 1);
  const folders = entries.filter(isFolder).map(({ name }) => name);
  assert.equal(folders.sort(), ['', 'Documents and Settings', 'System32', 'Windows', 'wsl']);
});

test('a link of the metadata is a link of the tree', () => {
  assert.throws(() => tree.find('/Documents and Settings/user'), /runs through a link of the image/);
});

test('names of one file know each other; the same group with other content does not', () => {
  const links = (path: string) => tree.linksOf(tree.find(path)!);
  assert.equal(links('/Windows/notepad.exe'), ['/Windows/System32/notepad.exe']);
  assert.equal(links('/Windows/System32/notepad.exe'), ['/Windows/notepad.exe']);
  assert.equal(links('/Windows/other.exe'), []);
  assert.equal(links('/wsl/readme'), []);
});

test('a file of a hundred thousand names has as many as NTFS takes, and is no long wait', () => {
  const files = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`/a/${at}`, { content: 'x', linkGroup: 1 }]));
  const { root } = makeMetadata(files, new Map());
  const many = wimTree(root);
  const places = [...many.walk()].filter(({ node }) => !isFolder(node));
  assert.is(places.length, 100_000);
  assert.is(many.linksOf(places[0]!).length, LINKS_MAX - 1);
});

test.run();
