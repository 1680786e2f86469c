// Random numbers that a seed repeats: a case of the fuzzer is its seed, target and number, and nothing else.

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 32 bits (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 … below, without `below`. */
  below(below: number): number {
    return below <= 1 ? 0 : this.next() % below;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** One number from seed, target and case, so that neighbours have nothing in common. */
export function caseSeed(seed: number, target: string, index: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed}/${target}/${index}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
