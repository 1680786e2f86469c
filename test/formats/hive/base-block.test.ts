// The base block: what a sound one says, what is refused, how it is sealed.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checksumOf, readBaseBlock, sealBaseBlock } from '../../../formats/hive/base-block.ts';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { openRegf } from '../../../formats/hive/hive.ts';
import { errorOf, patched } from '../../helpers/patched-hive.ts';

test('a sound base block', () => {
  assert.equal(readBaseBlock(emptyHive()), {
    sequences: [1, 1],
    lastWritten: 0n,
    major: 1,
    minor: 5,
    root: 0x20,
    binsSize: 0x1000,
  });
});

test('headers that lie are refused with their offset', () => {
  const cases: [number, number, RegExp][] = [
    [0x14, 2, /version 2\.5 is not known \(at offset 0x14\)/],
    [0x1c, 6, /is not a primary file \(type 6\)/],
    [0x20, 2, /memory image/],
    [0x28, 0x2000, /the bins runs past the end/],
    [0x28, 0xfff, /size of its bins is absurd/],
    [0x28, 0, /size of its bins is absurd/],
    [0x24, 0x24, /key lies outside|not where a cell begins/],
    [0x24, 0x78, /is not a key \(no "nk"\)/],
    [0x24, 0xfffffff8, /lies outside of the bins/],
  ];
  for (const [offset, value, message] of cases) {
    assert.match(errorOf(patched((view) => view.setUint32(offset, value, true))), message, `0x${offset.toString(16)}`);
  }
});

test('no base block: too short, other bytes, a wrong checksum', () => {
  assert.match(errorOf(new Uint8Array()), /base block runs past the end/);
  assert.match(errorOf(emptyHive().subarray(0, 4095)), /base block runs past the end/);
  assert.match(errorOf(new Uint8Array(8192)), /does not begin with "regf" \(at offset 0x0\)/);
  const wrong = emptyHive();
  wrong[0x60] = 1;
  assert.match(errorOf(wrong), /checksum of the base block is wrong \(at offset 0x1fc\)/);
});

test('sums that are never stored', () => {
  const bytes = new Uint8Array(512);
  assert.is(checksumOf(bytes), 1);
  bytes.fill(0xff, 0, 4);
  assert.is(checksumOf(bytes), 0xfffffffe);
});

test('sealing: the newer sequence number twice, nothing to recover, a right checksum', () => {
  const bytes = patched((view) => {
    view.setUint32(4, 8, true);
    view.setUint32(8, 7, true);
    view.setUint32(0xffc, 1, true);
  });
  assert.ok(openRegf(bytes).dirty);
  sealBaseBlock(bytes);
  assert.equal(readBaseBlock(bytes).sequences, [8, 8]);
  assert.is(new DataView(bytes.buffer).getUint32(0xffc, true), 0);
});

test.run();
