// Sources of bytes: slices keep their bounds, mapped ones put blocks together.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { mappedSource, sliceOf, sourceOfBytes } from '../../../formats/disk/source.ts';

const test = suite('source');
const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);

async function refused(read: () => Promise<unknown> | unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    assert.instance(error, FormatError);
    return;
  }
  assert.unreachable();
}

test('a slice reads its own bytes and no others', async () => {
  const slice = sliceOf(sourceOfBytes(bytes), 10, 20, 'part');
  assert.is(slice.size, 20);
  assert.equal([...(await slice.read(5, 3))], [15, 16, 17]);
  await refused(() => slice.read(18, 3));
  await refused(() => slice.read(-1, 3));
  await refused(() => sliceOf(sourceOfBytes(bytes), 90, 11, 'part'));
});

test('bytes at hand are handed out as copies', async () => {
  const source = sourceOfBytes(bytes);
  const piece = await source.read(0, 4);
  piece[0] = 99;
  assert.is(bytes[0], 0);
  await refused(() => source.read(99, 2));
});

test('a mapped source joins blocks and holes', async () => {
  const disk = mappedSource(30, async (offset) => {
    const block = Math.floor(offset / 10);
    const length = 10 - (offset % 10);
    return { length, stretch: block === 1 ? undefined : { from: sourceOfBytes(bytes), at: block * 30 + (offset % 10) } };
  });
  assert.equal([...(await disk.read(8, 14))], [8, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 61]);
  await refused(() => disk.read(25, 6));
  await refused(() => mappedSource(10, async () => ({ length: 0, stretch: undefined })).read(0, 1));
});

test.run();
