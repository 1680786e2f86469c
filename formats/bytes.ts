// Bounded reading of hostile bytes: every access is checked, every failure is a FormatError with its offset.

/** Bytes that are not what their format demands. `offset` is in bytes from the start of the structure's own buffer. */
export class FormatError extends Error {
  override name = 'FormatError';
  readonly format: string;
  readonly offset: number | undefined;

  constructor(format: string, message: string, offset?: number) {
    super(offset === undefined ? `${format}: ${message}` : `${format}: ${message} (at offset 0x${offset.toString(16)})`);
    this.format = format;
    this.offset = offset;
  }
}

/** Little-endian view with checked reads. Offsets are absolute in the buffer given. */
export class Bytes {
  readonly data: Uint8Array;
  readonly length: number;
  private readonly view: DataView;
  private readonly format: string;

  constructor(format: string, data: Uint8Array) {
    this.format = format;
    this.data = data;
    this.length = data.length;
    this.view = viewOf(data);
  }

  /** Throws unless `size` bytes stand at `offset`. */
  need(offset: number, size: number, what: string): void {
    if (!Number.isSafeInteger(offset) || offset < 0 || size < 0 || offset + size > this.length) {
      throw new FormatError(this.format, `${what} runs past the end (${size} bytes wanted, ${this.length} there)`, offset);
    }
  }

  u8(offset: number, what = 'byte'): number {
    this.need(offset, 1, what);
    return this.view.getUint8(offset);
  }

  u16(offset: number, what = '16-bit field'): number {
    this.need(offset, 2, what);
    return this.view.getUint16(offset, true);
  }

  u32(offset: number, what = '32-bit field'): number {
    this.need(offset, 4, what);
    return this.view.getUint32(offset, true);
  }

  /** A 64-bit field as bigint, unsigned. */
  u64(offset: number, what = '64-bit field'): bigint {
    this.need(offset, 8, what);
    return this.view.getBigUint64(offset, true);
  }

  /** A 64-bit field that must fit a safe integer (sizes, offsets). */
  size64(offset: number, what = '64-bit size'): number {
    const value = this.u64(offset, what);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new FormatError(this.format, `${what} is absurd (${value})`, offset);
    return Number(value);
  }

  /** A view (no copy) of `size` bytes. */
  slice(offset: number, size: number, what = 'bytes'): Uint8Array {
    this.need(offset, size, what);
    return this.data.subarray(offset, offset + size);
  }

  fail(message: string, offset?: number): never {
    throw new FormatError(this.format, message, offset);
  }
}

/** The same bytes, not a copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Zeros in memory that threads share. */
export function sharedBytes(size: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(size));
}

/** All of the bytes, and no others of their buffer. No read is checked against a format. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** UTF-16LE text of a whole number of code units; lone surrogates are kept as they are (names in hives and WIMs may hold them). */
export function utf16(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength - (data.byteLength % 2)).toString('utf16le');
}

/** The UTF-16LE bytes of a text, without a terminator. */
export function utf16Bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf16le'));
}
