// Files compressed by the Windows overlay filter (CompactOS, `compact /exe`): chunks in a stream of their own, a reparse point beside them. Facts: [MS-FSCC] 2.1.2.9 reparse tags; wdk wof structures; ntfs-3g system-compression.
import { Bytes, FormatError } from '../bytes.ts';
import { lzxDecoder } from '../lzx/lzx.ts';
import { type ChunkDecoder, RESOURCE_COMPRESSED, type ResourceHeader } from '../wim/model.ts';
import { chunkContent, chunkTableSize, decodeChunk, parseChunkTable } from '../wim/resource.ts';
import { xpressDecoder } from '../wim/xpress.ts';

const FORMAT = 'WOF data';
export const TAG_WOF = 0x80000017;
export const WOF_STREAM = 'WofCompressedData';

const PROVIDER_FILE = 2;
/** By the algorithm's number: XPRESS4K, LZX, XPRESS8K, XPRESS16K. */
const ALGORITHMS = [
  { chunkSize: 4096, decoder: xpressDecoder },
  { chunkSize: 32768, decoder: lzxDecoder },
  { chunkSize: 8192, decoder: xpressDecoder },
  { chunkSize: 16384, decoder: xpressDecoder },
] as const;

export interface WofFormat {
  readonly chunkSize: number;
  readonly decoder: ChunkDecoder;
}

/**
 * How the file is compressed, from the data of its reparse point (without the 8-byte header); undefined when its content lies elsewhere, in a WIM.
 * @throws FormatError
 */
export function wofFormat(data: Uint8Array): WofFormat | undefined {
  const bytes = new Bytes(FORMAT, data);
  if (bytes.u32(0) !== 1) throw new FormatError(FORMAT, `version ${bytes.u32(0)} is not known`, 0);
  if (bytes.u32(4) !== PROVIDER_FILE) return undefined;
  const algorithm = ALGORITHMS[bytes.u32(12)];
  if (bytes.u32(8) !== 1 || !algorithm) throw new FormatError(FORMAT, `algorithm ${bytes.u32(12)} is not known`, 12);
  return { chunkSize: algorithm.chunkSize, decoder: algorithm.decoder(algorithm.chunkSize) };
}

/** The content of the file, `step` bytes or so at a time; each piece is a buffer of its own. */
export function* decodeWof(stored: Uint8Array, size: number, { chunkSize, decoder }: WofFormat, step = 1024 * 1024): Generator<Uint8Array> {
  // The stream is laid out like a compressed resource of a WIM: a table of chunk offsets, then the chunks.
  const resource: ResourceHeader = { size: stored.length, flags: RESOURCE_COMPRESSED, offset: 0, uncompressedSize: size };
  if (size === 0) return;
  const table = chunkTableSize(resource, chunkSize);
  if (table > stored.length) throw new FormatError(FORMAT, `${stored.length} bytes are too few for ${size} of content`, 0);
  const starts = parseChunkTable(stored.subarray(0, table), resource, chunkSize);
  const atOnce = Math.max(1, Math.floor(step / chunkSize));
  for (let first = 0; first + 1 < starts.length; first += atOnce) {
    const behind = Math.min(first + atOnce, starts.length - 1);
    const piece = new Uint8Array(Math.min(size, behind * chunkSize) - first * chunkSize);
    let done = 0;
    for (let index = first; index < behind; index++) {
      const content = chunkContent(resource, chunkSize, index);
      decodeChunk(decoder, stored.subarray(starts[index]!, starts[index + 1]!), piece.subarray(done, done + content));
      done += content;
    }
    yield piece;
  }
}
