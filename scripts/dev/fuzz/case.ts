// One case: the input that target, seed and number stand for, and what became of it.
import { caseSeed, Random } from './random.ts';
import { isRefusal } from './refused.ts';
import type { Target } from './target.ts';

/** Undefined: refused at the header. `crash`: anything but a FormatError. */
export type Verdict = { readonly past: boolean } | { readonly crash: string };

export function inputOf(target: Target, inputs: readonly Uint8Array[], seed: number, index: number): Uint8Array {
  const random = new Random(caseSeed(seed, target.id, index));
  return target.change(random.pick(inputs), random, inputs);
}

export async function runCase(target: Target, input: Uint8Array): Promise<Verdict> {
  try {
    return { past: await target.run(input) };
  } catch (error) {
    // What is refused behind the header was looked at; the header itself is judged by `run`.
    if (isRefusal(error)) return { past: true };
    return { crash: String((error as Error).stack ?? error) };
  }
}
