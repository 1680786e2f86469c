// Disk images as containers: VHD, VHDX, qcow2 and raw. Every partition is seen; the images are the volumes with a Windows, found by content.
import { ImageError } from '../../errors.ts';
import { isBootSector, readPartitions } from '../../formats/disk/partitions.ts';
import { isQcow2 } from '../../formats/disk/qcow2.ts';
import { isVhdFooter } from '../../formats/disk/vhd.ts';
import { isVhdx } from '../../formats/disk/vhdx.ts';
import type { Container, ContainerFormat, Image, ImageInfo, ImageSummary, SideTree } from '../image.ts';
import { diskErrorOf } from './disk-errors.ts';
import { DiskImage } from './disk-image.ts';
import { type OpenDisk, openDisk } from './disk-layers.ts';
import { type DiskContent, type DiskVolume, readVolumes } from './disk-volumes.ts';
import { TreeImage, type TreeNode } from './tree-image.ts';

export const diskFormat: ContainerFormat = {
  id: 'vhdx',
  extensions: ['.vhdx', '.vhd', '.qcow2', '.img', '.raw'],
  probe: (head) => isVhdx(head) || isQcow2(head) || isVhdFooter(head) || isDisk(head),
  open: openDiskContainer,
};

/** A raw disk or a fixed VHD: a partition table or a file system at its start. */
function isDisk(head: Uint8Array): boolean {
  return head.length >= 512 && ((head[510] === 0x55 && head[511] === 0xaa) || isBootSector(head));
}

export async function openDiskContainer(path: string): Promise<Container> {
  const disk = await openDisk(path);
  try {
    const content = await readVolumes(path, disk.disk, await readPartitions(disk.disk, disk.sectorSize));
    return await DiskContainer.open(path, disk, content);
  } catch (error) {
    await disk.close();
    throw diskErrorOf(path, error);
  }
}

const NOWHERE = { edition: 'unknown', build: 0, architecture: 'unknown' } as const;

class DiskContainer implements Container {
  readonly id: OpenDisk['id'];
  readonly path: string;
  readonly images: readonly ImageSummary[];
  private readonly disk: OpenDisk;
  private readonly content: DiskContent;
  private readonly chosen: readonly DiskVolume[];

  private constructor(path: string, disk: OpenDisk, content: DiskContent, chosen: readonly (readonly [DiskVolume, ImageInfo])[]) {
    this.id = disk.id;
    this.path = path;
    this.disk = disk;
    this.content = content;
    this.chosen = chosen.map(([volume]) => volume);
    this.images = chosen.map(([{ root }, info]) => ({ info, ...countsOf(root) }));
  }

  static async open(path: string, disk: OpenDisk, content: DiskContent): Promise<DiskContainer> {
    const windows: DiskVolume[] = [];
    for (const volume of content.volumes) if (volume.ntfs && (await isWindows(volume))) windows.push(volume);
    // What may be the volume with the Windows must not be passed over.
    const [closed] = content.closed.filter(({ error }) => windows.length === 0 && error.code !== 'VOLUME_UNKNOWN');
    if (closed) throw closed.error;
    const chosen = windows.length > 0 ? windows : content.volumes;
    if (chosen.length === 0) {
      throw (
        content.closed[0]?.error ??
        new ImageError('IMAGE_NONE', `${path}: holds no partition`, { hint: 'Give a disk image with an installed Windows.' })
      );
    }
    const described: (readonly [DiskVolume, ImageInfo])[] = [];
    for (const [at, volume] of chosen.entries()) {
      const image = imageOf(path, disk, volume, { container: disk.id, index: at + 1, name: volume.label, ...NOWHERE });
      await image.completeInfo();
      await image.close();
      described.push([volume, image.info]);
    }
    return new DiskContainer(path, disk, content, described);
  }

  async open(index: number): Promise<Image> {
    const volume = this.chosen[index - 1];
    if (!volume) {
      throw new ImageError('IMAGE_INDEX_ABSENT', `${this.path}: image ${index} does not exist (the disk holds ${this.chosen.length})`, {
        hint: this.chosen.length === 1 ? 'Choose image 1.' : `Choose an image from 1 to ${this.chosen.length}.`,
      });
    }
    return imageOf(this.path, this.disk, volume, this.images[index - 1]!.info);
  }

  sides(): readonly SideTree[] {
    const [first] = this.images;
    const open = this.content.volumes
      .filter((volume) => !this.chosen.includes(volume))
      .map((volume): SideTree => {
        const { number } = volume.partition;
        const info = { ...first!.info, ...NOWHERE, name: volume.label };
        return { partition: number, image: new TreeImage(volume.root, info, `partition ${number} of ${this.path}`) };
      });
    const closed = this.content.closed.map(
      ({ partition, error }): SideTree => ({ partition: partition.number, unreadable: error.message }),
    );
    return [...open, ...closed].sort((a, b) => a.partition - b.partition);
  }

  close(): Promise<void> {
    return this.disk.close();
  }
}

function imageOf(path: string, disk: OpenDisk, volume: DiskVolume, info: ImageInfo): DiskImage {
  return new DiskImage(volume, info, { path, disk });
}

async function isWindows(volume: DiskVolume): Promise<boolean> {
  const image = new TreeImage(volume.root, { container: 'raw', index: 1, name: '', ...NOWHERE }, '');
  try {
    return await image.has('/Windows/System32/config/SOFTWARE');
  } catch (error) {
    if (error instanceof ImageError) return false; // the path runs through a link: nobody installs like that
    throw error;
  }
}

/** As a WIM's XML counts: names of files and folders, and the bytes of their contents. */
function countsOf(root: TreeNode): { folders: number; files: number; bytes: number } {
  let [folders, files, bytes] = [0, 0, 0];
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    for (const child of node.children()) {
      if (child.folder) {
        folders++;
        waiting.push(child);
      } else files++;
      bytes += child.size;
    }
  }
  return { folders, files, bytes };
}
