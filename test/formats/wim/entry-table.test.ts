// Entries as rows: each field as the tree of objects has it, names compared in their bytes, digests by where they stand.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { BlobTable } from '../../../formats/wim/blob-table.ts';
import { EntryTable, ROOT } from '../../../formats/wim/entry-table.ts';
import type { DirEntry } from '../../../formats/wim/model.ts';
import { streamRoles } from '../../../formats/wim/streams.ts';
import { encodeBlobTable } from '../../../formats/wim/write-blob-table.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { survives } from '../../helpers/damage.ts';
import { dirEntry as entry, dirFolder as folder, dirImage as image } from '../../helpers/dir-entry.ts';

const digest = (letter: string) => Buffer.alloc(20, letter).toString('hex');
const bytesOf = (children: readonly DirEntry[]) => encodeMetadata({ securityDescriptors: [Uint8Array.of(7)], root: folder('', children) });
const tableOf = (...children: DirEntry[]) => new EntryTable(bytesOf(children));

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

const blobsOf = (letters: string) => {
  const resource = { size: 1, flags: 0, offset: 0, uncompressedSize: 1 };
  return new BlobTable(encodeBlobTable([...letters].map((letter) => ({ resource, part: 1, references: 1, digest: digest(letter) }))));
};

for (const [what, blobs] of [
  ['all bytes', undefined],
  ['what is looked up', blobsOf('xzrdcba')],
  ['what is looked up, beside blobs of which some are not there', blobsOf('xzb')],
] as const)
  test(`each entry says what its object says, of a table that keeps ${what}`, () => saysTheSame(new EntryTable(bytesOf(TREE), blobs)));

function saysTheSame(table: EntryTable): void {
  const whole = tableOf(...TREE);
  const objects = new Map<number, DirEntry>([[ROOT, whole.tree().root]]);
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
  assert.equal(whole.tree().root.children, TREE);
}

test('the row of every blob that entries name, those of streams included', () => {
  const blobs = blobsOf('xzrdcb');
  for (const table of [tableOf(...TREE), new EntryTable(bytesOf(TREE), blobs)]) {
    const found: string[] = [];
    for (let at = 0; at < table.count; at++) table.eachRow(blobs, at, (row) => void found.push(blobs.digest(row)));
    assert.equal(found.sort(), ['b', 'c', 'd', 'r', 'z'].map(digest));
  }
});

test('the row of a digest, in the blobs of the table and in others', () => {
  const given = bytesOf([entry('one', { digest: digest('a') }), entry('two', { digest: digest('b') }), entry('none', {})]);
  const rowsIn = (table: EntryTable, blobs: BlobTable) =>
    table.children(ROOT).map((child) => {
      const ref = table.digest(child);
      return ref === undefined ? undefined : table.rowOf(blobs, ref);
    });
  const [some, others] = [blobsOf('ba'), blobsOf('xyab')];
  const whole = new EntryTable(given);
  assert.equal(
    [rowsIn(whole, some), rowsIn(whole, others)],
    [
      [1, 0, undefined],
      [2, 3, undefined],
    ],
  );
  const short = new EntryTable(given, some);
  assert.equal(rowsIn(short, some), [1, 0, undefined]);
  assert.throws(() => rowsIn(short, others), /another table/);
  assert.equal(rowsIn(new EntryTable(given, blobsOf('y')), others), [2, 3, undefined], 'a digest that no blob has is kept');
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
  for (const table of [tableOf(TREE[1]!), new EntryTable(bytesOf([TREE[1]!]), blobsOf('r'))])
    assert.equal([table.linkMark(table.firstChild(ROOT)), table.linkGroup(table.firstChild(ROOT))], [undefined, 0n]);
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
