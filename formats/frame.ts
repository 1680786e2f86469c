// Messages between our own processes: two lengths, a JSON head, bytes. The other side may have been taken over by what it reads, so lengths have maxima.
import { FormatError } from './bytes.ts';

const FORMAT = 'message';
const LENGTHS = 8;
/** Findings of one content: 10,000 keys with what stands before them. */
export const HEAD_BYTES_MAX = 16 * 1024 * 1024;
/** A whole content for a rule is at most 32 MiB; so is what a cache holds. */
export const BODY_BYTES_MAX = 64 * 1024 * 1024;

export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** The pieces of a message, to be written one behind the other. */
export function encodeFrame(head: unknown, body: Uint8Array = new Uint8Array()): readonly [Uint8Array, Uint8Array] {
  const json = Buffer.from(JSON.stringify(head));
  if (json.length > HEAD_BYTES_MAX || body.length > BODY_BYTES_MAX) {
    throw new RangeError(`a message of ${json.length} + ${body.length} bytes is too long`);
  }
  const front = Buffer.allocUnsafe(LENGTHS + json.length);
  front.writeUInt32LE(json.length, 0);
  front.writeUInt32LE(body.length, 4);
  front.set(json, LENGTHS);
  return [front, body];
}

/** Puts messages together from pieces of any size. @throws FormatError for what is no message. */
export class FrameReader {
  private pieces: Uint8Array[] = [];
  private held = 0;

  /** True when bytes of a message that is not whole are there. */
  get open(): boolean {
    return this.held > 0;
  }

  *push(piece: Uint8Array): Generator<Frame> {
    this.pieces.push(piece);
    this.held += piece.length;
    for (;;) {
      if (this.held < LENGTHS) return;
      const front = this.take(LENGTHS, false);
      const [json, body] = [front.readUInt32LE(0), front.readUInt32LE(4)];
      if (json > HEAD_BYTES_MAX || body > BODY_BYTES_MAX) throw new FormatError(FORMAT, `claims ${json} + ${body} bytes`);
      if (this.held < LENGTHS + json + body) return;
      const whole = this.take(LENGTHS + json + body, true);
      yield { head: headOf(whole.subarray(LENGTHS, LENGTHS + json)), body: whole.subarray(LENGTHS + json) };
    }
  }

  /** The first bytes, in one piece; gone from what is held when `away`. */
  private take(size: number, away: boolean): Buffer {
    if (this.pieces[0]!.length < size) this.pieces = [Buffer.concat(this.pieces)];
    const first = this.pieces[0]!;
    if (away) {
      this.held -= size;
      if (first.length === size) this.pieces.shift();
      else this.pieces[0] = first.subarray(size);
    }
    return Buffer.from(first.buffer, first.byteOffset, size);
  }
}

function headOf(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    throw new FormatError(FORMAT, 'its head is no JSON');
  }
}
