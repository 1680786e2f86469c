// The files of a FAT volume as nodes of an image.
import type { FatEntry, FatVolume } from '../../formats/fat/fat.ts';
import { ATTRIBUTE_DIRECTORY } from '../../formats/wim/model.ts';
import type { ImageFile } from '../image.ts';
import type { TreeNode } from './tree-image.ts';

export function fatTree(volume: FatVolume): TreeNode {
  const root: FatEntry = {
    name: '',
    shortName: '',
    attributes: ATTRIBUTE_DIRECTORY,
    folder: true,
    size: 0,
    firstCluster: 0,
    children: volume.root,
  };
  return nodeOf(volume, root);
}

const NO_STREAMS: ImageFile['streams'] = [];

function nodeOf(volume: FatVolume, entry: FatEntry): TreeNode {
  return {
    name: entry.name,
    shortName: entry.shortName,
    folder: entry.folder,
    size: entry.size,
    attributes: entry.attributes,
    streams: NO_STREAMS,
    identity: undefined, // FAT knows no second name of a file
    order: entry.firstCluster,
    children: () => entry.children.map((child) => nodeOf(volume, child)),
    descriptor: async () => undefined,
    reparse: async () => undefined,
    pieces: () => volume.pieces(entry),
  };
}
