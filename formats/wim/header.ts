// The WIM file header: 208 bytes that say how the file is compressed and where its tables lie. Facts: [MS-WIM], wimlib header.h.
import { Bytes, FormatError } from '../bytes.ts';
import {
  type Compression,
  FLAG_COMPRESSION,
  FLAG_LZMS,
  FLAG_LZX,
  FLAG_XPRESS,
  HEADER_SIZE,
  type ResourceHeader,
  type WimHeader,
} from './model.ts';
import { parseResourceHeader } from './resource-header.ts';

const FORMAT = 'WIM header';
const MAGIC = 'MSWIM\0\0\0';
/** wimlib's pipable WIMs: the same parts in another order, with a header that is not at the start. */
const PIPABLE_MAGIC = 'WLPWM\0\0\0';

export const VERSION_DEFAULT = 0x10d00;
/** Files with solid resources (ESD). */
export const VERSION_SOLID = 0xe00;

/** What a compressed WIM uses when its header says 0; wimlib does the same. */
const CHUNK_SIZE_DEFAULT = 32768;
/** Windows' and wimlib's bounds of the chunk size of each compression. */
const CHUNK_SIZES: Readonly<Record<Exclude<Compression, 'none'>, readonly [number, number]>> = {
  xpress: [4096, 65536],
  lzx: [32768, 2 ** 21],
  lzms: [32768, 2 ** 30],
};

/** An install.wim holds up to about a dozen images; a file with more than this many is not one that we know how to use. */
export const IMAGES_MAX = 1024;

export function isWim(head: Uint8Array): boolean {
  return startsWith(head, MAGIC);
}

export function isPipableWim(head: Uint8Array): boolean {
  return startsWith(head, PIPABLE_MAGIC);
}

export function parseHeader(data: Uint8Array): WimHeader {
  const bytes = new Bytes(FORMAT, data);
  bytes.need(0, HEADER_SIZE, 'header');
  if (!isWim(data)) bytes.fail('the signature MSWIM is not there', 0);
  if (bytes.u32(0x08) !== HEADER_SIZE) bytes.fail(`says that it has ${bytes.u32(0x08)} bytes`, 0x08);
  const version = bytes.u32(0x0c);
  if (version !== VERSION_DEFAULT && version !== VERSION_SOLID) bytes.fail(`version 0x${version.toString(16)} is not known`, 0x0c);
  const header: WimHeader = {
    version,
    flags: bytes.u32(0x10),
    chunkSize: bytes.u32(0x14),
    guid: bytes.slice(0x18, 16).slice(),
    partNumber: bytes.u16(0x28),
    totalParts: bytes.u16(0x2a),
    imageCount: bytes.u32(0x2c),
    blobTable: parseResourceHeader(bytes, 0x30, 'blob table'),
    xml: parseResourceHeader(bytes, 0x48, 'XML data'),
    bootMetadata: parseResourceHeader(bytes, 0x60, 'boot metadata'),
    bootIndex: bytes.u32(0x78),
    integrity: integrityHeader(bytes),
  };
  if (header.imageCount > IMAGES_MAX) bytes.fail(`says that it holds ${header.imageCount} images (at most ${IMAGES_MAX} are read)`, 0x2c);
  if (header.partNumber === 0 || header.partNumber > header.totalParts) {
    bytes.fail(`says that it is part ${header.partNumber} of ${header.totalParts}`, 0x28);
  }
  if (header.bootIndex > header.imageCount) bytes.fail(`names image ${header.bootIndex} as bootable (holds ${header.imageCount})`, 0x78);
  chunkSizeOf(header);
  return header;
}

export function compressionOf(header: Pick<WimHeader, 'flags'>): Compression {
  if ((header.flags & FLAG_COMPRESSION) === 0) return 'none';
  if (header.flags & FLAG_LZX) return 'lzx';
  if (header.flags & FLAG_XPRESS) return 'xpress';
  if (header.flags & FLAG_LZMS) return 'lzms';
  throw new FormatError(FORMAT, 'says that it is compressed but not how', 0x10);
}

/** How many bytes of content each chunk of a compressed resource holds; 0 for a WIM without compression. */
export function chunkSizeOf(header: Pick<WimHeader, 'flags' | 'chunkSize'>): number {
  const compression = compressionOf(header);
  if (compression === 'none') return 0;
  const size = header.chunkSize === 0 ? CHUNK_SIZE_DEFAULT : header.chunkSize;
  const [low, high] = CHUNK_SIZES[compression];
  if (size < low || size > high || (size & (size - 1)) !== 0) {
    throw new FormatError(FORMAT, `chunk size ${size} does not go with ${compression.toUpperCase()}`, 0x14);
  }
  return size;
}

/** Some writers leave stale numbers beside a zero size; without a size there is no table. */
function integrityHeader(bytes: Bytes): ResourceHeader {
  const resource = parseResourceHeader(bytes, 0x7c, 'integrity table');
  return resource.size === 0 ? { size: 0, flags: 0, offset: 0, uncompressedSize: 0 } : resource;
}

function startsWith(data: Uint8Array, text: string): boolean {
  return data.length >= text.length && [...text].every((letter, at) => data[at] === letter.charCodeAt(0));
}
