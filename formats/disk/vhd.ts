// VHD (Virtual PC, Hyper-V): fixed, dynamic and differencing. Facts: Microsoft's "Virtual Hard Disk Image Format Specification" 1.0. Numbers are big-endian.
import { FormatError } from '../bytes.ts';
import { type ByteSource, mappedSource, type Stretch, sliceOf } from './source.ts';

const FORMAT = 'VHD';
export const VHD_FOOTER_SIZE = 512;
const HEADER_SIZE = 1024;
const SECTOR = 512;
/** The format ends at 2040 GiB; with blocks of 512 KiB that is a table of 16 MiB. */
const TABLE_ENTRIES_MAX = 4 * 1024 * 1024;
const BLOCK_SIZE_MAX = 256 * 1024 * 1024;
const UNALLOCATED = 0xffffffff;

export interface VhdParent {
  /** Lower-case hex of the parent's unique id. */
  readonly id: string;
  readonly name: string;
  /** Names by which the parent may be found, as its maker wrote them: relative or absolute Windows paths. */
  readonly paths: readonly string[];
}

export interface Vhd {
  readonly kind: 'fixed' | 'dynamic' | 'differencing';
  readonly size: number;
  readonly id: string;
  readonly parent: VhdParent | undefined;
  /** The disk; a differencing one needs its parent's. */
  disk(parent?: ByteSource): ByteSource;
}

/** Whether a footer stands here: at the end of the file, and at its start as well unless the disk is fixed. */
export function isVhdFooter(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && Buffer.from(bytes.subarray(0, 8)).toString('latin1') === 'conectix';
}

/** @throws FormatError */
export async function readVhd(file: ByteSource): Promise<Vhd> {
  if (file.size < VHD_FOOTER_SIZE)
    throw new FormatError(FORMAT, `the file has ${file.size} bytes, its footer alone needs ${VHD_FOOTER_SIZE}`);
  const footer = view(await file.read(file.size - VHD_FOOTER_SIZE, VHD_FOOTER_SIZE));
  if (!isVhdFooter(bytesOf(footer)))
    throw new FormatError(FORMAT, 'there is no footer at the end of the file (it is cut short or goes on behind it)');
  checkSum(footer, 64, 'footer');
  const size = number64(footer, 48, 'disk size'); // +0x30 current size
  const id = hex(bytesOf(footer).subarray(68, 84)); // +0x44 unique id
  const type = footer.getUint32(60); // +0x3c disk type
  switch (type) {
    case 2: {
      const disk = sliceOf(file, 0, checkedFixed(size, file.size), FORMAT);
      return { kind: 'fixed', size, id, parent: undefined, disk: () => disk };
    }
    case 3:
    case 4:
      return readSparse(file, footer, { size, id, differencing: type === 4 });
    default:
      throw new FormatError(FORMAT, `disk type ${type} is not known`, 60);
  }
}

function checkedFixed(size: number, fileSize: number): number {
  if (size > fileSize - VHD_FOOTER_SIZE)
    throw new FormatError(FORMAT, `the disk has ${size} bytes, the file only ${fileSize - VHD_FOOTER_SIZE} of them`);
  return size;
}

