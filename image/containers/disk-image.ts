// The volume of a disk that holds the Windows, as an Image that can also be written.
import type { ImageInfo } from '../image.ts';
import type { OpenDisk } from './disk-layers.ts';
import type { DiskVolume } from './disk-volumes.ts';
import { TreeImage } from './tree-image.ts';

export class DiskImage extends TreeImage {
  readonly volume: DiskVolume;
  readonly container: { readonly path: string; readonly disk: OpenDisk };

  constructor(volume: DiskVolume, info: ImageInfo, container: { readonly path: string; readonly disk: OpenDisk }) {
    super(volume.root, info, `partition ${volume.partition.number} of ${container.path}`);
    this.volume = volume;
    this.container = container;
  }
}
