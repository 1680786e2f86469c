// A folder of this machine as nodes of an image: what was unpacked, or what another program has mounted. Links are shown and never followed.
import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../errors.ts';
import { ATTRIBUTE_ARCHIVE, ATTRIBUTE_DIRECTORY, ATTRIBUTE_REPARSE_POINT } from '../../formats/wim/model.ts';
import type { ImageFile } from '../image.ts';
import type { TreeNode } from './tree-image.ts';

const ENTRIES_MAX = 2_000_000;
const DEPTH_MAX = 256;
const PIECE = 1024 * 1024;
const TAG_SYMLINK = 0xa000000c;
const NO_STREAMS: ImageFile['streams'] = [];

/** @param leaveOut answers for a path (`/sources/install.wim`) whether it is not to be shown */
export async function folderTree(folder: string, leaveOut: (path: string) => boolean = () => false): Promise<TreeNode> {
  let count = 0;
  const nodeOf = async (host: string, path: string, name: string, depth: number): Promise<TreeNode | undefined> => {
    if (++count > ENTRIES_MAX || depth > DEPTH_MAX) throw new ImageError('FOLDER_TOO_LARGE', `${folder}: holds more than is read`);
    const facts = await lstat(host);
    const link = facts.isSymbolicLink() ? await readlink(host) : undefined;
    if (link === undefined && !facts.isDirectory() && !facts.isFile()) return undefined; // a device or pipe is nothing of Windows
    const children: TreeNode[] = [];
    if (facts.isDirectory()) {
      for (const below of (await readdir(host)).sort()) {
        const child = leaveOut(`${path}/${below}`) ? undefined : await nodeOf(join(host, below), `${path}/${below}`, below, depth + 1);
        if (child) children.push(child);
      }
    }
    const kind = facts.isDirectory() ? ATTRIBUTE_DIRECTORY : ATTRIBUTE_ARCHIVE;
    return {
      name,
      folder: facts.isDirectory(),
      size: facts.isFile() ? facts.size : 0,
      attributes: link === undefined ? kind : kind | ATTRIBUTE_REPARSE_POINT,
      shortName: '',
      streams: NO_STREAMS,
      identity: facts.isFile() && facts.nlink > 1 ? `${facts.dev}:${facts.ino}` : {},
      order: 0,
      children: () => children,
      descriptor: async () => undefined,
      reparse: async () => (link === undefined ? undefined : { tag: TAG_SYMLINK, target: link }),
      pieces: () => piecesOf(host),
    };
  };
  return (await nodeOf(folder, '', '', 0))!;
}

async function* piecesOf(host: string): AsyncGenerator<Uint8Array> {
  const file = await open(host, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (;;) {
      const piece = new Uint8Array(PIECE);
      const { bytesRead } = await file.read(piece, 0, PIECE);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
