// One image of a WIM as an Image: files by path, their content, hives.
import { ImageError } from '../../errors.ts';
import { upcase } from '../../formats/hive/upcase.ts';
import { EMPTY_DIGEST } from '../../formats/wim/digest.ts';
import { ATTRIBUTE_ENCRYPTED, type BlobEntry, type DirEntry, type ImageMetadata, type StreamEntry } from '../../formats/wim/model.ts';
import { REPARSE_BYTES_MAX, reparseTarget } from '../../formats/wim/reparse.ts';
import { isFolder, streamRoles } from '../../formats/wim/streams.ts';
import { canList } from '../../tools/wimlib.ts';
import type { ContentChunk, ContentRequest, Hive, HiveName, Image, ImageFile, ImageInfo } from '../image.ts';
import { OpenHives } from '../open-hives.ts';
import { foldersOf, pathGlobs } from '../path-globs.ts';
import type { ContentStore, StoredContent } from '../stored-content.ts';
import type { NameTree, Place } from './name-tree.ts';
import { readContent, type Source, streamContent } from './wim-content.ts';
import { corrupt } from './wim-errors.ts';
import { completeInfo } from './wim-info.ts';
import type { WimParts } from './wim-parts.ts';
import { wimTree } from './wim-tree.ts';

const NO_STREAMS: ImageFile['streams'] = Object.freeze([]);

export class WimImage implements Image {
  info: ImageInfo;
  private readonly parts: WimParts;
  private readonly metadata: ImageMetadata;
  private readonly tree: NameTree<DirEntry>;
  private readonly hives = new OpenHives(this);

  constructor(parts: WimParts, info: ImageInfo, metadata: ImageMetadata) {
    this.info = info;
    this.parts = parts;
    this.metadata = metadata;
    this.tree = wimTree(metadata.root);
  }

