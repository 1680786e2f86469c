// What every chunk decoder must stand: chunks that wimlib compressed, damaged ones, noise, nothing, too much.
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { nativeDecoder } from '../../tools/libwim.ts';
import { compressedChunks, mixedContent } from './compressed.ts';
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

interface Decoder {
  readonly compression: 'lzx' | 'xpress';
  decoderOf(chunkSize: number): Decode;
  readonly chunkSizes: readonly number[];
  /** For what wimlib makes; there when the tests run. */
  folder(): string;
}

const CHUNK = 32768;

/** Registers the tests; those that need a sound chunk, which wimlib makes, run only where wimlib is. */
export function testDecoder(test: Register, withTools: Register, { compression, decoderOf, chunkSizes, folder }: Decoder): void {
  const format = new RegExp(`${compression.toUpperCase()} data`);
  const decoder = () => decoderOf(CHUNK);
  const chunk = () => compressedChunks(folder(), mixedContent(CHUNK), compression, CHUNK)[0]!;

  for (const chunkSize of chunkSizes) {
    withTools(`decodes what wimlib compressed in chunks of ${chunkSize}`, () => {
      const chunks = compressedChunks(folder(), mixedContent(chunkSize * 2 + 12345), compression, chunkSize);
      assert.ok(chunks.length >= 2);
      const decode = decoderOf(chunkSize);
      for (const { stored, content } of chunks) {
        const output = new Uint8Array(content.length);
        decode(stored, output);
        assert.is(Buffer.compare(output, content), 0);
      }
    });
  }

  withTools('small contents of many sizes', () => {
    const decode = decoder();
    let decoded = 0;
    for (const size of [600, 601, 1000, 4095, 9999]) {
      for (const { stored, content } of compressedChunks(folder(), new Uint8Array(size).fill(0x41, 0, size - 7), compression, CHUNK)) {
        const output = new Uint8Array(content.length);
        decode(stored, output);
        assert.is(Buffer.compare(output, content), 0);
        decoded++;
      }
    }
    assert.is(decoded, 5);
  });

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
    const native = await nativeDecoder(compression, CHUNK);
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
    const output = new Uint8Array(CHUNK);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => void decodeOrRefuse(decode, bytes, output)),
      { numRuns: 300 },
    );
  });

  test('nothing and too much are refused', () => {
    const decode = decoder();
    assert.throws(() => decode(new Uint8Array(), new Uint8Array(100)), format);
    assert.throws(() => decode(new Uint8Array(40000), new Uint8Array(100)), /too large/);
  });
}
