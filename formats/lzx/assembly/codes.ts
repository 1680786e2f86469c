// Canonical Huffman codes: lengths in, a table for looking up out.
import { CODE_MAX, COUNT, LONG, MAIN_BITS, NEXT, NO_SYMBOL, SORTED, SYMBOLS_MAX } from './layout';

/** False unless the lengths make a complete code, or none at all: a block without long matches has no code for them. */
export function makeTable(lengths: usize, symbols: u32, table: usize, tableBits: u32): bool {
  memory.fill(COUNT, 0, (CODE_MAX + 1) << 1);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = COUNT + ((<usize>load<u8>(lengths + symbol)) << 1);
    store<u16>(count, load<u16>(count) + 1);
  }
  let code: u32 = 0;
  let start: u32 = 0;
  for (let length: u32 = 1; length <= CODE_MAX; length++) {
    const count: u32 = load<u16>(COUNT + (length << 1));
    code += count << (CODE_MAX - length);
    store<u16>(NEXT + (length << 1), start);
    start += count;
  }
  const behind = table + ((<usize>4) << tableBits);
  if (code === 0) {
    // Main has entries for symbols of slots that there are not: the loop has a place for them in its tables.
    fill(table, behind, ((tableBits === MAIN_BITS ? SYMBOLS_MAX : NO_SYMBOL) << 8) | 1);
    return true;
  }
  if (code !== 1 << CODE_MAX) return false;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(lengths + symbol);
    if (length === 0) continue;
    const place = NEXT + (length << 1);
    const at: u32 = load<u16>(place);
    store<u16>(SORTED + (at << 1), symbol);
    store<u16>(place, at + 1);
  }
  let from = SORTED;
  let at = table;
  for (let length: u32 = 1; length <= CODE_MAX; length++) {
    if (length === tableBits + 1) {
      // All other beginnings are of longer codes, whose last bits are looked up behind the table.
      for (let longer = behind; at < behind; at += 4, longer += (<usize>4) << (CODE_MAX - tableBits))
        store<u32>(at, ((<u32>((longer - table) >>> 2)) << 8) | LONG);
    }
    const size = (<usize>4) << ((length <= tableBits ? tableBits : CODE_MAX) - length);
    for (let count: u32 = load<u16>(COUNT + (length << 1)); count > 0; count--, from += 2, at += size)
      fill(at, at + size, ((<u32>load<u16>(from)) << 8) | length);
  }
  return true;
}

/** From one to the other there are four bytes, or eight, or a multiple of sixteen. */
function fill(from: usize, to: usize, entry: u32): void {
  if (to - from >= 16) {
    const entries = i32x4.splat(entry);
    for (let at = from; at < to; at += 16) v128.store(at, entries);
  } else for (let at = from; at < to; at += 4) store<u32>(at, entry);
}
