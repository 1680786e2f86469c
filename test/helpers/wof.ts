// A file compressed as CompactOS does it, for trees of tests: reparse point, sparse content, compressed stream.
import type { WimFileSpec } from './make-wim.ts';

/** WOF_EXTERNAL_INFO and FILE_PROVIDER_EXTERNAL_INFO: version 1, provider "file", version 1, the algorithm, no flags. */
export function wofReparse(algorithm: number): Uint8Array {
  return new Uint8Array(Uint32Array.from([1, 2, 1, algorithm, 0]).buffer);
}

/** `size` bytes that stand compressed in `stored`. */
export function wofFile(stored: Uint8Array, size: number, algorithm: number, more: Partial<WimFileSpec> = {}): WimFileSpec {
  return {
    ...more,
    content: new Uint8Array(size),
    attributes: 0x220,
    streams: { ...more.streams, WofCompressedData: stored },
    reparse: { tag: 0x80000017, data: wofReparse(algorithm) },
  };
}
