// Plays planned actions into a mounted NTFS volume: descriptors of changed files stay, new files get theirs, what goes is overwritten first.
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rmdir, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { removeReparsePoint, setDescriptors } from '../../tools/setfattr.ts';
import type { NtfsAction } from './ntfs-plan.ts';

/** Content up to here may lie in the file's record, which a removal leaves as it is; larger content lies in clusters, which are cleared later. */
const RESIDENT_MAX = 4096;
const WOF_STREAM = 'WofCompressedData';

export interface NtfsEditOptions {
  /** The time of written files; now unless given. */
  readonly time: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes the reparse points off files of the overlay filter, so that they are plain files, on a mount of its own: the kernel goes on taking a file for
 * a link for a while.
 */
export async function uncover(root: string, actions: readonly NtfsAction[], signal?: AbortSignal): Promise<void> {
  for (const action of actions) if (isOverlaid(action)) await removeReparsePoint(join(root, action.path), signal);
}

export function isOverlaid(action: NtfsAction): boolean {
  return (action.kind === 'overwrite' || action.kind === 'uncompress') && action.overlaid;
}

/** Everything else; overlaid files are uncovered already. */
export async function editNtfs(root: string, actions: readonly NtfsAction[], { time, signal }: NtfsEditOptions): Promise<void> {
  const host = (path: string) => join(root, path);
  const descriptors = new Map<string, Uint8Array>();
  for (const action of actions) {
    signal?.throwIfAborted();
    const at = host(action.path);
    switch (action.kind) {
      case 'remove':
        for (const { path, streams, last } of action.files) {
          if (last) for (const name of ['', ...streams]) await clear(name === '' ? host(path) : `${host(path)}:${name}`);
          await unlink(host(path));
        }
        for (const path of action.links) await removeLink(host(path));
        for (const path of action.folders) await rmdir(host(path));
        break;
      case 'make-folder':
        await mkdir(at);
        if (action.descriptor) descriptors.set(at, action.descriptor);
        break;
      case 'create':
        await writeWhole(at, action.content, constants.O_CREAT | constants.O_EXCL);
        if (action.descriptor) descriptors.set(at, action.descriptor);
        if (time) await utimes(at, time, time);
        break;
      case 'overwrite':
        if (action.overlaid) await dropOverlay(at);
        else await clear(at);
        await writeWhole(at, action.content, constants.O_TRUNC);
        if (time) await utimes(at, time, time);
        break;
      case 'uncompress': {
        const { atime, mtime } = await lstat(at);
        await dropOverlay(at);
        await writePieces(at, action.pieces());
        await utimes(at, atime, mtime); // it is the same file as before
        break;
      }
    }
  }
  await setDescriptors(descriptors, signal);
}

async function dropOverlay(path: string): Promise<void> {
  await clear(`${path}:${WOF_STREAM}`);
  await unlink(`${path}:${WOF_STREAM}`);
}

async function writePieces(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_TRUNC);
  try {
    for await (const piece of pieces) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

async function writeWhole(path: string, content: Uint8Array, flags: number): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW | flags, 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** Overwrites small content with zeros where it lies. */
async function clear(path: string): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const { size } = await file.stat();
    if (size > 0 && size <= RESIDENT_MAX) await file.write(new Uint8Array(size), 0, size, 0);
  } finally {
    await file.close();
  }
}

/** Both a link to a file and one to a folder look like a symbolic link on the mount. */
async function removeLink(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR' && (error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    await rmdir(path);
  }
}
