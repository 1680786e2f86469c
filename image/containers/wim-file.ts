// A file of a WIM image and a content of it: each holds no more than where its facts stand, since an image has 100,000 of them.
import { NO_ROW } from '../../formats/digest-index.ts';
import type { BlobTable } from '../../formats/wim/blob-table.ts';
import type { EntryTable } from '../../formats/wim/entry-table.ts';
import type { ResourceHeader } from '../../formats/wim/model.ts';
import type { ImageFile } from '../image.ts';
import type { ContentStore, StoredContent } from '../stored-content.ts';

/** What a file asks its image: by entry of the metadata, and by row of the blob table. */
export interface FileFacts {
  readonly table: EntryTable;
  readonly blobs: BlobTable;
  pathOf(entry: number): string;
  namedStreams(entry: number): ImageFile['streams'];
  linksOf(entry: number, path: string): readonly string[];
  readFile(file: ImageFile, stream: string | undefined): Promise<Uint8Array>;
}

export class WimContent implements StoredContent {
  readonly store: ContentStore;
  readonly row: number;
  readonly #table: BlobTable;
  readonly #listed: () => string | undefined;

  constructor(store: ContentStore, table: BlobTable, row: number, listed: () => string | undefined) {
    this.store = store;
    this.row = row;
    this.#table = table;
    this.#listed = listed;
  }

  get resource(): ResourceHeader {
    return this.#table.resource(this.row);
  }

  get digest(): string {
    return this.#table.digest(this.row);
  }

  get listed(): string | undefined {
    return this.#listed();
  }
}

export class WimImageFile implements ImageFile {
  readonly entry: number;
  readonly row: number;
  readonly reparse: ImageFile['reparse'];
  readonly #image: FileFacts;
  #path: string | undefined;

  /** Without a path it is sought when somebody asks. */
  constructor(image: FileFacts, entry: number, path: string | undefined, row: number, reparse?: ImageFile['reparse']) {
    this.entry = entry;
    this.row = row;
    this.reparse = reparse;
    this.#image = image;
    this.#path = path;
  }

  forgetPath(): void {
    this.#path = undefined;
  }

  get path(): string {
    return this.#path ?? this.#image.pathOf(this.entry);
  }

  /** A link has none: its target is known by then, and to seek it takes reading. */
  get number(): number | undefined {
    return this.reparse ? undefined : this.entry;
  }

  get folder(): boolean {
    return this.#image.table.isFolder(this.entry);
  }

  get size(): number {
    return sizeOf(this.#image.blobs, this.row);
  }

  get attributes(): number {
    return this.#image.table.attributes(this.entry);
  }

  get shortName(): string {
    return this.#image.table.shortName(this.entry);
  }

  get digest(): string | undefined {
    return this.row === NO_ROW ? undefined : this.#image.blobs.digest(this.row);
  }

  get content(): number | undefined {
    return contentOf(this.row);
  }

  get descriptor(): Uint8Array | undefined {
    return this.#image.table.descriptor(this.entry);
  }

  get streams(): ImageFile['streams'] {
    return this.#image.namedStreams(this.entry);
  }

  /** Sought when somebody asks: hardly anybody does, and a file may have a thousand names. */
  get links(): readonly string[] {
    return this.#image.linksOf(this.entry, this.path);
  }

  read(stream?: string): Promise<Uint8Array> {
    return this.#image.readFile(this, stream);
  }
}

/** Bytes of the content. */
export function sizeOf(blobs: BlobTable, row: number): number {
  return row === NO_ROW ? 0 : blobs.uncompressedSize(row);
}

/** The number by which a plan knows a content. */
export function contentOf(row: number): number | undefined {
  return row === NO_ROW ? undefined : row;
}
