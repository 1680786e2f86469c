// Stored bytes of a file, read ahead in large pieces: contents are asked for in the order in which they lie.
import { readSync } from 'node:fs';
import { BlobFailure } from './blob-source.ts';

/** What a core has of cache for itself, as a rule: what is digested or decoded next is still there. */
const AHEAD = 512 * 1024;

export class StoredBytes {
  private readonly fd: number;
  private buffer = Buffer.allocUnsafeSlow(AHEAD);
  private from = 0;
  private filled = 0;

  constructor(fd: number) {
    this.fd = fd;
  }

  /** The bytes hold until the next call. @throws BlobFailure where the file ends or cannot be read. */
  at(offset: number, size: number): Buffer {
    if (offset < this.from || offset + size > this.from + this.filled) this.fill(offset, size);
    return this.buffer.subarray(offset - this.from, offset - this.from + size);
  }

  private fill(offset: number, size: number): void {
    if (size > this.buffer.length) this.buffer = Buffer.allocUnsafeSlow(size);
    this.from = offset;
    this.filled = 0;
    while (this.filled < size) {
      const got = this.readMore();
      if (got === 0) throw new BlobFailure(`the file ended at byte ${offset + this.filled} while it was read`);
      this.filled += got;
    }
  }

  private readMore(): number {
    try {
      return readSync(this.fd, this.buffer, this.filled, this.buffer.length - this.filled, this.from + this.filled);
    } catch (error) {
      throw new BlobFailure(`the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    }
  }
}
