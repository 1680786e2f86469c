// FAT12, FAT16 and FAT32 volumes, as on the boot partition of a stick: files and folders with long names. Facts: Microsoft's FAT specification (fatgen103).
import { Bytes, FormatError } from '../bytes.ts';
import type { ByteSource } from '../disk/source.ts';

const FORMAT = 'FAT';
/** The largest table there is: FAT32 with 2^28 clusters. */
const TABLE_MAX = 1024 * 1024 * 1024;
/** A folder has at most 65,536 entries of 32 bytes. */
const FOLDER_MAX = 2 * 1024 * 1024;
const ENTRIES_MAX = 1_000_000;
const DEPTH_MAX = 256;
const ENTRY = 32;
const ATTRIBUTE_VOLUME = 0x08;
const ATTRIBUTE_FOLDER = 0x10;
const ATTRIBUTE_LONG_NAME = 0x0f;
const PIECE = 1024 * 1024;

export interface FatEntry {
  readonly name: string;
  /** 8.3; '' when it is the name itself. */
  readonly shortName: string;
  readonly attributes: number;
  readonly folder: boolean;
  readonly size: number;
  readonly firstCluster: number;
  readonly children: readonly FatEntry[];
}

export interface FatVolume {
  readonly kind: 12 | 16 | 32;
  readonly label: string;
  readonly root: readonly FatEntry[];
  /** The content from its start to its end; each piece is a buffer of its own. */
  pieces(entry: FatEntry): AsyncGenerator<Uint8Array>;
}

interface Layout {
  readonly kind: 12 | 16 | 32;
  readonly clusterSize: number;
  readonly clusters: number;
  readonly dataAt: number;
  readonly rootAt: number;
  readonly rootSize: number;
  readonly rootCluster: number;
  readonly tableAt: number;
  readonly tableSize: number;
}

export function isFat(boot: Uint8Array): boolean {
  const text = (at: number) => Buffer.from(boot.subarray(at, at + 8)).toString('latin1');
  return /^FAT(?:12|16) {3}$/.test(text(54)) || text(82) === 'FAT32   ';
}

/** @throws FormatError */
export async function readFat(disk: ByteSource): Promise<FatVolume> {
  const layout = layoutOf(new Bytes(FORMAT, await disk.read(0, 512)), disk.size);
  const table = new FatTable(layout, await disk.read(layout.tableAt, layout.tableSize));
  const reader = new FolderReader(disk, layout, table);
  const first = layout.kind === 32 ? await reader.cluster(layout.rootCluster) : await disk.read(layout.rootAt, layout.rootSize);
  const root = await reader.entries(first, 0);
  return {
    kind: layout.kind,
    label: reader.label,
    root,
    async *pieces({ firstCluster, size }) {
      let left = size;
      for await (const piece of chainPieces(disk, layout, table, firstCluster)) {
        if (left === 0) return;
        yield piece.subarray(0, Math.min(left, piece.length));
        left -= Math.min(left, piece.length);
      }
      if (left > 0) throw new FormatError(FORMAT, `a file of ${size} bytes ends ${left} bytes early`);
    },
  };
}

function layoutOf(boot: Bytes, size: number): Layout {
  const sector = boot.u16(11);
  const clusterSize = sector * boot.u8(13);
  if (![512, 1024, 2048, 4096].includes(sector) || clusterSize === 0 || (clusterSize & (clusterSize - 1)) !== 0) {
    throw new FormatError(FORMAT, `sectors of ${sector} and clusters of ${clusterSize} bytes are not possible`, 11);
  }
  const tableAt = boot.u16(14) * sector;
  const tableSectors = boot.u16(22) || boot.u32(36);
  const tableSize = tableSectors * sector;
  const rootSize = Math.ceil((boot.u16(17) * ENTRY) / sector) * sector;
  const rootAt = tableAt + boot.u8(16) * tableSize;
  const dataAt = rootAt + rootSize;
  const total = (boot.u16(19) || boot.u32(32)) * sector;
  if (total > size || dataAt > total || tableSize === 0 || tableSize > TABLE_MAX) {
    throw new FormatError(FORMAT, `a volume of ${total} bytes does not fit (its partition has ${size}, its files begin at ${dataAt})`, 19);
  }
  const clusters = Math.floor((total - dataAt) / clusterSize);
  // The number of clusters decides the kind, not the name in the boot sector.
  const kind = boot.u16(17) === 0 ? 32 : smallKind(clusters);
  const rootCluster = kind === 32 ? boot.u32(44) : 0;
  if ((clusters + 2) * kind > tableSize * 8)
    throw new FormatError(FORMAT, `a table of ${tableSize} bytes is too small for ${clusters} clusters`, 22);
  return { kind, clusterSize, clusters, dataAt, rootAt, rootSize, rootCluster, tableAt, tableSize };
}

function smallKind(clusters: number): 12 | 16 {
  return clusters < 4085 ? 12 : 16;
}

class FatTable {
  private readonly layout: Layout;
  private readonly bytes: Bytes;

  constructor(layout: Layout, data: Uint8Array) {
    this.layout = layout;
    this.bytes = new Bytes(FORMAT, data);
  }

  /** The clusters of a chain. */
  chain(first: number): number[] {
    const chain: number[] = [];
    for (let cluster = first; this.isData(cluster); cluster = this.next(cluster)) {
      if (chain.length > this.layout.clusters) throw new FormatError(FORMAT, `the chain from cluster ${first} runs in a circle`);
      chain.push(cluster);
    }
    return chain;
  }

