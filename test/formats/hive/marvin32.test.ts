// Marvin32: the hash of the registry's log entries, against values that Windows wrote.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { marvin32 } from '../../../formats/hive/marvin32.ts';
import { needRealData } from '../../helpers/need.ts';
import { realHive } from '../../helpers/real-hive.ts';

const withReal = needRealData(test);

withReal('both hashes of every entry that Windows 10 wrote', () => {
  for (const [name, count] of [
    ['edge/yarp/NewDirtyHive1__NewDirtyHive.LOG2', 3],
    ['dirty/transactions_ntuser.dat.log1', 23],
  ] as const) {
    const log = realHive(name);
    const view = new DataView(log.buffer, log.byteOffset, log.length);
    let seen = 0;
    for (let at = 512; at + 40 <= log.length && view.getUint32(at, true) === 0x454c7648; at += view.getUint32(at + 4, true)) {
      const entry = log.subarray(at, at + view.getUint32(at + 4, true));
      assert.is(marvin32(entry.subarray(40)), view.getBigUint64(at + 24, true), name);
      assert.is(marvin32(entry.subarray(0, 32)), view.getBigUint64(at + 32, true), name);
      seen++;
    }
    assert.is(seen, count, name);
  }
});

test('the length counts, and so does each byte of a part of a word', () => {
  const hashes = new Set([0, 1, 2, 3, 4, 5].map((length) => marvin32(new Uint8Array(length))));
  assert.is(hashes.size, 6);
  const changed = [0, 1, 2, 3, 4, 5, 6].map((at) => marvin32(Uint8Array.from({ length: 7 }, (_, index) => (index === at ? 1 : 0))));
  assert.is(new Set([...changed, marvin32(new Uint8Array(7))]).size, 8);
});

test.run();
