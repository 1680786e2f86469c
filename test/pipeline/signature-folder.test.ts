// The folder of signature files: what is in it, and every mistake at once.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { readSignatureFolder } from '../../pipeline/signature-folder.ts';
import { withScratch } from '../../tools/scratch.ts';

const rule = (name: string) => `rule ${name} { strings: $a = "abcdef" condition: $a }`;

async function withFolder<T>(files: Readonly<Record<string, string>>, use: (folder: string) => Promise<T>): Promise<T> {
  return withScratch(async (folder) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return use(folder);
  });
}

async function refusal(folder: string): Promise<ConfigError> {
  const error = await readSignatureFolder(folder, ['private-key']).catch((reason: unknown) => reason);
  assert.instance(error, ConfigError);
  return error as ConfigError;
}

test('good: files with either ending, others beside them, and one rule name in two of them', async () => {
  await withFolder({ 'b.yara': rule('x'), 'a.yar': rule('x'), 'README.md': 'no rule' }, async (folder) => {
    await mkdir(join(folder, 'more'));
    const texts = await readSignatureFolder(folder, ['private-key']);
    assert.equal([...texts.keys()], ['a', 'b']);
    assert.is(texts.get('a'), rule('x'));
  });
});

test('a file that does not compile is one clear line with its place; all mistakes come at once', async () => {
  const files = {
    'good.yar': rule('a'),
    'wrong.yar': 'rule b {\n strings: $a = "x"\n condition: $b\n}',
    'Big Name.yar': rule('c'),
    'private-key.yar': rule('d'),
    'twice.yar': rule('e'),
    'twice.yara': rule('e'),
    'reaches.yar': 'include "/etc/passwd"',
  };
  await withFolder(files, async (folder) => {
    const { code, message } = await refusal(folder);
    assert.is(code, 'SIGNATURES_INVALID');
    const lines = message.split('\n').slice(1);
    assert.equal(lines.length, 5);
    assert.ok(lines.includes('  wrong.yar: does not compile (line 3: E025 unknown pattern `$b`)'), message);
    for (const start of ['  Big Name.yar: ', '  private-key.yar: ', '  twice.yara: ', '  reaches.yar: does not compile'])
      assert.ok(
        lines.some((line) => line.startsWith(start)),
        start,
      );
    assert.not.match(message, 'root:');
  });
});

test('an empty folder, none at all, and a file that is too large', async () => {
  await withFolder({ 'a.txt': '' }, async (folder) => {
    assert.match((await refusal(folder)).message, /: holds no \.yar file$/);
    assert.match((await refusal(join(folder, 'absent'))).message, /absent: cannot be read \(ENOENT\)$/);
    await mkdir(join(folder, 'a.yar'));
    assert.match((await refusal(folder)).message, /a\.yar: cannot be read \(EISDIR\)$/);
  });
  await withFolder({ 'a.yar': ' '.repeat(9 * 1024 * 1024) }, async (folder) => {
    assert.match((await refusal(folder)).message, /a\.yar: is too large/);
  });
});

test.run();
