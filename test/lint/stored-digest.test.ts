// The digest of stored bytes: everything that decides what they mean is in it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { beginStoredDigest, DIGEST_BYTES } from '../../lint/stored-digest.ts';

const STORE = { compression: 'lzx', chunkSize: 32768 } as const;
const WANTED = { size: 5, uncompressedSize: 9, flags: 4, digest: 'ab'.repeat(20) };

test('another claim, size, flag or way to decode is another digest', () => {
  const digest = (store: Parameters<typeof beginStoredDigest>[0], wanted: Parameters<typeof beginStoredDigest>[1], bytes = 'bytes') =>
    beginStoredDigest(store, wanted).update(bytes).digest('hex');
  const all = [
    digest(STORE, WANTED),
    digest({ ...STORE, compression: 'xpress' }, WANTED),
    digest({ ...STORE, chunkSize: 65536 }, WANTED),
    digest(STORE, { ...WANTED, size: 6 }),
    digest(STORE, { ...WANTED, uncompressedSize: 10 }),
    digest(STORE, { ...WANTED, flags: 0 }),
    digest(STORE, { ...WANTED, digest: 'cd'.repeat(20) }),
    digest(STORE, WANTED, 'other'),
  ];
  assert.is(new Set(all).size, all.length);
  assert.is(digest(STORE, WANTED), all[0]);
  assert.is(all[0]!.length, 2 * DIGEST_BYTES);
});

test.run();
