// Opens a WIM and gives its parts as they are stored: header, blob table, metadata by image, XML. The reader and the writer both start here.
import { ImageError } from '../../errors.ts';
import type { BlobEntry, ImageMetadata, WimHeader } from '../../formats/wim/model.ts';

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
  /** The parsed metadata of image `index` (1-based), checked against its SHA-1. */
  readMetadata(index: number): Promise<ImageMetadata>;
  /** The content of a blob, whole, decoded by our own decoder and checked against its SHA-1. */
  readBlob(blob: BlobEntry): Promise<Uint8Array>;
  /** Gives the file back. */
  close(): Promise<void>;
}

export async function readWim(path: string): Promise<WimParts> {
  throw new ImageError('CONTAINER_UNSUPPORTED', `${path}: cannot be read yet`);
}
