// An NTFS volume: boot sector, the master file table in one pass, who is in which folder. Facts: ntfs-3g layout.h; checked against its tools.
import { Bytes, FormatError, utf16 } from '../bytes.ts';
import type { ByteSource } from '../disk/source.ts';
import { ByteStore } from './byte-store.ts';
import { u16, u32, units } from './fields.ts';
import { blockNames, type IndexName, rootNames } from './index-names.ts';
import {
  type Attribute,
  type MftRecord,
  parseRecord,
  referenceOf,
  TYPE_ATTRIBUTE_LIST,
  TYPE_BITMAP,
  TYPE_DATA,
  TYPE_FILE_NAME,
  TYPE_INDEX_ALLOCATION,
  TYPE_INDEX_ROOT,
  TYPE_REPARSE_POINT,
  TYPE_SECURITY_DESCRIPTOR,
  TYPE_STANDARD_INFORMATION,
  TYPE_VOLUME_INFORMATION,
  TYPE_VOLUME_NAME,
} from './record.ts';
import { parseSds } from './security.ts';
import { type Clusters, type NtfsStream, readPieces, readWhole, runsOf, streamOf } from './stream.ts';

const FORMAT = 'NTFS';
/** Windows keeps them for itself: $MFT, $LogFile, … */
export const FIRST_USER_RECORD = 16;
export const ROOT_RECORD = 5;
const SECURE_RECORD = 9;
/** The name space of short names beside a long one. */
const SPACE_DOS = 2;
const VOLUME_RECORD = 3;
/** A table of 8 GiB; a crowded Windows has 1 million records. */
const RECORDS_MAX = 8 * 1024 * 1024;
const SDS_MAX = 256 * 1024 * 1024;
const LIST_MAX = 1024 * 1024;
const INDEX_MAX = 256 * 1024 * 1024;

export interface NtfsName {
  readonly parent: number;
  readonly parentSequence: number;
  readonly name: string;
  readonly space: number;
}

export interface NtfsFile {
  readonly number: number;
  readonly sequence: number;
  readonly folder: boolean;
  readonly attributes: number;
  readonly securityId: number;
  readonly names: NtfsName[];
  /** Streams of data; the unnamed one has the name ''. */
  readonly streams: readonly NtfsStream[];
  readonly reparse: NtfsStream | undefined;
  /** A descriptor of its own, as volumes before version 3 have it. */
  readonly ownDescriptor: NtfsStream | undefined;
  /** Everything that is not data, in clusters: indexes, bitmaps, lists. */
  readonly others: readonly NtfsStream[];
}

export interface NtfsBoot {
  readonly sectorSize: number;
  readonly clusterSize: number;
  readonly clusters: number;
  readonly recordSize: number;
  readonly indexSize: number;
  readonly mftCluster: number;
  readonly mirrorCluster: number;
}

export interface NtfsVolume extends Clusters {
  readonly boot: NtfsBoot;
  readonly label: string;
  /** Set when Windows or a driver was still writing, or chkdsk must run. */
  readonly dirty: boolean;
  readonly files: ReadonlyMap<number, NtfsFile>;
  /** By record number of the folder. */
  readonly children: ReadonlyMap<number, readonly { readonly name: string; readonly space: number; readonly file: NtfsFile }[]>;
  descriptorOf(file: NtfsFile): Promise<Uint8Array | undefined>;
}

export function isNtfs(boot: Uint8Array): boolean {
  return Buffer.from(boot.subarray(3, 11)).toString('latin1') === 'NTFS    ';
}

