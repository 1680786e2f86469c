// Hives as Windows would load them: replayed logs against hives that Windows itself recovered, and which logs are left alone.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { openRegf, type RegfHive } from '../../../formats/hive/hive.ts';
import { isDirty, type NamedLog, replayLogs } from '../../../formats/hive/replay.ts';
import { asDirty, newLog, oldLog, wholeBins } from '../../../scripts/dev/fixtures/hive-log.ts';
import { survives } from '../../helpers/damage.ts';
import { needRealData } from '../../helpers/need.ts';
import { realHive } from '../../helpers/real-hive.ts';

const withReal = needRealData(test);

/** A hive with bins of `pages` pages; the fill makes it another hive. */
function hiveOf(fill: number): Uint8Array {
  const bytes = emptyHive();
  bytes.fill(fill, bytes.length - 16);
  return bytes;
}
const start = hiveOf(0);
const log = (name: string, bytes: Uint8Array): NamedLog => ({ name, bytes });
const last = (bytes: Uint8Array) => bytes[bytes.length - 1];
const logged = (name: string, sequence: number, ...fills: number[]) =>
  log(
    name,
    newLog(
      start,
      sequence,
      fills.map((fill) => wholeBins(hiveOf(fill))),
    ),
  );

test('a hive that was closed properly is taken as it is, whatever its logs hold', () => {
  const { bytes, dirty, applied } = replayLogs(start, [logged('.LOG1', 1, 9)]);
  assert.is(bytes, start);
  assert.equal([dirty, applied], [false, []]);
  assert.not.ok(isDirty(start));
});

test('a dirty hive without logs, or with empty ones, is taken as it is', () => {
  const dirty = asDirty(start, 5, 4);
  assert.ok(isDirty(dirty));
  for (const logs of [[], [log('.LOG1', new Uint8Array(4096))], [log('.LOG', new Uint8Array())]]) {
    assert.equal(replayLogs(dirty, logs), { bytes: dirty, dirty: true, applied: [] });
  }
});

test('one log, new form and old: the hive is the one after the last entry, and closed', () => {
  const dirty = asDirty(start, 5, 4);
  const fresh = replayLogs(dirty, [logged('.LOG1', 4, 1, 2, 3)]);
  assert.equal([last(fresh.bytes), fresh.applied], [3, [{ name: '.LOG1', entries: 3 }]]);
  assert.equal(openRegf(fresh.bytes).header.sequences, [7, 7]);
  const old = replayLogs(dirty, [log('.LOG', oldLog(dirty, hiveOf(8), 5))]);
  assert.equal([last(old.bytes), openRegf(old.bytes).dirty], [8, false]);
});

test('two logs: both when the newer goes on where the older ends, else the newer alone, in either order', () => {
  const dirty = asDirty(start, 5, 4);
  const older = logged('.LOG1', 4, 1, 2);
  for (const swap of [false, true]) {
    const both = (newer: NamedLog) => replayLogs(dirty, swap ? [newer, older] : [older, newer]);
    assert.equal(
      both(logged('.LOG2', 6, 3)).applied.map(({ name }) => name),
      ['.LOG1', '.LOG2'],
    );
    assert.is(last(both(logged('.LOG2', 6, 3)).bytes), 3);
    assert.equal(both(logged('.LOG2', 9, 5)).applied, [{ name: '.LOG2', entries: 1 }]);
    assert.is(last(both(logged('.LOG2', 9, 5)).bytes), 5);
  }
});

test('sequence numbers wrap round', () => {
  const dirty = asDirty(start, 0xffffffff, 0xfffffffe);
  const { bytes, applied } = replayLogs(dirty, [logged('.LOG1', 0xfffffffe, 1), logged('.LOG2', 0xffffffff, 2)]);
  assert.equal([last(bytes), applied.length, openRegf(bytes).header.sequences], [2, 2, [0, 0]]);
});

test('a log that is older than the hive, of another hive, or damaged is not applied; when none fits, Windows refuses the hive', () => {
  const dirty = asDirty(start, 5, 4);
  const fits = logged('.LOG1', 4, 1);
  const stale = logged('.LOG2', 3, 7);
  const foreign = logged('.LOG2', 4, 7).bytes.slice();
  foreign[0x0c]! ^= 1; // and the checksum with it
  const others: readonly [NamedLog, RegExp][] = [
    [stale, /\.LOG2: it is older than the hive/],
    [log('.LOG2', foreign), /\.LOG2: .*checksum of its first sector is wrong/],
    [log('.LOG2', newLog(otherTime(), 4, [wholeBins(hiveOf(7))])), /\.LOG2: it is the log of another hive/],
    [log('.LOG2', new Uint8Array(2048).fill(1)), /\.LOG2: .*does not begin with "regf"/],
  ];
  for (const [other, message] of others) {
    assert.is(last(replayLogs(dirty, [fits, other]).bytes), 1);
    assert.throws(() => replayLogs(dirty, [other]), message);
  }
});

function otherTime(): Uint8Array {
  const bytes = start.slice();
  new DataView(bytes.buffer).setBigUint64(0x0c, 77n, true);
  return bytes;
}

