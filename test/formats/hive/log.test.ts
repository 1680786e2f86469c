// Transaction logs: heads and entries as Windows writes them, and where a log ends.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { writeChecksum } from '../../../formats/hive/base-block.ts';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { BINS_MAX, isEmptyLog, logEntries, readLogHead } from '../../../formats/hive/log.ts';
import { newLog, oldLog, sealEntry } from '../../../scripts/dev/fixtures/hive-log.ts';
import { survives } from '../../helpers/damage.ts';
import { needRealData } from '../../helpers/need.ts';
import { realHive } from '../../helpers/real-hive.ts';

const withReal = needRealData(test);
const hive = emptyHive();
const page = (at: number, fill: number, size = 4096) => ({ at, bytes: new Uint8Array(size).fill(fill) });
const three = newLog(hive, 7, [
  { binsSize: 4096, pages: [page(0, 1)] },
  { binsSize: 8192, pages: [page(0, 2), page(4096, 3)] },
  { binsSize: 8192, pages: [] },
]);
const entriesOf = (log: Uint8Array) => [...logEntries(log, readLogHead(log))];
const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Offsets of the entries of `three`. */
const FIRST = 512;
const SECOND = FIRST + 4608;

test('entries in order, with their pages', () => {
  const head = readLogHead(three);
  assert.equal([head.sequence, head.old, head.binsSize], [7, false, hive.length - 4096]);
  const entries = entriesOf(three);
  assert.equal(
    entries.map(({ sequence, binsSize, pages }) => [sequence, binsSize, pages.map(({ at, bytes }) => [at, bytes.length, bytes[0]])]),
    [
      [7, 4096, [[0, 4096, 1]]],
      [
        8,
        8192,
        [
          [0, 4096, 2],
          [4096, 4096, 3],
        ],
      ],
      [9, 8192, []],
    ],
  );
});

test('a log ends before the first entry with a wrong hash, number, size or place', () => {
  const changes: readonly ((log: Uint8Array) => void)[] = [
    (log) => log[SECOND + 60]!++, // a byte of a page: hash 1
    (log) => log[SECOND + 8]!++, // flags: hash 2
    (log) => view(log).setUint32(SECOND + 12, 10, true),
    (log) => view(log).setUint32(SECOND + 16, 4095, true),
    (log) => view(log).setUint32(SECOND + 16, BINS_MAX + 4096, true),
    (log) => view(log).setUint32(SECOND + 20, 0xffffffff, true),
    (log) => view(log).setUint32(SECOND + 40, 0x8000, true),
    (log) => view(log).setUint32(SECOND + 44, 0xffffffff, true),
  ];
  for (const [index, change] of changes.entries()) {
    const log = three.slice();
    change(log);
    if (index >= 2) sealEntry(log.subarray(SECOND, SECOND + view(log).getUint32(SECOND + 4, true)));
    assert.is(entriesOf(log).length, 1, String(index));
  }
  for (const size of [0, 39, 513, 0xfffffe00]) {
    const log = three.slice();
    view(log).setUint32(SECOND + 4, size, true);
    assert.is(entriesOf(log).length, 1, String(size));
  }
});

test('entries of an earlier round behind the last one are not taken', () => {
  const old = newLog(hive, 3, [{ binsSize: 4096, pages: [page(0, 9)] }]);
  assert.equal(
    entriesOf(new Uint8Array(Buffer.concat([three, old.subarray(512)]))).map(({ sequence }) => sequence),
    [7, 8, 9],
  );
});

test('the old form: a bit for each 512 bytes', () => {
  const after = hive.slice();
  after.fill(0x11, 4096 + 512, 4096 + 1024);
  after.fill(0x22, 4096 + 2048, 4096 + 2049);
  const [entry] = entriesOf(oldLog(hive, after, 4));
  assert.equal([entry!.sequence, entry!.pages.map(({ at }) => at)], [4, [512, 2048]]);
  const cut = oldLog(hive, after, 4).slice(0, -1);
  assert.throws(() => entriesOf(cut), /dirty page runs past the end/);
  const unmarked = oldLog(hive, after, 4);
  unmarked[512] = 0;
  assert.throws(() => entriesOf(unmarked), /no dirty vector/);
});

test('what is no log of any hive', () => {
  const faults: readonly [RegExp, (log: DataView) => void][] = [
    [/does not begin with "regf"/, (log) => log.setUint8(0, 0)],
    [/sequence numbers differ/, (log) => log.setUint32(4, 8, true)],
    [/type 0 is not known/, (log) => log.setUint32(0x1c, 0, true)],
    [/size of the bins is absurd/, (log) => log.setUint32(0x28, 0, true)],
    [/size of the bins is absurd/, (log) => log.setUint32(0x28, 0xfffff000, true)],
  ];
  for (const [message, change] of faults) {
    const log = three.slice();
    change(view(log));
    writeChecksum(log);
    assert.throws(() => readLogHead(log), message);
  }
  const unsealed = three.slice();
  unsealed[0x30]!++;
  assert.throws(() => readLogHead(unsealed), /checksum of its first sector/);
  assert.throws(() => readLogHead(new Uint8Array(100)), /first sector runs past the end/);
});

test('a log is empty when nothing stands behind its first sector', () => {
  assert.ok(isEmptyLog(new Uint8Array()));
  assert.ok(isEmptyLog(new Uint8Array(Buffer.concat([three.subarray(0, 512), new Uint8Array(2048)]))));
  assert.not.ok(isEmptyLog(three));
});

test('damage ends in a FormatError or in fewer entries', () => {
  survives(three, entriesOf, FormatError);
  survives(oldLog(hive, three.slice(0, hive.length), 4), entriesOf, FormatError);
});

withReal('entries of real logs', () => {
  const count = (name: string) => entriesOf(realHive(name)).length;
  assert.is(count('dirty/win10-SYSTEM_B.LOG1.gz'), 4);
  assert.is(count('dirty/win10-SYSTEM_B.LOG2.gz'), 20);
  assert.is(count('dirty/transactions_ntuser.dat.log1'), 23);
  assert.is(count('edge/yarp/OldDirtyHive__OldDirtyHive.LOG1'), 1);
});

test.run();
