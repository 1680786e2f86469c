// What became of the contents of a plan, in numbers.

import type { Contents } from './result.ts';

export interface ReadingStats {
  readonly blobs: number;
  readonly bytesScanned: number;
  /** Bytes that some rule wanted and could not be read. */
  readonly bytesSkipped: number;
  /** Contents that were not scanned, since their stored bytes are those of the base at the same path. */
  readonly ofBase: Contents;
  /** Contents that were not scanned, since nothing was found in the same stored bytes before. */
  readonly cached: Contents;
  /** Milliseconds that signatures took in reader processes which had to look at every byte. */
  readonly slowMs: number;
}

const NONE: Contents = Object.freeze({ blobs: 0, bytes: 0 });

export const NO_STATS: ReadingStats = Object.freeze({ blobs: 0, bytesScanned: 0, bytesSkipped: 0, ofBase: NONE, cached: NONE, slowMs: 0 });

export function addedStats(a: ReadingStats, b: ReadingStats): ReadingStats {
  return {
    blobs: a.blobs + b.blobs,
    bytesScanned: a.bytesScanned + b.bytesScanned,
    bytesSkipped: a.bytesSkipped + b.bytesSkipped,
    ofBase: addedContents(a.ofBase, b.ofBase),
    cached: addedContents(a.cached, b.cached),
    slowMs: a.slowMs + b.slowMs,
  };
}

export function addedContents(a: Contents = NONE, b: Contents = NONE): Contents {
  return { blobs: a.blobs + b.blobs, bytes: a.bytes + b.bytes };
}

export function countContent(contents: { blobs: number; bytes: number }, { size }: { readonly size: number }): void {
  contents.blobs++;
  contents.bytes += size;
}
