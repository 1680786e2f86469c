// WIM files as containers: images, files, content. Metadata is read by our own code; nothing is extracted as a whole.
import picomatch from 'picomatch';
import { ImageError } from '../../errors.ts';
import { ZERO_DIGEST } from '../../formats/wim/blob-table.ts';
import { isPipableWim, isWim } from '../../formats/wim/header.ts';
import { ATTRIBUTE_ENCRYPTED, type BlobEntry, type ImageMetadata } from '../../formats/wim/model.ts';
import { REPARSE_BYTES_MAX, reparseTarget } from '../../formats/wim/reparse.ts';
import { streamRoles } from '../../formats/wim/streams.ts';
import { parseWimXml, type WimXmlImage } from '../../formats/wim/xml.ts';
import { canList } from '../../tools/wimlib.ts';
import { openHive } from '../hive.ts';
import { hivePath } from '../hive-path.ts';
import type {
  Container,
  ContainerFormat,
  ContentChunk,
  ContentRequest,
  Hive,
  HiveName,
  Image,
  ImageFile,
  ImageInfo,
  ImageSummary,
} from '../image.ts';
import { readContent, type Source, streamContent } from './wim-content.ts';
import { architectureOf, completeInfo } from './wim-info.ts';
import { imageErrorOf, readWim, type WimParts } from './wim-parts.ts';
import { entriesOf, isFolder, type Place, WimTree } from './wim-tree.ts';

/** A blob of the file that no image uses any more: Windows does not show it, `grep` does. */
export interface LooseBlob {
  readonly digest: string;
  readonly size: number;
  readonly offset: number; // of the stored bytes in the file
  /** Refuses (ImageError) what is larger than READ_MAX or does not match its SHA-1. */
  read(): Promise<Uint8Array>;
}

export interface WimContainer extends Container {
  readonly parts: WimParts;
  /** Left-overs: content blobs that no image references, second copies of a blob, metadata of deleted images. */
  unreferencedBlobs(): Promise<readonly LooseBlob[]>;
}

export const wimFormat: ContainerFormat = {
  id: 'wim',
  extensions: ['.wim', '.swm', '.esd'],
  probe: (head) => isWim(head) || isPipableWim(head),
  open: openWim,
};

export async function openWim(path: string): Promise<WimContainer> {
  const parts = await readWim(path);
  try {
    return new OpenedWim(parts, parseWimXml(parts.xml));
  } catch (error) {
    await parts.close();
    throw imageErrorOf(path, error);
  }
}

class OpenedWim implements WimContainer {
  readonly id = 'wim';
  readonly path: string;
  readonly parts: WimParts;
  readonly images: readonly ImageSummary[];

  constructor(parts: WimParts, described: readonly WimXmlImage[]) {
    this.path = parts.path;
    this.parts = parts;
    const held = parts.header.imageCount;
    if (described.length !== held) {
      throw new ImageError(
        'CONTAINER_CORRUPT',
        `${parts.path}: is not a sound WIM (its XML describes ${described.length} images, it holds ${held})`,
        {
          hint: 'Take a fresh copy of the image.',
        },
      );
    }
    this.images = described.map((image) => ({
      info: {
        container: 'wim',
        index: image.index,
        name: image.name,
        edition: image.edition || 'unknown',
        build: image.build,
        architecture: architectureOf(image.architecture),
      },
      folders: image.folders,
      files: image.files,
      bytes: image.bytes,
    }));
  }

  async open(index: number): Promise<Image> {
    const summary = this.images[index - 1];
    if (!summary) {
      const held = this.images.length;
      throw new ImageError('IMAGE_INDEX_ABSENT', `${this.path}: image ${index} does not exist (the file holds ${held})`, {
        hint: held === 1 ? 'Choose image 1.' : `Choose an image from 1 to ${held}.`,
      });
    }
    const image = new WimImage(this.parts, summary.info, await this.parts.readMetadata(index));
    await image.completeInfo();
    return image;
  }

  async unreferencedBlobs(): Promise<readonly LooseBlob[]> {
    const used = new Set<BlobEntry>(this.parts.metadataBlobs);
    for (const { info } of this.images) {
      const { root } = await this.parts.readMetadata(info.index);
      for (const entry of entriesOf(root)) {
        for (const digest of [entry.digest, ...entry.streams.map((stream) => stream.digest)]) {
          const blob = digest === undefined ? undefined : this.parts.blobOf(digest);
          if (blob) used.add(blob);
        }
      }
    }
    return this.parts.blobs
      .filter((blob) => !used.has(blob) && blob.resource.size > 0)
      .map((blob) => ({
        digest: blob.digest === ZERO_DIGEST ? '' : blob.digest,
        size: blob.resource.uncompressedSize,
        offset: blob.resource.offset,
        read: () => this.parts.readBlob(blob),
      }));
  }

