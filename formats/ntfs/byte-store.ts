// Copies of many small stretches of bytes in few large buffers: a buffer for each costs more than it holds.

export interface Kept {
  readonly data: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const LARGE = 1024 * 1024;

export class ByteStore {
  private readonly large: number;
  private data: Uint8Array = new Uint8Array();
  private used = 0;

  /** @param large the size of a buffer; longer stretches get one of their own */
  constructor(large = LARGE) {
    this.large = large;
  }

  keep(from: Uint8Array, start: number, size: number): Kept {
    if (this.used + size > this.data.length) {
      this.data = new Uint8Array(Math.max(this.large, size));
      this.used = 0;
    }
    const at = this.used;
    this.data.set(from.subarray(start, start + size), at);
    this.used += size;
    return { data: this.data, start: at, end: at + size };
  }
}
