// How a resource of a WIM is stored: raw, or as a chunk table and independently compressed chunks. Facts: wimlib resource.c.
import { Bytes, FormatError } from '../bytes.ts';
import { lzxDecoder } from '../lzx/lzx.ts';
import { type ChunkDecoder, type Compression, RESOURCE_COMPRESSED, type ResourceHeader } from './model.ts';
import { xpressDecoder } from './xpress.ts';

const FORMAT = 'WIM resource';

/** The decoder of a compression, or undefined when there is none yet (LZMS). */
export function chunkDecoder(compression: Exclude<Compression, 'none'>, chunkSize: number): ChunkDecoder | undefined {
  switch (compression) {
    case 'lzx':
      return lzxDecoder(chunkSize);
    case 'xpress':
      return xpressDecoder(chunkSize);
    case 'lzms':
      return undefined;
  }
}

export function isCompressed(resource: ResourceHeader): boolean {
  return (resource.flags & RESOURCE_COMPRESSED) !== 0;
}

/** Throws when the numbers of a resource contradict each other; says nothing of whether it lies inside the file. */
export function checkResource(resource: ResourceHeader, chunkSize: number, what: string): void {
  const { size, uncompressedSize } = resource;
  if (!isCompressed(resource)) {
    if (size !== uncompressedSize) {
      throw new FormatError(FORMAT, `${what} is stored raw with ${size} bytes but claims ${uncompressedSize}`, resource.offset);
    }
    return;
  }
  if (chunkSize === 0) throw new FormatError(FORMAT, `${what} is compressed in a file that says it is not`, resource.offset);
  if (chunkTableSize(resource, chunkSize) + chunkCount(resource, chunkSize) > size) {
    throw new FormatError(
      FORMAT,
      `${what} claims ${uncompressedSize} bytes, for which ${size} compressed bytes are too few`,
      resource.offset,
    );
  }
}

export function chunkCount(resource: ResourceHeader, chunkSize: number): number {
  return Math.ceil(resource.uncompressedSize / chunkSize);
}

/** The first chunk has no entry: it begins where the table ends. Entries have 4 bytes, 8 when the content has 4 GiB or more. */
export function chunkTableSize(resource: ResourceHeader, chunkSize: number): number {
  return Math.max(0, chunkCount(resource, chunkSize) - 1) * entrySize(resource);
}

/** Where each chunk begins, from the start of the resource, and at the end where the last one ends. */
export function parseChunkTable(table: Uint8Array, resource: ResourceHeader, chunkSize: number): Float64Array {
  const count = chunkCount(resource, chunkSize);
  const tableSize = chunkTableSize(resource, chunkSize);
  const bytes = new Bytes(FORMAT, table);
  bytes.need(0, tableSize, 'chunk table');
  const wide = entrySize(resource) === 8;
  const starts = new Float64Array(count + 1);
  starts[0] = tableSize;
  for (let index = 1; index < count; index++) {
    starts[index] = tableSize + (wide ? bytes.size64((index - 1) * 8, 'chunk offset') : bytes.u32((index - 1) * 4, 'chunk offset'));
  }
  starts[count] = resource.size;
  for (let index = 0; index < count; index++) {
    const size = starts[index + 1]! - starts[index]!;
    if (size <= 0 || size > chunkContent(resource, chunkSize, index)) {
      throw new FormatError(
        FORMAT,
        `chunk ${index} has ${size} bytes for ${chunkContent(resource, chunkSize, index)} of content`,
        resource.offset,
      );
    }
  }
  return starts;
}

/** How many bytes of content a chunk holds: all hold `chunkSize` but the last. */
export function chunkContent(resource: ResourceHeader, chunkSize: number, index: number): number {
  return Math.min(chunkSize, resource.uncompressedSize - index * chunkSize);
}

/** A chunk that did not get smaller is stored as it is. */
export function decodeChunk(decoder: ChunkDecoder, stored: Uint8Array, output: Uint8Array): void {
  if (stored.length === output.length) output.set(stored);
  else decoder(stored, output);
}

/** The content of a resource whose stored bytes are at hand. */
export function decodeResource(
  stored: Uint8Array,
  resource: ResourceHeader,
  chunkSize: number,
  decoder: ChunkDecoder | undefined,
): Uint8Array {
  if (stored.length !== resource.size)
    throw new FormatError(FORMAT, `${stored.length} bytes are there (${resource.size} wanted)`, resource.offset);
  checkResource(resource, chunkSize, 'the resource');
  if (!isCompressed(resource)) return stored;
  if (!decoder) throw new FormatError(FORMAT, 'is compressed in a way that is not known', resource.offset);
  const starts = parseChunkTable(stored, resource, chunkSize);
  const content = new Uint8Array(resource.uncompressedSize);
  for (let index = 0; index + 1 < starts.length; index++) {
    const at = index * chunkSize;
    decodeChunk(
      decoder,
      stored.subarray(starts[index]!, starts[index + 1]!),
      content.subarray(at, at + chunkContent(resource, chunkSize, index)),
    );
  }
  return content;
}

function entrySize(resource: ResourceHeader): 4 | 8 {
  return resource.uncompressedSize < 2 ** 32 ? 4 : 8;
}
