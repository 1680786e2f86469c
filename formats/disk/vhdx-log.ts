// The log of a VHDX: what its last writer had promised but not yet put into place. Replayed in memory; the file is not touched. Facts: [MS-VHDX] 2.3.
import { Bytes, FormatError } from '../bytes.ts';
import { crc32c } from './crc32c.ts';
import { guidAt } from './guid.ts';
import type { ByteSource } from './source.ts';

const FORMAT = 'VHDX log';
const SECTOR = 4096;
/** Windows makes logs of 1 MiB; the field allows 4 GiB. */
const LOG_BYTES_MAX = 64 * 1024 * 1024;

interface Entry {
  readonly at: number;
  readonly length: number;
  readonly tail: number;
  readonly sequence: bigint;
  readonly fileSize: number;
  readonly writes: readonly Write[];
}

interface Write {
  readonly at: number;
  readonly size: number;
  /** Undefined: zeros. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The file as it is once the log has been replayed.
 * @throws FormatError when the log says that there is something to replay and holds no sound sequence of entries.
 */
export async function replayLog(
  file: ByteSource,
  log: { readonly offset: number; readonly length: number; readonly guid: string },
): Promise<ByteSource> {
  const { offset, length, guid } = log;
  if (length === 0 || length > LOG_BYTES_MAX || length % SECTOR !== 0 || offset % SECTOR !== 0) {
    throw new FormatError(FORMAT, `a log of ${length} bytes at ${offset} is not possible`, offset);
  }
  const bytes = await file.read(offset, length);
  const sequence = activeSequence(bytes, guid);
  if (!sequence) throw new FormatError(FORMAT, 'it does not replay: no sequence of its entries is whole', offset);
  return overlaid(
    file,
    sequence.flatMap(({ writes }) => writes),
    sequence.at(-1)!.fileSize,
  );
}

/** The sequence that ends in the highest number, from the tail that its last entry names to that entry. */
function activeSequence(log: Uint8Array, guid: string): readonly Entry[] | undefined {
  const entries = new Map<number, Entry>();
  for (let at = 0; at < log.length; at += SECTOR) {
    const entry = entryAt(log, at, guid);
    if (entry) entries.set(at, entry);
  }
  const newest = [...entries.values()].sort((a, b) => (a.sequence < b.sequence ? 1 : -1));
  for (const head of newest) {
    const chain: Entry[] = [];
    let at = head.tail;
    for (let entry = entries.get(at); entry && chain.length <= entries.size; entry = entries.get(at)) {
      if (chain.length > 0 && entry.sequence !== chain.at(-1)!.sequence + 1n) break;
      chain.push(entry);
      if (entry === head) return chain;
      at = (entry.at + entry.length) % log.length;
    }
  }
  return undefined;
}

function entryAt(log: Uint8Array, at: number, guid: string): Entry | undefined {
  const head = new Bytes(FORMAT, log.subarray(at, at + SECTOR));
  if (Buffer.from(head.data.subarray(0, 4)).toString('latin1') !== 'loge') return undefined;
  const length = head.u32(8); // +0x08 entry length
  if (length === 0 || length % SECTOR !== 0 || length > log.length) return undefined;
  if (guidAt(head.data, 32) !== guid) return undefined; // +0x20 log guid
  const whole = new Uint8Array(length);
  const first = Math.min(length, log.length - at);
  whole.set(log.subarray(at, at + first));
  whole.set(log.subarray(0, length - first), first); // the log is a ring
  if (crc32c(whole, 4) !== head.u32(4)) return undefined;
  const tail = head.u32(12); // +0x0c
  if (tail % SECTOR !== 0 || tail >= log.length) return undefined;
  const writes = writesOf(new Bytes(FORMAT, whole));
  return writes && { at, length, tail, sequence: head.u64(16), fileSize: head.size64(56), writes };
}

/** Undefined when the descriptors do not fit their data. */
function writesOf(entry: Bytes): readonly Write[] | undefined {
  const sequence = entry.u64(16);
  const count = entry.u32(24); // +0x18 number of descriptors
  const descriptorBytes = Math.ceil((64 + count * 32) / SECTOR) * SECTOR;
  if (descriptorBytes > entry.length) return undefined;
  const writes: Write[] = [];
  let data = descriptorBytes;
  for (let index = 0; index < count; index++) {
    const at = 64 + index * 32;
    if (entry.u64(at + 24) !== sequence) return undefined;
    const kind = Buffer.from(entry.slice(at, 4)).toString('latin1');
    const target = entry.size64(at + 16, 'file offset');
    if (target % SECTOR !== 0) return undefined;
    if (kind === 'zero') writes.push({ at: target, size: entry.size64(at + 8, 'zero length'), bytes: undefined });
    else if (kind === 'desc') {
      if (data + SECTOR > entry.length || Buffer.from(entry.slice(data, 4)).toString('latin1') !== 'data') return undefined;
      if (BigInt(entry.u32(data + 4)) !== sequence >> 32n || BigInt(entry.u32(data + SECTOR - 4)) !== (sequence & 0xffffffffn))
        return undefined;
      const bytes = new Uint8Array(entry.slice(data, SECTOR));
      bytes.set(entry.slice(at + 8, 8), 0); // the first 8 and the last 4 bytes stand in the descriptor
      bytes.set(entry.slice(at + 4, 4), SECTOR - 4);
      writes.push({ at: target, size: SECTOR, bytes });
      data += SECTOR;
    } else return undefined;
  }
  return writes;
}

function overlaid(file: ByteSource, writes: readonly Write[], fileSize: number): ByteSource {
  const size = Math.max(file.size, fileSize, ...writes.map((write) => write.at + write.size));
  return {
    size,
    async read(offset, count) {
      if (offset < 0 || count < 0 || offset + count > size)
        throw new FormatError(FORMAT, `bytes ${offset} to ${offset + count} are behind the end`, offset);
      const bytes = new Uint8Array(count);
      const stored = Math.max(0, Math.min(count, file.size - offset));
      if (stored > 0) bytes.set(await file.read(offset, stored));
      for (const write of writes) {
        const from = Math.max(offset, write.at);
        const to = Math.min(offset + count, write.at + write.size);
        if (from >= to) continue;
        if (write.bytes) bytes.set(write.bytes.subarray(from - write.at, to - write.at), from - offset);
        else bytes.fill(0, from - offset, to - offset);
      }
      return bytes;
    },
  };
}
