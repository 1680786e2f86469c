// Resources: chunk tables with 4- and 8-byte entries, raw chunks, numbers that contradict each other.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { RESOURCE_COMPRESSED, type ResourceHeader } from '../../../formats/wim/model.ts';
import { checkResource, chunkCount, chunkDecoder, chunkTableSize, decodeResource, parseChunkTable } from '../../../formats/wim/resource.ts';
import { survives } from '../../helpers/damage.ts';

const resource = (size: number, uncompressedSize: number, flags = RESOURCE_COMPRESSED): ResourceHeader => ({
  size,
  flags,
  offset: 208,
  uncompressedSize,
});

/** Three chunks of 4 bytes, the middle one raw; the decoder doubles each byte. */
const STORED = Uint8Array.from([2, 0, 0, 0, 6, 0, 0, 0, 1, 2, 9, 8, 7, 6, 5]);
const RESOURCE = resource(STORED.length, 10);
const double = (input: Uint8Array, output: Uint8Array): void => {
  if (output.length !== input.length * 2) throw new FormatError('test', 'size');
  for (let at = 0; at < output.length; at++) output[at] = input[at >> 1]!;
};

test('decodes chunks, raw ones as they are', () => {
  assert.equal([...decodeResource(STORED, RESOURCE, 4, double)], [1, 1, 2, 2, 9, 8, 7, 6, 5, 5]);
});

test('gives an uncompressed resource back', () => {
  assert.equal([...decodeResource(Uint8Array.from([1, 2]), resource(2, 2, 0), 0, undefined)], [1, 2]);
});

test('entries have 8 bytes from 4 GiB on', () => {
  const small = resource(10 ** 9, 2 ** 32 - 1);
  const large = resource(10 ** 9, 2 ** 32);
  assert.is(chunkCount(large, 32768), 131072);
  assert.is(chunkTableSize(small, 32768), 131071 * 4);
  assert.is(chunkTableSize(large, 32768), 131071 * 8);
  const chunkSize = 2 ** 31;
  const table = new Uint8Array(8);
  new DataView(table.buffer).setBigUint64(0, 70000n, true);
  assert.equal([...parseChunkTable(table, resource(100000, 2 ** 32), chunkSize)], [8, 70008, 100000]);
});

test('refuses sizes that lie', () => {
  assert.throws(() => checkResource(resource(5, 6, 0), 0, 'x'), /stored raw with 5 bytes but claims 6/);
  assert.throws(() => checkResource(resource(5, 6), 0, 'x'), /says it is not/);
  assert.throws(() => checkResource(resource(100, 2 ** 50), 32768, 'x'), /too few/);
  assert.throws(() => decodeResource(STORED.subarray(1), RESOURCE, 4, double), /14 bytes are there/);
});

test('refuses chunk offsets that go back, past the end, or past the chunk size', () => {
  for (const [first, second] of [
    [6, 2],
    [2, 2],
    [2, 7],
    [2, 200],
    [5, 6],
  ] as const) {
    const stored = STORED.slice();
    stored[0] = first;
    stored[4] = second;
    assert.throws(() => decodeResource(stored, RESOURCE, 4, double), /chunk \d has/);
  }
});

test('knows no LZMS yet', () => {
  assert.is(chunkDecoder('lzms', 32768), undefined);
  assert.throws(() => decodeResource(STORED, RESOURCE, 4, undefined), /not known/);
});

test('damage gives a FormatError or bytes', () => {
  survives(STORED, (bytes) => decodeResource(bytes, resource(bytes.length, 10), 4, double), FormatError);
});

test.run();
