// Digests found in rows of bytes: each at its row, the first of equal ones, and none of another, also when all begin alike.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { viewOf } from '../../formats/bytes.ts';
import { areSame, DigestIndex, NO_ROW } from '../../formats/digest-index.ts';
import { seeded } from '../helpers/seeded.ts';

const random = seeded(7);
/** Few first bytes, so that an index that goes by them would put many in one place. */
const digest = (width: number) => Buffer.from(Array.from({ length: width }, (_, at) => Math.floor(random() * (at < 4 ? 2 : 256))));

test('every row of a digest and the first of them, in rows of any shape, and none of another', () => {
  for (const { width, stride, at } of [
    { width: 20, stride: 20, at: 0 },
    { width: 20, stride: 50, at: 30 },
    { width: 32, stride: 56, at: 0 },
  ])
    for (const count of [0, 1, 2, 300]) {
      const digests = Array.from({ length: count }, () => digest(width));
      if (count > 2) digests[7] = digests[3]!;
      const bytes = Buffer.alloc(count * stride, 0x55);
      for (const [row, one] of digests.entries()) one.copy(bytes, row * stride + at);
      const index = new DigestIndex({ bytes, stride, at, width });
      for (const [row, sought] of digests.entries()) {
        const rows = count > 2 && (row === 3 || row === 7) ? [3, 7] : [row];
        for (const from of [0, 3]) {
          const found: number[] = [];
          const view = viewOf(Buffer.concat([Buffer.alloc(from, 1), sought]));
          index.each(view, from, (one) => void found.push(one));
          assert.equal(found, rows);
          assert.is(index.find(view, from), rows[0]);
        }
        for (let changed = 0; changed < width; changed += 3) {
          const other = Buffer.from(sought);
          other[changed]! ^= 0x80;
          assert.is(index.find(viewOf(other), 0), NO_ROW, `byte ${changed}`);
        }
      }
      for (let tried = 0; tried < 50; tried++) assert.is(index.find(viewOf(digest(width)), 0), NO_ROW);
    }
});

test('two digests are the same when all their bytes are, wherever they stand', () => {
  const one = digest(20);
  const moved = viewOf(Buffer.concat([Buffer.alloc(3), one]));
  assert.ok(areSame(viewOf(one), 0, moved, 3, 20));
  for (let at = 0; at < 20; at++) {
    const other = Buffer.from(one);
    other[at]! ^= 1;
    assert.not(areSame(viewOf(other), 0, moved, 3, 20), `byte ${at}`);
  }
});

test('only rows that are taken are found', () => {
  const bytes = Buffer.concat([digest(20), digest(20), digest(20)]);
  const index = new DigestIndex({ bytes, stride: 20, at: 0, width: 20 }, (row) => row !== 1);
  assert.equal(
    [0, 20, 40].map((at) => index.find(viewOf(bytes), at)),
    [0, NO_ROW, 2],
  );
});

test('digests that differ in one word alone are no slower to find than others', () => {
  // By their first words all of these want one place: looking them up would take the square of their number, minutes in all.
  const count = 200_000;
  const bytes = Buffer.alloc(count * 20);
  for (let row = 0; row < count; row++) bytes.writeUInt32LE(row, row * 20 + 16);
  const index = new DigestIndex({ bytes, stride: 20, at: 0, width: 20 });
  const view = viewOf(bytes);
  for (let row = 0; row < count; row += 97) assert.is(index.find(view, row * 20), row);
});

test.run();
