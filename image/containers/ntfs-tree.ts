// The files of an NTFS volume as nodes of an image; files compressed by the Windows overlay filter look like the files they stand for.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { firstCluster, type NtfsStream, readPieces, readWhole } from '../../formats/ntfs/stream.ts';
import { type NtfsFile, type NtfsVolume, ROOT_RECORD } from '../../formats/ntfs/volume.ts';
import { decodeWof, TAG_WOF, WOF_STREAM, type WofFormat, wofFormat } from '../../formats/ntfs/wof.ts';
import { ATTRIBUTE_DIRECTORY, ATTRIBUTE_REPARSE_POINT } from '../../formats/wim/model.ts';
import { REPARSE_BYTES_MAX, reparseTarget } from '../../formats/wim/reparse.ts';
import { type ImageFile, READ_MAX } from '../image.ts';
import { namedStream, type TreeNode } from './tree-image.ts';

const ATTRIBUTE_SPARSE = 0x200;
const SPACE_DOS = 2;
/** Reparse data begins with tag, length and a reserved field. */
const REPARSE_HEADER = 8;

/** How the overlay filter stores a file, or why it cannot be read. */
type Overlay = { readonly format: WofFormat } | { readonly opaque: string };

/** The root folder of the volume. Reparse data is read now, so that a walk knows which files are what they seem. */
export async function ntfsTree(volume: NtfsVolume): Promise<TreeNode> {
  const overlays = new Map<NtfsFile, Overlay>();
  const reparse = new Map<NtfsFile, { readonly tag: number; readonly data: Uint8Array }>();
  for (const file of volume.files.values()) {
    if (!file.reparse || !(file.attributes & ATTRIBUTE_REPARSE_POINT)) continue;
    const stored = await readReparse(volume, file.reparse);
    if (!stored) continue;
    reparse.set(file, stored);
    if (stored.tag === TAG_WOF && !file.folder) {
      const overlay = overlayOf(file, stored.data);
      if (overlay) overlays.set(file, overlay);
    }
  }
  const root = volume.files.get(ROOT_RECORD)!;
  return new NtfsNode({ volume, overlays, reparse }, root, '', '');
}

async function readReparse(volume: NtfsVolume, stream: NtfsStream): Promise<{ tag: number; data: Uint8Array } | undefined> {
  try {
    const bytes = await readWhole(volume, stream, REPARSE_BYTES_MAX + REPARSE_HEADER);
    if (bytes.length < REPARSE_HEADER) return undefined;
    const tag = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    return { tag, data: bytes.subarray(REPARSE_HEADER) };
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Undefined: its content lies in a WIM elsewhere; then the reparse point is shown, and lint says that it cannot look behind it. */
function overlayOf(file: NtfsFile, data: Uint8Array): Overlay | undefined {
  try {
    const format = wofFormat(data);
    if (!format) return undefined;
    const there = file.streams.some(({ name }) => name === WOF_STREAM);
    return there ? { format } : { opaque: 'its compressed content is missing' };
  } catch (error) {
    if (error instanceof FormatError) return { opaque: error.message };
    throw error;
  }
}

interface Shared {
  readonly volume: NtfsVolume;
  readonly overlays: ReadonlyMap<NtfsFile, Overlay>;
  readonly reparse: ReadonlyMap<NtfsFile, { readonly tag: number; readonly data: Uint8Array }>;
}

export class NtfsNode implements TreeNode {
  readonly name: string;
  readonly shortName: string;
  readonly file: NtfsFile;
  private readonly shared: Shared;

  constructor(shared: Shared, file: NtfsFile, name: string, shortName: string) {
    this.shared = shared;
    this.file = file;
    this.name = name;
    this.shortName = shortName;
  }

  get folder(): boolean {
    return this.file.folder;
  }

  /** Only of a file with several names: most have one, and need not be sought for others. */
  get identity(): NtfsFile | undefined {
    return this.file.names.filter(({ space }) => space !== SPACE_DOS).length > 1 ? this.file : undefined;
  }

  /** True when the overlay filter stands between the stored and the visible content. */
  get overlaid(): boolean {
    return this.shared.overlays.has(this.file);
  }

  get size(): number {
    return this.file.streams.find(({ name }) => name === '')?.size ?? 0;
  }

  get attributes(): number {
    const kind = this.file.folder ? ATTRIBUTE_DIRECTORY : 0;
    // The flags of a record above the low 16 bits are NTFS's own.
    const stored = (this.file.attributes & 0xffff) | kind;
    return this.overlaid ? stored & ~(ATTRIBUTE_REPARSE_POINT | ATTRIBUTE_SPARSE) : stored;
  }

  get streams(): ImageFile['streams'] {
    return this.file.streams
      .filter(({ name }) => name !== '' && !(name === WOF_STREAM && this.overlaid))
      .map(({ name, size }) => ({ name, size, digest: undefined }));
  }

  get order(): number {
    const stored = this.stored(undefined);
    return stored ? firstCluster(stored, this.shared.volume.clusters) : 0;
  }

  children(): readonly NtfsNode[] {
    const entries = this.shared.volume.children.get(this.file.number) ?? [];
    const short = new Map(entries.filter(({ space }) => space === SPACE_DOS).map(({ file, name }) => [file, name]));
    return entries
      .filter(({ space }) => space !== SPACE_DOS)
      .map(({ file, name, space }) => new NtfsNode(this.shared, file, name, space === 1 ? (short.get(file) ?? '') : ''));
  }

  descriptor(): Promise<Uint8Array | undefined> {
    return this.shared.volume.descriptorOf(this.file);
  }

  async reparse(): Promise<ImageFile['reparse']> {
    const stored = this.overlaid ? undefined : this.shared.reparse.get(this.file);
    if (!stored) return undefined;
    let target: string | undefined;
    try {
      target = reparseTarget(stored.tag, stored.data);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
    return { tag: stored.tag, target };
  }

  async *pieces(name?: string): AsyncGenerator<Uint8Array> {
    const { volume, overlays } = this.shared;
    const overlay = name === undefined ? overlays.get(this.file) : undefined;
    const stream = this.stored(name);
    if (overlay && 'opaque' in overlay) throw new FormatError('WOF data', overlay.opaque);
    if (!stream) {
      if (name !== undefined) throw new ImageError('STREAM_ABSENT', `${this.name}: has no stream "${name}"`);
      return;
    }
    if (overlay) yield* decodeWof(await readWhole(volume, stream, READ_MAX), this.size, overlay.format);
    else yield* readPieces(volume, stream);
  }

  /** The stream that holds the bytes of the visible one. */
  private stored(name: string | undefined): NtfsStream | undefined {
    const { streams } = this.file;
    if (name !== undefined && name !== '') return namedStream(streams, name);
    return streams.find((stream) => stream.name === (this.overlaid ? WOF_STREAM : ''));
  }
}
