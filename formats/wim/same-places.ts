// Which contents of an image stand in another image, the base, at each of their places: folder by folder over both, so that neither is held as a tree.
import { MetadataReader, type UnreadFolder } from './metadata.ts';
import type { DirEntry } from './model.ts';
import { isFolder, streamRoles } from './streams.ts';

/** Told of each content of the image by its SHA-1, once for each place. */
export type Placed = (digest: string, isSame: boolean) => void;

interface Pair {
  readonly own: UnreadFolder;
  /** Undefined where the base has no such folder. */
  readonly base: UnreadFolder | undefined;
}

/**
 * A place is the same when the base has a file of the very same path, no part of which is a link, with the same content.
 * A stream of a folder is never the same.
 * @param own metadata resource of the image
 * @param base that of the base
 * @throws FormatError
 */
export function comparePlaces(own: Uint8Array, base: Uint8Array, placed: Placed): void {
  const [ours, theirs] = [new MetadataReader(own), new MetadataReader(base)];
  const [ownRoot, ...ownFolders] = ours.root();
  const [, ...baseFolders] = theirs.root();
  compareEntry(ownRoot, undefined, placed);
  const pending: Pair[] = ownFolders.map((folder) => ({ own: folder, base: baseFolders[0] }));
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const below = ours.list(pair.own);
    const belowBase = new Map((pair.base ? theirs.list(pair.base) : []).map((folder) => [folder.entry.name, folder]));
    const known = new Map(pair.base?.children.map((entry) => [entry.name, entry]));
    for (const entry of pair.own.children) compareEntry(entry, known.get(entry.name), placed);
    for (const folder of below) {
      const found = belowBase.get(folder.entry.name);
      pending.push({ own: folder, base: found?.entry.reparse ? undefined : found });
    }
  }
}

function compareEntry(own: DirEntry, base: DirEntry | undefined, placed: Placed): void {
  const theirs = base === undefined || isFolder(base) ? undefined : base;
  if (!isFolder(own)) {
    const { content } = streamRoles(own);
    if (content !== undefined) placed(content, theirs !== undefined && streamRoles(theirs).content === content);
  }
  for (const { name, digest } of own.streams) {
    if (name === '' || digest === undefined) continue;
    placed(digest, theirs?.streams.some((stream) => stream.name === name && stream.digest === digest) === true && !isFolder(own));
  }
}
