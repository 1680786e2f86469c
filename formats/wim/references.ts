// What an image's tree refers to: reference counts of blobs, and the counts that the WIM XML shows.
import { ATTRIBUTE_DIRECTORY, ATTRIBUTE_REPARSE_POINT, type DirEntry } from './model.ts';
import { linkKey, streamRoles } from './streams.ts';

/** Every entry of a tree, folders before what is in them. */
export function* entriesOf(root: DirEntry): Generator<DirEntry> {
  const waiting = [root];
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    yield entry;
    for (let index = entry.children.length - 1; index >= 0; index--) waiting.push(entry.children[index]!);
  }
}

/** Adds one reference for each stream of each entry: a file with three names counts three times, as wimlib counts (measured with 1.13.5). */
export function countReferences(root: DirEntry, counts: Map<string, number>): void {
  for (const entry of entriesOf(root)) {
    for (const digest of digestsOf(entry)) counts.set(digest, (counts.get(digest) ?? 0) + 1);
  }
}

export interface TreeStatistics {
  readonly folders: number; // the root counts
  readonly files: number;
  readonly bytes: number; // all streams of all entries
  readonly hardLinkBytes: number; // what of that further names of a file account for
}

export function statisticsOf(root: DirEntry, sizeOf: (digest: string) => number): TreeStatistics {
  let folders = 0;
  let files = 0;
  let bytes = 0;
  let hardLinkBytes = 0;
  const seen = new Set<string>();
  for (const entry of entriesOf(root)) {
    // wimlib counts a junction as a file (inode_is_directory in inode.h; measured with 1.13.5).
    if ((entry.attributes & (ATTRIBUTE_DIRECTORY | ATTRIBUTE_REPARSE_POINT)) === ATTRIBUTE_DIRECTORY) folders++;
    else files++;
    let size = 0;
    for (const digest of digestsOf(entry)) size += sizeOf(digest);
    bytes += size;
    const file = entry.linkGroup === 0n ? undefined : linkKey(entry, streamRoles(entry));
    if (file === undefined) continue;
    if (seen.has(file)) hardLinkBytes += size;
    seen.add(file);
  }
  return { folders, files, bytes, hardLinkBytes };
}

function digestsOf(entry: DirEntry): readonly string[] {
  if (entry.streams.length === 0) return entry.digest === undefined ? [] : [entry.digest];
  return [entry.digest, ...entry.streams.map((stream) => stream.digest)].filter((digest) => digest !== undefined);
}
