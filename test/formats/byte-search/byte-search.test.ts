// The loops over every byte, each against the plain way to say the same: nothing is passed over, wherever the bytes lie.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { searchKeyBytes, searchKeyUnits, searchRoom, WORDS_MAX, WordSet } from '../../../formats/byte-search/byte-search.ts';

/** More than is copied at a time. */
const LARGE = 700_001;
/** Of bytes around the data, so that what lies behind them would be found. */
const AROUND = 64;
const room = searchRoom(LARGE + 2 * AROUND);

/** The same bytes in other memory and where they are searched in place, at an odd address. */
function lying(data: Uint8Array, around: number): readonly Uint8Array[] {
  return [new Uint8Array(data.length + 2 * AROUND), room.subarray(0, data.length + 2 * AROUND)].map((store) => {
    store.fill(around);
    store.set(data, 13);
    return store.subarray(13, 13 + data.length);
  });
}

const wordOf = (text: string) => Buffer.from(text, 'latin1').readInt32LE() | 0x20202020;

function wordsIn(words: WordSet, data: Uint8Array): readonly number[] {
  const places: number[] = [];
  words.search(data, (at) => places.push(at) > 0);
  return places;
}

function plainWords(words: ReadonlySet<number>, data: Uint8Array): readonly number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const places: number[] = [];
  for (let at = 0; at + 4 <= data.length; at += 4) if (words.has(view.getInt32(at, true) | 0x20202020)) places.push(at);
  return places;
}

test('words in any case at multiples of four, up to the last whole one', () => {
  const words = new WordSet(new Set([wordOf('abcd'), wordOf('wxyz')]));
  for (const [text, places] of [
    ['', []],
    ['abc', []],
    ['xabcd', []],
    ['....abc', []],
    ['abcdAbCd0000WXYZwxy', [0, 4, 12]],
    [`${'.'.repeat(40)}abcd`, [40]],
  ] as const) {
    for (const data of lying(Buffer.from(text), 0x64)) assert.equal(wordsIn(words, data), places, text);
  }
});

test('random words in random bytes, small and large', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => value | 0x20202020);
  const small = fc.uint8Array({ maxLength: 200 });
  const large = fc.tuple(fc.nat(1_000_000), fc.integer({ min: 262_100, max: LARGE })).map(([seed, size]) => noise(seed, size));
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 50 }),
      fc.oneof({ weight: 20, arbitrary: small }, { weight: 1, arbitrary: large }),
      (list, data) => {
        const own = new DataView(data.buffer).byteLength >= 8 ? [...list, new DataView(data.buffer).getInt32(4, true) | 0x20202020] : list;
        const words = new Set(own);
        for (const bytes of lying(data, 0)) assert.equal(wordsIn(new WordSet(words), bytes), plainWords(words, data));
      },
    ),
    { numRuns: 300 },
  );
});

test('many words, and more of them than can be told apart', () => {
  const data = noise(7, LARGE);
  for (const count of [5000, WORDS_MAX, WORDS_MAX + 1]) {
    const words = new Set(Array.from({ length: count }, (_, index) => Math.imul(index + 1, 0x01000193) | 0x20202020));
    for (let more = 1; words.size < count; more++) words.add(more | 0x20202020);
    const told = wordsIn(new WordSet(words), data);
    const plain = plainWords(words, data);
    if (count <= WORDS_MAX) assert.equal(told, plain);
    else
      assert.equal(
        told.filter((at) => plain.includes(at)),
        plain,
      );
  }
});

test('two sets take turns, one of them while the other is at work', () => {
  const [first, second] = [new WordSet(new Set([wordOf('abcd')])), new WordSet(new Set([wordOf('wxyz')]))];
  const data = Buffer.from('abcdwxyzabcdwxyz');
  assert.equal(wordsIn(first, data), [0, 8]);
  assert.equal(wordsIn(second, data), [4, 12]);
  const places: (readonly [number, readonly number[]])[] = [];
  first.search(data, (at) => places.push([at, wordsIn(second, data)]) > 0);
  assert.equal(places, [
    [0, [4, 12]],
    [8, [4, 12]],
  ]);
});

test('the search for words can be stopped', () => {
  const places: number[] = [];
  new WordSet(new Set([wordOf('abcd')])).search(Buffer.from('abcd'.repeat(50)), (at) => places.push(at) < 3);
  assert.equal(places, [0, 4, 8]);
});

const LETTERS = 'BCDFGHJKMNPQRTVWXY2346789bcdfghjkmnpqrtvwxy-';
const isLetter = (byte: number | undefined) => byte !== undefined && LETTERS.includes(String.fromCharCode(byte));

test('sixteen bytes that could be in a key: these letters and no others', () => {
  for (let byte = 0; byte < 256; byte++) {
    const places: number[] = [];
    searchKeyBytes(new Uint8Array(16).fill(byte), (at) => places.push(at));
    assert.equal(places, isLetter(byte) ? [0] : [], `${byte}`);
    const units: number[] = [];
    searchKeyUnits(
      Uint8Array.from({ length: 16 }, (_, at) => (at % 2 === 0 ? byte : 0)),
      () => units.push(0) + 16,
    );
    searchKeyUnits(
      Uint8Array.from({ length: 16 }, (_, at) => (at % 2 === 1 ? byte : 0)),
      () => units.push(1) + 16,
    );
    assert.equal(units, isLetter(byte) ? [0, 1] : [], `${byte}`);
  }
});

