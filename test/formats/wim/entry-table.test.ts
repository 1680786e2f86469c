// Entries as rows: each field as the tree of objects has it, names compared in their bytes, digests by where they stand.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EntryTable, ROOT } from '../../../formats/wim/entry-table.ts';
import type { DirEntry } from '../../../formats/wim/model.ts';
import { streamRoles } from '../../../formats/wim/streams.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { dirEntry as entry } from '../../helpers/dir-entry.ts';

const digest = (letter: string) => Buffer.alloc(20, letter).toString('hex');
const folder = (name: string, children: readonly DirEntry[], given: Partial<DirEntry> = {}) =>
  entry(name, { attributes: 0x10, children, ...given });
const tableOf = (...children: DirEntry[]) =>
  new EntryTable(encodeMetadata({ securityDescriptors: [Uint8Array.of(7)], root: folder('', children) }));

const TREE = [
  folder('Windows', [
    entry('long name.exe', { shortName: 'LONGNA~1.EXE', digest: digest('a'), linkGroup: 9n, securityId: 0 }),
    folder('empty', []),
    folder('Ünï', [entry('文.txt', { digest: digest('b') })]),
  ]),
  entry('link', {
    attributes: 0x400,
    reparse: { tag: 0xa000000c, reserved: 1, flags: 2 },
    streams: [
      { name: '', digest: digest('r') },
      { name: '', digest: digest('c') },
    ],
  }),
  entry('streams', {
    digest: digest('d'),
    streams: [
      { name: 'Zone', digest: digest('z') },
      { name: 'nothing', digest: undefined },
    ],
  }),
];

test('each entry says what its object says, whichever is asked first', () => {
  const table = tableOf(...TREE);
  const objects = new Map<number, DirEntry>([[ROOT, table.tree().root]]);
  for (let at = 0; at < table.count; at++) {
    const object = objects.get(at)!;
    assert.equal(
      [table.name(at), table.shortName(at), table.attributes(at), table.securityId(at), table.linkGroup(at), table.reparse(at)],
      [object.name, object.shortName, object.attributes, object.securityId, object.linkGroup, object.reparse],
    );
    assert.is(table.childCount(at), object.children.length);
    for (const [index, child] of table.children(at).entries()) {
      assert.is(table.parent(child), at);
      objects.set(child, object.children[index]!);
    }
    const { content, reparse } = streamRoles(table.placed(at));
    assert.equal([table.digestOf(content), table.digestOf(reparse)], [streamRoles(object).content, streamRoles(object).reparse]);
    assert.is(table.isPlain(at), object.streams.length === 0 && !object.reparse);
  }
  assert.is(objects.size, 8);
  assert.equal(table.tree().root.children, TREE);
});

test('every digest that stands for something, those of streams included', () => {
  const table = tableOf(...TREE);
  const found: string[] = [];
  for (let at = 0; at < table.count; at++) table.eachDigest(at, (place) => void found.push(table.digestOf(place)));
  assert.equal(found.sort(), ['a', 'b', 'c', 'd', 'r', 'z'].map(digest));
});

test('a mark of a link group is the same for equal ones, and none for a single name or a link', () => {
  const marks = (...groups: bigint[]) => {
    const table = tableOf(...groups.map((linkGroup, at) => entry(`n${at}`, { linkGroup })));
    return table.children(ROOT).map((child) => table.linkMark(child));
  };
  const [a, b, c, d, none] = marks(5n, 5n, 6n, 5n << 32n, 0n);
  assert.is(a, b);
  assert.is(new Set([a, c, d]).size, 3);
  assert.is(none, undefined);
  const table = tableOf(TREE[1]!);
  assert.is(table.linkMark(table.firstChild(ROOT)), undefined);
});

test('names are the same in all their letters, in any table', () => {
  const [one, other] = [tableOf(entry('name'), entry('名')), tableOf(entry('Name'), entry('name'), entry('name2'), entry('名'))];
  const found = (at: number) =>
    other
      .children(ROOT)
      .filter((theirs) => one.hasNameOf(at, other, theirs))
      .map((theirs) => other.name(theirs));
  assert.equal(one.children(ROOT).map(found), [['name'], ['名']]);
});

test.run();