export function parseBoot(sector: Uint8Array, size: number): NtfsBoot {
  const bytes = new Bytes(FORMAT, sector);
  const sectorSize = bytes.u16(11); // +0x0b
  const perCluster = bytes.u8(13); // +0x0d; above 0x80 a negative power of two
  const clusterSectors = perCluster > 0x80 ? 2 ** (256 - perCluster) : perCluster;
  const clusterSize = sectorSize * clusterSectors;
  if (
    ![512, 1024, 2048, 4096].includes(sectorSize) ||
    clusterSize === 0 ||
    clusterSize > 2 * 1024 * 1024 ||
    (clusterSize & (clusterSize - 1)) !== 0
  ) {
    throw new FormatError(FORMAT, `sectors of ${sectorSize} and clusters of ${clusterSize} bytes are not possible`, 11);
  }
  const sectors = bytes.size64(40, 'number of sectors'); // +0x28
  if (sectors * sectorSize > size) throw new FormatError(FORMAT, `the volume has ${sectors * sectorSize} bytes, its partition ${size}`, 40);
  const sized = (at: number) => {
    const code = bytes.u8(at);
    return code >= 0x80 ? 2 ** (256 - code) : code * clusterSize;
  };
  const recordSize = sized(64); // +0x40
  const indexSize = sized(68); // +0x44
  if (recordSize < 512 || recordSize > 4096 || recordSize % 512 !== 0)
    throw new FormatError(FORMAT, `records of ${recordSize} bytes are not possible`, 64);
  if (indexSize < 512 || indexSize > 65536 || indexSize % 512 !== 0)
    throw new FormatError(FORMAT, `index blocks of ${indexSize} bytes are not possible`, 68);
  const clusters = Math.floor((sectors * sectorSize) / clusterSize);
  const mftCluster = bytes.size64(48);
  const mirrorCluster = bytes.size64(56);
  if (mftCluster >= clusters) throw new FormatError(FORMAT, `the file table begins at cluster ${mftCluster} of ${clusters}`, 48);
  return { sectorSize, clusterSize, clusters, recordSize, indexSize, mftCluster, mirrorCluster };
}

/**
 * Reads the whole file table. Names come from the records themselves and from the folders' indexes: what either of them says is there.
 * @throws FormatError
 */
export async function readNtfs(disk: ByteSource): Promise<NtfsVolume> {
  const boot = parseBoot(await disk.read(0, 512), disk.size);
  const clusters: Clusters = { disk, clusterSize: boot.clusterSize, clusters: boot.clusters };
  const files = await readTable(clusters, boot);
  if (!files.get(ROOT_RECORD)?.folder) throw new FormatError(FORMAT, 'it has no root folder');
  for (const file of files.values()) if (file.folder) await addIndexed(clusters, boot, files, file);
  let descriptors: ReadonlyMap<number, Uint8Array> | undefined;
  const { label, dirty } = volumeFacts(boot, files);
  return {
    ...clusters,
    boot,
    label,
    dirty,
    files,
    children: childrenOf(files),
    async descriptorOf(file) {
      if (file.securityId === 0) return file.ownDescriptor && readWhole(clusters, file.ownDescriptor, 0x20000);
      if (!descriptors) {
        const sds = files.get(SECURE_RECORD)?.streams.find(({ name }) => name === '$SDS');
        descriptors = sds ? parseSds(await readWhole(clusters, sds, SDS_MAX)) : new Map();
      }
      return descriptors.get(file.securityId);
    },
  };
}

/** The table describes itself in its first record; where it is in many pieces, further records do. */
async function tableStream(volume: Clusters, boot: NtfsBoot): Promise<NtfsStream> {
  const first = parseRecord(await volume.disk.read(boot.mftCluster * boot.clusterSize, boot.recordSize));
  if (!first) throw new FormatError(FORMAT, 'the first record of its file table is not there');
  const pieces = first.attributes.filter(({ type, name }) => type === TYPE_DATA && name === '');
  if (pieces.length === 0) throw new FormatError(FORMAT, 'its file table has no content');
  const list = first.attributes.find(({ type }) => type === TYPE_ATTRIBUTE_LIST);
  if (list) {
    const bytes = new Bytes(FORMAT, await readWhole(volume, streamOf([list]), LIST_MAX));
    const seen = new Set<number>([0]);
    for (let at = 0; at + 26 <= bytes.length; at += Math.max(26, bytes.u16(at + 4))) {
      const { number } = referenceOf(bytes, at + 16);
      if (bytes.u32(at) !== TYPE_DATA || seen.has(number)) continue;
      seen.add(number);
      // A piece that is needed lies in records that the pieces before it hold.
      const record = parseRecord(await readAt(volume, streamOf(pieces), number * boot.recordSize, boot.recordSize));
      pieces.push(...(record?.attributes.filter(({ type, name }) => type === TYPE_DATA && name === '') ?? []));
    }
  }
  const stream = streamOf(pieces);
  if (Math.floor(stream.size / boot.recordSize) > RECORDS_MAX)
    throw new FormatError(FORMAT, `a file table of ${stream.size} bytes is larger than is read`);
  return stream;
}

