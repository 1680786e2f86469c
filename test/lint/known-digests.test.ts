// Digests found in the bytes of the cache: the same answers as of a map, whatever their first bytes are.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeEntry } from '../../lint/cache-entries.ts';
import { KnownDigests } from '../../lint/known-digests.ts';
import { DIGEST_BYTES } from '../../lint/stored-digest.ts';
import { seeded } from '../helpers/seeded.ts';

const bytesOf = (digests: readonly Buffer[]) => Buffer.concat(digests.map((digest) => encodeEntry(digest.toString('latin1'), '')!));

/** Digests that begin with one of few bytes, so that many want the same place. */
function digest(random: () => number): Buffer {
  const bytes = Buffer.from(Array.from({ length: DIGEST_BYTES }, () => Math.floor(random() * 256)));
  bytes.fill(0, 0, 4);
  bytes[0] = Math.floor(random() * 3);
  return bytes;
}

test('each is found at its place, and none that is not there', () => {
  const random = seeded(11);
  for (const count of [0, 1, 2, 3, 100, 1000]) {
    const digests = Array.from({ length: count }, () => digest(random));
    const known = new KnownDigests(bytesOf(digests));
    for (const [place, one] of digests.entries()) assert.is(known.find(one), place);
    for (let at = 0; at < 50; at++) assert.is(known.find(digest(random)), -1);
  }
});

test('of two entries of one digest the last counts', () => {
  const [a, b] = [Buffer.alloc(DIGEST_BYTES, 'a'), Buffer.alloc(DIGEST_BYTES, 'b')];
  const known = new KnownDigests(bytesOf([a, b, a]));
  assert.equal([known.find(a), known.find(b)], [2, 1]);
});

test.run();
