// The resource header: 7-byte size beside the flags, and numbers that no file can have.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Bytes, FormatError } from '../../../formats/bytes.ts';
import { parseResourceHeader } from '../../../formats/wim/resource-header.ts';

function made(size: bigint, flags: bigint, offset: bigint, uncompressed: bigint): Bytes {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, size | (flags << 56n), true);
  view.setBigUint64(8, offset, true);
  view.setBigUint64(16, uncompressed, true);
  return new Bytes('test', bytes);
}

test('reads size and flags from one field', () => {
  assert.equal(parseResourceHeader(made(0x1_0000_0005n, 6n, 208n, 0x2_0000_0000n), 0, 'blob'), {
    size: 0x1_0000_0005,
    flags: 6,
    offset: 208,
    uncompressedSize: 0x2_0000_0000,
  });
});

test('refuses sizes and offsets beyond 2^53', () => {
  assert.throws(() => parseResourceHeader(made(1n << 54n, 0n, 0n, 0n), 0, 'blob'), /absurd/);
  assert.throws(() => parseResourceHeader(made(0n, 0n, 1n << 54n, 0n), 0, 'blob'), /absurd/);
  assert.throws(() => parseResourceHeader(made(0n, 0n, 0n, 1n << 60n), 0, 'blob'), /absurd/);
});

test('refuses a cut one', () => {
  assert.throws(
    () => parseResourceHeader(new Bytes('test', new Uint8Array(23)), 0, 'blob'),
    (error: unknown) => error instanceof FormatError,
  );
});

test.run();
