// What file edits mean on an NTFS volume: which files are touched, by their names as stored; refused before anything is written.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import type { NtfsFile } from '../../formats/ntfs/volume.ts';
import { inheritDescriptor } from '../../formats/security-descriptor/inherit.ts';
import { parseDescriptor } from '../../formats/security-descriptor/parse.ts';
import { renderDescriptor } from '../../formats/security-descriptor/render.ts';
import { ATTRIBUTE_ENCRYPTED, ATTRIBUTE_REPARSE_POINT } from '../../formats/wim/model.ts';
import type { FileEdit } from '../image.ts';
import type { DiskImage } from './disk-image.ts';
import type { NtfsNode } from './ntfs-tree.ts';
import type { Place } from './tree-image.ts';
import { checkName } from './wim-edit-tree.ts';

/** One thing to do on the mounted volume. Paths as stored, from the root. */
export type NtfsAction =
  | { readonly kind: 'overwrite'; readonly path: string; readonly content: Uint8Array; readonly overlaid: boolean }
  | { readonly kind: 'uncompress'; readonly path: string; readonly pieces: () => AsyncIterable<Uint8Array>; readonly overlaid: true }
  | { readonly kind: 'create'; readonly path: string; readonly content: Uint8Array; readonly descriptor: Uint8Array | undefined }
  | { readonly kind: 'make-folder'; readonly path: string; readonly descriptor: Uint8Array | undefined }
  | {
      readonly kind: 'remove';
      readonly path: string;
      readonly files: readonly { readonly path: string; readonly streams: readonly string[]; readonly last: boolean }[];
      readonly folders: readonly string[];
      readonly links: readonly string[];
    };

export interface NtfsPlan {
  readonly actions: readonly NtfsAction[];
  /** Files whose clusters are written or given up. */
  readonly touched: ReadonlySet<NtfsFile>;
  /** By path in lower case: what must be different afterwards, and nothing else. */
  readonly expected: ReadonlyMap<string, 'written' | 'made' | 'removed'>;
}

/** @throws ImageError for an edit that cannot be made */
export async function planNtfs(image: DiskImage, edits: readonly FileEdit[]): Promise<NtfsPlan> {
  const planner = new Planner(image);
  // Removals first: what a step writes below a folder that an earlier one removed stands in a new folder.
  for (const edit of edits) if (edit.kind === 'remove') planner.remove(edit.path);
  for (const edit of edits) if (edit.kind === 'write') await planner.write(edit.path, edit.content);
  return planner;
}

class Planner implements NtfsPlan {
  readonly actions: NtfsAction[] = [];
  readonly touched = new Set<NtfsFile>();
  readonly expected = new Map<string, 'written' | 'made' | 'removed'>();
  private readonly image: DiskImage;
  private readonly made = new Map<string, { readonly path: string; readonly descriptor: Uint8Array | undefined }>();

  constructor(image: DiskImage) {
    this.image = image;
  }

  remove(path: string): void {
    const place = this.placeOf(path);
    if (!place) return;
    if (place.path === '/') throw new ImageError('PATH_INVALID', `${path}: the root of an image cannot be removed`);
    const files: { path: string; streams: readonly string[]; last: boolean }[] = [];
    const folders: string[] = [];
    const links: string[] = [];
    const waiting: Place[] = [place];
    const gone = new Map<NtfsFile, number>();
    for (let at = waiting.pop(); at; at = waiting.pop()) {
      const node = at.node as NtfsNode;
      this.touched.add(node.file);
      this.expected.set(at.path.toLowerCase(), 'removed');
      if (node.attributes & ATTRIBUTE_REPARSE_POINT || node.overlaid) links.push(at.path);
      else if (node.folder) {
        folders.push(at.path);
        for (const child of node.children()) waiting.push({ path: `${at.path}/${child.name}`, node: child });
      } else {
        const names = (gone.get(node.file) ?? 0) + 1;
        gone.set(node.file, names);
        // The content goes with its last name only.
        const all = new Set(node.file.names.filter(({ space }) => space !== 2).map(({ parent, name }) => `${parent}/${name}`)).size;
        files.push({ path: at.path, streams: node.streams.map(({ name }) => name), last: names >= all });
      }
    }
    this.actions.push({ kind: 'remove', path: place.path, files, folders: folders.reverse(), links });
  }

