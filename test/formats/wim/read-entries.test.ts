// Entries of a hostile image: what contradicts itself is refused, with the offset.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { EntryTable } from '../../../formats/wim/entry-table.ts';
import type { DirEntry, ImageMetadata } from '../../../formats/wim/model.ts';
import { DEPTH_MAX, PATH_LENGTH_MAX } from '../../../formats/wim/read-entries.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { dirEntry as entry, dirFolder as folder, dirImage as image } from '../../helpers/dir-entry.ts';

const A = 'a1'.repeat(20);

const parsed = (bytes: Uint8Array) => new EntryTable(bytes).tree();

/** Where the entry with that name begins in the encoded bytes: 0x66 bytes before the name. */
function offsetOf(bytes: Uint8Array, name: string): number {
  const at = Buffer.from(bytes).indexOf(Buffer.from(name, 'utf16le'));
  if (at < 0) throw new Error(`${name} is not there`);
  return at - 0x66;
}

function refuses(bytes: Uint8Array, said: RegExp): void {
  assert.throws(
    () => parsed(bytes),
    (error: unknown) => error instanceof FormatError && said.test(error.message),
  );
}

function patched(metadata: ImageMetadata, name: string, at: number, value: bigint | number): Uint8Array {
  const bytes = encodeMetadata(metadata);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (typeof value === 'bigint') view.setBigUint64(offsetOf(bytes, name) + at, value, true);
  else view.setUint16(offsetOf(bytes, name) + at, value, true);
  return bytes;
}

test('case-only twins are honest (WSL folders), the same name twice is not', () => {
  assert.is(parsed(encodeMetadata(image(entry('readme'), entry('README')))).root.children.length, 2);
  refuses(encodeMetadata(image(entry('readme'), entry('readme'))), /same name/);
});

test('refuses names that Windows could not make, short ones and those of streams too', () => {
  for (const name of ['.', '..', 'a/b', 'a\\b', 'a\nb', 'a\u007f']) {
    refuses(encodeMetadata(image(entry(name))), /the name of an entry/);
    refuses(encodeMetadata(image(entry('x', { shortName: name }))), /the name of an entry/);
  }
  refuses(encodeMetadata(image(entry('x', { streams: [{ name: 'a\nb', digest: A }] }))), /the name of a stream/);
  refuses(
    encodeMetadata(
      image(
        entry('x', {
          streams: [
            { name: 'a', digest: A },
            { name: 'a', digest: A },
          ],
        }),
      ),
    ),
    /two streams/,
  );
  refuses(encodeMetadata(image(entry('n'.repeat(256)))), /256 characters/);
  refuses(patched(image(entry('name')), 'name', 0x64, 0), /is empty/);
  refuses(patched(image(entry('name')), 'name', 0x64, 3), /3 bytes/);
});

test('refuses cycles and folders that share their content', () => {
  const tree = image(folder('one', [folder('two', [entry('leaf')])]));
  const bytes = encodeMetadata(tree);
  const root = BigInt(offsetOf(bytes, 'one'));
  refuses(patched(tree, 'two', 0x10, root), /two folders, or a folder to itself/);
  const twins = image(folder('one', [entry('leaf')]), folder('two', [entry('other')]));
  refuses(patched(twins, 'two', 0x10, BigInt(offsetOf(encodeMetadata(twins), 'leaf'))), /two folders/);
});

test('refuses entries that lie in each other, which could be many times the bytes', () => {
  const two = folder('two', [entry('inner'), entry('inner2')]);
  const tree = image(two, folder('one', [entry('other')]), entry('host', { extra: new Uint8Array(512) }));
  const bytes = Buffer.from(encodeMetadata(tree));
  const [from, host] = [offsetOf(bytes, 'inner'), offsetOf(bytes, 'host')];
  const inside = host + 0x70;
  bytes.copy(bytes, inside, from, offsetOf(bytes, 'other'));
  bytes.writeBigUInt64LE(BigInt(inside), offsetOf(bytes, 'one') + 0x10);
  refuses(bytes, /lie in each other/);
});

test('refuses lengths and offsets that lie', () => {
  refuses(patched(image(entry('name')), 'name', 0, 2n ** 62n), /absurd/);
  refuses(patched(image(entry('name')), 'name', 0, 2n ** 40n), /past the end/);
  refuses(patched(image(entry('name')), 'name', 0, 64n), /only 64 bytes/);
  refuses(patched(image(entry('name')), 'name', 0x64, 400), /past its end/);
  refuses(patched(image(folder('name', [entry('x')])), 'name', 0x10, 2n ** 33n), /past the end/);
  refuses(patched(image(entry('name')), 'name', 0x10, 8n), /a file has a folder content/);
  refuses(patched(image(entry('name')), 'name', 0x0c, 5), /descriptor/);
  refuses(patched(image(entry('name')), 'name', 0x60, 60000), /60000 streams/);
  refuses(patched(image(entry('name')), 'name', 0x60, 1), /stream/);
});

test('refuses a root that is a file, has a name, or is absent', () => {
  refuses(encodeMetadata({ securityDescriptors: [], root: entry('') }), /not a folder/);
  refuses(encodeMetadata({ securityDescriptors: [], root: folder('C', []) }), /has a name/);
  refuses(Uint8Array.from([8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), /no root/);
  refuses(new Uint8Array(), /past the end/);
});

test('deep trees are read up to a limit', () => {
  const nested = (depth: number): ImageMetadata => {
    let below = folder('d', []);
    for (let level = 1; level < depth; level++) below = folder('d', [below]);
    return image(below);
  };
  let depth = 0;
  for (let at = parsed(encodeMetadata(nested(500))).root; at.children[0]; at = at.children[0]) depth++;
  assert.is(depth, 500);
  refuses(encodeMetadata(nested(DEPTH_MAX + 1)), /nested more than/);
});

test('paths are read up to the length that NT allows', () => {
  // Folders of 255 characters, and a name that fills the path up.
  const deep = (last: number): ImageMetadata => {
    let below: DirEntry = entry('n'.repeat(last));
    for (let level = 0; level < 127; level++) below = folder('d'.repeat(255), [below]);
    return image(below);
  };
  const room = PATH_LENGTH_MAX - 127 * 256 - 1;
  assert.ok(parsed(encodeMetadata(deep(room))));
  refuses(encodeMetadata(deep(room + 1)), /a path is longer than 32767 characters/);
});

test.run();
