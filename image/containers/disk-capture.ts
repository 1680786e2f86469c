// The Windows of a disk as a WIM: a copy of its volume is made and edited as for a disk, and captured by wimlib.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ATTRIBUTE_REPARSE_POINT } from '../../formats/wim/model.ts';
import { withScratch } from '../../tools/scratch.ts';
import { captureVolume } from '../../tools/wimlib.ts';
import type { FileEdit } from '../image.ts';
import type { Packing } from '../output-format.ts';
import { playActions } from './disk-commit.ts';
import type { DiskImage } from './disk-image.ts';
import { refuseUnwritable } from './disk-state.ts';
import { type NtfsAction, type NtfsPlan, planNtfs } from './ntfs-plan.ts';
import type { NtfsNode } from './ntfs-tree.ts';
import { writingTo } from './room.ts';
import { makeSparse } from './sparse-volume.ts';

export interface CaptureOptions extends Pick<Packing, 'solid'> {
  readonly edits: readonly FileEdit[];
  readonly compress: NonNullable<Packing['compress']>;
  /** A file that may stand beside the WIM for a while, as large as what the volume holds. */
  readonly copy: string;
  readonly time: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the WIM at `to`. Files of the overlay filter (CompactOS) are written plain into the copy first: captured as they are, they would be links.
 * @throws ImageError as commitDisk; ToolError for ntfs-3g, setfattr, wimlib-imagex and FUSE
 */
export async function captureDisk(image: DiskImage, to: string, options: CaptureOptions): Promise<void> {
  const { copy, time, signal, compress, solid } = options;
  await refuseUnwritable(image);
  const plan = await planNtfs(image, options.edits);
  const actions = [...plan.actions, ...uncompressed(image, plan)];
  const { volume, container, info } = image;
  const ntfs = volume.ntfs!;
  await makeSparse(ntfs, volume.source, new Set(ntfs.files.values()), copy, signal);
  if (actions.length > 0) {
    await withScratch(async (folder) => {
      const mount = join(folder, 'mount');
      await mkdir(mount);
      await playActions(copy, mount, actions, { path: container.path, time, signal });
    });
  }
  const name = info.name || info.edition;
  await writingTo(to, captureVolume(copy, to, { name, compress, solid, signal }));
}

/** Every file of the overlay filter that the plan leaves as it is, by one of its names. */
function uncompressed(image: DiskImage, { touched }: NtfsPlan): NtfsAction[] {
  const actions: NtfsAction[] = [];
  const seen = new Set(touched);
  const waiting = [{ path: '', node: image.volume.root as NtfsNode }];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    for (const node of at.node.children()) {
      const path = `${at.path}/${node.name}`;
      if (node.folder && (node.attributes & ATTRIBUTE_REPARSE_POINT) === 0) waiting.push({ path, node });
      if (!node.overlaid || seen.has(node.file)) continue;
      seen.add(node.file);
      actions.push({ kind: 'uncompress', path, pieces: () => node.pieces(), overlaid: true });
    }
  }
  return actions;
}
