// Which stream of a directory entry is the content and which the reparse data: the format does not say, wimlib and Windows follow these rules.
import { ATTRIBUTE_DIRECTORY, ATTRIBUTE_ENCRYPTED, ATTRIBUTE_REPARSE_POINT, type DirEntry } from './model.ts';

/** `D`: how a digest is given, as a text or by its place. */
export interface StreamRoles<D = string> {
  /** SHA-1 of the unnamed stream (for an encrypted file its raw EFS data); undefined when empty or absent. */
  readonly content: D | undefined;
  /** SHA-1 of the reparse data; undefined when there is none. */
  readonly reparse: D | undefined;
}

export interface EntryStreams<D> {
  readonly attributes: number;
  readonly digest: D | undefined;
  readonly streams: readonly { readonly name: string; readonly digest: D | undefined }[];
}

/**
 * The reparse data comes before the unnamed data; the entry's own digest comes before the stream entries, but a zero one
 * counts only when there is no unnamed stream entry (wimlib dentry.c, assign_stream_types_*).
 */
export function streamRoles<D>(entry: EntryStreams<D>): StreamRoles<D> {
  if (entry.streams.length === 0 && (entry.attributes & ATTRIBUTE_REPARSE_POINT) === 0)
    return { content: entry.digest, reparse: undefined };
  const unnamed = entry.streams.filter((stream) => stream.name === '').map((stream) => stream.digest);
  if (entry.digest !== undefined) unnamed.unshift(entry.digest);
  if (entry.attributes & ATTRIBUTE_ENCRYPTED) return { content: unnamed.find((digest) => digest !== undefined), reparse: undefined };
  if (entry.attributes & ATTRIBUTE_REPARSE_POINT) return { content: unnamed[1], reparse: unnamed[0] };
  return { content: unnamed[0], reparse: undefined };
}

export function isFolder(entry: Pick<DirEntry, 'attributes'>): boolean {
  return (entry.attributes & ATTRIBUTE_DIRECTORY) !== 0;
}

/** Whether two names with one link group are one file: Windows asks only for the same unnamed content, and folders never are (wimlib inode_fixup.c). */
export function linkKey(entry: Pick<DirEntry, 'attributes' | 'linkGroup'>, roles: StreamRoles): string | undefined {
  if (entry.linkGroup === 0n || isFolder(entry)) return undefined;
  return `${entry.linkGroup} ${roles.content ?? ''}`;
}
