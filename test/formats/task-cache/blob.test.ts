// The cursor over a TaskCache blob: it moves on with every read and stops at the end.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { BLOB_MAX, Blob } from '../../../formats/task-cache/blob.ts';

const of = (...bytes: number[]) => new Blob(Uint8Array.from(bytes));

test('plain fields and fields that fill a block', () => {
  const blob = of(1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0x48, 0x48, 0x48, 0x48);
  assert.equal([blob.u8(), blob.u16(), blob.u32(), blob.u8Block(), blob.u32Block(), blob.done], [1, 2, 3, 4, 5, true]);
});

test('texts behind a count of bytes and behind a count of characters', () => {
  assert.is(of(4, 0, 0, 0, 0x61, 0, 0x62, 0).text(), 'ab');
  assert.is(of(2, 0, 0, 0, 0, 0, 0, 0, 0x61, 0, 0, 0, 0, 0, 0, 0).textBlocks(), 'a');
  const counted = of(1, 0, 0, 0, 0, 0, 0, 0, 0x61, 0, 0, 0, 0, 0, 0, 0);
  assert.equal([counted.countedTextBlocks(), counted.done], ['a', true]);
  assert.is(of(0, 0, 0, 0, 0, 0, 0, 0).countedTextBlocks(), '');
});

test('the end, an odd text and a size beyond all measure are faults', () => {
  for (const read of [
    () => of(1).u16(),
    () => of(3, 0, 0, 0, 1, 2, 3).text(),
    () => of(0xff, 0xff, 0xff, 0xff).text(),
    () => of(1, 2).skip(3),
    () => new Blob(new Uint8Array(BLOB_MAX + 1)),
  ]) {
    assert.throws(read, (error: unknown) => error instanceof FormatError);
  }
});

test.run();
