// Compressors make the targets of x86 call instructions absolute, which compresses better.
import { OUTPUT } from './layout';

/** The size that they pretend a file has, whatever the real one is. */
const CALLS_FILE_SIZE: i32 = 12_000_000;
/** Targets in the last bytes of a chunk are left alone. */
const CALLS_TAIL: usize = 10;

/** Makes them relative again. */
export function undoCalls(size: usize): void {
  if (size <= CALLS_TAIL) return;
  const stop = size - CALLS_TAIL;
  const call = i8x16.splat(-24);
  for (let at: usize = 0; at < stop; ) {
    const calls = i8x16.bitmask(i8x16.eq(v128.load(OUTPUT + at), call));
    if (calls === 0) {
      at += 16;
      continue;
    }
    at += ctz(calls);
    if (at >= stop) return;
    const target = load<i32>(OUTPUT + at + 1);
    if (target >= 0) {
      if (target < CALLS_FILE_SIZE) store<i32>(OUTPUT + at + 1, target - <i32>at);
    } else if (target >= -(<i32>at)) store<i32>(OUTPUT + at + 1, target + CALLS_FILE_SIZE);
    at += 5;
  }
}
