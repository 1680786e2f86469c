// The content of an archive's members, one behind the other as 7-Zip writes them, parted again by their sizes.

/** Up to here a member is handed on in one piece and kept, should it turn out to be an archive itself. */
export const KEEP_BYTES = 1024 * 1024;

/** Reads exact numbers of bytes from pieces of any length. What the pieces throw is kept for the end. */
export class MemberStream {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array();
  private ended = false;
  /** What ended the stream, should that not be its end. */
  fault: unknown;
  /** Bytes that came so far. */
  bytes = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next bytes, at most `max`; undefined when there are no more. They hold until the next call. */
  async next(max: number): Promise<Uint8Array | undefined> {
    while (this.rest.length === 0) {
      if (this.ended) return undefined;
      await this.pull();
    }
    const piece = this.rest.subarray(0, max);
    this.rest = this.rest.subarray(piece.length);
    this.bytes += piece.length;
    return piece;
  }

  /** Fills the buffer as far as the stream goes. */
  async fill(buffer: Uint8Array): Promise<number> {
    let done = 0;
    while (done < buffer.length) {
      const piece = await this.next(buffer.length - done);
      if (!piece) break;
      buffer.set(piece, done);
      done += piece.length;
    }
    return done;
  }

  /** True when nothing is left. */
  async atEnd(): Promise<boolean> {
    while (this.rest.length === 0 && !this.ended) await this.pull();
    return this.rest.length === 0;
  }

  /** Ends the program that writes. */
  async close(): Promise<void> {
    this.ended = true;
    try {
      await this.pieces.return?.();
    } catch (error) {
      this.fault ??= error;
    }
  }

  private async pull(): Promise<void> {
    try {
      const { value, done } = await this.pieces.next();
      if (done) this.ended = true;
      else this.rest = value;
    } catch (error) {
      this.fault = error;
      this.ended = true;
    }
  }
}
