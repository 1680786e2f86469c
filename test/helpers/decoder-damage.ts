// What every chunk decoder must stand: damaged chunks, noise, nothing, too much.
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { damaged } from './damage.ts';

type Decode = (stored: Uint8Array, output: Uint8Array) => void;
type Register = (name: string, run: () => void) => void;

function decodeOrRefuse(decode: Decode, bytes: Uint8Array, output: Uint8Array): void {
  try {
    decode(bytes, output);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}

/** Registers the tests; `chunk` gives a sound one, which wimlib made, so its test runs only where wimlib is. */
export function testDamage(
  test: Register,
  withTools: Register,
  decoder: () => Decode,
  format: RegExp,
  chunk: () => { readonly stored: Uint8Array; readonly content: Uint8Array },
): void {
  withTools('damaged chunks give a FormatError or other bytes, and the decoder stays usable', () => {
    const { stored, content } = chunk();
    const decode = decoder();
    const output = new Uint8Array(content.length);
    fc.assert(
      fc.property(damaged(stored), (bytes) => decodeOrRefuse(decode, bytes, output)),
      { numRuns: 400 },
    );
    decode(stored, output);
    assert.is(Buffer.compare(output, content), 0);
  });

  test('noise gives a FormatError or bytes', () => {
    const decode = decoder();
    const output = new Uint8Array(32768);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => decodeOrRefuse(decode, bytes, output)),
      { numRuns: 300 },
    );
  });

  test('nothing and too much are refused', () => {
    const decode = decoder();
    assert.throws(() => decode(new Uint8Array(), new Uint8Array(100)), format);
    assert.throws(() => decode(new Uint8Array(40000), new Uint8Array(100)), /too large/);
  });
}
