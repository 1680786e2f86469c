// Reads the blobs in which the task service keeps a task in the registry: fields in order, some padded to 8 bytes.
// Facts: GDATAAdvancedAnalytics/winreg-tasks and libyal/winreg-kb; checked against every task of real Windows 7 and 8.1 hives.
import { Bytes, utf16 } from '../bytes.ts';

export const BLOB_FORMAT = 'TaskCache blob';
/** The largest real blob has some kilobytes. */
export const BLOB_MAX = 1024 * 1024;

const BLOCK = 8;

/** A cursor over a blob; every read moves on, so a loop over fields ends with the bytes. */
export class Blob {
  private readonly bytes: Bytes;
  private at = 0;

  /** @throws FormatError when the blob is larger than BLOB_MAX */
  constructor(data: Uint8Array) {
    this.bytes = new Bytes(BLOB_FORMAT, data);
    if (data.length > BLOB_MAX) this.bytes.fail(`is too large (${data.length} bytes, at most ${BLOB_MAX})`);
  }

  get offset(): number {
    return this.at;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  u8(): number {
    return this.bytes.u8(this.move(1));
  }

  u16(): number {
    return this.bytes.u16(this.move(2));
  }

  u32(): number {
    return this.bytes.u32(this.move(4));
  }

  /** A byte or a number that fills a block of 8 bytes. */
  u8Block(): number {
    const value = this.u8();
    this.skip(BLOCK - 1);
    return value;
  }

  u32Block(): number {
    const value = this.u32();
    this.skip(BLOCK - 4);
    return value;
  }

  u64(): bigint {
    return this.bytes.u64(this.move(8));
  }

  take(size: number): Uint8Array {
    return this.bytes.slice(this.move(size), size, 'field');
  }

  skip(size: number): void {
    this.take(size);
  }

  /** UTF-16 behind a count of bytes. */
  text(): string {
    return this.textOf(this.u32());
  }

  /** The same, with count and text each padded to a block. */
  textBlocks(): string {
    const size = this.u32Block();
    const text = this.textOf(size);
    this.pad(size);
    return text;
  }

  /** UTF-16 behind a count of characters without the final NUL, which is stored; each padded to a block. An empty text has no NUL. */
  countedTextBlocks(): string {
    const count = this.u32Block();
    if (count === 0) return '';
    const size = count * 2 + 2;
    const text = this.textOf(size);
    this.pad(size);
    return text.replace(/\0$/, '');
  }

  /** Moves to the next block when `size` bytes were no whole number of them. */
  pad(size: number): void {
    this.skip((BLOCK - (size % BLOCK)) % BLOCK);
  }

  fail(message: string): never {
    this.bytes.fail(message, this.at);
  }

  private textOf(size: number): string {
    if (size % 2 !== 0) this.fail(`text has an odd length (${size} bytes)`);
    return utf16(this.take(size));
  }

  private move(size: number): number {
    const from = this.at;
    this.bytes.need(from, size, 'field');
    this.at += size;
    return from;
  }
}
