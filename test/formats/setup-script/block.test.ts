// Blocks in SetupComplete.cmd: idempotent, and the owner's bytes stay as they are.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { blockOf, withBlock } from '../../../formats/setup-script/block.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const text = (content: Uint8Array) => Buffer.from(content).toString('latin1');
const refused = (content: string | Uint8Array, pattern: RegExp) =>
  assert.throws(
    () => withBlock(typeof content === 'string' ? bytes(content) : content, 'one', ['call a']),
    (error: unknown) => error instanceof FormatError && pattern.test(error.message),
  );

test('makes a script where there is none', () => {
  const expected = '@echo off\r\nrem wtgforge >>> one\r\ncall a\r\nrem wtgforge <<< one\r\n';
  assert.is(text(withBlock(undefined, 'one', ['call a'])), expected);
  assert.is(text(withBlock(new Uint8Array(), 'one', ['call a'])), expected);
});

test("goes before the owner's commands, behind @echo off, and keeps an exit from hiding it", () => {
  const owner = '@ECHO OFF\r\nmsg \x81\xe4\r\nexit /b 0';
  assert.is(
    text(withBlock(bytes(owner), 'one', ['call a'])),
    '@ECHO OFF\r\nrem wtgforge >>> one\r\ncall a\r\nrem wtgforge <<< one\r\nmsg \x81\xe4\r\nexit /b 0',
  );
  assert.is(text(withBlock(bytes('exit'), 'one', ['call a'])), 'rem wtgforge >>> one\r\ncall a\r\nrem wtgforge <<< one\r\nexit');
  assert.ok(text(withBlock(bytes('@echo off'), 'one', ['call a'])).startsWith('@echo off\r\nrem wtgforge >>>'));
});

test('replaces its own block where it stands, and puts a second one behind the first', () => {
  const one = withBlock(bytes('user\n'), 'one', ['call a']);
  const two = withBlock(one, 'two', ['call b']);
  assert.is(
    text(withBlock(two, 'one', ['call c', 'call d'])),
    'rem wtgforge >>> one\r\ncall c\r\ncall d\r\nrem wtgforge <<< one\r\nrem wtgforge >>> two\r\ncall b\r\nrem wtgforge <<< two\r\nuser\n',
  );
  assert.equal(blockOf(two, 'one'), ['call a']);
  assert.equal(blockOf(two, 'two'), ['call b']);
  assert.is(blockOf(two, 'three'), undefined);
});

test('refuses what it cannot edit without harm', () => {
  refused('rem wtgforge >>> one\r\ncall a\r\n', /1 begin and 0 end/);
  refused('rem wtgforge <<< one\r\nrem wtgforge >>> one\r\n', /not one pair/);
  refused('rem wtgforge >>> one\r\nrem wtgforge >>> one\r\nrem wtgforge <<< one\r\n', /2 begin and 1 end/);
  refused(Buffer.from('\ufeffecho', 'utf16le'), /UTF-16/);
  refused('a\0b', /binary/);
  refused(new Uint8Array(1024 * 1024 + 1).fill(0x20), /too large/);
  assert.throws(() => withBlock(undefined, 'one', ['echo é']), /beyond ASCII/);
});

test("any owner's bytes stay, and a second time changes nothing", () => {
  const owners = fc.uint8Array({ maxLength: 200 }).map((content) => content.map((byte) => (byte === 0 ? 32 : byte)));
  fc.assert(
    fc.property(owners, (owner) => {
      if (owner[0] === 0xff && owner[1] === 0xfe) return;
      const once = withBlock(owner, 'one', ['call a']);
      assert.equal(withBlock(once, 'one', ['call a']), once);
      const rest = text(once).replace('rem wtgforge >>> one\r\ncall a\r\nrem wtgforge <<< one\r\n', '');
      assert.ok([text(owner), `${text(owner)}\r\n`, `@echo off\r\n${text(owner)}`].includes(rest));
    }),
  );
});

test.run();
