// Jobs and answers: what is asked arrives, and an answer that no reader of ours gives is refused.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { answerOf, decodeWanted, encodeWanted, type ListedWanted } from '../../lint/reader-job.ts';

const size = fc.integer({ min: 0, max: 2 ** 50 });
const part = fc.constantFrom('head' as const, 'whole' as const, undefined);
const wanted: fc.Arbitrary<ListedWanted> = fc.record({
  id: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  offset: size,
  size,
  uncompressedSize: size,
  flags: fc.integer({ min: 0, max: 255 }),
  digest: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  scan: fc.boolean(),
  visit: part,
  visitKey: fc.constantFrom('', 'sixteen letters.', `\0${'\xff'.repeat(15)}`),
  listed: fc.string(),
});

test('jobs arrive as they were sent', () => {
  fc.assert(
    fc.property(fc.array(wanted, { maxLength: 5 }), (job) => {
      const order = (one: ListedWanted) => Object.entries(one).sort();
      const arrived = decodeWanted(
        encodeWanted(job),
        job.map(({ listed }) => listed),
      );
      assert.equal(arrived.map(order), job.map(order));
    }),
  );
});

test('a job whose paths nobody needs has none', () => {
  const [job] = fc.sample(wanted, 1);
  assert.is(decodeWanted(encodeWanted([job!]), [])[0]!.listed, '');
});

const HIT = { signature: 's', rule: 'r', meta: {}, strings: [{ id: '$a', offset: 3, length: 2 }] };
const KEY = { text: 'x', offset: 1, encoding: 'ascii', before: '' };
const FOUND = { type: 'found', id: 1, hits: [HIT], keys: [KEY], flooded: false };

const CLEAN = { digest: Buffer.alloc(32, 7).toString('base64'), kind: 'zip', fresh: true };
const DONE = { type: 'done', contents: 1, cached: [], kinds: {}, slowMs: 0 };

test('answers', () => {
  assert.is(answerOf(DONE), DONE);
  for (const answer of [
    { type: 'ready', source: 'libwim' },
    FOUND,
    { ...FOUND, hits: [], keys: [], flooded: true },
    { type: 'content', id: 0 },
    { type: 'content', id: 0, clean: CLEAN },
    { type: 'content', id: 0, clean: { ...CLEAN, kind: '' } },
    { type: 'failed', id: 2, reason: 'why' },
    { type: 'progress', bytes: 10 },
    { type: 'done', contents: 1, cached: [4], kinds: { zip: [4, 5] }, slowMs: 5 },
  ])
    assert.is(answerOf(answer), answer);
  for (const answer of [
    undefined,
    null,
    7,
    {},
    { type: 'other' },
    { type: 'ready', source: 'x' },
    { ...FOUND, id: -1 },
    { ...FOUND, hits: [{ ...HIT, strings: [{ id: 1, offset: 3 }] }] },
    { ...FOUND, hits: [null] },
    { ...FOUND, keys: [{ ...KEY, encoding: 'ebcdic' }] },
    { type: 'content' },
    ...[null, 'x', { ...CLEAN, digest: 'x' }, { ...CLEAN, kind: 'something' }, { ...CLEAN, fresh: 1 }].map((clean) => ({
      type: 'content',
      id: 0,
      clean,
    })),
    { type: 'failed', id: 2 },
    { type: 'progress', bytes: 1.5 },
    { ...DONE, cached: ['x'] },
    { ...DONE, slowMs: -1 },
    { ...DONE, slowMs: undefined },
    { ...DONE, kinds: null },
    { ...DONE, kinds: { something: [1] } },
    { ...DONE, kinds: { zip: [-1] } },
  ])
    assert.throws(
      () => answerOf(answer),
      (error: unknown) => error instanceof FormatError,
      JSON.stringify(answer),
    );
});

test.run();
