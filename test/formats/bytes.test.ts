// Bounded reading: right values inside, a FormatError with its offset for everything outside.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Bytes, bufferOf, FormatError, sharedBytes, utf16, utf16Bytes } from '../../formats/bytes.ts';

const data = Uint8Array.of(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0xff);

function refused(run: () => unknown, offset: number | undefined): void {
  try {
    run();
  } catch (error) {
    assert.instance(error, FormatError);
    assert.is((error as FormatError).offset, offset);
    assert.is((error as FormatError).format, 'test');
    return;
  }
  assert.unreachable('nothing was thrown');
}

test('fields are little-endian', () => {
  const bytes = new Bytes('test', data);
  assert.is(bytes.length, 9);
  assert.is(bytes.u8(8), 0xff);
  assert.is(bytes.u16(0), 0x0201);
  assert.is(bytes.u32(1), 0x05040302);
  assert.is(bytes.u64(0), 0x0807060504030201n);
});

test('a view into a larger buffer begins where the view begins', () => {
  const bytes = new Bytes('test', data.subarray(2, 6));
  assert.is(bytes.u32(0), 0x06050403);
  refused(() => bytes.u32(1), 1);
});

test('a slice is a view, not a copy', () => {
  const bytes = new Bytes('test', data);
  const slice = bytes.slice(2, 3);
  assert.equal([...slice], [3, 4, 5]);
  assert.is(slice.buffer, data.buffer);
  assert.is(bytes.slice(9, 0).length, 0);
});

test('everything outside is refused with its offset', () => {
  const bytes = new Bytes('test', data);
  refused(() => bytes.u8(9), 9);
  refused(() => bytes.u16(8), 8);
  refused(() => bytes.u32(6), 6);
  refused(() => bytes.u64(2), 2);
  refused(() => bytes.u8(-1), -1);
  refused(() => bytes.u8(0.5), 0.5);
  refused(() => bytes.slice(0, 10), 0);
  refused(() => bytes.slice(4, -1), 4);
  refused(() => bytes.slice(Number.MAX_SAFE_INTEGER, 1), Number.MAX_SAFE_INTEGER);
});

test('a 64-bit size must fit a safe integer', () => {
  const size = (value: bigint) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    return new Bytes('test', bytes);
  };
  assert.is(size(2n ** 53n - 1n).size64(0), Number.MAX_SAFE_INTEGER);
  refused(() => size(2n ** 53n).size64(0), 0);
  refused(() => size(2n ** 64n - 1n).size64(0), 0);
});

test('fail names format and offset', () => {
  const bytes = new Bytes('test', data);
  assert.throws(() => bytes.fail('no magic', 0x10), /^test: no magic \(at offset 0x10\)$/);
  assert.throws(() => bytes.fail('no magic'), /^test: no magic$/);
});

test('any read of any bytes gives a value or a FormatError', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 24 }),
      fc.integer({ min: -4, max: 30 }),
      fc.integer({ min: -4, max: 30 }),
      (content, offset, size) => {
        const bytes = new Bytes('test', content);
        for (const [read, width] of [
          [() => bytes.u8(offset), 1],
          [() => bytes.u16(offset), 2],
          [() => bytes.u32(offset), 4],
          [() => bytes.u64(offset), 8],
          [() => bytes.slice(offset, size), size],
        ] as const) {
          const inside = offset >= 0 && width >= 0 && offset + width <= content.length;
          if (inside) read();
          else refused(read, offset);
        }
      },
    ),
  );
});

test('UTF-16 goes there and back, lone surrogates and an odd last byte included', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
      const text = String.fromCharCode(...units);
      assert.is(utf16(utf16Bytes(text)), text);
    }),
  );
  assert.is(utf16(Uint8Array.of(0x41, 0x00, 0x42)), 'A');
  assert.equal([...utf16Bytes('Aä')], [0x41, 0, 0xe4, 0]);
});

test('bytes as a Buffer are the same bytes, and shared ones are the same for all', () => {
  const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  const buffer = bufferOf(bytes);
  assert.equal([...buffer], [2, 3]);
  buffer[0] = 9;
  assert.is(bytes[0], 9);
  assert.is(bufferOf(buffer), buffer);
  const shared = sharedBytes(3);
  assert.equal([...shared], [0, 0, 0]);
  assert.instance(shared.buffer, SharedArrayBuffer);
});

test.run();
