// Reads resources of a WIM file at their offsets and decodes them; never more of the file than is asked for.
import type { FileHandle } from 'node:fs/promises';
import { chunkSizeOf, compressionOf } from '../../formats/wim/header.ts';
import type { ChunkDecoder, ResourceHeader, WimHeader } from '../../formats/wim/model.ts';
import {
  checkResource,
  chunkContent,
  chunkDecoder,
  chunkTableSize,
  decodeChunk,
  decodeResource,
  isCompressed,
  parseChunkTable,
} from '../../formats/wim/resource.ts';
import { truncated, unsupported } from './wim-errors.ts';

/** How much content is decoded and handed on at a time (at least one chunk): enough that reading and waiting do not count. */
const PIECE = 1024 * 1024;

export class ResourceReader {
  readonly chunkSize: number;
  private readonly path: string;
  private readonly file: FileHandle;
  private readonly header: WimHeader;
  private decoder: ChunkDecoder | undefined;

  constructor(path: string, file: FileHandle, header: WimHeader) {
    this.path = path;
    this.file = file;
    this.header = header;
    this.chunkSize = chunkSizeOf(header);
  }

  /** The content in one buffer. The caller has bounded its size. */
  async whole(resource: ResourceHeader): Promise<Uint8Array> {
    checkResource(resource, this.chunkSize, 'a resource');
    const stored = await readExactly(this.path, this.file, resource.offset, resource.size);
    return decodeResource(stored, resource, this.chunkSize, isCompressed(resource) ? this.decoderNow() : undefined);
  }

  /** The content piece by piece; the bytes hold until the next piece is asked for. */
  async *pieces(resource: ResourceHeader): AsyncGenerator<Uint8Array> {
    if (!isCompressed(resource)) {
      for (let at = 0; at < resource.size; at += PIECE) {
        yield await readExactly(this.path, this.file, resource.offset + at, Math.min(PIECE, resource.size - at));
      }
      return;
    }
    const { chunkSize } = this;
    const table = await readExactly(this.path, this.file, resource.offset, chunkTableSize(resource, chunkSize));
    const starts = parseChunkTable(table, resource, chunkSize);
    const decoder = this.decoderNow();
    const step = Math.max(1, Math.floor(PIECE / chunkSize));
    const output = new Uint8Array(Math.min(resource.uncompressedSize, step * chunkSize));
    for (let first = 0; first + 1 < starts.length; first += step) {
      const behind = Math.min(first + step, starts.length - 1);
      const from = starts[first]!;
      const stored = await readExactly(this.path, this.file, resource.offset + from, starts[behind]! - from);
      let size = 0;
      for (let index = first; index < behind; index++) {
        const content = chunkContent(resource, chunkSize, index);
        decodeChunk(decoder, stored.subarray(starts[index]! - from, starts[index + 1]! - from), output.subarray(size, size + content));
        size += content;
      }
      yield output.subarray(0, size);
    }
  }

  private decoderNow(): ChunkDecoder {
    const compression = compressionOf(this.header);
    this.decoder ??= compression === 'none' ? undefined : chunkDecoder(compression, this.chunkSize);
    if (!this.decoder)
      throw unsupported(this.path, `uses ${compression.toUpperCase()} compression`, 'Rewrite it with "wimlib-imagex export".');
    return this.decoder;
  }
}

export async function readExactly(path: string, file: FileHandle, offset: number, size: number): Promise<Uint8Array> {
  // Not from Buffer's shared pool: these bytes may be kept for long.
  const data = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await file.read(data, done, size - done, offset + done);
    if (bytesRead === 0) throw truncated(path, `it ended at byte ${offset + done} while it was read`);
    done += bytesRead;
  }
  return data;
}
