// Many contents, of which each may be made when somebody asks for it: a list of them, or a plan.
import type { Content } from './content-plan.ts';

/** What an array of contents is as well. */
export interface Contents extends Iterable<Content> {
  readonly length: number;
  /** Of all of them, where it is known. */
  readonly bytes?: number;
  at(index: number): Content | undefined;
  /** The content is dealt with: nobody asks for it again. */
  release?(index: number): void;
}

/** The contents, and behind them some more. */
export function joined(first: Contents, more: readonly Content[]): Contents {
  if (more.length === 0) return first;
  return {
    length: first.length + more.length,
    bytes: sizeOf(first) + sizeOf(more),
    at: (index) => (index < first.length ? first.at(index) : more[index - first.length]),
    release: (index) => (index < first.length ? first.release?.(index) : undefined),
    *[Symbol.iterator]() {
      yield* first;
      yield* more;
    },
  };
}

/** Bytes of all of them. */
export function sizeOf(contents: Contents): number {
  if (contents.bytes !== undefined) return contents.bytes;
  let sum = 0;
  for (const { size } of contents) sum += size;
  return sum;
}
