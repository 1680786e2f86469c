// Changes to bytes that parsers stumble over: edges of numbers, lengths that lie, pieces moved, cut, doubled and swapped.
import type { Random } from './random.ts';

const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 0x10, 0x1f, 0x20, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff8,
  0xffffffff,
];
/** Inputs do not grow beyond this. */
const SIZE_MAX = 4 * 1024 * 1024;

/** Changes one or a few places of the bytes between `from` and `to`; the length stays. */
export function mutateInPlace(bytes: Uint8Array, random: Random, from = 0, to = bytes.length): void {
  if (to - from < 1) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = from + random.below(to - from);
    const room = to - at;
    switch (random.below(6)) {
      case 0:
        bytes[at]! ^= 1 << random.below(8);
        break;
      case 1:
        bytes[at] = random.below(256);
        break;
      case 2:
        if (room >= 2) view.setUint16(at & ~1, random.pick(EDGES) & 0xffff, true);
        break;
      case 3:
        if (room >= 4) view.setUint32(Math.max(from, at & ~3), random.pick(EDGES), true);
        break;
      case 4:
        if (room >= 4) view.setUint32(at, view.getUint32(at, true) + random.pick([1, -1, 8, -8, 0x1000, -0x1000]), true);
        break;
      default: {
        const size = 1 + random.below(Math.min(64, room));
        const other = from + random.below(Math.max(1, to - from - size));
        bytes.copyWithin(at, other, other + Math.min(size, room));
      }
    }
  }
}

/** A changed copy, whose length may be another. */
export function mutated(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let changed: Uint8Array = bytes.slice();
  for (let count = 1 + random.below(2); count > 0; count--) {
    const at = random.below(changed.length + 1);
    const size = 1 + random.below(64);
    switch (random.below(8)) {
      case 0:
        changed = changed.slice(0, at);
        break;
      case 1:
        changed = joined(changed.subarray(0, at), changed.subarray(Math.min(changed.length, at + size)));
        break;
      case 2:
        changed = joined(changed.subarray(0, at), changed.subarray(Math.max(0, at - size)));
        break;
      case 3: {
        const other = random.pick(others);
        const from = random.below(other.length + 1);
        changed = joined(changed.subarray(0, at), other.subarray(from, from + 1 + random.below(256)), changed.subarray(at));
        break;
      }
      default:
        mutateInPlace(changed, random);
    }
  }
  return changed.length > SIZE_MAX ? changed.slice(0, SIZE_MAX) : changed;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
