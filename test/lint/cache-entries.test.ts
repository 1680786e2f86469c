// Entries of the verdict cache as bytes: they come back as they went in, and what cannot be entries is none.
import { randomBytes } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindOf } from '../../formats/content-kind.ts';
import { decodeEntries, ENTRY_BYTES, encodeEntry } from '../../lint/cache-entries.ts';

test('digests with and without a kind', () => {
  const visits = `\0${randomBytes(15).toString('latin1')}`;
  const given = [
    ['', ''],
    ['zip', ''],
    ['squashfs', visits],
    ['', visits],
    ['7z', ''],
  ].map(([kind, key]) => ({ digest: randomBytes(32).toString('latin1'), kind: kind!, visits: key! }));
  const entries = decodeEntries(Buffer.concat(given.map(({ digest, kind, visits: key }) => encodeEntry(digest, kind, key)!)))!;
  assert.is(entries.size, given.length);
  for (const { digest, kind, visits: key } of given) assert.equal(entries.get(digest), { kind: kindOf(kind), visits: key });
  assert.is(entries.get(randomBytes(32).toString('latin1')), undefined);
});

test('the last entry of a digest counts', () => {
  const digest = randomBytes(32).toString('latin1');
  const parts = ['v'.repeat(16), '', 'w'.repeat(16)].map((visits) => encodeEntry(digest, '', visits)!);
  assert.equal(decodeEntries(Buffer.concat(parts))!.get(digest), { kind: undefined, visits: 'w'.repeat(16) });
});

test('a kind that has no room is not remembered', () => {
  assert.is(encodeEntry('x'.repeat(32), 'a long name'), undefined);
});

test('bytes that are no entries', () => {
  assert.is(decodeEntries(new Uint8Array(ENTRY_BYTES + 1)), undefined);
  assert.is(decodeEntries(new Uint8Array(ENTRY_BYTES).fill(0xee)), undefined);
  assert.is(decodeEntries(new Uint8Array())!.size, 0);
});

test.run();
