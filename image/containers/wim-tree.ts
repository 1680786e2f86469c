// The entries of one WIM image as a tree.
import { type EntryTable, ROOT } from '../../formats/wim/entry-table.ts';
import { linkKey, streamRoles } from '../../formats/wim/streams.ts';
import { NameTree } from './name-tree.ts';

export function wimTree(entries: EntryTable): NameTree<number> {
  return new NameTree(ROOT as number, {
    nameOf: (entry) => entries.name(entry),
    childrenOf: (entry) => entries.children(entry),
    isLink: (entry) => entries.isReparse(entry),
    groupOf: (entry) => entries.linkMark(entry),
    identityOf: (entry) => (entries.linkMark(entry) === undefined ? undefined : identityOf(entries, entry)),
  });
}

function identityOf(entries: EntryTable, entry: number): string | undefined {
  const { content } = streamRoles(entries.placed(entry));
  const [attributes, linkGroup] = [entries.attributes(entry), entries.linkGroup(entry)];
  return linkKey({ attributes, linkGroup }, { content: entries.digestOf(content), reparse: undefined });
}

/** The paths by which the tree knows the entries. */
export class Paths {
  private readonly entries: EntryTable;
  /** Files of one folder are asked for one after the other. */
  private last = { folder: ROOT, path: '' };

  constructor(entries: EntryTable) {
    this.entries = entries;
  }

  of(entry: number): string {
    return entry === ROOT ? '/' : `${this.folderOf(this.entries.parent(entry))}/${this.entries.name(entry)}`;
  }

  private folderOf(folder: number): string {
    if (folder !== this.last.folder) {
      let path = '';
      for (let at = folder; at !== ROOT; at = this.entries.parent(at)) path = `/${this.entries.name(at)}${path}`;
      this.last = { folder, path };
    }
    return this.last.path;
  }
}
