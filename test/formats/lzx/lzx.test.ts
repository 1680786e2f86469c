// LZX: chunks that wimlib compressed come back, damaged ones end quickly with a FormatError.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lzxDecoder } from '../../../formats/lzx/lzx.ts';
import { nativeDecoder } from '../../../tools/libwim.ts';
import { testDecoder } from '../../helpers/chunk-decoder.ts';
import { compressedChunks, mixedContent } from '../../helpers/compressed.ts';
import { deepCode, lzxChunk, lzxSymbols } from '../../helpers/lzx-writer.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('lzx');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** A block of bytes as they are: its header in 20 bits and the rest of a word, recent offsets, the bytes, and one more when they are odd. */
function plainBlock(bytes: readonly number[], recent: readonly number[] = [1, 1, 1]): number[] {
  const head = Buffer.alloc(16);
  const bits = (3 << 29) | (bytes.length << 12);
  head.writeUInt16LE(bits >>> 16, 0);
  head.writeUInt16LE(bits & 0xffff, 2);
  for (const [at, offset] of recent.entries()) head.writeInt32LE(offset, 4 + at * 4);
  return [...head, ...bytes, ...(bytes.length % 2 === 1 ? [0] : [])];
}

test('blocks that are not compressed', async () => {
  const [first, second] = [
    [1, 2, 3, 4, 5],
    [6, 7, 8, 9],
  ];
  const stored = Uint8Array.from([...plainBlock(first), ...plainBlock(second)]);
  const output = new Uint8Array(9);
  lzxDecoder(32768)(stored, output);
  assert.equal([...output], [...first, ...second]);
  assert.equal((await judged(stored, 9)) ?? output, output);
});

for (const [what, stored, fault] of [
  ['with no recent offset', plainBlock([1, 2, 3, 4], [1, 0, 1]), /a block does not fit/],
  ['with a recent offset below zero', plainBlock([1, 2, 3, 4], [1, 1, -5]), /a block does not fit/],
  ['cut by a byte', plainBlock([1, 2, 3, 4]).slice(0, -1), /a block does not fit/],
  ['for more than there is room for', plainBlock([1, 2, 3, 4, 5]), /a block does not fit/],
  ['of no bytes', plainBlock([]), /a block does not fit/],
  ['of type 7', plainBlock([1, 2, 3, 4]).with(1, 0xe0), /a type that is not known/],
  ['of type 0', plainBlock([1, 2, 3, 4]).with(1, 0), /a type that is not known/],
] as const) {
  test(`a block ${what} is refused`, () => {
    assert.throws(() => lzxDecoder(32768)(Uint8Array.from(stored), new Uint8Array(4)), fault);
  });
}

const decodesNatively = nativeDecoder('lzx', 32768);

/** The content as libwim decodes it, where it is there. */
async function judged(stored: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  const native = await decodesNatively;
  if (!native) return undefined;
  const output = new Uint8Array(size);
  assert.ok(native(stored, output));
  return output;
}

const SLOTS = [0, 1, 2, 3, 6, 8, 9, 11];
/** Matches of three bytes, and those whose length has a code of its own. */
const MAIN = [...new Array(10).keys(), ...SLOTS.flatMap((slot) => [256 + slot * 8 + 1, 256 + slot * 8 + 7])];
const TOKENS = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc.record({ slot: fc.constantFrom(...SLOTS), more: fc.nat(15), length: fc.oneof(fc.constant(3), fc.integer({ min: 9, max: 30 })) }),
  ),
  { minLength: 50, maxLength: 200 },
);

/** In a random order, so that each has a short code once and a long one once. */
const shuffled = (symbols: readonly number[]) => fc.shuffledSubarray([...symbols], { minLength: symbols.length });

for (const aligned of [false, true]) {
  test(`codes of up to sixteen bits${aligned ? ', with aligned offsets' : ''}`, async () => {
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(
        shuffled(MAIN),
        shuffled([...new Array(22).keys()]),
        shuffled([...new Array(8).keys()]),
        TOKENS,
        async (main, length, low, tokens) => {
          const codes = {
            main: deepCode([0, ...main.filter((symbol) => symbol !== 0)], lzxSymbols.main, 16),
            length: deepCode(length, lzxSymbols.length, 16),
            ...(aligned ? { aligned: deepCode(low, 8, 7) } : {}),
          };
          const { stored, content } = lzxChunk(codes, [0, ...tokens]);
          if (content.length > 210) matches++;
          const output = new Uint8Array(content.length);
          lzxDecoder(32768)(stored, output);
          assert.equal(output, content);
          assert.equal((await judged(stored, content.length)) ?? content, content);
        },
      ),
      { numRuns: 400 },
    );
    assert.ok(matches > 20, `${matches} with long matches`);
  });
}

test('targets of calls become relative, but for those at the end', async () => {
  const byte = fc.oneof(
    { weight: 1, arbitrary: fc.constant([0xe8]) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 3 }).map((some) => [...some]) },
  );
  const target = fc.oneof(fc.integer({ min: -70, max: 70 }), fc.integer({ min: 11_999_990, max: 12_000_010 }), fc.integer()).map((to) => {
    const call = Buffer.alloc(5, 0xe8);
    call.writeInt32LE(to, 1);
    return [...call];
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(byte, target), { maxLength: 14 }), async (parts) => {
      const bytes = parts.flat().slice(0, 60);
      if (bytes.length === 0) return;
      const output = new Uint8Array(bytes.length);
      const stored = Uint8Array.from(plainBlock(bytes));
      lzxDecoder(32768)(stored, output);
      assert.equal([...output], relativeCalls(bytes));
      assert.equal((await judged(stored, bytes.length)) ?? output, output);
    }),
    { numRuns: 1000 },
  );
});

/** The plain way, [MS-PATCH] 2.1. */
function relativeCalls(bytes: readonly number[]): number[] {
  const made = Buffer.from(bytes);
  for (let at = 0; at < bytes.length - 10; at++) {
    if (made[at] !== 0xe8) continue;
    const to = made.readInt32LE(at + 1);
    if (to >= 0 && to < 12_000_000) made.writeInt32LE(to - at, at + 1);
    else if (to < 0 && to >= -at) made.writeInt32LE(to + 12_000_000, at + 1);
    at += 4;
  }
  return [...made];
}

test('chunks of more than 2 MiB are refused', () => {
  assert.throws(() => lzxDecoder(2 ** 21 + 1), /too large/);
  assert.throws(() => lzxDecoder(32768)(new Uint8Array(10), new Uint8Array(32769)), /too large/);
});

withTools('a chunk decoded for another size and a cut one are refused', () => {
  const [chunk] = compressedChunks(folder, mixedContent(32768), 'lzx', 32768);
  const decode = lzxDecoder(32768);
  assert.throws(() => decode(chunk!.stored, new Uint8Array(32768 - 4000)), /LZX data/);
  assert.throws(() => decode(chunk!.stored.subarray(0, chunk!.stored.length / 2), new Uint8Array(32768)), /LZX data/);
});

testDecoder(test, withTools, {
  compression: 'lzx',
  decoderOf: lzxDecoder,
  chunkSizes: [15, 16, 17, 18, 19, 20, 21].map((order) => 2 ** order),
  folder: () => folder,
});

test.run();
