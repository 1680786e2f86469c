// What every chunk decoder must stand: damaged chunks, noise, nothing, too much.
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { nativeDecoder } from '../../tools/libwim.ts';
import { damaged } from './damage.ts';

type Decode = (stored: Uint8Array, output: Uint8Array) => void;
type Register = (name: string, run: () => void | Promise<void>) => void;

/** False when it was refused. */
function decodeOrRefuse(decode: Decode, bytes: Uint8Array, output: Uint8Array): boolean {
  try {
    decode(bytes, output);
    return true;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}

/** Registers the tests; `chunk` gives a sound one, which wimlib made, so its test runs only where wimlib is. */
const FORMATS = { lzx: /LZX data/, xpress: /XPRESS data/ };

export function testDamage(
  test: Register,
  withTools: Register,
  decoder: () => Decode,
  compression: 'lzx' | 'xpress',
  chunk: () => { readonly stored: Uint8Array; readonly content: Uint8Array },
): void {
  withTools('damaged chunks give a FormatError or other bytes, and the decoder stays usable', () => {
    const { stored, content } = chunk();
    const decode = decoder();
    const output = new Uint8Array(content.length);
    fc.assert(
      fc.property(damaged(stored), (bytes) => void decodeOrRefuse(decode, bytes, output)),
      { numRuns: 400 },
    );
    decode(stored, output);
    assert.is(Buffer.compare(output, content), 0);
  });

  withTools('what is not refused of damaged chunks is what libwim makes of it', async () => {
    const { stored, content } = chunk();
    const decode = decoder();
    const native = await nativeDecoder(compression, 32768);
    if (!native) return;
    const [output, judged] = [new Uint8Array(content.length), new Uint8Array(content.length)];
    let [taken, refused] = [0, 0];
    fc.assert(
      fc.property(damaged(stored), (bytes) => {
        if (decodeOrRefuse(decode, bytes, output)) {
          taken++;
          assert.ok(native(bytes, judged));
          assert.is(Buffer.compare(output, judged), 0);
        } else refused++;
      }),
      { numRuns: 1000 },
    );
    assert.ok(taken > 20 && refused > 100, `${taken} taken, ${refused} refused`);
  });

  test('noise gives a FormatError or bytes', () => {
    const decode = decoder();
    const output = new Uint8Array(32768);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => void decodeOrRefuse(decode, bytes, output)),
      { numRuns: 300 },
    );
  });

  test('nothing and too much are refused', () => {
    const decode = decoder();
    assert.throws(() => decode(new Uint8Array(), new Uint8Array(100)), FORMATS[compression]);
    assert.throws(() => decode(new Uint8Array(40000), new Uint8Array(100)), /too large/);
  });
}
