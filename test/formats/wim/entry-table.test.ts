// Entries as rows: each field as the tree of objects has it, names compared in their bytes, digests by where they stand.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { EntryTable, ROOT } from '../../../formats/wim/entry-table.ts';
import type { DirEntry } from '../../../formats/wim/model.ts';
import { streamRoles } from '../../../formats/wim/streams.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { survives } from '../../helpers/damage.ts';
import { dirEntry as entry, dirFolder as folder, dirImage as image } from '../../helpers/dir-entry.ts';

const digest = (letter: string) => Buffer.alloc(20, letter).toString('hex');
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

const A = 'a1'.repeat(20);
const FULL = image(
  folder('Windows', [
    folder('System32', [], { shortName: 'SYSTEM~1', securityId: 0 }),
    entry('notepad.exe', {
      digest: A,
      linkGroup: 2n ** 64n - 1n,
      unknown54: 77,
      creationTime: 2n ** 64n - 1n,
      extra: Uint8Array.from([1, 0, 0, 0, 4, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0]),
    }),
    entry('streams.txt', {
      streams: [
        { name: '', digest: A },
        { name: 'Zone.Identifier', digest: 'b2'.repeat(20) },
        { name: 'empty', digest: undefined },
      ],
    }),
  ]),
  entry('Documents', { attributes: 0x410, reparse: { tag: 0xa0000003, reserved: 1, flags: 2 }, digest: A }),
  entry('文 ünï\ud800', { shortName: 'X~1' }),
);

const parsed = (bytes: Uint8Array) => new EntryTable(bytes).tree();

test('the tree has every field of every entry', () => assert.equal(parsed(encodeMetadata(FULL)), FULL));

test('damage gives a FormatError or a tree', () => survives(encodeMetadata(FULL), parsed, FormatError, 1500));

test.run();
