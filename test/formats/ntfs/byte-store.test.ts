// The store of small stretches: each is what was given, also when a buffer is full, and stays so when its origin changes.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteStore, type Kept } from '../../../formats/ntfs/byte-store.ts';

const textOf = ({ data, start, end }: Kept) => Buffer.from(data.subarray(start, end)).toString();

test('stretches that fill a buffer, the next one, and one that is longer than a buffer', () => {
  const store = new ByteStore(8);
  const origin = new Uint8Array(Buffer.from('abcdefghijklmnop'));
  const kept = [
    store.keep(origin, 0, 3),
    store.keep(origin, 3, 5),
    store.keep(origin, 8, 2),
    store.keep(origin, 4, 12),
    store.keep(origin, 1, 0),
  ];
  origin.fill(0);
  assert.equal(kept.map(textOf), ['abc', 'defgh', 'ij', 'efghijklmnop', '']);
  assert.is(kept[0]!.data, kept[1]!.data, 'small ones share a buffer');
  assert.is.not(kept[1]!.data, kept[2]!.data);
});

test.run();