async function readAt(volume: Clusters, stream: NtfsStream, offset: number, size: number): Promise<Uint8Array> {
  const run = runsOf(stream, volume.clusters).find(
    ({ vcn, length }) => offset >= vcn * volume.clusterSize && offset + size <= (vcn + length) * volume.clusterSize,
  );
  if (run?.lcn === undefined) throw new FormatError(FORMAT, `no cluster holds byte ${offset} of its file table`);
  return volume.disk.read(run.lcn * volume.clusterSize + offset - run.vcn * volume.clusterSize, size);
}

async function readTable(volume: Clusters, boot: NtfsBoot): Promise<Map<number, NtfsFile>> {
  const bases = new Map<number, MftRecord>();
  const extensions = new Map<number, MftRecord[]>();
  const store = new ByteStore();
  let number = 0;
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of readPieces(volume, await tableStream(volume, boot))) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    let at = 0;
    for (; at + boot.recordSize <= bytes.length; at += boot.recordSize, number++) {
      const record = parseNumbered(number, bytes, at, boot.recordSize, store);
      if (!record) continue;
      if (record.base === 0) bases.set(number, record);
      else {
        const known = extensions.get(record.base);
        if (known) known.push(record);
        else extensions.set(record.base, [record]);
      }
    }
    rest = bytes.slice(at);
  }
  const files = new Map<number, NtfsFile>();
  for (const [at, record] of bases) {
    const more = extensions.get(at)?.filter(({ baseSequence }) => baseSequence === record.sequence);
    files.set(at, fileOf(at, record, more ? [record, ...more].flatMap(({ attributes }) => attributes) : record.attributes));
    bases.delete(at);
  }
  return files;
}

function parseNumbered(number: number, ...place: Parameters<typeof parseRecord>): MftRecord | undefined {
  try {
    return parseRecord(...place);
  } catch (error) {
    throw error instanceof FormatError ? new FormatError(FORMAT, `record ${number} is damaged (${error.message})`) : error;
  }
}

function fileOf(number: number, record: MftRecord, attributes: readonly Attribute[]): NtfsFile {
  const standard = attributes.find(({ type }) => type === TYPE_STANDARD_INFORMATION)?.value;
  if (standard && standard.length < 36) throw new FormatError(FORMAT, `record ${number} has facts of ${standard.length} bytes`);
  const groups = new Map<string, Attribute[]>();
  const names: NtfsName[] = [];
  for (const attribute of attributes) {
    if (attribute.type === TYPE_FILE_NAME && attribute.value) names.push(nameOf(attribute.value));
    else if (attribute.type > TYPE_FILE_NAME || attribute.type === TYPE_ATTRIBUTE_LIST) {
      const key = `${attribute.type}:${attribute.name}`;
      const group = groups.get(key);
      if (group) group.push(attribute);
      else groups.set(key, [attribute]);
    }
  }
  const streams: NtfsStream[] = [];
  const others: NtfsStream[] = [];
  let reparse: NtfsStream | undefined;
  let ownDescriptor: NtfsStream | undefined;
  for (const pieces of groups.values()) {
    const stream = streamOf(pieces);
    const { type } = pieces[0]!;
    if (type === TYPE_DATA) streams.push(stream);
    else others.push(stream);
    if (type === TYPE_REPARSE_POINT) reparse = stream;
    if (type === TYPE_SECURITY_DESCRIPTOR) ownDescriptor = stream;
  }
  return {
    number,
    sequence: record.sequence,
    folder: record.folder,
    attributes: standard ? u32(standard, 32) : 0, // +0x20
    securityId: standard && standard.length >= 56 ? u32(standard, 52) : 0, // +0x34, from version 3 on
    names,
    streams,
    reparse,
    ownDescriptor,
    others,
  };
}

