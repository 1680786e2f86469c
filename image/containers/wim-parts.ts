// Opens a WIM and gives its parts as they are stored: header, blob table, metadata by image, XML. The reader and the writer both start here.

import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { ImageError } from '../../errors.ts';
import { viewOf } from '../../formats/bytes.ts';
import { NO_ROW } from '../../formats/digest-index.ts';
import { BLOB_ENTRY_SIZE, BLOBS_MAX, BlobTable, ZERO_DIGEST } from '../../formats/wim/blob-table.ts';
import { blobDigest } from '../../formats/wim/digest.ts';
import { EntryTable } from '../../formats/wim/entry-table.ts';
import { chunkSizeOf, compressionOf, isPipableWim, parseHeader, VERSION_SOLID } from '../../formats/wim/header.ts';
import { INTEGRITY_BYTES_MAX, type IntegrityTable, parseIntegrity } from '../../formats/wim/integrity.ts';
import {
  type BlobEntry,
  FLAG_WRITE_IN_PROGRESS,
  HEADER_SIZE,
  RESOURCE_METADATA,
  RESOURCE_SOLID,
  type ResourceHeader,
  type WimHeader,
} from '../../formats/wim/model.ts';
import { METADATA_BYTES_MAX } from '../../formats/wim/read-entries.ts';
import { checkResource } from '../../formats/wim/resource.ts';
import { XML_BYTES_MAX } from '../../formats/wim/xml.ts';
import { READ_MAX } from '../image.ts';
import type { ContentStore } from '../stored-content.ts';
import { corrupt, imageErrorOf, truncated, unsupported, wrongDigest } from './wim-errors.ts';
import { type Gap, gapsOf, refuseOverlaps } from './wim-layout.ts';
import { ResourceReader, readExactly } from './wim-reader.ts';
import { storedRowsOf } from './wim-stored-rows.ts';

/** `lookups`: what is looked up, of which no tree can be made. */
type Keep = 'all' | 'lookups';

export interface WimParts {
  /** As the user gave it. */
  readonly path: string;
  readonly fileSize: number;
  readonly header: WimHeader;
  readonly table: BlobTable;
  /** The rows of the table as objects, made when somebody asks; metadata resources included. */
  readonly blobs: readonly BlobEntry[];
  /** In image order: the first one belongs to image 1. */
  readonly metadataBlobs: readonly BlobEntry[];
  /** The raw XML resource: UTF-16LE with byte order mark. */
  readonly xml: Uint8Array;
  /** The row as an object, the same each time. */
  blobAt(row: number): BlobEntry;
  /** The content blob with that SHA-1, or undefined. */
  blobOf(digest: string): BlobEntry | undefined;
  /** The entries of image `index` (1-based), checked against its SHA-1. Read anew each time: keep them. All of them unless told. */
  readEntries(index: number, keep?: Keep): Promise<EntryTable>;
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
  table = new BlobTable(new Uint8Array());
  metadataBlobs: readonly BlobEntry[] = [];
  xml: Uint8Array = new Uint8Array();
  private readonly file: FileHandle;
  private readonly reader: ResourceReader;
  private readonly stores = new Map<number, ContentStore>();
  private readonly entries = new Map<number, BlobEntry>();

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
    this.table = new BlobTable(await this.readTable(header.blobTable, BLOBS_MAX * BLOB_ENTRY_SIZE, 'blob table'));
    const metadata: BlobEntry[] = [];
    for (let row = 0; row < this.table.count; row++) {
      this.checkBlob(this.table.resource(row), this.table.part(row));
      if (!this.table.isMetadata(row)) continue;
      // The n-th metadata resource in table order belongs to image n; those without references are left-overs (wimlib blob_table.c).
      const blob = this.blobAt(row);
      if (blob.references > 0 && blob.digest !== ZERO_DIGEST) metadata.push(blob);
    }
    this.metadataBlobs = metadata;
    if (this.metadataBlobs.length !== header.imageCount) {
      throw corrupt(path, `says that it holds ${header.imageCount} images but holds ${this.metadataBlobs.length}`);
    }
    refuseOverlaps(path, header, this.table);
    this.xml = await this.readTable(header.xml, XML_BYTES_MAX, 'XML data');
  }

  private checkBlob(resource: ResourceHeader, part: number): void {
    if (resource.flags & RESOURCE_SOLID) throw unsupported(this.path, 'holds solid resources', 'Rewrite it with "wimlib-imagex export".');
    if (part !== this.header.partNumber) throw corrupt(this.path, `a blob claims to lie in part ${part}`);
    if (resource.size > 0) this.inside(resource, 'blob');
    checkResource(resource, this.reader.chunkSize, 'a blob');
  }

  get blobs(): readonly BlobEntry[] {
    return Array.from({ length: this.table.count }, (_, row) => this.blobAt(row));
  }

  blobAt(row: number): BlobEntry {
    const known = this.entries.get(row);
    if (known) return known;
    const blob = this.table.entry(row);
    this.entries.set(row, blob);
    return blob;
  }

  blobOf(digest: string): BlobEntry | undefined {
    const row = this.table.find(viewOf(Buffer.from(digest, 'hex')), 0);
    return row === NO_ROW ? undefined : this.blobAt(row);
  }

  async readEntries(index: number, keep?: Keep): Promise<EntryTable> {
    const blob = this.metadataBlobs[index - 1];
    if (!blob) throw new RangeError(`no metadata for image ${index}`);
    try {
      if (blob.resource.uncompressedSize > METADATA_BYTES_MAX) {
        throw corrupt(
          this.path,
          `the metadata of image ${index} has ${blob.resource.uncompressedSize} bytes (at most ${METADATA_BYTES_MAX} are read)`,
        );
      }
      return new EntryTable(await this.readBlob(blob), keep === 'lookups' ? this.table : undefined);
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
    return gapsOf(this.header, this.table, this.fileSize);
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
      contents: () => storedRowsOf(this.table),
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
