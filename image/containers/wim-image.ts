// One image of a WIM as an Image: files by path, their content, hives.
import { ImageError } from '../../errors.ts';
import { NO_ROW } from '../../formats/digest-index.ts';
import type { BlobTable } from '../../formats/wim/blob-table.ts';
import { EMPTY_DIGEST } from '../../formats/wim/digest.ts';
import type { DigestRef } from '../../formats/wim/entry-bytes.ts';
import type { EntryTable } from '../../formats/wim/entry-table.ts';
import { ATTRIBUTE_ENCRYPTED, type ImageMetadata } from '../../formats/wim/model.ts';
import { REPARSE_BYTES_MAX, reparseTarget } from '../../formats/wim/reparse.ts';
import { canList } from '../../tools/wimlib.ts';
import type { ContentChunk, ContentRequest, Hive, HiveName, Image, ImageFile, ImageInfo } from '../image.ts';
import { OpenHives } from '../open-hives.ts';
import { foldersOf, pathGlobs } from '../path-globs.ts';
import type { ContentStore, StoredContent } from '../stored-content.ts';
import type { NameTree, Place } from './name-tree.ts';
import { readContent, type Source, streamContent } from './wim-content.ts';
import { corrupt } from './wim-errors.ts';
import { contentOf, type FileFacts, sizeOf, WimContent, WimImageFile } from './wim-file.ts';
import { completeInfo } from './wim-info.ts';
import type { WimParts } from './wim-parts.ts';
import { StreamsByEntry } from './wim-streams.ts';
import { Paths, wimTree } from './wim-tree.ts';

const NO_STREAMS: ImageFile['streams'] = Object.freeze([]);

export class WimImage implements Image, FileFacts {
  info: ImageInfo;
  readonly parts: WimParts;
  readonly table: EntryTable;
  readonly blobs: BlobTable;
  private readonly tree: NameTree<number>;
  private readonly paths: Paths;
  private readonly streams: StreamsByEntry;
  private readonly hives = new OpenHives(this);

  constructor(parts: WimParts, info: ImageInfo, table: EntryTable) {
    this.info = info;
    this.parts = parts;
    this.table = table;
    this.blobs = parts.table;
    this.tree = wimTree(table);
    this.paths = new Paths(table);
    this.streams = new StreamsByEntry(table, (entry, { name, digest }) => {
      const row = this.rowAt(entry, digest);
      return { name, size: sizeOf(this.blobs, row), digest: table.digestOf(digest), content: contentOf(row) };
    });
  }

  /** What commit starts from, with what nobody looks up: read anew from the very file that the steps have seen. */
  async metadata(): Promise<ImageMetadata> {
    return (await this.parts.readEntries(this.info.index)).tree();
  }

  async completeInfo(): Promise<void> {
    this.info = await completeInfo(this);
  }

  async has(path: string): Promise<boolean> {
    return this.tree.find(path) !== undefined;
  }

  async find(path: string): Promise<ImageFile | undefined> {
    const place = this.tree.find(path);
    return place && this.fileOf(place);
  }

  async read(path: string): Promise<Uint8Array> {
    const file = await this.find(path);
    if (!file || file.folder) {
      const what = file ? 'is a folder' : 'is not in the image';
      throw new ImageError('FILE_ABSENT', `${path}: ${what} (image ${this.info.index} of ${this.parts.path})`);
    }
    return file.read();
  }

  async *walk(select?: { files?: readonly string[] }): AsyncIterable<ImageFile> {
    const isWanted = select?.files ? pathGlobs(select.files) : undefined;
    for (const place of this.tree.walk(select?.files && foldersOf(select.files)))
      if (!isWanted || isWanted(place.path)) yield this.fileOf(place);
  }

  /** Paths are forgotten behind each file: they would be a third of all that a walk leaves behind. */
  *entries(): Iterable<ImageFile | Promise<ImageFile>> {
    for (const place of this.tree.walk()) {
      const file = this.fileOf(place);
      yield file;
      if (file instanceof WimImageFile) file.forgetPath();
    }
  }

  async *stream(requests: readonly ContentRequest[], signal?: AbortSignal): AsyncIterable<ContentChunk> {
    const sources = requests.map((request) => this.sourceOf(request));
    yield* streamContent(this.parts, this.info.index, sources, signal);
  }

  store(): ContentStore {
    return this.parts.storeOf(this.info.index);
  }

  stored(request: ContentRequest): StoredContent | undefined {
    const { entry, row } = this.placed(request);
    if (row === NO_ROW || this.blobs.size(row) === 0) return undefined;
    return new WimContent(this.store(), this.blobs, row, () => (request.stream === undefined ? this.listed(entry) : undefined));
  }

