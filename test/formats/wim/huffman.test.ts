// Huffman tables: short and long codes, empty ones, and lengths that make no code.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HuffmanTable } from '../../../formats/wim/huffman.ts';

/** Decodes the symbol that the 16 bits begin with, as the decoders do. */
function look(table: HuffmanTable, bits16: number): { symbol: number; length: number } {
  const entry = table.fast[bits16 >>> (16 - table.bits)]!;
  if (entry !== 0) return { symbol: entry >> 4, length: entry & 15 };
  const found = table.slow(bits16);
  return { symbol: found >> 5, length: found & 31 };
}

test('codes shorter and longer than the table', () => {
  const table = new HuffmanTable('test', 5, 2);
  table.build(Uint8Array.from([3, 1, 4, 2, 4]), 5);
  // Canonical: symbol 1 = 0, 3 = 10, 0 = 110, 2 = 1110, 4 = 1111.
  assert.equal(look(table, 0b0111_0000_0000_0000), { symbol: 1, length: 1 });
  assert.equal(look(table, 0b1011_0000_0000_0000), { symbol: 3, length: 2 });
  assert.equal(look(table, 0b1101_0000_0000_0000), { symbol: 0, length: 3 });
  assert.equal(look(table, 0b1110_1111_0000_0000), { symbol: 2, length: 4 });
  assert.equal(look(table, 0xffff), { symbol: 4, length: 4 });
});

test('a code of no symbols is legal until it is used', () => {
  const table = new HuffmanTable('test', 4, 2);
  table.build(new Uint8Array(4), 4);
  assert.is(table.fast[3], 0);
  assert.throws(() => table.slow(0x1234), /no symbols/);
});

test('lengths that claim too much or too little are refused', () => {
  const table = new HuffmanTable('test', 4, 2);
  assert.throws(() => table.build(Uint8Array.from([1, 1, 1, 0]), 4), /not complete/);
  assert.throws(() => table.build(Uint8Array.from([1, 2, 0, 0]), 4), /not complete/);
  assert.throws(() => table.build(Uint8Array.from([1, 0, 0, 0]), 4), /not complete/);
});

test('every complete code decodes each of its codewords', () => {
  // A random complete code: split leaves until there are enough.
  const lengthsOf = fc.array(fc.nat(), { minLength: 1, maxLength: 40 }).map((splits) => {
    const leaves = [1, 1];
    for (const split of splits) {
      const at = split % leaves.length;
      if (leaves[at]! < 16) leaves.splice(at, 1, leaves[at]! + 1, leaves[at]! + 1);
    }
    return Uint8Array.from(leaves);
  });
  fc.assert(
    fc.property(lengthsOf, (lengths) => {
      const table = new HuffmanTable('test', lengths.length, 5);
      table.build(lengths, lengths.length);
      let code = 0;
      for (let length = 1; length <= 16; length++) {
        for (let symbol = 0; symbol < lengths.length; symbol++) {
          if (lengths[symbol] !== length) continue;
          assert.equal(look(table, code), { symbol, length });
          assert.equal(look(table, code + (1 << (16 - length)) - 1), { symbol, length });
          code += 1 << (16 - length);
        }
      }
      assert.is(code, 1 << 16);
    }),
    { numRuns: 200 },
  );
});

test.run();
