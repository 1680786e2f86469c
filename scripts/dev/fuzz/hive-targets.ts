// Targets on the registry: hives, transaction logs, boot stores, and the blobs of scheduled tasks.
import { type KeySource, readBcdStore } from '../../../formats/bcd/store.ts';
import { BASE_BLOCK_SIZE, readBaseBlock, writeChecksum } from '../../../formats/hive/base-block.ts';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { freeCells, openRegf, type RegfHive } from '../../../formats/hive/hive.ts';
import { logEntries, readLogHead } from '../../../formats/hive/log.ts';
import { replayLogs } from '../../../formats/hive/replay.ts';
import { decodeValue } from '../../../formats/hive/value.ts';
import { parseActions } from '../../../formats/task-cache/actions.ts';
import { parseTriggers } from '../../../formats/task-cache/triggers.ts';
import { asDirty, newLog, oldLog, sealEntry, wholeBins } from '../fixtures/hive-log.ts';
import { actionsBlob, triggersBlob } from '../fixtures/tasks.ts';
import { realInputs } from './inputs.ts';
import { mutated, mutateInPlace } from './mutate.ts';
import type { Random } from './random.ts';
import { orRefused } from './refused.ts';
import { pastHeader, type Target } from './target.ts';

/** Keys and values that one case looks at: enough to meet every kind of damage, little enough to be quick. */
const KEYS_LOOKED_AT = 4000;

function walk(hive: RegfHive): void {
  const open = [hive.root];
  for (let seen = 0; open.length > 0 && seen < KEYS_LOOKED_AT; seen++) {
    const key = open.pop()!;
    for (const part of [
      () => hive.values(key).map(({ type, raw }) => decodeValue(type, raw)),
      () => open.push(...hive.subkeys(key)),
      () => hive.descriptor(key),
      () => hive.cellsOf(key),
    ]) {
      orRefused(part);
    }
  }
}

/** Content of cells in most cases; now and then the frame of bins, the base block, or the length. */
function changeHive(input: Uint8Array, random: Random, inputs: readonly Uint8Array[]): Uint8Array {
  if (random.once(40)) return mutated(input, random, inputs);
  const bytes = input.slice();
  if (random.once(20)) mutateInPlace(bytes, random, 0, BASE_BLOCK_SIZE);
  for (let count = 1 + random.below(6); count > 0; count--) {
    const page = BASE_BLOCK_SIZE + random.below((bytes.length - BASE_BLOCK_SIZE) / 0x1000) * 0x1000;
    mutateInPlace(bytes, random, page + (random.once(50) ? 0 : 0x20), page + 0x1000);
  }
  writeChecksum(bytes);
  return bytes;
}

export const hiveTarget: Target = {
  id: 'hive',
  sources: ['formats/hive/hive.ts', 'formats/hive/cells.ts', 'formats/hive/base-block.ts', 'formats/hive/value.ts'],
  inputs: async () => [emptyHive(), ...(await realInputs('hives/mini', 'hives/edge'))].filter(isSmallHive),
  change: changeHive,
  run: (input) =>
    pastHeader(
      () => readBaseBlock(input),
      () => {
        walk(openRegf(input));
        freeCells(input);
      },
    ),
};

function isSmallHive(bytes: Uint8Array): boolean {
  return bytes.length <= 1024 * 1024 && bytes.length >= 8192 && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'regf';
}

const LOGGED = emptyHive();
const DIRTY = asDirty(LOGGED, 5, 4);

/** Hash after hash mended, or none of it: both ways in are tried. */
function changeLog(input: Uint8Array, random: Random, inputs: readonly Uint8Array[]): Uint8Array {
  const bytes = random.once(10) ? mutated(input, random, inputs) : input.slice();
  if (bytes.length < 1024) return bytes;
  mutateInPlace(bytes, random, random.once(8) ? 0 : 512, Math.min(bytes.length, 512 + random.pick([64, 256, 4096, bytes.length])));
  if (random.once(20)) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 512; at + 40 <= bytes.length && view.getUint32(at, true) === 0x454c7648; ) {
    const size = view.getUint32(at + 4, true);
    if (size < 40 || at + size > bytes.length) break;
    sealEntry(bytes.subarray(at, at + size));
    at += size;
  }
  writeChecksum(bytes);
  return bytes;
}

export const logTarget: Target = {
  id: 'transaction-log',
  sources: ['formats/hive/log.ts', 'formats/hive/replay.ts', 'formats/hive/marvin32.ts'],
  async inputs() {
    const real = await realInputs('hives/edge/yarp');
    const changed = LOGGED.slice();
    changed.fill(7, changed.length - 64);
    const made = [newLog(LOGGED, 4, [wholeBins(LOGGED), wholeBins(changed)]), oldLog(DIRTY, changed, 5)];
    return [...made, ...real.filter((bytes) => bytes.length > 512 && bytes.length < 100_000 && [1, 6].includes(bytes[0x1c]!))];
  },
  change: changeLog,
  run: (input) =>
    pastHeader(
      () => readLogHead(input),
      () => {
        orRefused(() => [...logEntries(input, readLogHead(input))]);
        const { bytes } = replayLogs(DIRTY, [{ name: 'log', bytes: input }]);
        walk(openRegf(bytes));
      },
    ),
};

export const bcdTarget: Target = {
  id: 'bcd',
  sources: ['formats/bcd/'],
  inputs: async () => (await realInputs('hives/bcd')).filter(isSmallHive),
  change: changeHive,
  run(input) {
    let hive: RegfHive | undefined;
    return pastHeader(
      () => {
        hive = openRegf(input);
      },
      () => void readBcdStore(sourceOf(hive!)),
    );
  },
};

/** A hive as the reader of boot stores takes it. */
function sourceOf(hive: RegfHive): KeySource {
  const found = (path: string) => hive.find(path);
  return {
    has: (path) => found(path) !== undefined,
    keys: (path) => (found(path) ? hive.subkeys(found(path)!).map(({ name }) => name) : []),
    value(path, name) {
      const key = found(path);
      return key && hive.values(key).find((one) => one.name.toLowerCase() === name.toLowerCase());
    },
  };
}

const CACHE = 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks';

export const taskTarget: Target = {
  id: 'task-blob',
  sources: ['formats/task-cache/'],
  async inputs() {
    const task = { path: '\\T', trigger: 'boot', principal: 'S-1-5-18', action: 'cmd.exe /c a b' };
    const made = [actionsBlob(task), actionsBlob({ ...task, action: '{A6BA00FE-40E8-477C-B713-C64A14F18ADB}' }), triggersBlob(task)];
    const stored: Uint8Array[] = [];
    for (const bytes of await realInputs('hives/mini')) {
      const hive = openRegf(bytes);
      const tasks = hive.find(CACHE);
      for (const key of tasks ? hive.subkeys(tasks) : []) {
        for (const { name, raw } of hive.values(key)) if (name === 'Actions' || name === 'Triggers') stored.push(raw.slice());
      }
    }
    return [...made.map((blob) => new Uint8Array(blob)), ...stored];
  },
  change: (input, random, inputs) => mutated(input, random, inputs),
  run(input) {
    if (input[0] === 0 || input.length < 2) return false;
    const versions = [1, 2, 3];
    orRefused(() => parseTriggers(input));
    orRefused(() => parseActions(input));
    return input[0]! >= 0x10 || versions.includes(input[0]!);
  },
};
