// Writes the metadata resource of an image: security data, then the directory entries folder by folder. Facts: wimlib's security.c and dentry.c.
import { FormatError } from '../bytes.ts';
import { ATTRIBUTE_DIRECTORY, ATTRIBUTE_REPARSE_POINT, type DirEntry, type ImageMetadata } from './model.ts';

const ENTRY_SIZE = 102;
const STREAM_SIZE = 38;
/** Ends the list of a folder's entries: a length of zero. */
const END_OF_FOLDER = 8;
/** Name lengths are 16-bit counts of bytes. */
const NAME_BYTES_MAX = 0xfffe;

/** The uncompressed resource. Children keep their order; each folder's list follows the lists of the folders before it in tree order. */
export function encodeMetadata(metadata: ImageMetadata): Uint8Array {
  const securitySize = sizeOfSecurity(metadata.securityDescriptors);
  const folders = foldersOf(metadata.root);
  const listAt = new Map<DirEntry, number>();
  let end = securitySize + sizeOfEntry(metadata.root) + END_OF_FOLDER;
  for (const folder of folders) {
    listAt.set(folder, end);
    end += END_OF_FOLDER;
    for (const child of folder.children) end += sizeOfEntry(child);
  }
  const bytes = Buffer.alloc(end);
  writeSecurity(bytes, metadata.securityDescriptors, securitySize);
  writeEntry(bytes, securitySize, metadata.root, listAt);
  for (const folder of folders) {
    let at = listAt.get(folder)!;
    for (const child of folder.children) at = writeEntry(bytes, at, child, listAt);
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function foldersOf(root: DirEntry): readonly DirEntry[] {
  const folders: DirEntry[] = [];
  const waiting = [root];
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    if (!hasList(entry)) continue;
    folders.push(entry);
    for (let index = entry.children.length - 1; index >= 0; index--) waiting.push(entry.children[index]!);
  }
  return folders;
}

/** A folder has a list even when it is empty. A junction has none: wimlib complains of one. */
function hasList(entry: DirEntry): boolean {
  if ((entry.attributes & ATTRIBUTE_DIRECTORY) === 0) return false;
  return (entry.attributes & ATTRIBUTE_REPARSE_POINT) === 0 || entry.children.length > 0;
}

function sizeOfSecurity(descriptors: readonly Uint8Array[]): number {
  const size = align8(8 + 8 * descriptors.length + descriptors.reduce((sum, descriptor) => sum + descriptor.length, 0));
  if (size > 0xffffffff) throw new FormatError('WIM metadata', `security descriptors of ${size} bytes do not fit`);
  return size;
}

function writeSecurity(bytes: Buffer, descriptors: readonly Uint8Array[], size: number): void {
  bytes.writeUInt32LE(size, 0); // +0x00 size of the security data
  bytes.writeUInt32LE(descriptors.length, 4); // +0x04 number of descriptors
  let at = 8 + 8 * descriptors.length;
  for (const [index, descriptor] of descriptors.entries()) {
    bytes.writeUInt32LE(descriptor.length, 8 + 8 * index); // +0x08 sizes, 64 bits each
    bytes.set(descriptor, at);
    at += descriptor.length;
  }
}

/** Size of the entry itself, the part that its length field counts. */
function sizeOfHead(entry: DirEntry): number {
  return align8(ENTRY_SIZE + sizeOfName(entry.name) + sizeOfName(entry.shortName)) + align8(entry.extra.length);
}

function sizeOfEntry(entry: DirEntry): number {
  let size = sizeOfHead(entry);
  for (const stream of entry.streams) size += align8(STREAM_SIZE + sizeOfName(stream.name));
  return size;
}

/** A name takes its UTF-16 bytes and a terminator; an empty one takes nothing. */
function sizeOfName(name: string): number {
  if (name.length * 2 > NAME_BYTES_MAX) throw new FormatError('WIM metadata', `name of ${name.length} characters does not fit`);
  return name === '' ? 0 : name.length * 2 + 2;
}

function writeEntry(bytes: Buffer, at: number, entry: DirEntry, listAt: ReadonlyMap<DirEntry, number>): number {
  const head = sizeOfHead(entry);
  bytes.writeUInt32LE(head, at); // +0x00 length, without the extra stream entries
  bytes.writeUInt32LE(entry.attributes >>> 0, at + 0x08); // +0x08 attributes
  bytes.writeInt32LE(entry.securityId, at + 0x0c); // +0x0c index of the security descriptor, -1: none
  bytes.writeBigUInt64LE(BigInt(listAt.get(entry) ?? 0), at + 0x10); // +0x10 where the folder's list starts
  // +0x18, +0x20 unused
  bytes.writeBigUInt64LE(entry.creationTime, at + 0x28); // +0x28 creation time
  bytes.writeBigUInt64LE(entry.lastAccessTime, at + 0x30); // +0x30 last access time
  bytes.writeBigUInt64LE(entry.lastWriteTime, at + 0x38); // +0x38 last write time
  writeDigest(bytes, at + 0x40, entry.digest); // +0x40 SHA-1 of the unnamed stream
  bytes.writeUInt32LE(entry.unknown54 >>> 0, at + 0x54); // +0x54 unknown
  if (entry.attributes & ATTRIBUTE_REPARSE_POINT) {
    bytes.writeUInt32LE((entry.reparse?.tag ?? 0) >>> 0, at + 0x58); // +0x58 reparse tag
    bytes.writeUInt16LE(entry.reparse?.reserved ?? 0, at + 0x5c); // +0x5c reserved
    bytes.writeUInt16LE(entry.reparse?.flags ?? 0, at + 0x5e); // +0x5e reparse flags
  } else {
    bytes.writeBigUInt64LE(entry.linkGroup, at + 0x58); // +0x58 hard-link group
  }
  bytes.writeUInt16LE(entry.streams.length, at + 0x60); // +0x60 number of extra stream entries
  bytes.writeUInt16LE(entry.shortName.length * 2, at + 0x62); // +0x62 bytes of the short name
  bytes.writeUInt16LE(entry.name.length * 2, at + 0x64); // +0x64 bytes of the name
  bytes.write(entry.name, at + ENTRY_SIZE, 'utf16le');
  bytes.write(entry.shortName, at + ENTRY_SIZE + sizeOfName(entry.name), 'utf16le');
  bytes.set(entry.extra, at + head - align8(entry.extra.length));
  let end = at + head;
  for (const stream of entry.streams) {
    const size = align8(STREAM_SIZE + sizeOfName(stream.name));
    bytes.writeUInt32LE(size, end); // +0x00 length; +0x08 reserved
    writeDigest(bytes, end + 0x10, stream.digest); // +0x10 SHA-1
    bytes.writeUInt16LE(stream.name.length * 2, end + 0x24); // +0x24 bytes of the name
    bytes.write(stream.name, end + STREAM_SIZE, 'utf16le');
    end += size;
  }
  return end;
}

function writeDigest(bytes: Buffer, at: number, digest: string | undefined): void {
  if (digest === undefined) return;
  if (bytes.write(digest, at, 20, 'hex') !== 20) throw new FormatError('WIM metadata', `${digest} is no SHA-1`);
}

function align8(size: number): number {
  return (size + 7) & ~7;
}
