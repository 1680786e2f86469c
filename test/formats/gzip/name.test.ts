// The name in a gzip header: with and without extra fields, none, and headers that are cut off.
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gzipName } from '../../../formats/gzip/name.ts';

/** A packed text with the flags and what they say behind the header. */
const packed = (flags: number, ...fields: readonly Uint8Array[]) => {
  const plain = gzipSync('text');
  const head = Buffer.from(plain.subarray(0, 10));
  head[3] = flags;
  return Buffer.concat([head, ...fields, plain.subarray(10)]);
};
const name = Buffer.from('tool.bin\0', 'latin1');

test('the name stands behind the header, or behind extra fields', () => {
  assert.is(gzipName(packed(8, name)), 'tool.bin');
  assert.is(gzipName(packed(12, Buffer.from([3, 0, 1, 0, 2]), name)), 'tool.bin');
});

test('no name, an empty one, and one without an end are none', () => {
  assert.is(gzipName(gzipSync('text')), undefined);
  assert.is(gzipName(packed(8, Buffer.from([0]))), undefined);
  assert.is(gzipName(Buffer.concat([packed(8, name).subarray(0, 10), Buffer.alloc(20, 0x61)])), undefined);
  assert.is(gzipName(Buffer.concat([packed(8, name).subarray(0, 10), Buffer.alloc(2000, 0x61), Buffer.alloc(1)])), undefined);
  for (const size of [0, 3, 10, 12]) assert.is(gzipName(packed(12, Buffer.from([3, 0, 1, 0, 2]), name).subarray(0, size)), undefined);
});

test.run();
