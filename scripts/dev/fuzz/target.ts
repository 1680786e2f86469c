// What the fuzzer runs: a parser with inputs to start from, and how an input is changed so that it still gets past the first check.
import type { Random } from './random.ts';
import { isRefusal } from './refused.ts';

export interface Target {
  readonly id: string;
  /** Paths of the parser's sources, below the root of the project, whose branches are counted: a beginning of the path is enough. */
  readonly sources: readonly string[];
  /** Inputs that the parser takes. */
  inputs(): Promise<readonly Uint8Array[]>;
  /** A changed copy, checksums mended. */
  change(input: Uint8Array, random: Random, inputs: readonly Uint8Array[]): Uint8Array;
  /**
   * Runs the parser over all that it offers. False when the input was refused at its header, which tests little.
   * @throws FormatError for input that is refused later, which is fine; anything else is a crash
   */
  run(input: Uint8Array): boolean | Promise<boolean>;
}

/** Runs what comes behind the header: a refusal there counts as past it. */
export function pastHeader(header: () => void, rest: () => void): boolean {
  try {
    header();
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
  rest();
  return true;
}
