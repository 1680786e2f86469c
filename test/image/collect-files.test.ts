// Collecting files: at places in any case, by globs, each once; what cannot be read keeps its reason.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectFiles } from '../../image/collect-files.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const text = (content: Uint8Array | undefined) => content && Buffer.from(content).toString();

test('places first, in their order and the case of the image; then globs; each file once', async () => {
  const image = fakeImage({ files: { '/b/Two.XML': '2', '/a/one.xml': '1', '/c/three.xml': '3', '/c/no.txt': '-' } });
  const { files, complete } = await collectFiles(image, ['/B/two.xml', '/absent.xml', '/c'], ['/**/*.xml']);
  assert.equal(
    files.map(({ path, content }) => [path, text(content)]),
    [
      ['/b/Two.XML', '2'],
      ['/a/one.xml', '1'],
      ['/c/three.xml', '3'],
    ],
  );
  assert.ok(complete);
});

test('a link, a huge file and a damaged one are named with their reason, and not read', async () => {
  const image = fakeImage({
    files: {
      '/link.xml': { reparse: { tag: 0xa000000c, target: '/etc/passwd' } },
      '/damaged.xml': { content: 'x', unreadable: 'the chunk is damaged' },
      '/huge.xml': { content: new Uint8Array(16 * 1024 * 1024 + 1) },
    },
  });
  const { files } = await collectFiles(image, ['/link.xml', '/damaged.xml', '/huge.xml'], []);
  assert.ok(files.every(({ content }) => content === undefined));
  assert.match(files[0]!.fault!, 'link');
  assert.match(files[1]!.fault!, 'damaged');
  assert.match(files[2]!.fault!, 'too large');
});

test('a flood of files is cut off, and said', async () => {
  const files = Object.fromEntries(Array.from({ length: 2005 }, (_, at) => [`/f/${at}.xml`, '']));
  const collection = await collectFiles(fakeImage({ files }), [], ['/**/*.xml']);
  assert.is(collection.files.length, 2000);
  assert.is(collection.complete, false);
});

test.run();