  close(): Promise<void> {
    return this.parts.close();
  }
}

class WimImage implements Image {
  info: ImageInfo;
  private readonly parts: WimParts;
  private readonly metadata: ImageMetadata;
  private readonly tree: WimTree;
  private readonly hives = new Map<string, Promise<Hive>>();
  /** Where the content of the files that were handed out lies. */
  private readonly places = new WeakMap<ImageFile, Place>();

  constructor(parts: WimParts, info: ImageInfo, metadata: ImageMetadata) {
    this.info = info;
    this.parts = parts;
    this.metadata = metadata;
    this.tree = new WimTree(parts, metadata.root);
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
    const isWanted = select?.files ? picomatch([...select.files], { nocase: true, dot: true }) : undefined;
    for (const place of this.tree.walk()) if (!isWanted || isWanted(place.path)) yield await this.fileOf(place);
  }

  async *stream(requests: readonly ContentRequest[], signal?: AbortSignal): AsyncIterable<ContentChunk> {
    const sources = requests.map((request) => this.sourceOf(request));
    yield* streamContent(this.parts, this.info.index, sources, signal);
  }

  hive(name: HiveName): Promise<Hive> {
    const path = hivePath(name);
    const key = path.toLowerCase();
    let hive = this.hives.get(key);
    if (!hive) {
      hive = this.openHive(path);
      this.hives.set(key, hive);
    }
    return hive;
  }

  async close(): Promise<void> {
    this.hives.clear();
  }

  private async openHive(path: string): Promise<Hive> {
    const file = await this.find(path);
    if (!file || file.folder)
      throw new ImageError('HIVE_ABSENT', `${path}: is not in the image (image ${this.info.index} of ${this.parts.path})`);
    return openHive(await file.read(), file.path);
  }

  private async fileOf(place: Place): Promise<ImageFile> {
    const { path, entry } = place;
    const roles = streamRoles(entry);
    const request: { file: ImageFile } = {} as never;
    const file: ImageFile = {
      path,
      folder: isFolder(entry),
      size: this.sizeOf(roles.content),
      attributes: entry.attributes,
      shortName: entry.shortName,
      digest: roles.content,
      descriptor: this.metadata.securityDescriptors[entry.securityId],
      reparse: entry.reparse && { tag: entry.reparse.tag, target: await this.targetOf(entry.reparse.tag, roles.reparse) },
      streams: entry.streams
        .filter((stream) => stream.name !== '')
        .map(({ name, digest }) => ({ name, size: this.sizeOf(digest), digest })),
      links: this.tree.linksOf(place, roles),
      read: (stream) => readContent(this.parts, this.info.index, this.sourceOf(stream === undefined ? request : { ...request, stream })),
    };
    request.file = file;
    this.places.set(file, place);
    return file;
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

  private sizeOf(digest: string | undefined): number {
    return digest === undefined ? 0 : (this.parts.blobOf(digest)?.resource.uncompressedSize ?? 0);
  }

  private sourceOf(request: ContentRequest): Source {
    const { file, stream } = request;
    const place = this.places.get(file) ?? this.tree.find(file.path);
    if (!place) throw new ImageError('FILE_ABSENT', `${file.path}: is not in the image`);
    const { entry } = place;
    if (stream !== undefined) {
      const found = entry.streams.find((candidate) => candidate.name.toLowerCase() === stream.toLowerCase() && stream !== '');
      if (!found) throw new ImageError('STREAM_ABSENT', `${file.path}: has no stream "${stream}"`);
      return { request, blob: this.blobOf(found.digest), listed: undefined };
    }
    const blob = this.blobOf(streamRoles(entry).content);
    const listable = !isFolder(entry) && !entry.reparse && (entry.attributes & ATTRIBUTE_ENCRYPTED) === 0 && canList(place.path);
    return { request, blob, listed: listable ? place.path : undefined };
  }

  private blobOf(digest: string | undefined): BlobEntry | undefined {
    return digest === undefined ? undefined : this.parts.blobOf(digest);
  }
}
