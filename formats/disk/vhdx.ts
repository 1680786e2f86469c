// VHDX (Hyper-V): fixed, dynamic and differencing, with a log that may have to be replayed. Facts: [MS-VHDX].
import { Bytes, FormatError, utf16 } from '../bytes.ts';
import { crc32c } from './crc32c.ts';
import { guidAt, NO_GUID } from './guid.ts';
import { type ByteSource, mappedSource, type Stretch, sliceOf } from './source.ts';
import { paddedSource } from './vhd.ts';
import { replayLog } from './vhdx-log.ts';

const FORMAT = 'VHDX';
const KIB = 1024;
const MIB = 1024 * KIB;
const HEADER_SIZE = 4 * KIB;
const REGION_SIZE = 64 * KIB;
const HEADERS = [64 * KIB, 128 * KIB] as const;
const REGIONS = [192 * KIB, 256 * KIB] as const;
const REGION_ENTRIES_MAX = 2047;
const METADATA_ENTRIES_MAX = 2047;
/** [MS-VHDX] 2.6.2.2: a virtual disk has at most 64 TiB. */
const DISK_SIZE_MAX = 64 * 1024 ** 4;
/** A table for 16 TiB in blocks of 1 MiB; larger disks have larger blocks. */
const BAT_BYTES_MAX = 256 * MIB;

const BAT = '2dc27766-f623-4200-9d64-115e9bfd4a08';
const METADATA = '8b7ca206-4790-4b9a-b8fe-575f050f886e';
const FILE_PARAMETERS = 'caa16737-fa36-4d43-b3b6-33f0aa44e76b';
const DISK_SIZE = '2fa54224-cd1b-4876-b211-5dbed83bf4b8';
const SECTOR_SIZE = '8141bf1d-a96f-4709-ba47-f233a8faab5f';
const PARENT_LOCATOR = 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c';

const NOT_PRESENT = 0;
const FULLY_PRESENT = 6;
const PARTIALLY_PRESENT = 7;

export interface VhdxParent {
  /** `DataWriteGuid` values that the parent may have, lower case: it must not have been written since. */
  readonly ids: readonly string[];
  readonly paths: readonly string[];
}

export interface Vhdx {
  readonly kind: 'whole' | 'differencing';
  readonly size: number;
  readonly sectorSize: number;
  /** DataWriteGuid: changes whenever the disk's content does. */
  readonly id: string;
  readonly replayed: boolean;
  readonly parent: VhdxParent | undefined;
  disk(parent?: ByteSource): ByteSource;
}

export function isVhdx(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 8)).toString('latin1') === 'vhdxfile';
}

