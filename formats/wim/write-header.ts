// Writes the header of a WIM and the resource headers that stand in it and in the blob table. Facts: [MS-WIM] 2.1 and wimlib's header.h.
import { FormatError } from '../bytes.ts';
import { HEADER_SIZE, type ResourceHeader, type WimHeader } from './model.ts';

/** 56 bits of size stand in 7 bytes; JavaScript holds 53 exactly, which is the tighter bound. */
export function encodeResource(view: DataView, at: number, resource: ResourceHeader): void {
  for (const value of [resource.size, resource.offset, resource.uncompressedSize]) {
    if (!Number.isSafeInteger(value) || value < 0) throw new FormatError('WIM', `${value} is no size or offset of a resource`);
  }
  view.setBigUint64(at, BigInt(resource.size) | (BigInt(resource.flags & 0xff) << 56n), true); // +0x00 size (7 bytes), +0x07 flags
  view.setBigUint64(at + 8, BigInt(resource.offset), true); // +0x08 offset in the file
  view.setBigUint64(at + 16, BigInt(resource.uncompressedSize), true); // +0x10 uncompressed size
}

/** The 208 bytes at the start of the file. */
export function encodeHeader(header: WimHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_SIZE);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('MSWIM')); // +0x00 magic, zero-padded to 8
  view.setUint32(0x08, HEADER_SIZE, true); // +0x08 size of this header
  view.setUint32(0x0c, header.version, true); // +0x0c version
  view.setUint32(0x10, header.flags, true); // +0x10 FLAG_*
  view.setUint32(0x14, header.chunkSize, true); // +0x14 compression chunk size
  bytes.set(header.guid.subarray(0, 16), 0x18); // +0x18 GUID
  view.setUint16(0x28, header.partNumber, true); // +0x28 part number
  view.setUint16(0x2a, header.totalParts, true); // +0x2a number of parts
  view.setUint32(0x2c, header.imageCount, true); // +0x2c number of images
  encodeResource(view, 0x30, header.blobTable); // +0x30 blob table
  encodeResource(view, 0x48, header.xml); // +0x48 XML
  encodeResource(view, 0x60, header.bootMetadata); // +0x60 metadata of the bootable image
  view.setUint32(0x78, header.bootIndex, true); // +0x78 index of the bootable image
  encodeResource(view, 0x7c, header.integrity); // +0x7c integrity table
  return bytes; // +0x94 60 unused bytes
}
