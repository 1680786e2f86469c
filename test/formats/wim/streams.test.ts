// Which stream is the content and which the reparse data: the cases that wimlib's comments describe.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linkKey, streamRoles } from '../../../formats/wim/streams.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const FILE = 0x20;
const LINK = 0x420;
const stream = (digest: string | undefined, name = '') => ({ name, digest });

test('a plain file: its own digest, or the unnamed stream entry', () => {
  assert.equal(streamRoles({ attributes: FILE, digest: A, streams: [] }), { content: A, reparse: undefined });
  assert.equal(streamRoles({ attributes: FILE, digest: undefined, streams: [stream(A), stream(B, 'zone')] }), {
    content: A,
    reparse: undefined,
  });
  assert.equal(streamRoles({ attributes: FILE, digest: undefined, streams: [stream(B, 'zone')] }), {
    content: undefined,
    reparse: undefined,
  });
  assert.equal(streamRoles({ attributes: FILE, digest: A, streams: [stream(B, 'zone')] }), { content: A, reparse: undefined });
});

test('a link: the reparse data comes first', () => {
  assert.equal(streamRoles({ attributes: LINK, digest: A, streams: [] }), { content: undefined, reparse: A });
  assert.equal(streamRoles({ attributes: LINK, digest: undefined, streams: [stream(A), stream(B)] }), { content: B, reparse: A });
  assert.equal(streamRoles({ attributes: LINK, digest: A, streams: [stream(B)] }), { content: B, reparse: A });
  assert.equal(streamRoles({ attributes: LINK, digest: undefined, streams: [] }), { content: undefined, reparse: undefined });
});

test('an encrypted file: the first unnamed stream that is not empty', () => {
  assert.equal(streamRoles({ attributes: FILE | 0x4000, digest: undefined, streams: [stream(undefined), stream(B)] }), {
    content: B,
    reparse: undefined,
  });
});

test('names are one file when link group and content agree, folders never', () => {
  const entry = { name: 'x', attributes: FILE, linkGroup: 7n } as never;
  assert.is(linkKey(entry, { content: A, reparse: undefined }), linkKey(entry, { content: A, reparse: undefined }));
  assert.is.not(linkKey(entry, { content: A, reparse: undefined }), linkKey(entry, { content: B, reparse: undefined }));
  assert.is(linkKey({ attributes: 0x10, linkGroup: 7n } as never, { content: undefined, reparse: undefined }), undefined);
  assert.is(linkKey({ attributes: FILE, linkGroup: 0n } as never, { content: A, reparse: undefined }), undefined);
});

test.run();
