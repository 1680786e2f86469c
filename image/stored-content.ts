// Where a content lies in a file, so that a process beside ours can read it by itself.
import type { Compression, ResourceHeader } from '../formats/wim/model.ts';

/** A file in which contents lie one by one. */
export interface ContentStore {
  readonly path: string;
  /** Open for reading; stays open as long as the image. */
  readonly fd: number;
  /** Of the file, in bytes. */
  readonly size: number;
  /** The image, from 1, by whose paths wimlib-imagex finds contents. */
  readonly index: number;
  readonly compression: Compression;
  readonly chunkSize: number;
  /** What names the contents of the image. */
  readonly metadata: StoredResource;
  /** All contents of the file, whichever image names them. */
  contents(): StoredRows;
}

/** Contents as rows of numbers, in the order in which they are stored: 100,000 objects would take a thread longer to receive than to look at. */
export interface StoredRows {
  /** Row of the content in the table of its file. */
  readonly inTable: Uint32Array;
  readonly offset: Float64Array;
  readonly size: Float64Array;
  readonly uncompressedSize: Float64Array;
  readonly flags: Uint8Array; // RESOURCE_*
  /** As the file claims it, 20 bytes a row. */
  readonly sha1: Uint8Array;
}

export interface StoredResource {
  readonly resource: ResourceHeader;
  /** SHA-1 as the file claims it, lower-case hex. */
  readonly digest: string;
}

/** A content that lies in one piece of its own: raw, or as chunks that are compressed each by itself. */
export interface StoredContent extends StoredResource {
  readonly store: ContentStore;
  /** In the table of the file. */
  readonly row: number;
  /** The path by which wimlib-imagex can extract it, or undefined when it cannot. */
  readonly listed: string | undefined;
}
