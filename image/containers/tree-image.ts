// A file system as an Image: files by path, their content, hives. What kind of file system it is, its nodes know.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { upcase } from '../../formats/hive/upcase.ts';
import { ATTRIBUTE_REPARSE_POINT } from '../../formats/wim/model.ts';
import {
  type ContentChunk,
  type ContentRequest,
  type Hive,
  type HiveName,
  type Image,
  type ImageFile,
  type ImageInfo,
  READ_MAX,
} from '../image.ts';
import { OpenHives } from '../open-hives.ts';
import { foldersOf, pathGlobs } from '../path-globs.ts';
import { type Place as NamedPlace, NameTree, type NodeShape } from './name-tree.ts';
import { completeInfo } from './wim-info.ts';

/** One name of one file or folder. */
export interface TreeNode {
  readonly name: string;
  readonly folder: boolean;
  readonly size: number;
  readonly attributes: number;
  readonly shortName: string;
  readonly streams: ImageFile['streams'];
  /** The same for all names of a file; undefined when it has no other. */
  readonly identity: unknown;
  /** Where the content lies, to read in an order that suits the disk. */
  readonly order: number;
  children(): readonly TreeNode[];
  descriptor(): Promise<Uint8Array | undefined>;
  reparse(): Promise<ImageFile['reparse']>;
  /** The content of the unnamed or a named stream, piece by piece. FormatError and ImageError say why it cannot be read. */
  pieces(stream?: string): AsyncGenerator<Uint8Array>;
}

export type Place = NamedPlace<TreeNode>;

const NOTHING = new Uint8Array();

const NO_CHILDREN: readonly TreeNode[] = [];
const SHAPE: NodeShape<TreeNode> = {
  nameOf: ({ name }) => name,
  childrenOf: (node) => (node.folder ? node.children() : NO_CHILDREN),
  isLink: ({ attributes }) => (attributes & ATTRIBUTE_REPARSE_POINT) !== 0,
  identityOf: ({ identity }) => identity,
};

/** By root: a volume is opened several times, what was found out about its names is the same each time. */
const trees = new WeakMap<TreeNode, NameTree<TreeNode>>();

function treeOf(root: TreeNode): NameTree<TreeNode> {
  const known = trees.get(root);
  if (known) return known;
  const tree = new NameTree(root, SHAPE);
  trees.set(root, tree);
  return tree;
}

export class TreeImage implements Image {
  info: ImageInfo;
  /** For messages: the container and, where there is one, the partition. */
  readonly where: string;
  private readonly tree: NameTree<TreeNode>;
  private readonly hives = new OpenHives(this);

  constructor(root: TreeNode, info: ImageInfo, where: string) {
    this.tree = treeOf(root);
    this.info = info;
    this.where = where;
  }

  async completeInfo(): Promise<void> {
    this.info = await completeInfo(this);
  }

  async has(path: string): Promise<boolean> {
    return this.place(path) !== undefined;
  }

  async find(path: string): Promise<ImageFile | undefined> {
    const place = this.place(path);
    return place && this.fileOf(place);
  }

  async read(path: string): Promise<Uint8Array> {
    const file = await this.find(path);
    if (!file || file.folder)
      throw new ImageError('FILE_ABSENT', `${path}: ${file ? 'is a folder' : 'is not in the image'} (${this.where})`);
    return file.read();
  }

  async *walk(select?: { files?: readonly string[] }): AsyncIterable<ImageFile> {
    const isWanted = select?.files ? pathGlobs(select.files) : undefined;
    for (const place of this.tree.walk(select?.files && foldersOf(select.files)))
      if (!isWanted || isWanted(place.path)) yield await this.fileOf(place);
  }

  async *stream(requests: readonly ContentRequest[], signal?: AbortSignal): AsyncIterable<ContentChunk> {
    const sources = requests.map((request) => {
      const node = this.nodeOf(request.file);
      return { request, node, order: node.order };
    });
    sources.sort((a, b) => a.order - b.order);
    for (const { request, node } of sources) {
      let offset = 0;
      let held: Uint8Array = NOTHING;
      let failed: string | undefined;
      try {
        for await (const piece of node.pieces(request.stream)) {
          signal?.throwIfAborted();
          if (held.length > 0) {
            yield { request, offset, bytes: held, last: false };
            offset += held.length;
          }
          held = piece;
        }
      } catch (error) {
        if (!(error instanceof FormatError) && !(error instanceof ImageError)) throw error;
        failed = error.message;
      }
      yield failed === undefined ? { request, offset, bytes: held, last: true } : { request, offset, bytes: NOTHING, last: true, failed };
    }
  }

  hive(name: HiveName): Promise<Hive> {
    return this.hives.open(name);
  }

  async close(): Promise<void> {
    this.hives.clear();
  }

  /** The node at the path, or undefined. Never goes through a reparse point. */
  place(path: string): Place | undefined {
    return this.tree.find(path);
  }

  private async fileOf(place: Place): Promise<ImageFile> {
    const { path, node } = place;
    const { folder, size, attributes, shortName, streams } = node;
    const descriptor = await node.descriptor();
    const reparse = await node.reparse();
    const links = this.tree.linksOf(place);
    const read = (stream?: string) => readNode(path, node, stream);
    return Object.assign(new TreeFile(node), {
      path,
      folder,
      size,
      attributes,
      shortName,
      digest: undefined,
      descriptor,
      reparse,
      streams,
      links,
      read,
    });
  }

  private nodeOf(file: ImageFile): TreeNode {
    if (file instanceof TreeFile) return file.node;
    // A file that somebody wrapped is found by its path.
    const place = this.place(file.path);
    if (!place) throw new ImageError('FILE_ABSENT', `${file.path}: is not in the image`);
    return place.node;
  }
}

class TreeFile {
  readonly #node: TreeNode;

  constructor(node: TreeNode) {
    this.#node = node;
  }

  get node(): TreeNode {
    return this.#node;
  }
}

async function readNode(path: string, node: TreeNode, stream: string | undefined): Promise<Uint8Array> {
  const size = stream === undefined ? node.size : streamSize(path, node, stream);
  if (size > READ_MAX) {
    throw new ImageError('CONTENT_TOO_LARGE', `${path}: is too large to be read whole (${size} bytes, at most ${READ_MAX})`);
  }
  const content = new Uint8Array(size);
  let done = 0;
  try {
    for await (const piece of node.pieces(stream)) {
      if (done + piece.length > size) throw new FormatError('content', `it is longer than it says (${size} bytes)`);
      content.set(piece, done);
      done += piece.length;
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ImageError('CONTENT_UNREADABLE', `${path}: cannot be read (${error.message})`, { cause: error });
  }
  if (done !== size) throw new ImageError('CONTENT_UNREADABLE', `${path}: ended early (${done} of ${size} bytes)`);
  return content;
}

function streamSize(path: string, node: TreeNode, name: string): number {
  const found = namedStream(node.streams, name);
  if (!found) throw new ImageError('STREAM_ABSENT', `${path}: has no stream "${name}"`);
  return found.size;
}

/** NTFS knows stream names without case; the exact one wins all the same. */
export function namedStream<S extends { readonly name: string }>(streams: readonly S[], name: string): S | undefined {
  return streams.find((stream) => stream.name === name) ?? streams.find((stream) => upcase(stream.name) === upcase(name));
}
