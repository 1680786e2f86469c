// The parts of a WIM as values: what the readers give and the writers take. Facts: [MS-WIM] and wimlib's headers (header.h, blob_table.c, dentry.c, security.c).

/** Where a resource lies. On disk 24 bytes: 7 size, 1 flags, 8 offset, 8 uncompressed size. */
export interface ResourceHeader {
  readonly size: number; // bytes in the file
  readonly flags: number; // RESOURCE_*
  readonly offset: number; // from the start of the file
  readonly uncompressedSize: number;
}

export const RESOURCE_FREE = 0x01;
export const RESOURCE_METADATA = 0x02;
export const RESOURCE_COMPRESSED = 0x04;
export const RESOURCE_SPANNED = 0x08;
export const RESOURCE_SOLID = 0x10;

export const HEADER_SIZE = 208;
export const FLAG_COMPRESSION = 0x02;
export const FLAG_READONLY = 0x04;
export const FLAG_SPANNED = 0x08;
export const FLAG_WRITE_IN_PROGRESS = 0x40;
export const FLAG_RP_FIX = 0x80;
export const FLAG_XPRESS = 0x20000;
export const FLAG_LZX = 0x40000;
export const FLAG_LZMS = 0x80000;

export type Compression = 'none' | 'xpress' | 'lzx' | 'lzms';

export interface WimHeader {
  readonly version: number;
  readonly flags: number;
  readonly chunkSize: number;
  readonly guid: Uint8Array; // 16 bytes
  readonly partNumber: number;
  readonly totalParts: number;
  readonly imageCount: number;
  readonly blobTable: ResourceHeader;
  readonly xml: ResourceHeader;
  readonly bootMetadata: ResourceHeader;
  readonly bootIndex: number; // 0: none bootable
  readonly integrity: ResourceHeader; // size 0: there is none
}

/** One entry of the blob table, 50 bytes on disk. */
export interface BlobEntry {
  readonly resource: ResourceHeader;
  readonly part: number;
  readonly references: number;
  readonly digest: string; // SHA-1, lower-case hex
}

export interface StreamEntry {
  readonly name: string; // '' for an unnamed stream entry
  readonly digest: string | undefined; // undefined: empty stream
}

/** One directory entry of an image's metadata. A file with several names has one entry for each, with the same `linkGroup`. */
export interface DirEntry {
  readonly name: string; // '' for the root
  readonly shortName: string;
  readonly attributes: number; // FILE_ATTRIBUTE_*
  readonly securityId: number; // index into securityDescriptors; -1: none
  readonly creationTime: bigint; // FILETIME: 100 ns since 1601-01-01 UTC
  readonly lastAccessTime: bigint;
  readonly lastWriteTime: bigint;
  /** The digest field of the entry itself, undefined when zero. */
  readonly digest: string | undefined;
  /** Present exactly when attributes has FILE_ATTRIBUTE_REPARSE_POINT. */
  readonly reparse: { readonly tag: number; readonly reserved: number; readonly flags: number } | undefined;
  readonly linkGroup: bigint; // 0: a single name
  /** 4 bytes at +0x54 that Windows writes for non-reparse entries too; kept as stored. */
  readonly unknown54: number;
  readonly streams: readonly StreamEntry[];
  /** Tagged items behind the names (object ids, Linux metadata, …), byte for byte. */
  readonly extra: Uint8Array;
  readonly children: readonly DirEntry[];
}

export interface ImageMetadata {
  readonly securityDescriptors: readonly Uint8Array[];
  readonly root: DirEntry;
}

export const ATTRIBUTE_READONLY = 0x1;
export const ATTRIBUTE_DIRECTORY = 0x10;
export const ATTRIBUTE_ARCHIVE = 0x20;
export const ATTRIBUTE_REPARSE_POINT = 0x400;
export const ATTRIBUTE_ENCRYPTED = 0x4000;

/** Decodes one chunk: fills `output` exactly or throws FormatError. */
export type ChunkDecoder = (input: Uint8Array, output: Uint8Array) => void;
