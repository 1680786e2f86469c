// Members as files: their facts, and their content while the archive is open.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { READ_MAX } from '../../../image/image.ts';
import { MemberFile } from '../../../lint/nested/member-file.ts';

const bytes = (...texts: string[]) =>
  async function* () {
    for (const text of texts) yield Buffer.from(text);
  };

const codeOf = async (run: () => Promise<unknown>) => {
  try {
    await run();
    return 'none';
  } catch (error) {
    assert.instance(error, ImageError);
    return (error as ImageError).code;
  }
};

test('facts and content', async () => {
  const file = new MemberFile('/a.zip!/b.txt', 6, false, bytes('abc', 'def', 'more'));
  assert.equal(
    [file.path, file.size, file.folder, file.attributes, file.digest, file.streams, file.links],
    ['/a.zip!/b.txt', 6, false, 0x20, undefined, [], []],
  );
  assert.is(Buffer.from(await file.read()).toString(), 'abcdef');
  assert.is(new MemberFile('/a.zip!/c', 0, true, bytes()).attributes, 0x10);
});

test('content that is gone, short or too large is an error of the image', async () => {
  assert.is(await codeOf(() => new MemberFile('/x!/y', 9, false, bytes('abc')).read()), 'CONTENT_UNREADABLE');
  assert.is(await codeOf(() => new MemberFile('/x!/y', READ_MAX + 1, false, bytes()).read()), 'CONTENT_TOO_LARGE');
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('x');
    throw new Error('closed');
  };
  assert.is(await codeOf(() => new MemberFile('/x!/y', 9, false, failing).read()), 'CONTENT_UNREADABLE');
});

test.run();
