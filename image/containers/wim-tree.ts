// The directory tree of one WIM image.
import type { DirEntry } from '../../formats/wim/model.ts';
import { linkKey, streamRoles } from '../../formats/wim/streams.ts';
import { NameTree } from './name-tree.ts';

/** The entry itself and everything below it, in no special order. */
export function* entriesOf(root: DirEntry): Generator<DirEntry> {
  const pending = [root];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    yield entry;
    for (const child of entry.children) pending.push(child);
  }
}

export function wimTree(root: DirEntry): NameTree<DirEntry> {
  return new NameTree(root, {
    nameOf: ({ name }) => name,
    childrenOf: ({ children }) => children,
    isLink: ({ reparse }) => reparse !== undefined,
    groupOf: ({ linkGroup }) => (linkGroup === 0n ? undefined : linkGroup),
    identityOf: (entry) => (entry.linkGroup === 0n ? undefined : linkKey(entry, streamRoles(entry))),
  });
}
