// Shared views: read once for all rules, keyed by what was really read, and never quiet about what could not be seen.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import type { ImageFile } from '../../image/image.ts';
import { type ContentView, contentView, type ImageView, imageView, type Viewed, ViewStore } from '../../lint/view.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';

/** Counts its own readings. */
function counting(fault?: Error) {
  const calls: string[] = [];
  const text: ContentView<string> = contentView({
    max: 20,
    variant: (path) => path.slice(path.lastIndexOf('.')),
    parse(content, variant, sight) {
      calls.push(variant);
      if (fault) throw fault;
      const value = Buffer.from(content).toString();
      if (value.startsWith('?')) sight.unseen('a part is missing');
      return value === 'other' ? undefined : value;
    },
  });
  const tree: ImageView<number> = imageView({
    async read(image, sight) {
      calls.push('tree');
      if (fault) throw fault;
      sight.unseen('/a: is odd');
      let count = 0;
      for await (const _ of image.walk()) count++;
      return count;
    },
  });
  const both = imageView<string>({
    async read(image, sight) {
      const count = await sight.see(tree)();
      const file = await image.find('/a.txt');
      return `${count} ${await sight.see(text)({ file: file! })}`;
    },
  });
  return { calls, views: { text, tree, both } };
}

async function fileOf(spec: FakeSpec, path: string): Promise<ImageFile> {
  return (await fakeImage(spec).find(path))!;
}

test('an image view is read once for all rules, and each of them is told what it could not see', async () => {
  const { calls, views } = counting();
  const store = new ViewStore(fakeImage({ files: { '/a.txt': 'x' } }));
  const told: string[][] = [[], []];
  const opened = told.map((reasons) => store.open(views, (reason) => reasons.push(reason)));
  assert.is(await opened[0]!.tree(), 1);
  assert.is(await opened[1]!.tree(), 1);
  assert.equal(calls, ['tree']);
  assert.equal(told, [['/a: is odd'], ['/a: is odd']]);
});

test('equal contents are parsed once, whatever digest the container claims', async () => {
  const { calls, views } = counting();
  const unable: string[] = [];
  const { text } = new ViewStore(fakeImage()).open(views, (reason) => unable.push(reason));
  const spec = { files: { '/a.txt': 'same', '/b.txt': 'same', '/c.txt': 'else', '/d.bin': 'same' } };
  const claimed = async (path: string): Promise<Viewed> => ({ file: { ...(await fileOf(spec, path)), digest: 'f'.repeat(40) } });
  assert.is(await text(await claimed('/a.txt')), 'same');
  assert.is(await text(await claimed('/b.txt')), 'same');
  assert.is(await text(await claimed('/c.txt')), 'else');
  assert.equal(calls, ['.txt', '.txt']);
  assert.is(await text(await claimed('/d.bin')), 'same'); // the parser goes by the extension, too
  assert.equal(calls, ['.txt', '.txt', '.bin']);
  assert.equal(unable, []);
});

test('what was parsed is kept up to a number and a sum of bytes, and the newest always', async () => {
  let parsed = 0;
  const size = contentView<number>({
    max: 2 ** 24,
    parse(content) {
      parsed++;
      return content.length;
    },
  });
  const file = await fileOf({ files: { '/a': 'x' } }, '/a');
  const look = new ViewStore(fakeImage({ files: {} })).open({ size }, () => {}).size;
  const read = (...sizes: readonly number[]) => Promise.all(sizes.map((one) => look({ file }, new Uint8Array(one))));
  await read(3_000_000, 3_000_000);
  assert.is(parsed, 1);
  await read(250_000, 250_001, 250_000, 3_000_000);
  assert.is(parsed, 4);
  await read(250_000);
  assert.is(parsed, 5);
  await read(...Array.from({ length: 64 }, (_, at) => at), 0);
  assert.is(parsed, 5 + 64);
  await read(64, 0);
  assert.is(parsed, 5 + 64 + 2);
});

test('the content that the engine gives is taken, and a stream is read by its name', async () => {
  const { views } = counting();
  const { text } = new ViewStore(fakeImage()).open(views, () => {});
  const spec = { files: { '/a.txt': { content: 'file', streams: { s: 'stream' } }, '/b.txt': { unreadable: 'gone' } } };
  assert.is(await text({ file: await fileOf(spec, '/a.txt'), stream: 's' }), 'stream');
  assert.is(await text({ file: await fileOf(spec, '/b.txt') }, new TextEncoder().encode('given')), 'given');
});

test('another kind of content is nothing, and no fault', async () => {
  const { views } = counting();
  const unable: string[] = [];
  const { text } = new ViewStore(fakeImage()).open(views, (reason) => unable.push(reason));
  assert.is(await text({ file: await fileOf({ files: { '/a.txt': 'other' } }, '/a.txt') }), undefined);
  assert.equal(unable, []);
});

test('too large, not readable, not to be parsed, partly parsed: the rule is unable, with the place and the reason', async () => {
  const unable: string[] = [];
  const spec = { files: { '/a.txt': 'x'.repeat(21), '/b.txt': { content: 'y', unreadable: 'gone' }, '/c.txt': 'z', '/d.txt': '?' } };
  const ask = async (path: string, fault?: Error) => {
    const { views } = counting(fault);
    return new ViewStore(fakeImage()).open(views, (reason) => unable.push(reason)).text({ file: await fileOf(spec, path) });
  };
  assert.is(await ask('/a.txt'), undefined);
  assert.is(await ask('/b.txt'), undefined);
  assert.is(await ask('/c.txt', new FormatError('text', 'is broken', 1)), undefined);
  assert.is(await ask('/d.txt'), '?');
  assert.equal(unable, [
    '/a.txt: is too large to be looked at (21 bytes, at most 20)',
    '/b.txt: gone',
    '/c.txt: text: is broken (at offset 0x1)',
    '/d.txt: a part is missing',
  ]);
});

test('an image view that cannot be read at all gives nothing and the reason', async () => {
  const { views } = counting(new ImageError('X', 'no hive'));
  const unable: string[] = [];
  const { tree } = new ViewStore(fakeImage()).open(views, (reason) => unable.push(reason));
  assert.is(await tree(), undefined);
  assert.equal(unable, ['no hive']);
});

test('a view uses other views, which stay shared, and what they could not see counts for it', async () => {
  const { calls, views } = counting();
  const unable: string[] = [];
  const opened = new ViewStore(fakeImage({ files: { '/a.txt': 'x' } })).open(views, (reason) => unable.push(reason));
  assert.is(await opened.both(), '1 x');
  await opened.tree();
  assert.equal(calls, ['tree', '.txt']);
  assert.equal(unable, ['/a: is odd', '/a: is odd']);
});

test('a bug of a view is no reason but an error', async () => {
  const { views } = counting(new TypeError('bug'));
  const { tree, text } = new ViewStore(fakeImage()).open(views, () => {});
  for (const ask of [tree, async () => text({ file: await fileOf({ files: { '/a.txt': 'x' } }, '/a.txt') })]) {
    try {
      await ask();
      assert.unreachable('must throw');
    } catch (error) {
      assert.instance(error, TypeError);
    }
  }
});

test.run();