  hive(name: HiveName): Promise<Hive> {
    return this.hives.open(name);
  }

  async close(): Promise<void> {
    this.hives.clear();
  }

  /** A link's target is content, so only links have to be waited for. */
  private fileOf({ path, node: entry }: Place<number>): WimImageFile | Promise<WimImageFile> {
    const row = this.contentRow(entry);
    const tag = this.table.reparse(entry)?.tag;
    if (tag === undefined) return new WimImageFile(this, entry, path, row);
    const { reparse } = this.streams.of(entry).roles;
    return this.targetOf(tag, reparse).then((target) => new WimImageFile(this, entry, path, row, { tag, target }));
  }

  numbered(entry: number): ImageFile {
    return new WimImageFile(this, entry, undefined, this.contentRow(entry));
  }

  /** The row of what the entry holds. */
  private contentRow(entry: number): number {
    const { table } = this;
    return this.rowAt(entry, table.isPlain(entry) ? table.digest(entry) : this.streams.of(entry).roles.content);
  }

  linksOf(entry: number, path: string): readonly string[] {
    return this.tree.linksOf({ path, node: entry });
  }

  pathOf(entry: number): string {
    return this.paths.of(entry);
  }

  namedStreams(entry: number): ImageFile['streams'] {
    return this.table.streamCount(entry) === 0 ? NO_STREAMS : this.streams.of(entry).said;
  }

  /** Undefined as well when the data cannot be read: a broken link must not end a walk. */
  private async targetOf(tag: number, digest: DigestRef | undefined): Promise<string | undefined> {
    const row = digest === undefined ? NO_ROW : this.table.rowOf(this.blobs, digest);
    if (row === NO_ROW || sizeOf(this.blobs, row) > REPARSE_BYTES_MAX) return undefined;
    try {
      return reparseTarget(tag, await this.parts.readBlob(this.parts.blobAt(row)));
    } catch {
      return undefined;
    }
  }

  /** The row of the blob with the digest; NO_ROW for nothing. A digest without a blob is no empty file: the content is somewhere else. */
  private rowAt(entry: number, digest: DigestRef | undefined): number {
    if (digest === undefined) return NO_ROW;
    const { table, blobs } = this;
    const row = table.rowOf(blobs, digest);
    if (sizeOf(blobs, row) > 0) return row;
    const claimed = this.table.digestOf(digest);
    if (row !== NO_ROW && claimed === EMPTY_DIGEST) return row;
    // Taken at its word the file would be empty, and nobody would read what is stored.
    if (row !== NO_ROW)
      throw corrupt(
        this.parts.path,
        `the content of ${this.pathOf(entry)} claims to have no bytes, and not the SHA-1 of nothing (${claimed})`,
      );
    throw new ImageError('CONTENT_ABSENT', `${this.parts.path}: does not hold the content of ${this.pathOf(entry)} (SHA-1 ${claimed})`, {
      hint: 'If it is a delta WIM, export it together with its base: "wimlib-imagex export".',
    });
  }

  async readFile(file: ImageFile, stream: string | undefined): Promise<Uint8Array> {
    return readContent(this.parts, this.info.index, this.sourceOf(stream === undefined ? { file } : { file, stream }));
  }

  private sourceOf(request: ContentRequest): Source {
    const { entry, row } = this.placed(request);
    const blob = row === NO_ROW ? undefined : this.parts.blobAt(row);
    return { request, blob, listed: request.stream === undefined ? this.listed(entry) : undefined };
  }

  private placed({ file, stream }: ContentRequest): { readonly entry: number; readonly row: number } {
    if (file instanceof WimImageFile && stream === undefined) return file;
    // A file that somebody wrapped is found by its path.
    const entry = file instanceof WimImageFile ? file.entry : this.tree.find(file.path)?.node;
    if (entry === undefined) throw new ImageError('FILE_ABSENT', `${file.path}: is not in the image`);
    if (stream === undefined) return { entry, row: this.contentRow(entry) };
    const found = this.streams.of(entry).find(stream);
    if (!found) throw new ImageError('STREAM_ABSENT', `${file.path}: has no stream "${stream}"`);
    return { entry, row: this.rowAt(entry, found.digest) };
  }

  /** The path by which wimlib-imagex extracts the content, or undefined when it cannot. */
  private listed(entry: number): string | undefined {
    const { table } = this;
    if (table.isFolder(entry) || table.isReparse(entry) || (table.attributes(entry) & ATTRIBUTE_ENCRYPTED) !== 0) return undefined;
    const path = this.pathOf(entry);
    return canList(path) ? path : undefined;
  }
}