/** @throws FormatError */
export async function readVhdx(stored: ByteSource): Promise<Vhdx> {
  const header = await readHeader(stored);
  const guid = guidAt(header.data, 48); // +0x30 log guid; all zero: nothing to replay
  const replayed = guid !== NO_GUID;
  const file = replayed ? await replayLog(stored, { offset: header.size64(72), length: header.u32(68), guid }) : stored;
  const regions = await readRegions(file);
  const { blockSize, hasParent, size, sectorSize, parent } = await readMetadata(file, regionOf(regions, METADATA, 'metadata'));
  const batRegion = regionOf(regions, BAT, 'block table');
  const ratio = (2 ** 23 * sectorSize) / blockSize;
  const blocks = Math.ceil(size / blockSize);
  const entries = hasParent ? Math.ceil(blocks / ratio) * (ratio + 1) : blocks + Math.floor(Math.max(0, blocks - 1) / ratio);
  if (entries * 8 > batRegion.length || batRegion.length > BAT_BYTES_MAX) {
    throw new FormatError(FORMAT, `a block table of ${batRegion.length} bytes does not fit ${blocks} blocks`, batRegion.offset);
  }
  const bat = new Bytes(FORMAT, await file.read(batRegion.offset, entries * 8));
  const bitmaps = new Map<number, Uint8Array>();

  const locate = async (offset: number, above: ByteSource | undefined): Promise<{ length: number; stretch: Stretch }> => {
    const block = Math.floor(offset / blockSize);
    const inside = offset - block * blockSize;
    const toEnd = blockSize - inside;
    const entry = bat.u64((block + Math.floor(block / ratio)) * 8);
    const at = Number(entry >> 20n) * MIB;
    const inherited = (): Stretch => (above && offset < above.size ? { from: paddedSource(above), at: offset } : undefined);
    switch (Number(entry & 7n)) {
      case FULLY_PRESENT:
        return { length: toEnd, stretch: { from: file, at: at + inside } };
      case NOT_PRESENT:
        return { length: toEnd, stretch: hasParent ? inherited() : undefined };
      case PARTIALLY_PRESENT: {
        if (!hasParent) throw new FormatError(FORMAT, `block ${block} is partly present in a disk without a parent`);
        const chunk = Math.floor(block / ratio);
        const bitmap = await bitmapOf(chunk);
        const base = (block % ratio) * (blockSize / sectorSize);
        const first = Math.floor(inside / sectorSize);
        const own = isSet(bitmap, base + first);
        let behind = first + 1;
        while (behind < blockSize / sectorSize && isSet(bitmap, base + behind) === own) behind++;
        return { length: behind * sectorSize - inside, stretch: own ? { from: file, at: at + inside } : inherited() };
      }
      case 1: // undefined
      case 2: // zero
      case 3: // unmapped
        return { length: toEnd, stretch: undefined };
      default:
        throw new FormatError(FORMAT, `block ${block} has an unknown state (${entry & 7n})`);
    }
  };
  /** One sector bitmap of 1 MiB for each chunk of 2^23 sectors: bit set, lowest first, when this file has the sector. */
  const bitmapOf = async (chunk: number): Promise<Uint8Array> => {
    let bitmap = bitmaps.get(chunk);
    if (bitmap) return bitmap;
    const entry = bat.u64((chunk * (ratio + 1) + ratio) * 8);
    if (Number(entry & 7n) !== FULLY_PRESENT) throw new FormatError(FORMAT, `the sector bitmap of chunk ${chunk} is not there`);
    bitmap = await file.read(Number(entry >> 20n) * MIB, MIB);
    bitmaps.set(chunk, bitmap);
    return bitmap;
  };
  return {
    kind: hasParent ? 'differencing' : 'whole',
    size,
    sectorSize,
    id: guidAt(header.data, 32), // +0x20 DataWriteGuid
    replayed,
    parent,
    disk(above) {
      if (hasParent && !above) throw new FormatError(FORMAT, 'it is the difference to another disk, which is not given');
      return mappedSource(size, (offset) => locate(offset, above));
    },
  };
}

function isSet(bitmap: Uint8Array, sector: number): boolean {
  return (bitmap[sector >> 3]! & (1 << (sector & 7))) !== 0;
}

/** Of the two headers the sound one with the higher sequence number. */
async function readHeader(file: ByteSource): Promise<Bytes> {
  const sound: Bytes[] = [];
  for (const at of HEADERS) {
    const bytes = new Bytes(FORMAT, await sliceOf(file, at, HEADER_SIZE, FORMAT).read(0, HEADER_SIZE));
    if (Buffer.from(bytes.data.subarray(0, 4)).toString('latin1') === 'head' && crc32c(bytes.data, 4) === bytes.u32(4)) sound.push(bytes);
  }
  sound.sort((a, b) => (a.u64(8) < b.u64(8) ? 1 : -1));
  const header = sound[0];
  if (!header) throw new FormatError(FORMAT, 'none of its two headers is sound', HEADERS[0]);
  if (header.u16(66) !== 1) throw new FormatError(FORMAT, `version ${header.u16(66)} is not known`, HEADERS[0] + 66);
  return header;
}

interface Region {
  readonly guid: string;
  readonly offset: number;
  readonly length: number;
}

async function readRegions(file: ByteSource): Promise<readonly Region[]> {
  for (const at of REGIONS) {
    const bytes = new Bytes(FORMAT, await sliceOf(file, at, REGION_SIZE, FORMAT).read(0, REGION_SIZE));
    if (Buffer.from(bytes.data.subarray(0, 4)).toString('latin1') !== 'regi' || crc32c(bytes.data, 4) !== bytes.u32(4)) continue;
    const count = bytes.u32(8);
    if (count > REGION_ENTRIES_MAX) throw new FormatError(FORMAT, `${count} regions are not possible`, at + 8);
    const regions = Array.from({ length: count }, (_, index) => {
      const entry = 16 + index * 32;
      return {
        guid: guidAt(bytes.data, entry),
        offset: bytes.size64(entry + 16),
        length: bytes.u32(entry + 24),
        required: bytes.u32(entry + 28) & 1,
      };
    });
    const unknown = regions.find(({ guid, required }) => required && guid !== BAT && guid !== METADATA);
    if (unknown) throw new FormatError(FORMAT, `it needs a region that is not known (${unknown.guid})`, at);
    return regions;
  }
  throw new FormatError(FORMAT, 'none of its two region tables is sound', REGIONS[0]);
}

