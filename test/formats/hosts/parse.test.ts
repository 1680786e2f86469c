// The hosts file: what a resolver would take from it, in the encodings that editors leave behind.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HOSTS_MAX_BYTES, hostsEntries } from '../../../formats/hosts/parse.ts';

const text = (content: string, encoding: BufferEncoding = 'latin1') => new Uint8Array(Buffer.from(content, encoding));
const entries = (bytes: Uint8Array) => [...hostsEntries(bytes)];

test('addresses and names with their lines; comments and half lines are none', () => {
  const file =
    '# 127.0.0.1 not.this\r\n\r\n127.0.0.1\tlocalhost # 0.0.0.0 nor.this\r\n::1 localhost ip6-localhost\r\n10.0.0.1\r\n  10.1.1.1   A.Example.  b.example\n';
  assert.equal(entries(text(file)), [
    { line: 3, address: '127.0.0.1', names: ['localhost'] },
    { line: 4, address: '::1', names: ['localhost', 'ip6-localhost'] },
    { line: 6, address: '10.1.1.1', names: ['a.example', 'b.example'] },
  ]);
});

test('UTF-8 with a mark and UTF-16 are read, too; so is a last line without an end', () => {
  const expected = [{ line: 1, address: '10.0.0.1', names: ['kms.example'] }];
  assert.equal(entries(text('\ufeff10.0.0.1 kms.example', 'utf8')), expected);
  assert.equal(entries(text('\ufeff10.0.0.1 kms.example\r\n', 'utf16le')), expected);
});

test('a letter whose UTF-16 code holds the byte of a line end does not end the line', () => {
  assert.equal(entries(text('\ufeff10.0.0.1 a.example # \u0a0a\r\n10.0.0.2 b.example', 'utf16le')).length, 2);
});

test('a long comment is passed over, any other long line is refused', () => {
  assert.is(entries(text(`#${'x'.repeat(100_000)}\n10.0.0.1 a`)).length, 1);
  assert.throws(() => entries(text(`10.0.0.1 ${'x'.repeat(100_000)}`)), /has a line of/);
});

test('a block list of a million lines is read to its end', () => {
  const file = text(Array.from({ length: 1_000_000 }, (_, at) => `0.0.0.0 ads${at}.example`).join('\n'));
  let count = 0;
  for (const { names } of hostsEntries(file)) count += names.length;
  assert.is(count, 1_000_000);
});

test('a file larger than any is refused', () => {
  assert.throws(() => entries(new Uint8Array(HOSTS_MAX_BYTES + 1)), /too large/);
});

test('any bytes give entries or a FormatError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      for (const { names } of hostsEntries(bytes)) assert.ok(names.length > 0);
    }),
  );
});

test.run();
