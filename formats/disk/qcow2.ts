// qcow2 (QEMU): the active state of the disk, without a backing file. Facts: docs/interop/qcow2.txt of QEMU. Numbers are big-endian.
import { inflateRawSync } from 'node:zlib';
import { FormatError } from '../bytes.ts';
import { type ByteSource, mappedSource, type Stretch, sliceOf, sourceOfBytes } from './source.ts';

const FORMAT = 'qcow2';
const HEADER_SIZE = 104;
/** 32 MiB of first-level table span 2 PiB in clusters of 64 KiB; QEMU has the same limit. */
const L1_BYTES_MAX = 32 * 1024 * 1024;
const OFFSET_MASK = 0x00fffffffffffe00n;
/** Second-level tables that are kept; each spans 512 MiB in clusters of 64 KiB. */
const TABLES_KEPT = 64;

export function isQcow2(head: Uint8Array): boolean {
  return head.length >= 4 && head[0] === 0x51 && head[1] === 0x46 && head[2] === 0x49 && head[3] === 0xfb;
}

/** @throws FormatError, also for what is not read: backing files, encryption, external data files, zstd, extended tables. */
export async function readQcow2(file: ByteSource): Promise<ByteSource> {
  const header = view(await sliceOf(file, 0, HEADER_SIZE, FORMAT).read(0, HEADER_SIZE));
  const version = header.getUint32(4);
  if (version !== 2 && version !== 3) throw new FormatError(FORMAT, `version ${version} is not known`, 4);
  if (header.getBigUint64(8) !== 0n) throw new FormatError(FORMAT, 'it is the difference to a backing file, which is not followed', 8);
  if (header.getUint32(32) !== 0) throw new FormatError(FORMAT, 'it is encrypted', 32);
  const clusterBits = header.getUint32(20);
  if (clusterBits < 9 || clusterBits > 21) throw new FormatError(FORMAT, `clusters of 2^${clusterBits} bytes are not possible`, 20);
  const features = version === 3 ? header.getBigUint64(72) : 0n;
  if (features & 2n) throw new FormatError(FORMAT, 'it is marked as corrupt', 72);
  if (features & ~3n) throw new FormatError(FORMAT, `it uses features that are not read (0x${features.toString(16)})`, 72);
  const size = number(header.getBigUint64(24), 'disk size');
  const cluster = 2 ** clusterBits;
  const perTable = cluster / 8;
  const l1Entries = header.getUint32(36);
  if (l1Entries * 8 > L1_BYTES_MAX || l1Entries * perTable * cluster < size) {
    throw new FormatError(FORMAT, `a table of ${l1Entries} entries does not fit a disk of ${size} bytes`, 36);
  }
  const l1 = view(await sliceOf(file, number(header.getBigUint64(40), 'table offset'), l1Entries * 8, FORMAT).read(0, l1Entries * 8));
  const tables = new Map<number, DataView>();

  const tableAt = async (at: number): Promise<DataView> => {
    const known = tables.get(at);
    if (known) return known;
    if (tables.size >= TABLES_KEPT) tables.delete(tables.keys().next().value!);
    const table = view(await sliceOf(file, at, cluster, FORMAT).read(0, cluster));
    tables.set(at, table);
    return table;
  };
  const locate = async (offset: number): Promise<{ length: number; stretch: Stretch }> => {
    const index = Math.floor(offset / cluster);
    const inside = offset - index * cluster;
    const length = cluster - inside;
    const l2At = number(l1.getBigUint64(Math.floor(index / perTable) * 8) & OFFSET_MASK, 'table offset');
    if (l2At === 0) return { length, stretch: undefined };
    const entry = (await tableAt(l2At)).getBigUint64((index % perTable) * 8);
    if ((entry & (1n << 62n)) !== 0n) return { length, stretch: { from: sourceOfBytes(await inflated(entry)), at: inside } };
    const at = number(entry & OFFSET_MASK, 'cluster offset');
    if ((version === 3 && entry & 1n) || at === 0) return { length, stretch: undefined };
    return { length, stretch: { from: file, at: at + inside } };
  };
  /** Bits 0 to x-1 the offset, x to 61 how many 512-byte sectors more than the first it reaches into; x is 62 - (cluster bits - 8). */
  const inflated = async (entry: bigint): Promise<Uint8Array> => {
    const x = BigInt(62 - (clusterBits - 8));
    const at = number(entry & ((1n << x) - 1n), 'cluster offset');
    const sectors = Number((entry & ((1n << 62n) - 1n)) >> x) + 1;
    const stored = await file.read(at, Math.max(0, Math.min(sectors * 512 - (at % 512), file.size - at)));
    let content: Uint8Array;
    try {
      // The last sector holds what belongs to other clusters: the stream ends by itself.
      content = inflateRawSync(stored, { maxOutputLength: cluster, windowBits: 15 });
    } catch {
      throw new FormatError(FORMAT, 'a compressed cluster cannot be unpacked', at);
    }
    if (content.length !== cluster)
      throw new FormatError(FORMAT, `a compressed cluster holds ${content.length} bytes (${cluster} wanted)`, at);
    return content;
  };
  return mappedSource(size, locate);
}

function number(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new FormatError(FORMAT, `the ${what} is absurd (${value})`);
  return Number(value);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