  private isData(cluster: number): boolean {
    if (cluster >= 2 && cluster < this.layout.clusters + 2) return true;
    const end = { 12: 0xff8, 16: 0xfff8, 32: 0xffffff8 }[this.layout.kind];
    if (cluster === 0 || cluster >= end) return false;
    throw new FormatError(FORMAT, `a chain leads to cluster ${cluster} (there are ${this.layout.clusters})`);
  }

  private next(cluster: number): number {
    const { kind } = this.layout;
    if (kind === 32) return this.bytes.u32(cluster * 4) & 0x0fffffff;
    if (kind === 16) return this.bytes.u16(cluster * 2);
    const pair = this.bytes.u16(cluster + (cluster >> 1));
    return cluster & 1 ? pair >> 4 : pair & 0xfff;
  }
}

/** Neighbours are read together. */
async function* chainPieces(disk: ByteSource, layout: Layout, table: FatTable, first: number): AsyncGenerator<Uint8Array> {
  const { clusterSize, dataAt } = layout;
  const chain = table.chain(first);
  const most = Math.max(1, Math.floor(PIECE / clusterSize));
  for (let at = 0; at < chain.length; ) {
    let count = 1;
    while (count < most && chain[at + count] === chain[at]! + count) count++;
    yield await disk.read(dataAt + (chain[at]! - 2) * clusterSize, count * clusterSize);
    at += count;
  }
}

class FolderReader {
  label = '';
  private read = 0;
  private readonly disk: ByteSource;
  private readonly layout: Layout;
  private readonly table: FatTable;
  private readonly seen = new Set<number>();

  constructor(disk: ByteSource, layout: Layout, table: FatTable) {
    this.disk = disk;
    this.layout = layout;
    this.table = table;
  }

  async cluster(first: number): Promise<Uint8Array> {
    if (this.seen.has(first)) throw new FormatError(FORMAT, `the folder at cluster ${first} is there twice`);
    this.seen.add(first);
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of chainPieces(this.disk, this.layout, this.table, first)) {
      size += piece.length;
      if (size > FOLDER_MAX) throw new FormatError(FORMAT, `a folder of more than ${FOLDER_MAX} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  async entries(data: Uint8Array, depth: number): Promise<readonly FatEntry[]> {
    if (depth > DEPTH_MAX) throw new FormatError(FORMAT, `folders stand more than ${DEPTH_MAX} deep`);
    const entries: FatEntry[] = [];
    let long: string[] = [];
    for (let at = 0; at + ENTRY <= data.length; at += ENTRY) {
      const bytes = new Bytes(FORMAT, data.subarray(at, at + ENTRY));
      const mark = bytes.u8(0);
      if (mark === 0) break;
      const attributes = bytes.u8(11);
      if (mark === 0xe5) long = [];
      else if ((attributes & 0x3f) === ATTRIBUTE_LONG_NAME) {
        if (mark & 0x40) long = [];
        long.unshift(longPart(data.subarray(at, at + ENTRY)));
      } else {
        const short = shortNameOf(data.subarray(at, at + 11), bytes.u8(12));
        const name = long.join('').replace(/[\0\uffff].*$/s, '') || short;
        long = [];
        if (attributes & ATTRIBUTE_VOLUME)
          this.label ||= Buffer.from(data.subarray(at, at + 11))
            .toString('latin1')
            .trimEnd();
        else if (short !== '.' && short !== '..') entries.push(await this.entryOf(bytes, { name, short, attributes }, depth));
      }
    }
    return entries;
  }

  private async entryOf(
    bytes: Bytes,
    { name, short, attributes }: { readonly name: string; readonly short: string; readonly attributes: number },
    depth: number,
  ): Promise<FatEntry> {
    if (++this.read > ENTRIES_MAX) throw new FormatError(FORMAT, `there are more than ${ENTRIES_MAX} files`);
    const folder = (attributes & ATTRIBUTE_FOLDER) !== 0;
    const firstCluster = bytes.u16(26) + (this.layout.kind === 32 ? bytes.u16(20) * 0x10000 : 0);
    const children = folder && firstCluster !== 0 ? await this.entries(await this.cluster(firstCluster), depth + 1) : [];
    return { name, shortName: name === short ? '' : short, attributes, folder, size: folder ? 0 : bytes.u32(28), firstCluster, children };
  }
}

/** 13 UTF-16 units in three places. */
function longPart(entry: Uint8Array): string {
  return Buffer.concat([entry.subarray(1, 11), entry.subarray(14, 26), entry.subarray(28, 32)]).toString('utf16le');
}

/** Flags of Windows NT: the name (8) or the extension (16) is meant in lower case. */
function shortNameOf(raw: Uint8Array, flags: number): string {
  const bytes = Buffer.from(raw);
  if (bytes[0] === 0x05) bytes[0] = 0xe5;
  const text = (from: number, to: number, lower: boolean) => {
    const part = bytes.subarray(from, to).toString('latin1').trimEnd();
    return lower ? part.toLowerCase() : part;
  };
  const name = text(0, 8, (flags & 8) !== 0);
  const extension = text(8, 11, (flags & 16) !== 0);
  return extension === '' ? name : `${name}.${extension}`;
}
