// Reading contents: a stream that lies, stops or jumbles makes the rules unable that wanted it, never quiet.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ContentChunk, ContentRequest, Image, ImageFile } from '../../image/image.ts';
import { ContentPlan } from '../../lint/content-plan.ts';
import { readContents } from '../../lint/content-read.ts';
import { ContentScanner } from '../../lint/content-scan.ts';
import { lintImage } from '../../lint/lint-image.ts';
import type { Rule } from '../../lint/rule.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { madeKey } from '../helpers/product-keys.ts';

type Pieces = (request: ContentRequest, bytes: Uint8Array) => readonly Partial<ContentChunk>[];

/** Lints /f with a stream made of these pieces; gives the outcome, the contents and the candidates that the rule saw. */
async function read(
  content: string,
  pieces: (requests: readonly ContentRequest[]) => AsyncIterable<ContentChunk>,
  files: Record<string, string> = {},
) {
  const image = fakeImage({ files: { '/f': content, ...files } });
  const seen: string[] = [];
  const keys: number[] = [];
  const rule = {
    id: 'a/b',
    title: 't',
    description: 'd',
    severity: 'error',
    options: {},
    messages: {},
    select: { files: ['/*'], content: 'whole', text: 'product-keys' },
    create: () => ({
      file: (file: ImageFile, bytes: Uint8Array) => void seen.push(`${file.path}=${Buffer.from(bytes).toString('latin1')}`),
      text: ({ offset }: { offset: number }) => void keys.push(offset),
    }),
  } as unknown as Rule;
  const result = await lintImage({ ...image, stream: pieces } as Image, { rules: [rule] });
  const [outcome] = result.outcomes;
  return { outcome: 'reason' in outcome! ? outcome.reason : outcome!.outcome, seen: seen.sort(), keys, stats: result.stats };
}

const inPieces = (pieces: Pieces) =>
  async function* (requests: readonly ContentRequest[]): AsyncIterable<ContentChunk> {
    for (const request of requests) {
      for (const piece of pieces(request, await request.file.read()))
        yield { request, offset: 0, bytes: new Uint8Array(), last: false, ...piece };
    }
  };

const KEY = madeKey(9);

test('chunks of any size, a key split over two of them', async () => {
  const content = `${'x'.repeat(20)} ${KEY} end`;
  for (const size of [1, 10, 35, 1000]) {
    const result = await read(
      content,
      inPieces((_, bytes) =>
        Array.from({ length: Math.ceil(bytes.length / size) }, (__, at) => ({
          offset: at * size,
          bytes: bytes.slice(at * size, (at + 1) * size),
          last: (at + 1) * size >= bytes.length,
        })),
      ),
    );
    assert.equal([result.outcome, result.seen, result.keys], ['passed', [`/f=${content}`], [21]]);
    assert.equal([result.stats.blobs, result.stats.bytesScanned, result.stats.bytesSkipped], [1, content.length, 0]);
  }
});

test('contents whose chunks come in turns', async () => {
  const result = await read(
    `a ${KEY}`,
    async function* (requests) {
      const bytes = await Promise.all(requests.map((request) => request.file.read()));
      for (const [offset, last] of [
        [0, false],
        [10, true],
      ] as const) {
        for (const [at, request] of requests.entries())
          yield { request, offset, bytes: bytes[at]!.slice(offset, last ? undefined : 10), last };
      }
    },
    { '/g': `bcd ${KEY}` },
  );
  assert.equal([result.outcome, result.seen, result.keys], ['passed', [`/f=a ${KEY}`, `/g=bcd ${KEY}`], [2, 4]]);
});

test('what ends early, is longer than it says, comes out of order, fails, or never ends', async () => {
  const cases: readonly (readonly [Pieces, RegExp])[] = [
    [(_, bytes) => [{ bytes: bytes.slice(0, 3), last: true }], /^\/f: its content ended early \(3 of 6 bytes\)/],
    [(_, bytes) => [{ bytes }, { bytes, offset: 6, last: true }], /^\/f: its content is longer than it says \(6 bytes\)/],
    [(_, bytes) => [{ bytes: bytes.slice(3), offset: 3, last: true }], /^\/f: its content came out of order/],
    [(_, bytes) => [{ bytes: bytes.slice(0, 3) }, { last: true, failed: 'the digest is wrong' }], /^\/f: the digest is wrong/],
    [(_, bytes) => [{ bytes: bytes.slice(0, 3) }], /^\/f: its content was not read to its end/],
    [() => [], /^\/f: its content was not read to its end/],
  ];
  for (const [pieces, reason] of cases) {
    const { outcome, seen, stats } = await read('abcdef', inPieces(pieces));
    assert.match(outcome, reason);
    assert.equal(seen, []);
    assert.equal([stats.bytesScanned, stats.bytesSkipped], [0, 6]);
  }
});

test('what was found before a failure stands', async () => {
  const { outcome, keys } = await read(
    `${KEY} and more`,
    inPieces((_, bytes) => [{ bytes: bytes.slice(0, 30) }, { last: true, failed: 'the rest is damaged' }]),
  );
  assert.match(outcome, /the rest is damaged/);
  assert.equal(keys, [0]);
});

test('kinds are told of contents that were read to their end', async () => {
  const image = fakeImage({ files: { '/a.zip': 'PK\x03\x04 content', '/b.zip': 'PK\x03\x04', '/c.txt': 'text' } });
  const plan = new ContentPlan();
  for await (const file of image.walk()) plan.addScan(file);
  const told: string[] = [];
  const stream = inPieces((request, bytes) => [{ bytes, last: true, ...(request.file.path === '/b.zip' ? { failed: 'damaged' } : {}) }]);
  await readContents({ stream } as Image, plan, {
    runs: [],
    makeScanner: () => new ContentScanner({ signatures: undefined, keys: false }),
    onKind: ({ request }, kind) => void told.push(`${request.file.path} ${kind.id}`),
  });
  assert.equal(told, ['/a.zip zip']);
});

test('chunks of nothing that was asked for, and after the end, are left alone', async () => {
  const stray = { file: (await fakeImage({ files: { '/x': 'x' } }).find('/x'))! };
  const { outcome, seen } = await read('abc', async function* ([request]) {
    yield { request: stray, offset: 0, bytes: Buffer.from('x'), last: true };
    yield { request: request!, offset: 0, bytes: Buffer.from('abc'), last: true };
    yield { request: request!, offset: 3, bytes: Buffer.from('d'), last: true };
  });
  assert.equal([outcome, seen], ['passed', ['/f=abc']]);
});

test.run();
