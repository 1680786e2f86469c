// Cut, flipped and rewritten hives: a full walk ends soon, with a FormatError or without one, never with anything else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { writeChecksum } from '../../../formats/hive/base-block.ts';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { freeCells, openRegf } from '../../../formats/hive/hive.ts';
import { decodeValue } from '../../../formats/hive/value.ts';
import { needRealData, realData } from '../../helpers/need.ts';

const withReal = needRealData(test);
const small = ['mini/win7.SOFTWARE-min', 'mini/win10.SYSTEM-min', 'edge/hivex-special', 'edge/plaso-100_sub_keys.hiv', 'win7.SECURITY'];
const WALK_MS = 1_000;

/** Visits everything; gives the number of keys, or undefined when the hive is refused on the way. */
function walk(bytes: Uint8Array): number | undefined {
  const start = performance.now();
  let keys = 0;
  try {
    const hive = openRegf(bytes);
    const todo = [hive.root];
    for (let key = todo.pop(); key; key = todo.pop()) {
      keys++;
      for (const { type, raw } of hive.values(key)) decodeValue(type, raw);
      hive.descriptor(key);
      hive.cellsOf(key);
      for (const subkey of hive.subkeys(key)) todo.push(subkey);
    }
    for (const { offset, size } of freeCells(bytes)) assert.ok(offset + size <= bytes.length);
    return keys;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    assert.ok(error.message.startsWith('regf hive: '));
    return undefined;
  } finally {
    const took = performance.now() - start;
    assert.ok(took < WALK_MS, `took ${took} ms`);
  }
}

function load(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(realData, 'hives', name)));
}

withReal('the small hives are sound before they are damaged', () => {
  for (const name of small) assert.ok((walk(load(name)) ?? 0) > 2, name);
});

withReal('cut hives', () => {
  const whole = small.map(load);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), (which, share) => {
      walk(whole[which]!.subarray(0, Math.floor(whole[which]!.length * share)));
    }),
    { numRuns: 150 },
  );
});

withReal('flipped bits and overwritten words, with a right checksum so that the damage is reached', () => {
  const whole = small.map(load);
  const change = fc.record({
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    value: fc.oneof(fc.nat(0xff), fc.constantFrom(0, 0x20, 0x1000, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff)),
    wide: fc.boolean(),
  });
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.array(change, { minLength: 1, maxLength: 40 }), (which, changes) => {
      const bytes = Uint8Array.from(whole[which]!);
      const view = new DataView(bytes.buffer);
      for (const { at, value, wide } of changes) {
        const place = 0x1000 + Math.floor((bytes.length - 0x1004) * at);
        if (wide) view.setUint32(place & ~3, value, true);
        else bytes[place]! ^= value;
      }
      writeChecksum(bytes);
      if (walk(bytes) === undefined) refused++;
    }),
    { numRuns: 400 },
  );
  assert.ok(refused > 20, `only ${refused} were refused: the damage is not reached`);
});

test('random bins behind a sound base block', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 4000 }), fc.nat(4095), (noise, at) => {
      const bytes = emptyHive();
      bytes.set(noise.subarray(0, 4096 - at), 0x1000 + at);
      walk(bytes);
    }),
    { numRuns: 300 },
  );
});

test('a key that lists itself, a list of itself, and a thousand names of one list end at once', () => {
  const list = 0x300;
  const make = (kind: string, entries: readonly number[]) => {
    const bytes = emptyHive();
    const view = new DataView(bytes.buffer);
    const rest = view.getInt32(0x1000 + 0x78, true) * -1 + 0x78; // the free cell behind the security cell
    view.setInt32(0x1000 + rest, list - rest, true);
    view.setInt32(0x1000 + list, -(0x1000 - list), true);
    bytes.set(Buffer.from(kind), 0x1000 + list + 4);
    view.setUint16(0x1000 + list + 6, entries.length, true);
    for (const [index, entry] of entries.entries()) view.setUint32(0x1000 + list + 8 + index * 4, entry, true);
    view.setUint32(0x1024 + 20, entries.length, true);
    view.setUint32(0x1024 + 28, list, true);
    writeChecksum(bytes);
    return bytes;
  };
  const message = (bytes: Uint8Array) => {
    try {
      walkOrThrow(bytes);
      return 'none';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(message(make('li', [0x20])), /key is used twice/);
  assert.match(message(make('ri', [list])), /nested too deep/);
  assert.match(message(make('li', Array(500).fill(0x20))), /sub-key is listed twice/);
  assert.match(message(make('zz', [0x20])), /is not a sub-key list/);
});

function walkOrThrow(bytes: Uint8Array): void {
  const hive = openRegf(bytes);
  hive.subkeys(hive.root);
}

test.run();
