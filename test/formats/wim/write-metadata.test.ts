// Metadata written and read back: any tree survives, and the layout is what the format asks for.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { EntryTable } from '../../../formats/wim/entry-table.ts';
import type { DirEntry, ImageMetadata } from '../../../formats/wim/model.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { dirEntry as file } from '../../helpers/dir-entry.ts';

const digest = fc.option(
  fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex').replace(/^0/, '1')),
  { nil: undefined },
);
const name = fc.stringMatching(/^[\p{L}\p{N} ~ß€🙂]{1,12}$/u);
const time = fc.bigInt(0n, 2n ** 64n - 1n);
const streams = fc.uniqueArray(fc.record({ name, digest }), { maxLength: 3, selector: (stream) => stream.name });

const { tree } = fc.letrec<{ tree: DirEntry; entry: DirEntry }>((tie) => {
  const entry = (children: fc.Arbitrary<readonly DirEntry[]>, folder: boolean) =>
    fc
      .record({
        name,
        shortName: fc.option(name, { nil: '' }),
        other: fc.nat(0x3ff).map((bits) => bits & ~0x10),
        reparse: fc.option(fc.record({ tag: fc.nat(0xffffffff), reserved: fc.nat(0xffff), flags: fc.nat(0xffff) }), { nil: undefined }),
        securityId: fc.integer({ min: -1, max: 1 }),
        creationTime: time,
        lastAccessTime: time,
        lastWriteTime: time,
        digest,
        group: fc.bigInt(0n, 2n ** 64n - 1n),
        unknown54: fc.nat(0xffffffff),
        streams,
        extra: fc.uint8Array({ maxLength: 3 }).map((bytes) => Uint8Array.from([...bytes].flatMap((byte) => [byte, 1, 2, 3, 4, 5, 6, 7]))),
        children,
      })
      .map(({ other, group, ...fields }): DirEntry => {
        const attributes = other | (folder ? 0x10 : 0) | (fields.reparse ? 0x400 : 0);
        return { ...fields, attributes, linkGroup: fields.reparse ? 0n : group };
      });
  const unique = { maxLength: 4, selector: (child: DirEntry) => child.name };
  return {
    entry: fc.oneof({ depthSize: 'small', withCrossShrink: true }, entry(fc.constant([]), false), tie('tree')),
    tree: entry(fc.uniqueArray(tie('entry'), unique), true),
  };
});
const metadata = fc.tuple(tree, fc.uint8Array(), fc.uint8Array()).map(
  ([root, first, second]): ImageMetadata => ({
    securityDescriptors: [first, second],
    root: { ...root, name: '', shortName: '' },
  }),
);

test('a tree written and read is the same tree', () => {
  fc.assert(
    fc.property(metadata, (given) => {
      assert.equal(plain(new EntryTable(encodeMetadata(given)).tree()), plain(given));
    }),
    { numRuns: 300 },
  );
});

test('the root of an empty image', () => {
  const bytes = Buffer.from(encodeMetadata({ securityDescriptors: [], root: { ...file(''), attributes: 0x10 } }));
  assert.is(bytes.readUInt32LE(0), 8); // size of the security data
  assert.is(bytes.readUInt32LE(8), 104); // 102 bytes of the root, aligned
  assert.is(bytes.readUInt32LE(8 + 0x10), 120); // its list, behind the end mark of the root's own list
  assert.is(bytes.length, 128);
});

test('an empty folder has a list, a file and a junction have none', () => {
  const folder: DirEntry = { ...file('folder'), attributes: 0x10 };
  const junction: DirEntry = { ...file('junction'), attributes: 0x410, reparse: { tag: 0xa0000003, reserved: 0, flags: 0 } };
  const root: DirEntry = { ...file(''), attributes: 0x10, children: [file('file'), folder, junction] };
  const bytes = Buffer.from(encodeMetadata({ securityDescriptors: [], root }));
  const list = bytes.readUInt32LE(8 + 0x10);
  const second = list + bytes.readUInt32LE(list);
  assert.is(bytes.readUInt32LE(list + 0x10), 0);
  const third = second + bytes.readUInt32LE(second);
  assert.is(bytes.readUInt32LE(second + 0x10), bytes.length - 8);
  assert.is(bytes.readUInt32LE(third + 0x10), 0);
});

test('names and digests that do not fit are refused', () => {
  const encode = (child: DirEntry) =>
    encodeMetadata({ securityDescriptors: [], root: { ...file(''), attributes: 0x10, children: [child] } });
  encode(file('n'.repeat(0x7fff)));
  assert.throws(
    () => encode(file('n'.repeat(0x8000))),
    (error: unknown) => error instanceof FormatError,
  );
  assert.throws(
    () => encode({ ...file('a'), digest: 'no digest' }),
    (error: unknown) => error instanceof FormatError,
  );
});

/** Comparable: bytes as hex, big numbers as text. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item) => {
      if (typeof item === 'bigint') return `${item}n`;
      return item instanceof Uint8Array ? Buffer.from(item).toString('hex') : item;
    }),
  );
}

test.run();
