// Messages between processes: whole in any pieces, and refused when their lengths cannot be.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { BODY_BYTES_MAX, encodeFrame, FrameReader } from '../../formats/frame.ts';

test('what was sent comes out, however it is cut', () => {
  const message = fc.record({
    head: fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string())),
    body: fc.uint8Array({ maxLength: 40 }),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.integer({ min: 1, max: 30 }), (sent, step) => {
      const stream = Buffer.concat(sent.flatMap(({ head, body }) => encodeFrame(head, body)));
      const reader = new FrameReader();
      const got: unknown[] = [];
      for (let at = 0; at < stream.length; at += step)
        for (const { head, body } of reader.push(stream.subarray(at, at + step))) got.push({ head, body: Uint8Array.from(body) });
      assert.equal(JSON.stringify(got), JSON.stringify(sent));
      assert.is(reader.open, false);
    }),
  );
});

test('a message that is not whole is known to be open', () => {
  const reader = new FrameReader();
  assert.equal([...reader.push(Buffer.concat(encodeFrame({ a: 1 })).subarray(0, 12))], []);
  assert.is(reader.open, true);
});

test('lengths that cannot be and heads that are no JSON are refused', () => {
  const long = Buffer.alloc(8);
  long.writeUInt32LE(BODY_BYTES_MAX + 1, 4);
  assert.throws(
    () => [...new FrameReader().push(long)],
    (error: unknown) => error instanceof FormatError,
  );
  const broken = Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7b]);
  assert.throws(
    () => [...new FrameReader().push(broken)],
    (error: unknown) => error instanceof FormatError,
  );
  assert.throws(() => encodeFrame({}, new Uint8Array(BODY_BYTES_MAX + 1)), RangeError);
});

test.run();