/** Where runs of bytes begin that all could be in a key, and how long they are. */
function runsIn(data: Uint8Array, isIn: (at: number) => boolean, step: number): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (let start = 0; start < step; start++) {
    for (let at = start; at < data.length; at += step) {
      const first = at;
      while (at < data.length && isIn(at)) at += step;
      if (at > first) runs.push([first, at]);
    }
  }
  return runs;
}

/** Pieces of which runs are made that are about as long as a key, and what ends them. */
const text = fc
  .array(
    fc.oneof(fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 20, maxLength: 40 }), fc.constantFrom('.', 'A', '\0', ' s0 ')),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join(''));

test('of each run as long as a key something is told, in bytes', () => {
  let long = 0;
  fc.assert(
    fc.property(text, fc.nat(40), (joined, pad) => {
      for (const data of lying(Buffer.from('.'.repeat(pad) + joined), 0x42)) {
        const places: number[] = [];
        searchKeyBytes(data, (at) => places.push(at) && at + 1);
        for (const at of places) assert.ok(data.subarray(at, at + 16).every(isLetter));
        for (const [from, to] of runsIn(data, (at) => isLetter(data[at]), 1)) {
          if (to - from < 29) continue;
          long++;
          assert.ok(
            places.some((at) => at >= from && at + 16 <= to),
            `${from}-${to} in ${JSON.stringify(joined)}`,
          );
        }
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(long > 500);
});

test('of each run as long as a key something is told, in UTF-16 of both orders, with and without the last zero', () => {
  let long = 0;
  fc.assert(
    fc.property(text, fc.nat(40), fc.boolean(), fc.boolean(), (joined, pad, swap, cut) => {
      const wide = Buffer.from(joined, 'utf16le');
      const content = Buffer.concat([Buffer.alloc(pad, 0x2e), swap ? wide.swap16() : wide]);
      for (const data of lying(cut ? content.subarray(0, -1) : content, 0x42)) {
        const places: number[] = [];
        searchKeyUnits(data, (at) => places.push(at) && at + 1);
        const isIn = (at: number) => isLetter(data[at]) && (data[at + 1] ?? 0) === 0;
        for (const [from, to] of runsIn(data, isIn, 2)) {
          if (to - from < 58) continue;
          long++;
          assert.ok(
            places.some((at) => at >= from - 1 && at + 16 <= to),
            `${from}-${to} in ${JSON.stringify(joined)}`,
          );
        }
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(long > 500);
});

test('a run just as long as a key, at every offset, the last zero missing', () => {
  const run = Buffer.from('BCDFG-'.repeat(5).slice(0, 29), 'utf16le');
  for (let pad = 0; pad < 100; pad++) {
    const places: number[] = [];
    searchKeyUnits(Buffer.concat([Buffer.alloc(pad, 0x2e), run.subarray(0, -1)]), (at) => places.push(at) && at + 16);
    assert.ok(places.length > 0 && places.every((at) => at >= pad - 1), `${pad}`);
    searchKeyBytes(Buffer.concat([Buffer.alloc(pad, 0x2e), run.filter((_, at) => at % 2 === 0)]), (at) => places.push(-at) && at + 16);
    assert.ok(
      places.some((at) => at < 0 || (at === 0 && pad === 0)),
      `${pad}`,
    );
  }
});

test('keys at the borders of what is copied at a time', () => {
  const run = 'BCDFG-'.repeat(5).slice(0, 29);
  for (let at = 262_144 - 60; at < 262_144 + 30; at++) {
    for (const [data, search, width] of [
      [Buffer.alloc(300_000), searchKeyBytes, 1],
      [Buffer.alloc(300_000), searchKeyUnits, 2],
    ] as const) {
      data.set(Buffer.from(run, width === 1 ? 'latin1' : 'utf16le'), at);
      const places: number[] = [];
      search(data, (place) => places.push(place) && place + 16);
      assert.ok(places.length > 0 && places.every((place) => place >= at - 1 && place + 16 <= at + 29 * width), `${at}, ${width}`);
    }
  }
});

test('a search inside of another one does not take its bytes away', () => {
  const data = Buffer.from(`${'BCDFG-'.repeat(3)}${'.'.repeat(14)}${'HJKMP-'.repeat(3)}`);
  const places: number[] = [];
  searchKeyBytes(data, (at) => {
    searchKeyBytes(new Uint8Array(1000), () => assert.unreachable() as never);
    return places.push(at) && at + 18;
  });
  assert.ok(places.some((at) => at < 16) && places.some((at) => at >= 32), places.join());
});

test('room is zeros, each time another one, and never ends', () => {
  const [one, other] = [searchRoom(100), searchRoom(100)];
  one.fill(1);
  assert.ok(other.every((byte) => byte === 0));
  const large = searchRoom(64 * 1024 * 1024);
  assert.is(large.length, 64 * 1024 * 1024);
  large.write('abcd', 4 * 1024 * 1024);
  assert.equal(wordsIn(new WordSet(new Set([wordOf('abcd')])), large), [4 * 1024 * 1024]);
});

/** The same bytes for the same seed (xorshift). */
function noise(seed: number, size: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = (seed + 1) * 0x9e3779b1;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, size);
}

test.run();
