// Damaged copies of good bytes for property tests: cut, with flipped bits, with overwritten stretches.
import fc from 'fast-check';

export function damaged(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(Math.max(0, good.length - 1));
  const cut = at.map((size) => good.slice(0, size));
  const flipped = fc.array(fc.tuple(at, fc.nat(7)), { minLength: 1, maxLength: 8 }).map((flips) => {
    const bytes = good.slice();
    for (const [index, bit] of flips) bytes[index]! ^= 1 << bit;
    return bytes;
  });
  const overwritten = fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 16 })).map(([index, patch]) => {
    const bytes = good.slice();
    bytes.set(patch.subarray(0, good.length - index), index);
    return bytes;
  });
  return fc.oneof(cut, flipped, overwritten);
}

/** Runs `read` on damaged bytes: it may succeed or throw the expected error, nothing else. */
export function survives(
  good: Uint8Array,
  read: (bytes: Uint8Array) => unknown,
  expected: new (...given: never[]) => Error,
  runs = 300,
): void {
  fc.assert(
    fc.property(damaged(good), (bytes) => {
      try {
        read(bytes);
      } catch (error) {
        if (!(error instanceof expected)) throw error;
      }
    }),
    { numRuns: runs },
  );
}

/** The same for what reads with waiting. */
export async function survivesAsync(
  good: Uint8Array,
  read: (bytes: Uint8Array) => Promise<unknown>,
  expected: new (...given: never[]) => Error,
  runs = 200,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(damaged(good), async (bytes) => {
      try {
        await read(bytes);
      } catch (error) {
        if (!(error instanceof expected)) throw error;
      }
    }),
    { numRuns: runs },
  );
}
