// What is done to a hive after a foreign tool wrote it, piece by piece.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checksumOf } from '../../../formats/hive/base-block.ts';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { freeCells, openRegf, type RegfHive, type RegfKey } from '../../../formats/hive/hive.ts';
import { changedCells, freeLeftovers, nameHash, orderSubkeys, tidy } from '../../../formats/hive/tidy.ts';
import { upcase } from '../../../formats/hive/upcase.ts';
import { needRealData, realData } from '../../helpers/need.ts';

const withReal = needRealData(test);
const load = (name: string) => new Uint8Array(readFileSync(join(realData, 'hives', name)));

function* keysOf(hive: RegfHive): Generator<RegfKey> {
  const todo = [hive.root];
  for (let key = todo.pop(); key; key = todo.pop()) {
    yield key;
    todo.push(...hive.subkeys(key));
  }
}

withReal('order and hashes are those of Windows: real lists stay as they are, shuffled ones come back', () => {
  let [hashed, shuffled] = [0, 0];
  for (const name of [
    'mini/win81.SOFTWARE-min',
    'win10-default.NTUSER.DAT',
    'win7.NTUSER.DAT',
    'edge/yarp/ExtendedASCIIHive',
    'win81.SAM',
  ]) {
    const before = load(name);
    const bytes = Uint8Array.from(before);
    const view = new DataView(bytes.buffer);
    const hive = openRegf(bytes);
    for (const key of keysOf(hive)) {
      const names = new Map(hive.subkeys(key).map((subkey) => [subkey.cell, upcase(subkey.name)]));
      for (const { kind, at, count } of hive.subkeyLists(key)) {
        if (kind !== 'lh') continue;
        for (let entry = at; entry < at + count * 8; entry += 8) {
          assert.is(view.getUint32(entry + 4, true), nameHash(names.get(view.getUint32(entry, true))!), `${name} ${key.name}`);
          hashed++;
        }
      }
      orderSubkeys(bytes, hive, key);
    }
    assert.equal(changedCells(before, bytes), [], name);

    const twisted = Uint8Array.from(before);
    const twistedView = new DataView(twisted.buffer);
    for (const key of keysOf(hive)) {
      const [list] = hive.subkeyLists(key);
      if (!list || list.count < 2 || list.step !== 8) continue;
      for (const field of [0, 4]) {
        const first = twistedView.getUint32(list.at + field, true);
        twistedView.setUint32(list.at + field, twistedView.getUint32(list.at + 8 + field, true), true);
        twistedView.setUint32(list.at + 8 + field, first, true);
      }
      shuffled++;
    }
    const reopened = openRegf(twisted);
    for (const key of keysOf(reopened)) orderSubkeys(twisted, reopened, key);
    assert.equal(changedCells(before, twisted), [], name);
  }
  assert.ok(hashed > 1000 && shuffled > 50, `${hashed} ${shuffled}`);
});

test('free cells and the tail are wiped, what is in use stays, the hive is sealed', () => {
  const bytes = new Uint8Array(8192 + 512);
  bytes.set(emptyHive());
  const view = new DataView(bytes.buffer);
  view.setUint32(4, 7, true);
  view.setUint32(0xffc, 5, true);
  const [free] = freeCells(emptyHive());
  bytes.fill(0xaa, free!.offset + 4, free!.offset + free!.size);
  bytes.fill(0xbb, 8192);
  view.setUint32(0x1fc, checksumOf(bytes), true);
  const used = bytes.slice(0x1000, free!.offset + 4);
  tidy(bytes);
  assert.equal(bytes.slice(0x1000, free!.offset + 4), used);
  assert.ok(bytes.subarray(free!.offset + 4).every((byte) => byte === 0));
  const { header } = openRegf(bytes);
  assert.equal(header.sequences, [7, 7]);
  assert.is(view.getUint32(0xffc, true), 0);
});

test('leftovers are freed only when they are as they were', () => {
  const before = emptyHive();
  const root = 0x20;
  const same = emptyHive();
  freeLeftovers(before, same, [root]);
  assert.is(new DataView(same.buffer).getInt32(0x1000 + root, true), 0x58);
  const other = emptyHive();
  other[0x1000 + root + 10] = 1;
  freeLeftovers(before, other, [root]);
  assert.is(new DataView(other.buffer).getInt32(0x1000 + root, true), -0x58);
  assert.equal(changedCells(before, other), [root]);
});

test.run();
