// What a hive needs after a foreign tool wrote it: removed content wiped, lists in the order and with the hints Windows looks up by.
import { viewOf } from '../bytes.ts';
import { BASE_BLOCK_SIZE, readBaseBlock, sealBaseBlock } from './base-block.ts';
import { freeCells, type RegfHive, type RegfKey } from './hive.ts';
import { upcase } from './upcase.ts';

const CELL_MIN = 8;

/** Zeroes the content of every free cell and what stands behind the last bin; cell sizes stay. */
function wipeFree(bytes: Uint8Array): void {
  for (const { offset, size } of freeCells(bytes)) bytes.fill(0, offset + 4, offset + size);
  bytes.fill(0, BASE_BLOCK_SIZE + readBaseBlock(bytes).binsSize);
}

/** Wipes what is free and marks the hive as written to its end. */
export function tidy(bytes: Uint8Array): void {
  wipeFree(bytes);
  sealBaseBlock(bytes);
}

/**
 * Frees those of the given cells that are still in use as they were: hivex forgets the pieces of big values when it deletes a
 * key, so their content would stay for good.
 */
export function freeLeftovers(before: Uint8Array, after: Uint8Array, cells: Iterable<number>): void {
  const view = viewOf(after);
  for (const cell of cells) {
    const size = cellSize(before, cell);
    if (size >= 0 || cellSize(after, cell) !== size) continue;
    const [start, end] = [BASE_BLOCK_SIZE + cell, BASE_BLOCK_SIZE + cell - size];
    if (Buffer.compare(before.subarray(start, end), after.subarray(start, end)) === 0) view.setInt32(start, -size, true);
  }
}

/**
 * Puts a key's list entries into the order in which Windows searches them (upper case, unit by unit) and gives each the hash (lh)
 * or the hint (lf) it looks for. hivex orders by lower case, which puts `_` on the wrong side of the letters, and hashes UTF-8 bytes.
 */
export function orderSubkeys(bytes: Uint8Array, hive: RegfHive, key: RegfKey): void {
  const view = viewOf(bytes);
  const names = new Map(hive.subkeys(key).map(({ cell, name }) => [cell, name]));
  const lists = hive.subkeyLists(key);
  const entries = lists.flatMap(({ at, count, step }) =>
    Array.from({ length: count }, (_, index) => {
      const cell = view.getUint32(at + index * step, true);
      const name = names.get(cell) ?? '';
      return { cell, name, upper: upcase(name) };
    }),
  );
  entries.sort((a, b) => compareUnits(a.upper, b.upper));
  let next = 0;
  for (const { kind, at, count, step } of lists) {
    for (let index = 0; index < count; index++) {
      const { cell, name, upper } = entries[next++]!;
      view.setUint32(at + index * step, cell, true);
      if (kind === 'lh') view.setUint32(at + index * step + 4, nameHash(upper), true);
      if (kind === 'lf') view.setUint32(at + index * step + 4, nameHint(name), true);
    }
  }
}

/** The hint of an lf entry: the first four characters in Latin-1; none (zero) makes Windows compare the name itself. */
function nameHint(name: string): number {
  const first = name.slice(0, 4);
  if (!/^[\x00-\xff]*$/.test(first)) return 0;
  const hint = Buffer.alloc(4);
  hint.write(first, 'latin1');
  return hint.readUInt32LE(0);
}

/** The hash of an lh entry, over the upper-case name. */
export function nameHash(upperName: string): number {
  let hash = 0;
  for (let at = 0; at < upperName.length; at++) hash = (Math.imul(hash, 37) + upperName.charCodeAt(at)) >>> 0;
  return hash;
}

function compareUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1; // JavaScript compares UTF-16 units, as Windows does
}

/** Cells in use in `before` (a sound hive) whose bytes are others in `after`, in file order. */
export function changedCells(before: Uint8Array, after: Uint8Array): readonly number[] {
  const { binsSize } = readBaseBlock(before);
  const view = viewOf(before);
  const changed: number[] = [];
  for (let bin = 0; bin < binsSize; ) {
    const end = bin + view.getUint32(BASE_BLOCK_SIZE + bin + 8, true);
    if (!same(before, after, bin, end)) {
      for (let cell = bin + 0x20; cell < end; ) {
        const size = cellSize(before, cell);
        const next = cell + Math.max(Math.abs(size), CELL_MIN);
        if (size < 0 && !same(before, after, cell, next)) changed.push(cell);
        cell = next;
      }
    }
    bin = end;
  }
  return changed;
}

function same(before: Uint8Array, after: Uint8Array, start: number, end: number): boolean {
  const [from, to] = [BASE_BLOCK_SIZE + start, BASE_BLOCK_SIZE + end];
  return Buffer.compare(before.subarray(from, to), after.subarray(from, to)) === 0;
}

/** Negative for a cell in use. */
function cellSize(bytes: Uint8Array, cell: number): number {
  const at = BASE_BLOCK_SIZE + cell;
  return at + 4 > bytes.length ? 0 : viewOf(bytes).getInt32(at, true);
}
