// Contents of a WIM by our own table of chunks and libwim's decoder.

import { FormatError } from '../../formats/bytes.ts';
import type { ResourceHeader } from '../../formats/wim/model.ts';
import { chunkContent, chunkTableSize, isCompressed, parseChunkTable } from '../../formats/wim/resource.ts';
import type { NativeDecoder } from '../../tools/libwim.ts';
import { BlobFailure, type BlobSource, type SourceBlob } from './blob-source.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** How much content `pieces` decodes and hands on at a time (at least one chunk). */
const PIECE = 512 * 1024;

export class LibwimSource implements BlobSource {
  private readonly stored: StoredBytes;
  private readonly chunkSize: number;
  private readonly decode: NativeDecoder;
  private output: Buffer | undefined;

  constructor(stored: StoredBytes, chunkSize: number, decode: NativeDecoder) {
    this.stored = stored;
    this.chunkSize = chunkSize;
    this.decode = decode;
  }

  async begin(): Promise<void> {}

  async end(): Promise<undefined> {}

  read({ resource }: SourceBlob, output: Uint8Array): void {
    const { offset, size, uncompressedSize } = resource;
    if (!isCompressed(resource)) output.set(this.stored.at(offset, size));
    else if (uncompressedSize <= this.chunkSize) this.chunk(this.stored.at(offset, size), output);
    else {
      const bytes = this.stored.at(offset, size);
      const starts = startsOf(bytes, resource, this.chunkSize);
      for (let index = 0; index + 1 < starts.length; index++) {
        const at = index * this.chunkSize;
        this.chunk(
          bytes.subarray(starts[index]!, starts[index + 1]!),
          output.subarray(at, at + chunkContent(resource, this.chunkSize, index)),
        );
      }
    }
  }

  *pieces({ resource }: SourceBlob, room?: (size: number) => Uint8Array | undefined): Iterable<Uint8Array> {
    const { offset, size } = resource;
    if (!isCompressed(resource)) {
      for (let at = 0; at < size; at += PIECE) yield this.stored.at(offset + at, Math.min(PIECE, size - at));
      return;
    }
    const { chunkSize } = this;
    const starts = startsOf(this.stored.at(offset, chunkTableSize(resource, chunkSize)), resource, chunkSize);
    const step = Math.max(1, Math.floor(PIECE / chunkSize));
    for (let first = 0; first + 1 < starts.length; first += step) {
      const output = room?.(step * chunkSize) ?? this.ownRoom(step * chunkSize);
      let filled = 0;
      for (let index = first; index < Math.min(first + step, starts.length - 1); index++) {
        const content = chunkContent(resource, chunkSize, index);
        const bytes = this.stored.at(offset + starts[index]!, starts[index + 1]! - starts[index]!);
        this.chunk(bytes, output.subarray(filled, filled + content));
        filled += content;
      }
      yield output.subarray(0, filled);
    }
  }

  private ownRoom(size: number): Buffer {
    this.output ??= Buffer.allocUnsafeSlow(size);
    return this.output;
  }

  /** A chunk that did not get smaller is stored as it is. */
  private chunk(stored: Uint8Array, output: Uint8Array): void {
    if (stored.length === output.length) output.set(stored);
    else if (stored.length > output.length || !this.decode(stored, output)) throw new BlobFailure('its compressed bytes are damaged');
  }
}

function startsOf(table: Uint8Array, resource: ResourceHeader, chunkSize: number): Float64Array {
  try {
    return parseChunkTable(table, resource, chunkSize);
  } catch (error) {
    if (error instanceof FormatError) throw new BlobFailure(error.message);
    throw error;
  }
}