  /** What commit starts from: the very parts and metadata that the steps have seen. */
  get opened(): { readonly parts: WimParts; readonly metadata: ImageMetadata } {
    return { parts: this.parts, metadata: this.metadata };
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

  *entries(): Iterable<ImageFile | Promise<ImageFile>> {
    for (const place of this.tree.walk()) yield this.fileOf(place);
  }

  async *stream(requests: readonly ContentRequest[], signal?: AbortSignal): AsyncIterable<ContentChunk> {
    const sources = requests.map((request) => this.sourceOf(request));
    yield* streamContent(this.parts, this.info.index, sources, signal);
  }

  store(): ContentStore {
    return this.parts.storeOf(this.info.index);
  }

  stored(request: ContentRequest): StoredContent | undefined {
    const { place, blob } = this.placed(request);
    if (!blob || blob.resource.size === 0) return undefined;
    return new WimContent(this.store(), blob, request.stream === undefined ? place : undefined);
  }

  hive(name: HiveName): Promise<Hive> {
    return this.hives.open(name);
  }

  async close(): Promise<void> {
    this.hives.clear();
  }

  /** A link's target is content, so only links have to be waited for. */
  private fileOf(place: Place<DirEntry>): ImageFile | Promise<ImageFile> {
    const { node: entry } = place;
    const roles = streamRoles(entry);
    const blob = this.blobOf(place, roles.content);
    const facts: FileFacts = {
      blob,
      digest: blob?.digest ?? roles.content, // one text for all who hold it: looking it up again is quicker
      descriptor: this.metadata.securityDescriptors[entry.securityId],
      reparse: undefined,
      streams: entry.streams.length === 0 ? NO_STREAMS : this.namedStreams(place),
    };
    if (!entry.reparse) return new WimImageFile(this, place, facts);
    const { tag } = entry.reparse;
    return this.targetOf(tag, roles.reparse).then((target) => new WimImageFile(this, place, { ...facts, reparse: { tag, target } }));
  }

  linksOf(place: Place<DirEntry>): readonly string[] {
    return this.tree.linksOf(place);
  }

  private namedStreams(place: Place<DirEntry>): ImageFile['streams'] {
    const named = place.node.streams.filter((stream) => stream.name !== '');
    return named.map(({ name, digest }) => ({ name, size: this.blobOf(place, digest)?.resource.uncompressedSize ?? 0, digest }));
  }

  /** Undefined as well when the data cannot be read: a broken link must not end a walk. */
  private async targetOf(tag: number, digest: string | undefined): Promise<string | undefined> {
    const blob = digest === undefined ? undefined : this.parts.blobOf(digest);
    if (!blob || blob.resource.uncompressedSize > REPARSE_BYTES_MAX) return undefined;
    try {
      return reparseTarget(tag, await this.parts.readBlob(blob));
    } catch {
      return undefined;
    }
  }

  /** The blob behind a digest. A digest without a blob is no empty file: the content is somewhere else. */
  private blobOf(place: Place<DirEntry>, digest: string | undefined): BlobEntry | undefined {
    if (digest === undefined) return undefined;
    const blob = this.parts.blobOf(digest);
    if (blob && (blob.resource.uncompressedSize > 0 || digest === EMPTY_DIGEST)) return blob;
    // Taken at its word the file would be empty, and nobody would read what is stored.
    if (blob)
      throw corrupt(this.parts.path, `the content of ${place.path} claims to have no bytes, and not the SHA-1 of nothing (${digest})`);
    throw new ImageError('CONTENT_ABSENT', `${this.parts.path}: does not hold the content of ${place.path} (SHA-1 ${digest})`, {
      hint: 'If it is a delta WIM, export it together with its base: "wimlib-imagex export".',
    });
  }

  async readFile(file: ImageFile, stream: string | undefined): Promise<Uint8Array> {
    return readContent(this.parts, this.info.index, this.sourceOf(stream === undefined ? { file } : { file, stream }));
  }

  private sourceOf(request: ContentRequest): Source {
    const { place, blob } = this.placed(request);
    return { request, blob, listed: request.stream === undefined ? listedPath(place) : undefined };
  }

  private placed({ file, stream }: ContentRequest): { readonly place: Place<DirEntry>; readonly blob: BlobEntry | undefined } {
    if (file instanceof WimImageFile && stream === undefined) return { place: file.place, blob: file.blob };
    // A file that somebody wrapped is found by its path.
    const place = file instanceof WimImageFile ? file.place : this.tree.find(file.path);
    if (!place) throw new ImageError('FILE_ABSENT', `${file.path}: is not in the image`);
    if (stream === undefined) return { place, blob: this.blobOf(place, streamRoles(place.node).content) };
    const found = namedStream(place.node, stream);
    if (!found) throw new ImageError('STREAM_ABSENT', `${file.path}: has no stream "${stream}"`);
    return { place, blob: this.blobOf(place, found.digest) };
  }
}

/** The path by which wimlib-imagex extracts the content, or undefined when it cannot. */
function listedPath({ path, node }: Place<DirEntry>): string | undefined {
  const listable = !isFolder(node) && !node.reparse && (node.attributes & ATTRIBUTE_ENCRYPTED) === 0 && canList(path);
  return listable ? path : undefined;
}

/** NTFS knows stream names without case; the exact one wins all the same. */
function namedStream({ streams }: DirEntry, name: string): StreamEntry | undefined {
  if (name === '') return undefined; // that one has no name
  return streams.find((stream) => stream.name === name) ?? streams.find((stream) => upcase(stream.name) === upcase(name));
}

type FileFacts = Pick<ImageFile, 'digest' | 'descriptor' | 'reparse' | 'streams'> & { readonly blob: BlobEntry | undefined };

class WimContent implements StoredContent {
  readonly store: ContentStore;
  readonly resource: BlobEntry['resource'];
  readonly digest: string;
  readonly #place: Place<DirEntry> | undefined;

  constructor(store: ContentStore, { resource, digest }: BlobEntry, place: Place<DirEntry> | undefined) {
    this.store = store;
    this.resource = resource;
    this.digest = digest;
    this.#place = place;
  }

  get listed(): string | undefined {
    return this.#place && listedPath(this.#place);
  }
}

/** A class, because an image has 100,000 of them: one shape, no closures. */
class WimImageFile implements ImageFile {
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
  readonly attributes: number;
  readonly shortName: string;
  readonly digest: string | undefined;
  readonly descriptor: Uint8Array | undefined;
  readonly reparse: ImageFile['reparse'];
  readonly streams: ImageFile['streams'];
  readonly #image: WimImage;
  readonly #node: DirEntry;
  readonly #blob: BlobEntry | undefined;

  constructor(image: WimImage, place: Place<DirEntry>, facts: FileFacts) {
    this.path = place.path;
    this.folder = isFolder(place.node);
    this.size = facts.blob?.resource.uncompressedSize ?? 0;
    this.attributes = place.node.attributes;
    this.shortName = place.node.shortName;
    this.digest = facts.digest;
    this.descriptor = facts.descriptor;
    this.reparse = facts.reparse;
    this.streams = facts.streams;
    this.#image = image;
    this.#node = place.node;
    this.#blob = facts.blob;
  }

  get place(): Place<DirEntry> {
    return { path: this.path, node: this.#node };
  }

  get blob(): BlobEntry | undefined {
    return this.#blob;
  }

  /** Sought when somebody asks: hardly anybody does, and a file may have a thousand names. */
  get links(): readonly string[] {
    return this.#image.linksOf(this.place);
  }

  read(stream?: string): Promise<Uint8Array> {
    return this.#image.readFile(this, stream);
  }
}
