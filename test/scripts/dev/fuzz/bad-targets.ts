// Targets that fail, for the test of the fuzzer: one crashes, one never ends, one eats memory.
import type { Target } from '../../../../scripts/dev/fuzz/target.ts';

const failing = (id: string, fail: () => void): Target => ({
  id,
  sources: ['scripts/dev/fuzz/random.ts'],
  inputs: async () => [Uint8Array.of(1, 2, 3, 4)],
  change: (input, random) => Uint8Array.from([...input, random.below(4)]),
  run(input) {
    if (input.at(-1) === 3) fail();
    return true;
  },
});

export const targets: readonly Target[] = [
  failing('crashing', () => {
    throw new TypeError('a bug of the parser');
  }),
  failing('hanging', () => {
    for (;;);
  }),
  failing('greedy', () => {
    const kept: unknown[] = [];
    for (;;) kept.push(Array(1000).fill(kept.length));
  }),
];
