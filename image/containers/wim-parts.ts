// Opens a WIM and gives its parts as they are stored: header, blob table, metadata by image, XML. The reader and the writer both start here.

import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { ImageError } from '../../errors.ts';
import { BLOB_ENTRY_SIZE, BLOBS_MAX, parseBlobTable, ZERO_DIGEST } from '../../formats/wim/blob-table.ts';
import { blobDigest } from '../../formats/wim/digest.ts';
import { DigestTexts } from '../../formats/wim/digest-texts.ts';
import { chunkSizeOf, compressionOf, isPipableWim, parseHeader, VERSION_SOLID } from '../../formats/wim/header.ts';
import { INTEGRITY_BYTES_MAX, type IntegrityTable, parseIntegrity } from '../../formats/wim/integrity.ts';
import { METADATA_BYTES_MAX, parseMetadata } from '../../formats/wim/metadata.ts';
import {
  type BlobEntry,
  FLAG_WRITE_IN_PROGRESS,
  HEADER_SIZE,
  type ImageMetadata,
  RESOURCE_METADATA,
  RESOURCE_SOLID,
  type ResourceHeader,
  type WimHeader,
} from '../../formats/wim/model.ts';
import { checkResource } from '../../formats/wim/resource.ts';
import { XML_BYTES_MAX } from '../../formats/wim/xml.ts';
import { READ_MAX } from '../image.ts';
import type { ContentStore } from '../stored-content.ts';
import { corrupt, imageErrorOf, truncated, unsupported, wrongDigest } from './wim-errors.ts';
import { type Gap, gapsOf, refuseOverlaps } from './wim-layout.ts';
import { ResourceReader, readExactly } from './wim-reader.ts';

export interface WimParts {
  /** As the user gave it. */
  readonly path: string;
  readonly fileSize: number;
  readonly header: WimHeader;
  /** In table order, metadata resources included. */
  readonly blobs: readonly BlobEntry[];
  /** In image order: the first one belongs to image 1. */
  readonly metadataBlobs: readonly BlobEntry[];
  /** The raw XML resource: UTF-16LE with byte order mark. */
  readonly xml: Uint8Array;
  /** The content blob with that SHA-1, or undefined. */
  blobOf(digest: string): BlobEntry | undefined;
  /** The parsed metadata of image `index` (1-based), checked against its SHA-1. Read anew each time: keep it. */
  readMetadata(index: number): Promise<ImageMetadata>;
  /** The integrity table, or undefined when the file has none. */
  readIntegrity(): Promise<IntegrityTable | undefined>;
  /** The content of a blob, whole, decoded by our own decoder and checked against its SHA-1. Refuses what is larger than READ_MAX. */
  readBlob(blob: BlobEntry): Promise<Uint8Array>;
  /** The content of a blob of any size, piece by piece; a wrong SHA-1 throws after the last piece. The bytes hold until the next piece. */
  streamBlob(blob: BlobEntry): AsyncGenerator<Uint8Array>;
  /** Stretches of the file that belong to no part, in order. */
  gaps(): readonly Gap[];
  /** Bytes of the file as they are. */
  readRaw(offset: number, size: number): Promise<Uint8Array>;
  /** The file for processes that read contents by themselves; the same for every content of the image. */
  storeOf(index: number): ContentStore;
  /** Gives the file back. */
  close(): Promise<void>;
}

/** Opens the file and checks everything but the content: layout, sizes, counts. The caller closes it. */
export async function readWim(path: string): Promise<WimParts> {
  const file = await open(path, 'r');
  try {
    return await WimFile.read(path, file);
  } catch (error) {
    await file.close();
    throw imageErrorOf(path, error);
  }
}

class WimFile implements WimParts {
  readonly path: string;
  readonly fileSize: number;
  readonly header: WimHeader;
  blobs: readonly BlobEntry[] = [];
  metadataBlobs: readonly BlobEntry[] = [];
  xml: Uint8Array = new Uint8Array();
  private readonly file: FileHandle;
  private readonly reader: ResourceReader;
  private readonly stores = new Map<number, ContentStore>();
  private byDigest: Map<string, BlobEntry> | undefined;

  private constructor(path: string, file: FileHandle, fileSize: number, header: WimHeader) {
    this.path = path;
    this.file = file;
    this.fileSize = fileSize;
    this.header = header;
    this.reader = new ResourceReader(path, file, header);
  }

  static async read(path: string, file: FileHandle): Promise<WimFile> {
    const { size } = await file.stat();
    if (size < HEADER_SIZE) throw truncated(path, `it has ${size} bytes, its header alone needs ${HEADER_SIZE}`);
    const head = await readExactly(path, file, 0, HEADER_SIZE);
    if (isPipableWim(head)) throw unsupported(path, 'is a pipable WIM', 'Rewrite it with "wimlib-imagex optimize --not-pipable FILE".');
    const header = parseHeader(head);
    if (header.flags & FLAG_WRITE_IN_PROGRESS) {
      throw new ImageError('CONTAINER_UNFINISHED', `${path}: was not written to its end (the flag "write in progress" is set)`, {
        hint: 'Take a fresh copy of the image, or wait until the program that writes it is done.',
      });
    }
    if (header.totalParts !== 1) {
      throw unsupported(
        path,
        `is part ${header.partNumber} of ${header.totalParts} of a split WIM`,
        'Join the parts with "wimlib-imagex join OUT.wim PART*.swm".',
      );
    }
    if (compressionOf(header) === 'lzms' || header.version === VERSION_SOLID) {
      throw unsupported(
        path,
        'uses LZMS or solid compression (ESD)',
        'Rewrite it with "wimlib-imagex export FILE all OUT.wim --compress=LZX".',
      );
    }
    const wim = new WimFile(path, file, size, header);
    await wim.readTables();
    return wim;
  }

