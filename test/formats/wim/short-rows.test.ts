// The short form of entries: it says the same, of fewer bytes that are its own, and is compared with the long one.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BlobTable } from '../../../formats/wim/blob-table.ts';
import { EntryTable, ROOT } from '../../../formats/wim/entry-table.ts';
import type { DirEntry } from '../../../formats/wim/model.ts';
import { readEntries } from '../../../formats/wim/read-entries.ts';
import { shortRows } from '../../../formats/wim/short-rows.ts';
import { encodeBlobTable } from '../../../formats/wim/write-blob-table.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { dirEntry as entry, dirFolder as folder } from '../../helpers/dir-entry.ts';

const digest = (letter: string) => Buffer.alloc(20, letter).toString('hex');
const resource = { size: 1, flags: 0, offset: 0, uncompressedSize: 1 };
const BLOBS = new BlobTable(encodeBlobTable([...'12'].map((letter) => ({ resource, part: 1, references: 1, digest: digest(letter) }))));
/** Names with a unit that one byte says, and one with a unit that it does not. */
const NARROW = ['a', 'one.txt', 'ONE~1.TXT', 'two', 'Über'];
const WIDE = 'Überā𝄞';
const given = () =>
  encodeMetadata({
    securityDescriptors: [Uint8Array.of(7, 8, 9)],
    root: folder('', [
      folder('a', [entry('one.txt', { digest: digest('1'), shortName: 'ONE~1.TXT', extra: new Uint8Array(64).fill(1) })]),
      entry('Über'),
      entry(WIDE),
      entry('two', { securityId: 0, linkGroup: 7n, digest: digest('9'), streams: [{ name: 's', digest: digest('2') }] }),
    ]),
  });

test('fewer bytes, and none of those that were given', () => {
  const data = given();
  const rows = shortRows(readEntries(data), BLOBS);
  const names = NARROW.join('').length + 2 * WIDE.length;
  // What each has, then the length of the short name, two lists, a link group, a digest without a blob, and the streams.
  assert.is(rows.bytes.buffer.length, 6 * 14 + names + 1 + 2 * 8 + 8 + 20 + (2 + 38 + 2));
  const table = new EntryTable(data, BLOBS);
  data.fill(0xff);
  const found = Array.from({ length: table.count }, (_, at) => table.name(at));
  assert.equal(found.sort(), ['', 'a', 'one.txt', 'two', 'Über', WIDE].sort());
  assert.equal(
    Array.from({ length: table.count }, (_, at) => table.shortName(at)).filter((name) => name !== ''),
    ['ONE~1.TXT'],
  );
  assert.equal(
    Array.from({ length: table.count }, (_, at) => table.descriptor(at)).filter((one) => one !== undefined),
    [Uint8Array.of(7, 8, 9)],
  );
});

test('names of either form are compared', () => {
  const [whole, short] = [new EntryTable(given()), new EntryTable(given(), BLOBS)];
  for (let at = 0; at < whole.count; at++)
    for (let other = 0; other < short.count; other++) assert.is(whole.hasNameOf(at, short, other), at === other, `${at} ${other}`);
});

const name = (max: number) => fc.string({ unit: fc.constantFrom('a', 'é', 'ÿ', 'Ā', '文'), minLength: 3, maxLength: max });
const held = fc.option(fc.constantFrom('1', '2', '8', '9').map(digest), { nil: undefined });
const anyEntry: fc.Arbitrary<Partial<DirEntry>> = fc.record({
  shortName: fc.oneof(fc.constant(''), name(12)),
  attributes: fc.constantFrom(0x20, 0x400, 0xffffffef),
  securityId: fc.constantFrom(-1, 0),
  digest: held,
  linkGroup: fc.constantFrom(0n, 5n, 2n ** 63n),
  reparse: fc.constant(undefined),
  streams: fc.uniqueArray(fc.record({ name: fc.oneof(fc.constant(''), name(255)), digest: held }), {
    selector: (one) => one.name,
    maxLength: 3,
  }),
});

test('whatever entries hold, both forms say the same', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name(255), anyEntry), { selector: ([own]) => own, maxLength: 6 }), (entries) => {
      const children = entries.map(([own, { attributes = 0, linkGroup, ...more }]) => {
        const isLink = (attributes & 0x400) !== 0;
        return entry(own, { ...more, attributes, ...(isLink ? { reparse: { tag: 9, reserved: 0, flags: 1 } } : { linkGroup }) });
      });
      const data = encodeMetadata({ securityDescriptors: [Uint8Array.of(1)], root: folder('', children) });
      const [whole, short] = [new EntryTable(data), new EntryTable(data, BLOBS)];
      assert.equal([short.count, short.children(ROOT)], [whole.count, whole.children(ROOT)]);
      for (let at = 0; at < whole.count; at++) assert.equal(said(short, at), said(whole, at));
    }),
  );
});

function said(table: EntryTable, at: number): readonly unknown[] {
  const rows: number[] = [];
  table.eachRow(BLOBS, at, (row) => rows.push(row));
  const { digest: own, streams } = table.placed(at);
  const texts = streams.map((stream) => [stream.name, table.digestOf(stream.digest)]);
  const flags = [
    table.attributes(at),
    table.securityId(at),
    table.isFolder(at),
    table.reparse(at),
    table.linkGroup(at),
    table.linkMark(at),
  ];
  return [table.name(at), table.shortName(at), table.parent(at), table.digestOf(own), texts, rows, ...flags];
}

test('without all bytes there is no tree to be written', () => {
  assert.throws(() => new EntryTable(given(), BLOBS).tree(), /not kept whole/);
});

test.run();
