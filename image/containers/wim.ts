// WIM files as containers: images, files, content. Metadata is read by our own code; nothing is extracted as a whole.
import { ImageError } from '../../errors.ts';
import { ZERO_DIGEST } from '../../formats/wim/blob-table.ts';
import type { EntryTable } from '../../formats/wim/entry-table.ts';
import { isPipableWim, isWim } from '../../formats/wim/header.ts';
import { parseWimXml, type WimXmlImage } from '../../formats/wim/xml.ts';
import type { Container, ContainerFormat, Image, ImageSummary } from '../image.ts';
import type { ContentStore, StoredContent } from '../stored-content.ts';
import { corrupt, imageErrorOf } from './wim-errors.ts';
import { WimImage } from './wim-image.ts';
import { architectureOf } from './wim-info.ts';
import { readWim, type WimParts } from './wim-parts.ts';

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
  /** Entries that are in use: reading them anew takes as long as opening the image. */
  private readonly opened = new Map<number, WeakRef<EntryTable>>();

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
    const entries = await this.parts.readEntries(index, 'lookups');
    this.opened.set(index, new WeakRef(entries));
    const image = new WimImage(this.parts, summary.info, entries);
    await image.completeInfo();
    return image;
  }

  async unreferencedBlobs(): Promise<readonly LooseBlob[]> {
    const { table, metadataBlobs } = this.parts;
    const used = new Uint8Array(table.count);
    for (const { info } of this.images) {
      const entries = this.opened.get(info.index)?.deref() ?? (await this.parts.readEntries(info.index, 'lookups'));
      for (let entry = 0; entry < entries.count; entry++)
        entries.eachRow(table, entry, (row) => {
          used[row] = 1;
        });
    }
    const loose: LooseBlob[] = [];
    for (let row = 0; row < table.count; row++)
      if (used[row] === 0 && table.size(row) > 0 && !(table.isMetadata(row) && metadataBlobs.includes(this.parts.blobAt(row))))
        loose.push(this.looseBlob(row));
    return loose;
  }

  private looseBlob(row: number): LooseBlob {
    const blob = this.parts.blobAt(row);
    const { resource, digest } = blob;
    const isNamed = digest !== ZERO_DIGEST;
    return {
      digest: isNamed ? digest : '',
      size: resource.uncompressedSize,
      offset: resource.offset,
      ...(isNamed ? { stored: { store: this.parts.storeOf(1), row, resource, digest, listed: undefined } } : {}),
      read: () => this.parts.readBlob(blob),
    };
  }

  close(): Promise<void> {
    return this.parts.close();
  }
}
