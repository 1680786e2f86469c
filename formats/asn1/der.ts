// Reads DER: tags, lengths and values, one level at a time, so that nothing recurses over hostile bytes.
import { Bytes } from '../bytes.ts';

export interface DerValue {
  /** Identifier byte: class, constructed bit and number; numbers above 30 are refused. */
  readonly tag: number;
  /** The value with its head, as it is signed or hashed. */
  readonly whole: Uint8Array;
  /** The value alone. */
  readonly body: Uint8Array;
}

export const DER = {
  octets: 0x04,
  sequence: 0x30,
  set: 0x31,
  /** `[n]` constructed. */
  context: (number: number) => 0xa0 + number,
} as const;

/** Values of one level that are read; a catalogue of a Windows has some ten thousand members. */
const CHILDREN_MAX = 500_000;

/** The one value at the start of the bytes; what follows it is not looked at. */
export function derValue(format: string, data: Uint8Array): DerValue {
  return valueAt(new Bytes(format, data), 0);
}

/** The values that stand one after another in the body of a constructed one. */
export function derChildren(format: string, { body }: Pick<DerValue, 'body'>): readonly DerValue[] {
  const bytes = new Bytes(format, body);
  const found: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (found.length >= CHILDREN_MAX) bytes.fail(`holds more than ${CHILDREN_MAX} values`, at);
    const value = valueAt(bytes, at);
    found.push(value);
    at += value.whole.length;
  }
  return found;
}

function valueAt(bytes: Bytes, at: number): DerValue {
  const tag = bytes.u8(at, 'tag');
  if ((tag & 0x1f) === 0x1f) bytes.fail('has a tag of more than one byte', at);
  const first = bytes.u8(at + 1, 'length');
  if (first === 0x80) bytes.fail('has a value of indefinite length, which DER does not know', at);
  const count = first > 0x80 ? first - 0x80 : 0;
  if (count > 4) bytes.fail('has a value longer than any file', at);
  let length = count === 0 ? first : 0;
  for (let index = 0; index < count; index++) length = length * 256 + bytes.u8(at + 2 + index, 'length');
  const head = 2 + count;
  const whole = bytes.slice(at, head + length, 'value');
  return { tag, whole, body: whole.subarray(head) };
}

/** `1.3.6.1.4.1.311.2.1.4`; numbers beyond 2^53 lose digits, no known one is that large. */
export function oidText({ body }: Pick<DerValue, 'body'>): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of body) {
    number = number * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (numbers.length === 0) numbers.push(Math.min(2, Math.floor(number / 40)), number - 40 * Math.min(2, Math.floor(number / 40)));
    else numbers.push(number);
    number = 0;
  }
  return numbers.join('.');
}