function regionOf(regions: readonly Region[], guid: string, what: string): Region {
  const region = regions.find((one) => one.guid === guid);
  if (!region) throw new FormatError(FORMAT, `it has no ${what}`);
  return region;
}

interface Metadata {
  readonly blockSize: number;
  readonly hasParent: boolean;
  readonly size: number;
  readonly sectorSize: number;
  readonly parent: VhdxParent | undefined;
}

async function readMetadata(file: ByteSource, region: Region): Promise<Metadata> {
  const slice = sliceOf(file, region.offset, region.length, FORMAT);
  const table = new Bytes(FORMAT, await slice.read(0, REGION_SIZE));
  if (Buffer.from(table.data.subarray(0, 8)).toString('latin1') !== 'metadata')
    throw new FormatError(FORMAT, 'its metadata table is not there', region.offset);
  const count = table.u16(10);
  if (count > METADATA_ENTRIES_MAX) throw new FormatError(FORMAT, `${count} metadata items are not possible`, region.offset + 10);
  const items = new Map<string, { readonly offset: number; readonly length: number }>();
  for (let index = 0; index < count; index++) {
    const at = 32 + index * 32;
    items.set(guidAt(table.data, at), { offset: table.u32(at + 16), length: table.u32(at + 20) });
  }
  const itemOf = async (guid: string, least: number, what: string): Promise<Bytes> => {
    const item = items.get(guid);
    if (!item || item.length < least || item.length > MIB) throw new FormatError(FORMAT, `its ${what} is not there`, region.offset);
    return new Bytes(FORMAT, await sliceOf(slice, item.offset, item.length, FORMAT).read(0, item.length));
  };
  const parameters = await itemOf(FILE_PARAMETERS, 8, 'block size');
  const blockSize = parameters.u32(0);
  const hasParent = (parameters.u32(4) & 2) !== 0;
  if (blockSize < MIB || blockSize > 256 * MIB || (blockSize & (blockSize - 1)) !== 0)
    throw new FormatError(FORMAT, `blocks of ${blockSize} bytes are not possible`);
  const size = (await itemOf(DISK_SIZE, 8, 'disk size')).size64(0);
  if (size === 0 || size > DISK_SIZE_MAX) throw new FormatError(FORMAT, `a disk of ${size} bytes is not possible`);
  const sectorSize = (await itemOf(SECTOR_SIZE, 4, 'sector size')).u32(0);
  if (sectorSize !== 512 && sectorSize !== 4096) throw new FormatError(FORMAT, `sectors of ${sectorSize} bytes are not possible`);
  const parent = hasParent ? parentOf(await itemOf(PARENT_LOCATOR, 20, 'parent locator')) : undefined;
  return { blockSize, hasParent, size, sectorSize, parent };
}

/** Key and value pairs in UTF-16; [MS-VHDX] 2.6.2.6. */
function parentOf(item: Bytes): VhdxParent {
  const values = new Map<string, string>();
  for (let index = 0; index < item.u16(18); index++) {
    const at = 20 + index * 12;
    const key = utf16(item.slice(item.u32(at), item.u16(at + 8), 'locator key'));
    values.set(key, utf16(item.slice(item.u32(at + 4), item.u16(at + 10), 'locator value')));
  }
  const some = (keys: readonly string[]) =>
    keys.map((key) => values.get(key)).filter((value) => value !== undefined && value !== '') as string[];
  return {
    ids: some(['parent_linkage', 'parent_linkage2']).map((guid) => guid.replace(/[{}]/g, '').toLowerCase()),
    paths: some(['relative_path', 'absolute_win32_path', 'volume_path']),
  };
}
