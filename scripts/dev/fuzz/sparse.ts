// Disk images as inputs: only the pages that hold something, so that a case changes and copies kilobytes of a disk of megabytes.
import { FormatError } from '../../../formats/bytes.ts';
import type { ByteSource } from '../../../formats/disk/source.ts';
import { mutateInPlace } from './mutate.ts';
import type { Random } from './random.ts';

export const PAGE = 4096;
const ZEROS = new Uint8Array(PAGE);
/** Size of the disk, number of pages. */
const HEAD = 12;

/** The disk as size, numbers of its pages, and the pages. */
export function packed(disk: Uint8Array): Uint8Array {
  const pages: number[] = [];
  for (let at = 0; at < disk.length; at += PAGE) {
    const page = disk.subarray(at, at + PAGE);
    if (Buffer.compare(page, ZEROS.subarray(0, page.length)) !== 0) pages.push(at / PAGE);
  }
  const bytes = Buffer.alloc(HEAD + pages.length * (4 + PAGE));
  bytes.writeDoubleLE(disk.length, 0);
  bytes.writeUInt32LE(pages.length, 8);
  for (const [index, page] of pages.entries()) {
    bytes.writeUInt32LE(page, HEAD + index * 4);
    bytes.set(disk.subarray(page * PAGE, (page + 1) * PAGE), HEAD + pages.length * 4 + index * PAGE);
  }
  return new Uint8Array(bytes);
}

export class SparseDisk implements ByteSource {
  readonly size: number;
  private readonly pages = new Map<number, Uint8Array>();

  constructor(input: Uint8Array) {
    const view = new DataView(input.buffer, input.byteOffset, input.length);
    this.size = view.getFloat64(0, true);
    const count = view.getUint32(8, true);
    for (let index = 0; index < count; index++) {
      const from = HEAD + count * 4 + index * PAGE;
      this.pages.set(view.getUint32(HEAD + index * 4, true), input.subarray(from, from + PAGE));
    }
  }

  async read(offset: number, size: number): Promise<Uint8Array> {
    return this.bytes(offset, size);
  }

  bytes(offset: number, size: number): Uint8Array {
    if (!(offset >= 0 && size >= 0 && offset + size <= this.size))
      throw new FormatError('disk', 'bytes outside of it are asked for', offset);
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size; ) {
      const page = this.pages.get(Math.floor((offset + done) / PAGE));
      const at = (offset + done) % PAGE;
      const step = Math.min(PAGE - at, size - done);
      if (page) bytes.set(page.subarray(at, at + step), done);
      done += step;
    }
    return bytes;
  }

  /** Into pages that are there. */
  write(offset: number, bytes: Uint8Array): void {
    for (const [at, byte] of bytes.entries()) {
      const page = this.pages.get(Math.floor((offset + at) / PAGE));
      if (page) page[(offset + at) % PAGE] = byte;
    }
  }
}

/** A copy with some pages changed; the last two bytes of each sector, which NTFS checks, stay in most cases. */
export function changedPages(input: Uint8Array, random: Random): { readonly input: Uint8Array; readonly disk: SparseDisk } {
  const bytes = input.slice();
  const count = new DataView(bytes.buffer).getUint32(8, true);
  const first = HEAD + count * 4;
  for (let times = 1 + random.below(4); times > 0; times--) {
    // The first pages hold the tables; further back is more and more content.
    const index = random.once(3) ? random.below(Math.min(8, count)) : random.below(count);
    const from = first + index * PAGE;
    const before = bytes.slice(from, from + PAGE);
    const spot = from + random.below(PAGE / 512) * 512;
    mutateInPlace(bytes, random, spot, Math.min(spot + 512, bytes.length));
    if (random.once(20)) continue;
    for (let end = 510; end < PAGE; end += 512) bytes.set(before.subarray(end, end + 2), from + end);
  }
  return { input: bytes, disk: new SparseDisk(bytes) };
}
