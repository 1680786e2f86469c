// What stands on the partitions of a disk: file systems that are read, and the reason for each that is not.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import type { Partition, PartitionTable } from '../../formats/disk/partitions.ts';
import { type ByteSource, sliceOf } from '../../formats/disk/source.ts';
import { isFat, readFat } from '../../formats/fat/fat.ts';
import { isNtfs, type NtfsVolume, readNtfs } from '../../formats/ntfs/volume.ts';
import { diskErrorOf, encryptedVolume } from './disk-errors.ts';
import { fatTree } from './fat-tree.ts';
import { ntfsTree } from './ntfs-tree.ts';
import type { TreeNode } from './tree-image.ts';

export interface DiskVolume {
  readonly partition: Partition;
  readonly label: string;
  readonly root: TreeNode;
  /** Undefined on FAT. */
  readonly ntfs: NtfsVolume | undefined;
  readonly source: ByteSource;
}

/** A partition that cannot be looked into. */
export interface ClosedPartition {
  readonly partition: Partition;
  readonly error: ImageError;
}

export interface DiskContent {
  readonly volumes: readonly DiskVolume[];
  readonly closed: readonly ClosedPartition[];
}

/** Microsoft's reserved partition holds no file system, by definition. */
const RESERVED = 'e3c9e316-0b5c-4db8-817d-f92df00215ae';
/** An unformatted partition has nothing at its start. */
const START = 64 * 1024;

export async function readVolumes(path: string, disk: ByteSource, { partitions }: PartitionTable): Promise<DiskContent> {
  const volumes: DiskVolume[] = [];
  const closed: ClosedPartition[] = [];
  for (const partition of partitions) {
    const source = sliceOf(disk, partition.start, partition.size, 'partition');
    try {
      const volume = await readVolume(path, partition, source);
      if (volume) volumes.push(volume);
    } catch (cause) {
      const error = diskErrorOf(path, cause, partition.number);
      if (!(error instanceof ImageError)) throw error;
      closed.push({ partition, error });
    }
  }
  return { volumes, closed };
}

async function readVolume(path: string, partition: Partition, source: ByteSource): Promise<DiskVolume | undefined> {
  const start = await source.read(0, Math.min(START, source.size));
  if (start.length < 512) throw new FormatError('partition', `it has ${start.length} bytes`);
  if (isNtfs(start)) {
    const ntfs = await readNtfs(source);
    return { partition, label: ntfs.label, root: await ntfsTree(ntfs), ntfs, source };
  }
  if (isFat(start)) {
    const fat = await readFat(source);
    return { partition, label: fat.label, root: fatTree(fat), ntfs: undefined, source };
  }
  if (Buffer.from(start.subarray(3, 11)).toString('latin1') === '-FVE-FS-') throw encryptedVolume(path, partition.number);
  if (partition.type === RESERVED && start.every((byte) => byte === 0)) return undefined;
  throw new ImageError(
    'VOLUME_UNKNOWN',
    `${path}: partition ${partition.number} holds no file system that is read (neither NTFS nor FAT)`,
    {
      hint: 'Remove the partition, or format it with NTFS or FAT32.',
    },
  );
}
