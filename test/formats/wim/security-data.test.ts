// Security descriptors of an image: sizes first, then the descriptors; hostile counts and sizes.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Bytes, FormatError } from '../../../formats/bytes.ts';
import { parseSecurityData } from '../../../formats/wim/security-data.ts';
import { survives } from '../../helpers/damage.ts';

function made(total: number, count: number, sizes: readonly number[], room = total): Uint8Array {
  const bytes = new Uint8Array(Math.max(room, 8));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, total, true);
  view.setUint32(4, count, true);
  for (const [at, size] of sizes.entries()) view.setBigUint64(8 + at * 8, BigInt(size), true);
  return bytes.fill(7, 8 + sizes.length * 8);
}

const read = (bytes: Uint8Array) => parseSecurityData(new Bytes('test', bytes));

test('reads descriptors and says where the tree begins', () => {
  const { descriptors, end } = read(made(31, 2, [4, 3], 40));
  assert.equal(descriptors, [new Uint8Array(4).fill(7), new Uint8Array(3).fill(7)]);
  assert.is(end, 32);
});

test('no descriptor: length 8, and length 0 as some writers leave it', () => {
  assert.equal(read(made(8, 0, [])), { descriptors: [], end: 8 });
  assert.equal(read(made(0, 0, [])), { descriptors: [], end: 8 });
});

test('refuses counts and sizes that do not fit', () => {
  assert.throws(() => read(made(100, 0, [], 50)), /past the end/);
  assert.throws(() => read(made(100, 0xffffffff, [])), /at most/);
  assert.throws(() => read(made(24, 3, [])), /do not fit/);
  assert.throws(() => read(made(31, 2, [4, 400])), /past the end of the security data/);
  assert.throws(() => read(made(31, 1, [2 ** 40])), /at most 262144/);
});

test('damage gives a FormatError or descriptors', () => survives(made(31, 2, [4, 3], 40), read, FormatError));

test.run();