async function readSparse(
  file: ByteSource,
  footer: DataView,
  { size, id, differencing }: { readonly size: number; readonly id: string; readonly differencing: boolean },
): Promise<Vhd> {
  const headerAt = number64(footer, 16, 'header offset');
  const header = view(await sliceOf(file, headerAt, HEADER_SIZE, FORMAT).read(0, HEADER_SIZE));
  if (Buffer.from(bytesOf(header).subarray(0, 8)).toString('latin1') !== 'cxsparse')
    throw new FormatError(FORMAT, 'its dynamic header is not there', headerAt);
  checkSum(header, 36, 'dynamic header');
  const entries = header.getUint32(28); // +0x1c number of blocks
  const blockSize = header.getUint32(32); // +0x20
  if (blockSize < SECTOR || blockSize > BLOCK_SIZE_MAX || (blockSize & (blockSize - 1)) !== 0) {
    throw new FormatError(FORMAT, `blocks of ${blockSize} bytes are not possible`, headerAt + 32);
  }
  if (entries > TABLE_ENTRIES_MAX || entries * blockSize < size) {
    throw new FormatError(FORMAT, `a table of ${entries} blocks does not fit a disk of ${size} bytes`, headerAt + 28);
  }
  const tableAt = number64(header, 16, 'table offset'); // +0x10
  const table = view(await sliceOf(file, tableAt, entries * 4, FORMAT).read(0, entries * 4));
  const bitmapSize = Math.ceil(blockSize / SECTOR / 8 / SECTOR) * SECTOR;
  const parent = differencing ? await parentOf(file, header) : undefined;
  const bitmaps = new Map<number, Uint8Array>();

  const locate = async (offset: number, above: ByteSource | undefined): Promise<{ length: number; stretch: Stretch }> => {
    const block = Math.floor(offset / blockSize);
    const inside = offset - block * blockSize;
    const toEnd = blockSize - inside;
    const sector = table.getUint32(block * 4);
    if (sector === UNALLOCATED) return { length: toEnd, stretch: fromParent(above, offset) };
    const at = sector * SECTOR;
    if (!differencing) return { length: toEnd, stretch: { from: file, at: at + bitmapSize + inside } };
    let bitmap = bitmaps.get(block);
    if (!bitmap) {
      bitmap = await sliceOf(file, at, bitmapSize, FORMAT).read(0, bitmapSize);
      bitmaps.set(block, bitmap);
    }
    // One bit for each sector, the highest first: set when this file has it.
    const first = Math.floor(inside / SECTOR);
    const own = isSet(bitmap, first);
    let behind = first + 1;
    while (behind < blockSize / SECTOR && isSet(bitmap, behind) === own) behind++;
    const length = behind * SECTOR - inside;
    return { length, stretch: own ? { from: file, at: at + bitmapSize + inside } : fromParent(above, offset) };
  };
  return {
    kind: differencing ? 'differencing' : 'dynamic',
    size,
    id,
    parent,
    disk(above) {
      if (differencing && !above) throw new FormatError(FORMAT, 'it is the difference to another disk, which is not given');
      return mappedSource(size, (offset) => locate(offset, above));
    },
  };
}

/** A parent may be smaller than its child: behind its end there is nothing. */
function fromParent(above: ByteSource | undefined, offset: number): Stretch {
  if (!above || offset >= above.size) return undefined;
  return { from: paddedSource(above), at: offset };
}

/** Zeros behind the end. */
export function paddedSource(source: ByteSource): ByteSource {
  return {
    size: source.size,
    async read(offset, count) {
      const there = Math.max(0, Math.min(count, source.size - offset));
      if (there === count) return source.read(offset, count);
      const bytes = new Uint8Array(count);
      if (there > 0) bytes.set(await source.read(offset, there));
      return bytes;
    },
  };
}

function isSet(bitmap: Uint8Array, sector: number): boolean {
  return (bitmap[sector >> 3]! & (0x80 >> (sector & 7))) !== 0;
}

const LOCATORS = 8;
const LOCATOR_BYTES_MAX = 4096;

async function parentOf(file: ByteSource, header: DataView): Promise<VhdParent> {
  const bytes = bytesOf(header);
  const paths: string[] = [];
  for (let index = 0; index < LOCATORS; index++) {
    const at = 576 + index * 24; // +0x240: code, space, length, reserved, offset
    const code = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
    const length = header.getUint32(at + 8);
    if ((code !== 'W2ru' && code !== 'W2ku') || length === 0 || length > LOCATOR_BYTES_MAX) continue;
    const path = await sliceOf(file, number64(header, at + 16, 'locator offset'), length, FORMAT).read(0, length);
    paths.push(Buffer.from(path).toString('utf16le'));
  }
  // +0x40 the parent's name in UTF-16BE, 512 bytes
  const name = Buffer.from(bytes.slice(64, 576)).swap16().toString('utf16le').replace(/\0.*$/s, '');
  return { id: hex(bytes.subarray(40, 56)), name, paths };
}

/** The ones' complement of the sum of all bytes, the sum's own four left out. */
function checkSum(structure: DataView, at: number, what: string): void {
  const bytes = bytesOf(structure);
  let sum = 0;
  for (let index = 0; index < bytes.length; index++) if (index < at || index >= at + 4) sum += bytes[index]!;
  if (~sum >>> 0 !== structure.getUint32(at)) throw new FormatError(FORMAT, `the ${what} does not match its checksum`, at);
}

function number64(structure: DataView, at: number, what: string): number {
  const value = structure.getBigUint64(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new FormatError(FORMAT, `the ${what} is absurd (${value})`, at);
  return Number(value);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(structure: DataView): Uint8Array {
  return new Uint8Array(structure.buffer, structure.byteOffset, structure.byteLength);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
