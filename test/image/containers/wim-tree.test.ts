// The entries of a WIM image as a tree: what is a folder, and which names are one file.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EntryTable } from '../../../formats/wim/entry-table.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { LINKS_MAX } from '../../../image/containers/name-tree.ts';
import { Paths, wimTree } from '../../../image/containers/wim-tree.ts';
import { makeMetadata, type WimTree } from '../../helpers/make-wim.ts';

const entriesOf = (files: WimTree) => new EntryTable(encodeMetadata(makeMetadata(files, new Map())));

const entries = entriesOf({
  '/Windows/notepad.exe': { content: 'n', linkGroup: 5 },
  '/Windows/System32/notepad.exe': { content: 'n', linkGroup: 5 },
  '/Windows/other.exe': { content: 'other', linkGroup: 5 },
  '/wsl/readme': '1',
  '/Documents and Settings': { folder: true, reparse: { tag: 0xa0000003, data: new Uint8Array(8) } },
});
const tree = wimTree(entries);

test('every entry under its path; folders are told from files', () => {
  const places = [...tree.walk()];
  assert.is(entries.count, places.length + 1, 'the root has no place');
  const paths = new Paths(entries);
  for (const { path, node } of [...places].reverse()) assert.is(paths.of(node), path);
  assert.is(paths.of(0), '/');
  const folders = places.filter(({ node }) => entries.isFolder(node)).map(({ path }) => path);
  assert.equal(folders.sort(), ['/Documents and Settings', '/Windows', '/Windows/System32', '/wsl']);
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
  const all = entriesOf(files);
  const many = wimTree(all);
  const places = [...many.walk()].filter(({ node }) => !all.isFolder(node));
  assert.is(places.length, 100_000);
  assert.is(many.linksOf(places[0]!).length, LINKS_MAX - 1);
});

test.run();
