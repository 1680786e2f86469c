// Messages between our own processes: two lengths, a JSON head, bytes. The other side may have been taken over by what it reads, so lengths have maxima.
import { bufferOf, FormatError } from './bytes.ts';

const FORMAT = 'message';
const LENGTHS = 8;
const NOTHING = new Uint8Array();
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
  /** Bytes that are no whole message, and less than its lengths. */
  private start: Uint8Array = NOTHING;
  /** A message that came in several pieces, and how much of it is there. */
  private whole: Buffer | undefined;
  private filled = 0;

  /** True when bytes of a message that is not whole are there. */
  get open(): boolean {
    return this.start.length > 0 || this.whole !== undefined;
  }

  *push(piece: Uint8Array): Generator<Frame> {
    let rest = this.start.length > 0 ? Buffer.concat([this.start, piece]) : bufferOf(piece);
    this.start = NOTHING;
    if (this.whole) {
      // Pieces go to their place at once: put together at the end, a large message would be there twice.
      const taken = rest.subarray(0, this.whole.length - this.filled);
      this.whole.set(taken, this.filled);
      this.filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.filled < this.whole.length) return;
      const { whole } = this;
      this.whole = undefined;
      yield frameOf(whole);
    }
    while (rest.length >= LENGTHS) {
      const size = sizeOf(rest);
      if (rest.length < size) {
        this.whole = Buffer.allocUnsafe(size);
        this.filled = rest.copy(this.whole);
        return;
      }
      yield frameOf(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
    this.start = rest;
  }
}

function sizeOf(front: Buffer): number {
  const [json, body] = [front.readUInt32LE(0), front.readUInt32LE(4)];
  if (json > HEAD_BYTES_MAX || body > BODY_BYTES_MAX) throw new FormatError(FORMAT, `claims ${json} + ${body} bytes`);
  return LENGTHS + json + body;
}

function frameOf(whole: Buffer): Frame {
  const json = whole.readUInt32LE(0);
  return { head: headOf(whole.subarray(LENGTHS, LENGTHS + json)), body: whole.subarray(LENGTHS + json) };
}

function headOf(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    throw new FormatError(FORMAT, 'its head is no JSON');
  }
}