test('a damaged base block comes from the newest log; without one the hive is refused', () => {
  const broken = asDirty(start, 5, 4);
  broken[0x18] = 9;
  const { bytes } = replayLogs(broken, [logged('.LOG1', 4, 1)]);
  const { header } = openRegf(bytes);
  assert.equal([header.minor, header.sequences, last(bytes)], [openRegf(start).header.minor, [5, 5], 1]);
  assert.throws(() => replayLogs(broken, []), /checksum of the base block is wrong/);
});

test('a log that grows the hive must hold what it grows it by', () => {
  const dirty = asDirty(start, 5, 4);
  const claims = newLog(start, 4, [{ binsSize: 256 * 1024 * 1024, pages: [{ at: 0, bytes: new Uint8Array(4096) }] }]);
  assert.throws(() => replayLogs(dirty, [log('.LOG1', claims)]), /without holding them/);
  const grown = wholeBins(start);
  const bin = new Uint8Array(4096);
  const view = new DataView(bin.buffer);
  bin.set(Buffer.from('hbin'));
  view.setUint32(4, grown.binsSize, true);
  view.setUint32(8, 4096, true);
  view.setUint32(0x20, 4096 - 0x20, true);
  const holds = newLog(start, 4, [{ binsSize: grown.binsSize + 4096, pages: [{ at: grown.binsSize, bytes: bin }] }]);
  assert.is(openRegf(replayLogs(dirty, [log('.LOG1', holds)]).bytes).header.binsSize, grown.binsSize + 4096);
});

test('damage ends in a FormatError or in a hive', () => {
  const dirty = asDirty(start, 5, 4);
  survives(logged('.LOG1', 4, 1, 2).bytes, (bytes) => replayLogs(dirty, [log('.LOG1', bytes)]), FormatError);
  survives(dirty, (bytes) => replayLogs(bytes, [logged('.LOG1', 4, 1, 2)]), FormatError);
});

/** Every key with its values, as text. */
function contentOf(hive: RegfHive): readonly string[] {
  const lines: string[] = [];
  const todo = [{ key: hive.root, path: '' }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { key, path } = next;
    lines.push(`[${path}] ${key.lastWritten}`);
    for (const { name, type, raw } of hive.values(key)) lines.push(`${path} ${name} ${type} ${Buffer.from(raw).toString('hex')}`);
    for (const subkey of hive.subkeys(key)) todo.push({ key: subkey, path: `${path}\\${subkey.name}` });
  }
  return lines;
}

const YARP = 'edge/yarp';
const real = (hive: string, ...logs: string[]) =>
  replayLogs(
    realHive(hive),
    logs.map((name) => log(name, realHive(name))),
  );

withReal('byte for byte the hive that Windows 10 recovered, from two states of it', () => {
  const oracle = realHive(`${YARP}/NewDirtyHive1__RecoveredHive_Windows10`);
  for (const [hive, logs] of [
    ['NewDirtyHive1', 2],
    ['NewDirtyHive2', 1],
  ] as const) {
    const dirty = `${YARP}/${hive}__NewDirtyHive`;
    const { bytes, applied } = real(dirty, `${dirty}.LOG1`, `${dirty}.LOG2`);
    assert.is(Buffer.compare(bytes, oracle), 0, hive);
    assert.is(applied.length, logs, hive);
  }
});

withReal('key for key and value for value the hive that Windows 7 recovered, with and without a sound base block', () => {
  const oracle = contentOf(openRegf(realHive(`${YARP}/OldDirtyHive__RecoveredHive_Windows7`)));
  for (const dirty of ['OldDirtyHive__OldDirtyHive', 'BadBaseBlockHive__BadBaseBlockHive']) {
    const { bytes } = real(`${YARP}/${dirty}`, `${YARP}/${dirty}.LOG1`);
    assert.equal(contentOf(openRegf(bytes)), oracle, dirty);
  }
  assert.is(oracle.length, 5004);
});

withReal('a damaged log of a dirty hive: refused', () => {
  const bad = `${YARP}/BadLogHive1__BadLogHive`;
  assert.throws(() => real(bad, `${bad}.LOG1`), /no transaction log fits .*checksum of its first sector/);
});

withReal('a SYSTEM hive of Windows 10 and a user hive with their logs: sound to the last key, with what only the logs hold', () => {
  const system = real('dirty/win10-SYSTEM_B.gz', 'dirty/win10-SYSTEM_B.LOG1.gz', 'dirty/win10-SYSTEM_B.LOG2.gz');
  assert.equal(
    system.applied.map(({ entries }) => entries),
    [4, 20],
  );
  const keys = (bytes: Uint8Array) => contentOf(openRegf(bytes)).filter((line) => line.startsWith('[')).length;
  assert.equal([keys(realHive('dirty/win10-SYSTEM_B.gz')), keys(system.bytes)], [33_123, 35_595]);
  const user = real('dirty/transactions_NTUSER.DAT', 'dirty/transactions_ntuser.dat.log1', 'dirty/transactions_ntuser.dat.log2');
  assert.equal(
    user.applied.map(({ entries }) => entries),
    [23],
  );
  assert.equal([keys(realHive('dirty/transactions_NTUSER.DAT')), keys(user.bytes)], [2590, 3105]);
});

test.run();