  private async readTables(): Promise<void> {
    const { header, path } = this;
    this.inside(header.blobTable, 'blob table');
    this.inside(header.xml, 'XML data');
    this.inside(header.integrity, 'integrity table');
    this.inside(header.bootMetadata, 'boot metadata');
    this.blobs = parseBlobTable(await this.readTable(header.blobTable, BLOBS_MAX * BLOB_ENTRY_SIZE, 'blob table'));
    for (const blob of this.blobs) this.checkBlob(blob);
    // The n-th metadata resource in table order belongs to image n; those without references are left-overs (wimlib blob_table.c).
    this.metadataBlobs = this.blobs.filter((blob) => isMetadata(blob) && blob.references > 0 && blob.digest !== ZERO_DIGEST);
    if (this.metadataBlobs.length !== header.imageCount) {
      throw corrupt(path, `says that it holds ${header.imageCount} images but holds ${this.metadataBlobs.length}`);
    }
    refuseOverlaps(path, header, this.blobs);
    this.xml = await this.readTable(header.xml, XML_BYTES_MAX, 'XML data');
  }

  private checkBlob(blob: BlobEntry): void {
    const { resource } = blob;
    if (resource.flags & RESOURCE_SOLID) throw unsupported(this.path, 'holds solid resources', 'Rewrite it with "wimlib-imagex export".');
    if (blob.part !== this.header.partNumber) throw corrupt(this.path, `a blob claims to lie in part ${blob.part}`);
    if (resource.size > 0) this.inside(resource, 'blob');
    checkResource(resource, this.reader.chunkSize, 'a blob');
  }

  blobOf(digest: string): BlobEntry | undefined {
    if (!this.byDigest) {
      this.byDigest = new Map();
      for (const blob of this.blobs) {
        if (!isMetadata(blob) && blob.digest !== ZERO_DIGEST && !this.byDigest.has(blob.digest)) this.byDigest.set(blob.digest, blob);
      }
    }
    return this.byDigest.get(digest);
  }

  async readMetadata(index: number): Promise<ImageMetadata> {
    const blob = this.metadataBlobs[index - 1];
    if (!blob) throw new RangeError(`no metadata for image ${index}`);
    try {
      if (blob.resource.uncompressedSize > METADATA_BYTES_MAX) {
        throw corrupt(
          this.path,
          `the metadata of image ${index} has ${blob.resource.uncompressedSize} bytes (at most ${METADATA_BYTES_MAX} are read)`,
        );
      }
      // Whose digests are those of the blobs finds the blobs quicker, and in less memory.
      const texts = this.blobs.filter(({ digest }) => digest !== ZERO_DIGEST).map(({ digest }) => digest);
      return parseMetadata(await this.readBlob(blob), new DigestTexts(texts));
    } catch (error) {
      throw imageErrorOf(this.path, error);
    }
  }

  async readIntegrity(): Promise<IntegrityTable | undefined> {
    const { integrity } = this.header;
    if (integrity.size === 0) return undefined;
    try {
      return parseIntegrity(await this.readTable(integrity, INTEGRITY_BYTES_MAX, 'integrity table'), this.header);
    } catch (error) {
      throw imageErrorOf(this.path, error);
    }
  }

  async readBlob(blob: BlobEntry): Promise<Uint8Array> {
    const { resource, digest } = blob;
    if (resource.uncompressedSize > READ_MAX) {
      throw new ImageError(
        'CONTENT_TOO_LARGE',
        `${this.path}: a content of ${resource.uncompressedSize} bytes is too large to be read whole (at most ${READ_MAX})`,
      );
    }
    try {
      const content = await this.reader.whole(resource);
      if (blobDigest(content) !== digest) throw wrongDigest(this.path, blob);
      return content;
    } catch (error) {
      throw imageErrorOf(this.path, error);
    }
  }

  async *streamBlob(blob: BlobEntry): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha1');
    try {
      for await (const piece of this.reader.pieces(blob.resource)) {
        hash.update(piece);
        yield piece;
      }
      if (hash.digest('hex') !== blob.digest) throw wrongDigest(this.path, blob);
    } catch (error) {
      throw imageErrorOf(this.path, error);
    }
  }

  gaps(): readonly Gap[] {
    return gapsOf(this.header, this.blobs, this.fileSize);
  }

  readRaw(offset: number, size: number): Promise<Uint8Array> {
    return readExactly(this.path, this.file, offset, size);
  }

  storeOf(index: number): ContentStore {
    const known = this.stores.get(index);
    if (known) return known;
    const { path, header } = this;
    const store = {
      path,
      index,
      fd: this.file.fd,
      size: this.fileSize,
      compression: compressionOf(header),
      chunkSize: chunkSizeOf(header),
      metadata: this.metadataBlobs[index - 1]!,
      contents: () => this.blobs.filter((blob) => !isMetadata(blob) && blob.resource.size > 0),
    };
    this.stores.set(index, store);
    return store;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async readTable(resource: ResourceHeader, max: number, what: string): Promise<Uint8Array> {
    if (resource.uncompressedSize > max)
      throw corrupt(this.path, `the ${what} has ${resource.uncompressedSize} bytes (at most ${max} are read)`);
    return this.reader.whole(resource);
  }

  private inside(resource: ResourceHeader, what: string): void {
    const end = resource.offset + resource.size;
    if (end > this.fileSize) throw truncated(this.path, `its ${what} ends at byte ${end}, the file at byte ${this.fileSize}`);
  }
}

export function isMetadata(blob: BlobEntry): boolean {
  return (blob.resource.flags & RESOURCE_METADATA) !== 0;
}
