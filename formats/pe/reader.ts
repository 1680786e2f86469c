// Reads a PE file by the addresses that its directories use, checked and bounded.
import { Bytes, FormatError } from '../bytes.ts';
import { offsetOf } from './headers.ts';
import type { PeDirectory, PeHeaders } from './model.ts';

/** Names of functions and libraries; C++ names of real programs reach some thousands. */
const NAME_MAX = 8192;

export class PeReader {
  readonly bytes: Bytes;
  readonly headers: PeHeaders;

  constructor(content: Uint8Array, headers: PeHeaders) {
    this.bytes = new Bytes('PE', content);
    this.headers = headers;
  }

  /** A directory that is there, or undefined. */
  directory(index: number): PeDirectory | undefined {
    const found = this.headers.directories[index];
    return found && found.rva !== 0 ? found : undefined;
  }

  /** The offset in the file. @throws FormatError when nothing of the file lies at the address. */
  at(rva: number, what: string): number {
    const offset = offsetOf(rva, this.headers, this.bytes.length);
    if (offset === undefined) throw new FormatError('PE', `${what} lies outside of the file (address 0x${rva.toString(16)})`);
    return offset;
  }

  /** ASCII text up to a zero byte. */
  text(rva: number, what: string): string {
    const start = this.at(rva, what);
    const end = this.bytes.data.subarray(start, start + NAME_MAX).indexOf(0);
    if (end < 0) throw new FormatError('PE', `${what} has no end`, start);
    return Buffer.from(this.bytes.slice(start, end)).toString('latin1');
  }
}
