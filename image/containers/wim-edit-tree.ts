// Plays file edits into the metadata of a WIM image: values in, values out; nothing is written here.

import { ImageError } from '../../errors.ts';
import { upcase } from '../../formats/hive/upcase.ts';
import { blobDigest } from '../../formats/wim/digest.ts';
import {
  ATTRIBUTE_ARCHIVE,
  ATTRIBUTE_DIRECTORY,
  ATTRIBUTE_ENCRYPTED,
  ATTRIBUTE_REPARSE_POINT,
  type DirEntry,
  type ImageMetadata,
} from '../../formats/wim/model.ts';
import { linkKey, streamRoles } from '../../formats/wim/streams.ts';
import type { FileEdit } from '../image.ts';
import { Descriptors } from './wim-descriptors.ts';
import { type Place, parentOf, pathOf, placeOf, replaceAt } from './wim-place.ts';

/** What neither NTFS nor Windows takes as a name of a file: [MS-FSCC] 2.1.5. */
const NAME_FORBIDDEN = /[\u0000-\u001f"*/:<>?\\|\u007f]|[. ]$/;
const NAME_MAX = 255;

export interface EditedTree {
  readonly metadata: ImageMetadata;
  /** What was written, by SHA-1; some of it may have been replaced again by a later edit. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly notes: readonly string[];
}

/** @throws ImageError for an edit that cannot be made: nothing is half done, since nothing is changed in place. */
export function editTree(metadata: ImageMetadata, edits: readonly FileEdit[], time: bigint): EditedTree {
  const editor = new TreeEditor(metadata, time);
  for (const edit of edits) {
    if (edit.kind === 'write') editor.write(edit.path, edit.content);
    else editor.remove(edit.path);
  }
  return editor.finish();
}

class TreeEditor {
  private root: DirEntry;
  private readonly time: bigint;
  private readonly descriptors: Descriptors;
  private readonly contents = new Map<string, Uint8Array>();
  /** New content of files with several names, by what their names have in common in the stored tree. */
  private readonly linked = new Map<string, string | undefined>();
  private withoutDescriptor = 0;

  constructor(metadata: ImageMetadata, time: bigint) {
    this.root = metadata.root;
    this.time = time;
    this.descriptors = new Descriptors(metadata.securityDescriptors);
  }

  write(path: string, content: Uint8Array): void {
    const digest = this.keep(content);
    const place = placeOf(this.root, path);
    if (place.missing.length > 0) {
      this.add(place, path, digest);
      return;
    }
    const file = place.chain.at(-1)!;
    if (file.attributes & ATTRIBUTE_REPARSE_POINT) {
      throw new ImageError('PATH_IS_LINK', `${pathOf(place)}: is a link or reparse point and is not written through`, {
        hint: 'Write to the file that it points to, or remove the link first.',
      });
    }
    if (file.attributes & ATTRIBUTE_DIRECTORY)
      throw new ImageError('PATH_IS_FOLDER', `${pathOf(place)}: is a folder, no file can be written there`);
    if (file.attributes & ATTRIBUTE_ENCRYPTED) {
      throw new ImageError('FILE_ENCRYPTED', `${pathOf(place)}: is encrypted with EFS, other content would be taken for encrypted`, {
        hint: 'Remove the file first to replace it by a plain one.',
      });
    }
    const key = linkKey(file, streamRoles(file));
    // All names of a file change together, and its names are known by the old content: put off to the end.
    if (key !== undefined) this.linked.set(key, digest);
    else this.root = replaceAt(this.root, place.indices, withContent(file, digest, this.time));
  }

  remove(path: string): void {
    const place = placeOf(this.root, path);
    if (place.missing.length > 0) return;
    if (place.indices.length === 0) throw new ImageError('PATH_INVALID', `${path}: the root of an image cannot be removed`);
    const parent = parentOf(place);
    const at = place.indices.at(-1)!;
    this.root = replaceAt(this.root, place.indices.slice(0, -1), { ...parent, children: parent.children.toSpliced(at, 1) });
  }

  finish(): EditedTree {
    this.changeLinked();
    const notes: string[] = [];
    if (this.withoutDescriptor > 0) {
      notes.push(
        `${this.withoutDescriptor} new file(s) or folder(s) have no security descriptor: no folder above them has one to inherit from`,
      );
    }
    return { metadata: { securityDescriptors: this.descriptors.list, root: this.root }, contents: this.contents, notes };
  }

  private keep(content: Uint8Array): string | undefined {
    if (content.length === 0) return undefined;
    const digest = blobDigest(content);
    this.contents.set(digest, content);
    return digest;
  }

  /** Adds a file and the folders on the way to it. */
  private add(place: Place, path: string, digest: string | undefined): void {
    const folder = place.chain.at(-1)!;
    if ((folder.attributes & ATTRIBUTE_DIRECTORY) === 0) {
      throw new ImageError('PATH_THROUGH_FILE', `${path}: ${pathOf(place)} is a file, nothing can stand below it`, {
        hint: 'Choose another path.',
      });
    }
    const chain = [...place.chain];
    const made: DirEntry[] = [];
    for (const [depth, name] of place.missing.entries()) {
      checkName(path, name);
      const isFile = depth === place.missing.length - 1;
      const securityId = this.descriptors.idForNew(chain, !isFile);
      if (securityId < 0) this.withoutDescriptor++;
      const entry = newEntry(name, isFile ? ATTRIBUTE_ARCHIVE : ATTRIBUTE_DIRECTORY, securityId, this.time, isFile ? digest : undefined);
      made.push(entry);
      chain.push(entry);
    }
    const added = made.reduceRight((child, parent) => ({ ...parent, children: [child] }));
    this.root = replaceAt(this.root, place.indices, { ...folder, children: inserted(folder.children, added) });
  }

  private changeLinked(): void {
    if (this.linked.size === 0) return;
    const waiting: { entry: DirEntry; indices: readonly number[] }[] = [{ entry: this.root, indices: [] }];
    const changes: { entry: DirEntry; indices: readonly number[] }[] = [];
    for (let item = waiting.pop(); item; item = waiting.pop()) {
      const { entry, indices } = item;
      for (const [index, child] of entry.children.entries()) {
        if (child.children.length > 0) waiting.push({ entry: child, indices: [...indices, index] });
        if (child.linkGroup === 0n) continue;
        const key = linkKey(child, streamRoles(child));
        if (key === undefined || !this.linked.has(key)) continue;
        changes.push({ entry: withContent(child, this.linked.get(key), this.time), indices: [...indices, index] });
      }
    }
    for (const { entry, indices } of changes) this.root = replaceAt(this.root, indices, entry);
  }
}

/** The file with other content: everything else stays, named streams included. */
function withContent(file: DirEntry, digest: string | undefined, time: bigint): DirEntry {
  const changed = { ...file, lastWriteTime: time };
  const unnamed = file.streams.findIndex((stream) => stream.name === '');
  if (file.digest !== undefined || file.streams.length === 0) {
    // An entry without a name would count once the digest field is zero.
    const streams = digest === undefined && unnamed >= 0 ? file.streams.with(unnamed, { name: '', digest: undefined }) : file.streams;
    return { ...changed, digest, streams };
  }
  // With named streams the content stands in an extra entry without a name, in front (wimlib dentry.c, write_dentry).
  const content = { name: '', digest };
  return { ...changed, streams: unnamed < 0 ? [content, ...file.streams] : file.streams.with(unnamed, content) };
}

function newEntry(name: string, attributes: number, securityId: number, time: bigint, digest: string | undefined): DirEntry {
  return {
    name,
    shortName: '',
    attributes,
    securityId,
    creationTime: time,
    lastAccessTime: time,
    lastWriteTime: time,
    digest,
    reparse: undefined,
    linkGroup: 0n,
    unknown54: 0,
    streams: [],
    extra: new Uint8Array(),
    children: [],
  };
}

/** Puts the new entry where a list sorted without case has it; an unsorted list keeps its order. */
function inserted(children: readonly DirEntry[], entry: DirEntry): readonly DirEntry[] {
  const name = upcase(entry.name);
  const at = children.findIndex((child) => upcase(child.name) > name);
  return children.toSpliced(at < 0 ? children.length : at, 0, entry);
}

/** @throws ImageError PATH_INVALID for a name that Windows does not take */
export function checkName(path: string, name: string): void {
  if (name.length > NAME_MAX || NAME_FORBIDDEN.test(name)) {
    throw new ImageError('PATH_INVALID', `${JSON.stringify(path)}: ${JSON.stringify(name)} is no name that Windows takes`, {
      hint: `Use at most ${NAME_MAX} characters, none of " * / : < > ? \\ |, and no dot or blank at the end.`,
    });
  }
}
