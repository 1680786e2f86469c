// Folder indexes: names in the root and in blocks; unused blocks and slack are left out; damage.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError, utf16Bytes } from '../../../formats/bytes.ts';
import { blockNames, rootNames } from '../../../formats/ntfs/index-names.ts';
import { survives } from '../../helpers/damage.ts';

const test = suite('index-names');

/** Entries from `at` on, the index header at `header`. */
function put(bytes: Buffer, header: number, at: number, names: readonly string[]): void {
  let end = at;
  for (const [index, name] of names.entries()) {
    const length = Math.ceil((16 + 66 + name.length * 2) / 8) * 8;
    bytes.writeUInt32LE(30 + index, end);
    bytes.writeUInt16LE(7, end + 6);
    bytes.writeUInt16LE(length, end + 8);
    bytes[end + 16 + 64] = name.length;
    bytes[end + 16 + 65] = 1;
    bytes.set(utf16Bytes(name), end + 16 + 66);
    end += length;
  }
  bytes.writeUInt16LE(16, end + 8);
  bytes.writeUInt16LE(2, end + 12);
  bytes.writeUInt32LE(at - header, header);
  bytes.writeUInt32LE(end + 16 - header, header + 4);
}

function root(names: readonly string[]): Uint8Array {
  const bytes = Buffer.alloc(512);
  put(bytes, 16, 32, names);
  return bytes;
}

function block(names: readonly string[]): Buffer {
  const bytes = Buffer.alloc(4096);
  bytes.write('INDX');
  bytes.writeUInt16LE(40, 4);
  bytes.writeUInt16LE(9, 6);
  put(bytes, 24, 64, names);
  return bytes;
}

test('names of the root', () => {
  assert.equal(rootNames(root(['a', 'b.txt'])), [
    { number: 30, sequence: 7, name: 'a', space: 1 },
    { number: 31, sequence: 7, name: 'b.txt', space: 1 },
  ]);
});

test('names of the blocks that are in use', () => {
  const data = Buffer.concat([block(['one']), block(['free']), block(['three', 'four'])]);
  const names = blockNames(data, 4096, Uint8Array.from([0b101]));
  assert.equal(
    names.map(({ name }) => name),
    ['one', 'three', 'four'],
  );
  assert.throws(() => blockNames(Buffer.alloc(4096), 4096, Uint8Array.from([1])), /no index block/);
});

test('damaged indexes give a FormatError or other names', () => {
  survives(root(['a', 'b.txt']), (bytes) => rootNames(bytes), FormatError);
  survives(new Uint8Array(block(['one', 'two'])), (bytes) => blockNames(bytes, 4096, Uint8Array.from([1])), FormatError);
});

test.run();
