// Entries of the verdict cache as bytes: they come back as they went in, and what cannot be entries is none.
import { randomBytes } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindOf } from '../../formats/content-kind.ts';
import { decodeEntries, ENTRY_BYTES, encodeEntry } from '../../lint/cache-entries.ts';

test('digests with and without a kind', () => {
  const given = [undefined, kindOf('zip'), kindOf('squashfs'), kindOf('7z')].map((kind) => ({
    digest: randomBytes(32).toString('latin1'),
    kind,
  }));
  const entries = decodeEntries(Buffer.concat(given.map(({ digest, kind }) => encodeEntry(digest, kind)!)))!;
  assert.is(entries.size, given.length);
  for (const { digest, kind } of given) assert.equal(entries.get(digest), { kind });
  assert.is(entries.get(randomBytes(32).toString('latin1')), undefined);
});

test('a kind that has no room is not remembered', () => {
  assert.is(encodeEntry('x'.repeat(32), { id: 'a long name', type: undefined }), undefined);
});

test('bytes that are no entries', () => {
  assert.is(decodeEntries(new Uint8Array(ENTRY_BYTES + 1)), undefined);
  assert.is(decodeEntries(new Uint8Array(ENTRY_BYTES).fill(0xee)), undefined);
  assert.is(decodeEntries(new Uint8Array())!.size, 0);
});

test.run();