function nameOf(value: Uint8Array): NtfsName {
  const length = value[64] ?? 0;
  if (value.length < 66 + length * 2) throw new FormatError(FORMAT, `a file name of ${length} letters runs past its end`);
  const parent = u32(value, 0) + u16(value, 4) * 2 ** 32;
  return { parent, parentSequence: u16(value, 6), name: units(value, 66, length), space: value[65]! };
}

/** A name that only the index knows is one by which Windows opens the file all the same. */
async function addIndexed(volume: Clusters, boot: NtfsBoot, files: ReadonlyMap<number, NtfsFile>, folder: NtfsFile): Promise<void> {
  for (const { number, sequence, name, space } of await indexNames(volume, boot, folder)) {
    const file = files.get(number);
    if (!file || file.sequence !== sequence || file.number === ROOT_RECORD) continue;
    if (file.names.some((known) => known.parent === folder.number && known.name === name)) continue;
    file.names.push({ parent: folder.number, parentSequence: folder.sequence, name, space });
  }
}

async function indexNames(volume: Clusters, boot: NtfsBoot, folder: NtfsFile): Promise<readonly IndexName[]> {
  const part = (type: number) => folder.others.find(({ name, pieces }) => name === '$I30' && pieces[0]!.type === type);
  const root = part(TYPE_INDEX_ROOT)?.pieces.at(0)?.value;
  if (!root) return [];
  const names = rootNames(root);
  const allocation = part(TYPE_INDEX_ALLOCATION);
  const bitmap = part(TYPE_BITMAP);
  if (!allocation || !bitmap) return names;
  const blocks = await readWhole(volume, allocation, INDEX_MAX);
  return [...names, ...blockNames(blocks, boot.indexSize, await readWhole(volume, bitmap, INDEX_MAX))];
}

function childrenOf(files: ReadonlyMap<number, NtfsFile>): Map<number, { name: string; space: number; file: NtfsFile }[]> {
  const children = new Map<number, { name: string; space: number; file: NtfsFile }[]>();
  for (const file of files.values()) {
    if (file.number < FIRST_USER_RECORD) continue;
    let long: string | undefined;
    for (const { parent, parentSequence, name, space } of file.names) {
      const folder = files.get(parent);
      if (!folder?.folder || folder.sequence !== parentSequence) continue;
      if (file.folder && space !== SPACE_DOS) {
        // A way through it could come back to it, or double with each level.
        if (long !== undefined) throw new FormatError(FORMAT, `folder ${file.number} is there twice (as ${long} and ${name})`);
        long = name;
      }
      const list = children.get(parent);
      if (list) list.push({ name, space, file });
      else children.set(parent, [{ name, space, file }]);
    }
  }
  return children;
}

function volumeFacts(boot: NtfsBoot, files: ReadonlyMap<number, NtfsFile>): { label: string; dirty: boolean } {
  const others = files.get(VOLUME_RECORD)?.others ?? [];
  const value = (type: number) => others.flatMap(({ pieces }) => pieces).find((piece) => piece.type === type)?.value;
  const information = value(TYPE_VOLUME_INFORMATION);
  if (!information) throw new FormatError(FORMAT, 'it does not say its version', boot.mftCluster * boot.clusterSize);
  return { label: utf16(value(TYPE_VOLUME_NAME) ?? new Uint8Array()), dirty: (new Bytes(FORMAT, information).u16(10) & 1) !== 0 };
}
