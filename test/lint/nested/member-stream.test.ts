// One stream of bytes parted by sizes, whatever the pieces are like.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemberStream } from '../../../lint/nested/member-stream.ts';

async function* pieces(lengths: readonly number[], fault?: Error): AsyncGenerator<Uint8Array> {
  let next = 0;
  for (const length of lengths) yield Uint8Array.from({ length }, () => next++ & 255);
  if (fault) throw fault;
}

test('every byte comes once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(20), { maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }),
      async (given, wanted) => {
        const stream = new MemberStream(pieces(given));
        const got: number[] = [];
        for (const size of wanted) {
          const buffer = new Uint8Array(size);
          got.push(...buffer.subarray(0, await stream.fill(buffer)));
        }
        const total = given.reduce((sum, length) => sum + length, 0);
        const asked = wanted.reduce((sum, size) => sum + size, 0);
        assert.equal(
          got,
          Array.from({ length: Math.min(total, asked) }, (_, index) => index & 255),
        );
        assert.is(await stream.atEnd(), asked >= total);
        assert.is(stream.bytes, got.length);
      },
    ),
  );
});

test('a fault is kept for the end', async () => {
  const stream = new MemberStream(pieces([3], new Error('cut')));
  assert.equal([...(await stream.next(10))!], [0, 1, 2]);
  assert.is(await stream.next(10), undefined);
  assert.is((stream.fault as Error).message, 'cut');
});

test('closing ends what writes', async () => {
  let ended = false;
  const stream = new MemberStream(
    (async function* () {
      try {
        for (;;) yield new Uint8Array(10);
      } finally {
        ended = true;
      }
    })(),
  );
  await stream.next(5);
  await stream.close();
  assert.is(ended, true);
  assert.equal([...(await stream.next(9))!], [0, 0, 0, 0, 0], 'what had come is still there');
  assert.is(await stream.next(9), undefined);
});

test.run();
