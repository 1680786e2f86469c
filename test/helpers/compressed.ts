// Content compressed by wimlib, as the chunks of a WIM: for tests of our decoders.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunkSizeOf, parseHeader } from '../../formats/wim/header.ts';
import type { ResourceHeader } from '../../formats/wim/model.ts';
import { chunkContent, isCompressed, parseChunkTable } from '../../formats/wim/resource.ts';
import { blobEntries } from './blob-entries.ts';
import { run } from './make-wim.ts';

export interface Chunk {
  readonly stored: Uint8Array;
  readonly content: Uint8Array;
}

/** The compressed chunks of one content; chunks that did not get smaller are left out. */
export function compressedChunks(folder: string, content: Uint8Array, compression: string, chunkSize: number): Chunk[] {
  const resource = compressedResource(folder, content, compression, chunkSize);
  if (!resource) return [];
  const { stored, header, size } = resource;
  const starts = parseChunkTable(stored, header, size);
  const chunks: Chunk[] = [];
  for (let index = 0; index + 1 < starts.length; index++) {
    const plain = content.slice(index * size, index * size + chunkContent(header, size, index));
    const chunk = stored.slice(starts[index]!, starts[index + 1]!);
    if (chunk.length < plain.length) chunks.push({ stored: chunk, content: plain });
  }
  return chunks;
}

/** The whole resource: chunk table and chunks, as the overlay filter of Windows keeps them in a stream, too. Undefined when it did not get smaller. */
export function compressedResource(
  folder: string,
  content: Uint8Array,
  compression: string,
  chunkSize: number,
): { readonly stored: Uint8Array; readonly header: ResourceHeader; readonly size: number } | undefined {
  const tree = join(folder, `tree-${compression}-${chunkSize}`);
  mkdirSync(tree, { recursive: true });
  writeFileSync(join(tree, 'file'), content);
  const wim = `${tree}.wim`;
  run('wimlib-imagex', ['capture', tree, wim, `--compress=${compression}`, `--chunk-size=${chunkSize}`, '--quiet', '--no-acls']);
  const bytes = new Uint8Array(readFileSync(wim));
  const header = parseHeader(bytes.subarray(0, 208));
  const table = blobEntries(bytes.subarray(header.blobTable.offset, header.blobTable.offset + header.blobTable.size));
  const blob = table.find(
    ({ resource }) => resource.uncompressedSize === content.length && isCompressed(resource) && (resource.flags & 2) === 0,
  );
  if (!blob) return undefined;
  const stored = bytes.subarray(blob.resource.offset, blob.resource.offset + blob.resource.size);
  return { stored, header: blob.resource, size: chunkSizeOf(header) };
}

/** Bytes that use every part of a compressor: text, runs, program-like bytes with calls, noise, long repeats. */
export function mixedContent(size: number): Uint8Array {
  const content = new Uint8Array(size);
  let seed = 12345;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed >>> 8;
  };
  for (let at = 0; at < size; ) {
    const length = Math.min(size - at, 200 + (random() % 6000));
    const kind = random() % 6;
    for (let index = 0; index < length; index++)
      content[at + index] = byteOf(kind, index, random, at > 0 ? content[(at + index) % at]! : 0);
    at += length;
  }
  return content;
}

function byteOf(kind: number, index: number, random: () => number, earlier: number): number {
  switch (kind) {
    case 0:
      return 'the quick brown fox jumps over the lazy dog '.charCodeAt((index * 7 + (random() % 3)) % 44);
    case 1:
      return 0;
    case 2:
      return index % 5 === 0 ? 0xe8 : random() % 4;
    case 3:
      return random() & 0xff;
    default:
      return earlier;
  }
}