  async write(path: string, content: Uint8Array): Promise<void> {
    const place = this.placeOf(path);
    if (place) {
      this.overwrite(place, content);
      return;
    }
    const folder = await this.folderFor(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    checkName(path, name);
    const at = `${folder.path === '/' ? '' : folder.path}/${name}`;
    this.expected.set(at.toLowerCase(), this.expected.has(at.toLowerCase()) ? 'written' : 'made');
    this.actions.push({ kind: 'create', path: at, content, descriptor: inherited(at, folder.descriptor, false) });
  }

  private overwrite({ path, node }: Place, content: Uint8Array): void {
    const { file, overlaid } = node as NtfsNode;
    if (node.attributes & ATTRIBUTE_REPARSE_POINT) {
      throw new ImageError('PATH_IS_LINK', `${path}: is a link or reparse point and is not written through`, {
        hint: 'Write to the file that it points to, or remove the link first.',
      });
    }
    if (node.folder) throw new ImageError('PATH_IS_FOLDER', `${path}: is a folder, no file can be written there`);
    if (node.attributes & ATTRIBUTE_ENCRYPTED) {
      throw new ImageError('FILE_ENCRYPTED', `${path}: is encrypted with EFS, other content would be taken for encrypted`, {
        hint: 'Remove the file first to replace it by a plain one.',
      });
    }
    this.touched.add(file);
    this.expected.set(path.toLowerCase(), 'written');
    this.actions.push({ kind: 'overwrite', path, content, overlaid });
  }

  /** The place as it is after the removals that were planned. */
  private placeOf(path: string): Place | undefined {
    const place = this.image.place(path);
    if (!place) return undefined;
    for (let at = place.path.toLowerCase(); at !== ''; at = at.slice(0, at.lastIndexOf('/')))
      if (this.expected.get(at) === 'removed') return undefined;
    return place;
  }

  /** The folder that a new file goes into, made when it is not there. */
  private async folderFor(path: string): Promise<{ readonly path: string; readonly descriptor: Uint8Array | undefined }> {
    const above = path.slice(0, path.lastIndexOf('/'));
    const known = this.made.get(above.toLowerCase());
    if (known) return known;
    const place = this.placeOf(above);
    if (place) {
      if (place.node.attributes & ATTRIBUTE_REPARSE_POINT) {
        throw new ImageError('PATH_THROUGH_LINK', `${path}: runs through a link of the image (${place.path})`, {
          hint: 'Name the file by its real path.',
        });
      }
      if (!place.node.folder) {
        throw new ImageError('PATH_THROUGH_FILE', `${path}: ${place.path} is a file, nothing can stand below it`, {
          hint: 'Choose another path.',
        });
      }
      return { path: place.path, descriptor: await place.node.descriptor() };
    }
    const parent = await this.folderFor(above);
    const name = above.slice(above.lastIndexOf('/') + 1);
    checkName(above, name);
    const folder = { path: `${parent.path === '/' ? '' : parent.path}/${name}`, descriptor: inherited(above, parent.descriptor, true) };
    const lower = folder.path.toLowerCase();
    this.expected.set(lower, this.expected.has(lower) ? 'written' : 'made');
    this.actions.push({ kind: 'make-folder', ...folder });
    this.made.set(above.toLowerCase(), folder);
    return folder;
  }
}

/** As in a WIM: what the folder hands down to a file that an elevated process of SYSTEM makes. */
function inherited(path: string, parent: Uint8Array | undefined, folder: boolean): Uint8Array | undefined {
  if (!parent) return undefined;
  try {
    return renderDescriptor(inheritDescriptor(parseDescriptor(parent), folder));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ImageError('DESCRIPTOR_CORRUPT', `${path}: cannot inherit the access list of its folder (${error.message})`, {
      cause: error,
    });
  }
}
