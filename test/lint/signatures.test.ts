// Signature files: one scanner for all, each hit by the name of its file; a wrong file takes no other with it.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSignatures, ruleNames } from '../../lint/signatures.ts';

const rule = (name: string, text: string) => `rule ${name} { strings: $a = "${text}" condition: $a }`;
const from = (files: Readonly<Record<string, string>>) => loadSignatures(Object.keys(files), async (name) => files[name]!);
const scan = (loaded: Awaited<ReturnType<typeof from>>, text: string) =>
  loaded
    .scan(Buffer.from(text))
    .map((hit) => `${hit.signature}/${hit.rule}`)
    .sort();

test('hits carry the name of their file', async () => {
  const loaded = await from({ one: rule('a', 'AAA'), two: `// rule x\nimport "math"\n${rule('b', 'BBB')}` });
  assert.equal(scan(loaded, 'AAA BBB'), ['one/a', 'two/b']);
  assert.equal([...loaded.unusable], []);
  assert.is(loaded.empty, false);
});

test('two files may use one name, private rules above all', async () => {
  const shared = 'private rule program { condition: uint16(0) == 0x5A4D }\n';
  const loaded = await from({
    one: `${shared}rule a { condition: program }`,
    two: `${shared.replace('0x5A4D', '0x4242')}rule b { condition: program }`,
    three: rule('a', 'MZ'),
  });
  assert.equal(scan(loaded, 'MZ'), ['one/a', 'three/a']);
  assert.equal(scan(loaded, 'BB'), ['two/b']);
});

test('files that are missing, wrong or oddly named are unusable, with the reason', async () => {
  const loaded = await loadSignatures(['good', 'wrong', 'absent', '../escape'], async (name) => {
    if (name === 'absent') throw Object.assign(new Error('no'), { code: 'ENOENT' });
    return name === 'good' ? rule('a', 'AAA') : 'rule b {';
  });
  assert.equal([...loaded.unusable.keys()].sort(), ['../escape', 'absent', 'wrong']);
  assert.is(loaded.unusable.get('absent'), 'absent.yar: cannot be read (ENOENT)');
  assert.equal(scan(loaded, 'AAA'), ['good/a']);
});

test('nothing to scan with is said', async () => {
  const loaded = await from({});
  assert.is(loaded.empty, true);
  assert.equal(scan(loaded, 'AAA'), []);
});

test('names of rules, behind comments too', () => {
  assert.equal(ruleNames('private rule a {}\nglobal rule /* x */ b: tag {}\nrule // c\n d {}'), ['a', 'b', 'd']);
});

test('every shipped file compiles', async () => {
  const names = readdirSync(fileURLToPath(new URL('../../rules/yara/', import.meta.url))).map((file) => file.replace(/\.yar$/, ''));
  const loaded = await loadSignatures(names);
  assert.equal([...loaded.unusable], []);
});

test.run();
