// WIM files as containers: images, files, content. Metadata is read by our own code; nothing is extracted as a whole.
import { ImageError } from '../../errors.ts';
import { ZERO_DIGEST } from '../../formats/wim/blob-table.ts';
import { isPipableWim, isWim } from '../../formats/wim/header.ts';
import type { BlobEntry, ImageMetadata } from '../../formats/wim/model.ts';
import { parseWimXml, type WimXmlImage } from '../../formats/wim/xml.ts';
import type { Container, ContainerFormat, Image, ImageSummary } from '../image.ts';
import type { ContentStore, StoredContent } from '../stored-content.ts';
import { corrupt, imageErrorOf } from './wim-errors.ts';
import { WimImage } from './wim-image.ts';
import { architectureOf } from './wim-info.ts';
import { readWim, type WimParts } from './wim-parts.ts';
import { entriesOf } from './wim-tree.ts';

/** A blob of the file that no image uses any more: Windows does not show it, `grep` does. */
export interface LooseBlob {
  readonly digest: string;
  readonly size: number;
  readonly offset: number; // of the stored bytes in the file
  /** Undefined for one that claims no digest, so that nothing could prove what is read. */
  readonly stored?: StoredContent;
  /** Refuses (ImageError) what is larger than READ_MAX or does not match its SHA-1. */
  read(): Promise<Uint8Array>;
}

export interface WimContainer extends Container {
  readonly parts: WimParts;
  store(index: number): ContentStore;
  /** Left-overs: content blobs that no image references, second copies of a blob, metadata of deleted images. */
  unreferencedBlobs(): Promise<readonly LooseBlob[]>;
}

export const wimFormat: ContainerFormat = {
  id: 'wim',
  extensions: ['.wim', '.swm', '.esd'],
  probe: (head) => isWim(head) || isPipableWim(head),
  async open(path) {
    const { openPackedWim, packedKind } = await import('./packed-wim.ts'); // late: it needs this file
    const packed = await packedKind(path);
    return packed ? openPackedWim(path, packed) : openWim(path);
  },
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
  /** Metadata that is in use: reading it anew takes as long as opening the image. */
  private readonly opened = new Map<number, WeakRef<ImageMetadata>>();

  constructor(parts: WimParts, described: readonly WimXmlImage[]) {
    this.path = parts.path;
    this.parts = parts;
    const held = parts.header.imageCount;
    if (described.length !== held) {
      throw corrupt(parts.path, `its XML describes ${described.length} images, it holds ${held}`);
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

  store(index: number): ContentStore {
    return this.parts.storeOf(index);
  }

  async open(index: number): Promise<Image> {
    const summary = this.images[index - 1];
    if (!summary) {
      const held = this.images.length;
      throw new ImageError('IMAGE_INDEX_ABSENT', `${this.path}: image ${index} does not exist (the file holds ${held})`, {
        hint: held === 1 ? 'Choose image 1.' : `Choose an image from 1 to ${held}.`,
      });
    }
    const metadata = await this.parts.readMetadata(index);
    this.opened.set(index, new WeakRef(metadata));
    const image = new WimImage(this.parts, summary.info, metadata);
    await image.completeInfo();
    return image;
  }

  async unreferencedBlobs(): Promise<readonly LooseBlob[]> {
    const used = new Set<BlobEntry>(this.parts.metadataBlobs);
    const use = (digest: string | undefined): void => {
      const blob = digest === undefined ? undefined : this.parts.blobOf(digest);
      if (blob) used.add(blob);
    };
    for (const { info } of this.images) {
      const { root } = this.opened.get(info.index)?.deref() ?? (await this.parts.readMetadata(info.index));
      for (const entry of entriesOf(root)) {
        use(entry.digest);
        for (const stream of entry.streams) use(stream.digest);
      }
    }
    return this.parts.blobs
      .filter((blob) => !used.has(blob) && blob.resource.size > 0)
      .map((blob) => ({
        digest: blob.digest === ZERO_DIGEST ? '' : blob.digest,
        size: blob.resource.uncompressedSize,
        offset: blob.resource.offset,
        ...(blob.digest === ZERO_DIGEST
          ? {}
          : { stored: { store: this.parts.storeOf(1), resource: blob.resource, digest: blob.digest, listed: undefined } }),
        read: () => this.parts.readBlob(blob),
      }));
  }

  close(): Promise<void> {
    return this.parts.close();
  }
}
