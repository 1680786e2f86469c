// The loops over every byte, each against the plain way to say the same: nothing is passed over, wherever the bytes lie.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { searchKeyDashes, searchRoom, WORDS_MAX, WordSet } from '../../../formats/byte-search/byte-search.ts';

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

/** A text that is built like a key, of two letters for what stands in groups. */
const shape = (group: string) => Array.from({ length: 5 }, () => group).join('-');
const dashesIn = (data: Uint8Array, on = 1): readonly number[] => {
  const places: number[] = [];
  searchKeyDashes(data, (at) => places.push(at) && at + on);
  return places;
};

test('of each key a dash is found: in bytes, in UTF-16 of both orders, at every offset, with little or much behind it', () => {
  const key = Buffer.from(shape('BCDFG'));
  const wide = Buffer.from(shape('BCDFG'), 'utf16le');
  for (const form of [key, wide, Buffer.from(wide).swap16(), wide.subarray(0, -1)]) {
    for (let pad = 0; pad < 110; pad++) {
      for (const behind of [0, 1, 40]) {
        const content = Buffer.concat([Buffer.alloc(pad, 0x2e), form, Buffer.alloc(behind, 0x2e)]);
        for (const data of lying(content, 0x42)) {
          const places = dashesIn(data);
          assert.ok(places.length > 0 && places.every((at) => data[at] === 0x2d), `${form.length} bytes at ${pad}, ${behind} behind`);
        }
      }
    }
  }
});

test('a dash without another one as far from it as in a key is none', () => {
  for (const text of ['-', 'BCDFG-BCDF-BCDFG', 'a-b', 'a-bc-def-gh', '.'.repeat(100), '']) {
    for (const data of lying(Buffer.from(text.padEnd(80, '.')), 0x42)) assert.equal(dashesIn(data), [], text);
  }
  for (const apart of [1, 5, 6, 7, 11, 12, 13]) {
    const text = `...-${'.'.repeat(apart - 1)}-`.padEnd(80, '.');
    assert.equal(dashesIn(Buffer.from(text)).slice(0, 1), apart === 6 || apart === 12 ? [3] : [], `${apart}`);
  }
});

test('keys between other things that have dashes, where a search goes on behind each', () => {
  let keys = 0;
  const piece = fc.oneof(
    fc.constantFrom('-', '--', '.', 'BCDFG-', '-BCDFG', 'x-12345-x', '0000-'),
    fc.string({ unit: fc.constantFrom(...'B-.\0'), maxLength: 12 }),
    fc.constantFrom(shape('BCDFG'), shape('HJKMP')),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(40), fc.integer({ min: 1, max: 6 }), (parts, pad, on) => {
      const text = '.'.repeat(pad) + parts.join('');
      for (const data of lying(Buffer.from(text, 'latin1'), 0x2d)) {
        const places = dashesIn(data, on);
        for (const at of places) assert.is(data[at], 0x2d);
        for (const { index } of text.matchAll(/(?=(?:[B-DF-HJKMP]{5}-){4}[B-DF-HJKMP]{5})/g)) {
          keys++;
          // One that begins before the search went on may be passed over.
          const last = places.filter((at) => at < index).at(-1);
          if (last !== undefined && last + on > index) continue;
          assert.ok(
            places.some((at) => at >= index && at < index + 29),
            `${index} in ${JSON.stringify(text)}`,
          );
        }
      }
    }),
    { numRuns: 1000 },
  );
  assert.ok(keys > 1000);
});

test('keys at the borders of what is copied at a time', () => {
  for (let at = 262_144 - 60; at < 262_144 + 30; at++) {
    for (const encoding of ['latin1', 'utf16le'] as const) {
      const data = Buffer.alloc(300_000);
      data.set(Buffer.from(shape('BCDFG'), encoding), at);
      const places = dashesIn(data);
      assert.ok(places.length > 0 && places.every((place) => data[place] === 0x2d), `${at}, ${encoding}`);
    }
  }
});

test('a search inside of another one does not take its bytes away', () => {
  const data = Buffer.from(`${shape('BCDFG')}${'.'.repeat(40)}${shape('HJKMP')}`);
  const places: number[] = [];
  searchKeyDashes(data, (at) => {
    assert.equal(dashesIn(new Uint8Array(1000)), []);
    return places.push(at) && at + 29;
  });
  assert.ok(places.some((at) => at < 29) && places.some((at) => at >= 69), places.join());
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
