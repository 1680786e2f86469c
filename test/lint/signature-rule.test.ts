// A signature file of the user as a rule: what matches is found, weighed as the file says; what it costs is told.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleFaults } from '../../lint/check-rule.ts';
import { lintContainer } from '../../lint/lint.ts';
import { lintImage } from '../../lint/lint-image.ts';
import { signatureRule } from '../../lint/signature-rule.ts';
import { loadSignatures } from '../../lint/signatures.ts';
import { withScratch } from '../../tools/scratch.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { makeWim } from '../helpers/make-wim.ts';

const PACK = `
private rule program { condition: uint16(0) == 0x5A4D }
rule site_tool { meta: description = "the site tool" strings: $name = "site-tool-9" $other = "unused-text" condition: any of them }
rule hint { meta: level = "weak" strings: $a = "site-hint" condition: $a }
rule sure { meta: level = "certain" strings: $a = "site-sure" condition: program and $a }
rule remark { meta: level = "note" strings: $a = "site-remark" condition: $a }
rule odd { meta: level = "huge" strings: $a = "site-oddity" condition: $a }
`;
/** No text stands wherever it matches: it has to look at every byte. */
const SLOW = 'rule slow { condition: for any i in (0..filesize - 1): (uint8(i) == 0x99) }';

async function lint(files: Readonly<Record<string, string>>, text = PACK) {
  const signatures = await loadSignatures(['site'], async () => text);
  return lintImage(fakeImage({ files }), { rules: [signatureRule('site', text)], signatures });
}

test('is a sound rule that names what is in the file', () => {
  const rule = signatureRule('site', PACK);
  assert.equal(ruleFaults(rule), []);
  assert.is(rule.id, 'signatures/site');
  for (const name of ['site_tool', 'hint', 'remark']) assert.match(rule.description, name);
});

test('good: nothing matches, and a private rule is no finding', async () => {
  const { verdict, findings } = await lint({ '/a.exe': 'MZ program', '/b.txt': 'site tool 9' });
  assert.equal([verdict, findings], ['accepted', []]);
});

test('bad: each match once, with its text, its strings and its weight', async () => {
  const { findings } = await lint({
    '/a.txt': 'see site-tool-9, site-tool-9',
    '/b.txt': 'site-hint',
    '/c.exe': 'MZ site-sure',
    '/d.txt': 'site-remark',
    '/e.txt': 'site-oddity',
    '/f.txt': 'site-sure',
  });
  const of = (file: string) => findings.filter(({ at }) => 'file' in at && at.file === file);
  const [tool] = of('/a.txt');
  assert.equal([tool!.message, tool!.evidence, tool!.level], ['matches site_tool: the site tool', 'site_tool $name', 'strong']);
  assert.equal(tool!.at, { file: '/a.txt', offset: 4 });
  assert.equal(
    ['/b.txt', '/c.exe', '/d.txt', '/e.txt'].map((file) => of(file).map(({ level, severity }) => [level, severity])),
    [[['weak', 'warning']], [['certain', 'error']], [[undefined, 'note']], [['strong', 'error']]],
  );
  assert.equal([findings.length, of('/f.txt').length], [5, 0]);
});

test('a file without a text to look for runs over everything, and its cost is told, read here or by processes', async () => {
  const files = { '/a.bin': 'x'.repeat(300_000), '/b.bin': `y${'z'.repeat(300_000)}` };
  const { stats } = await lint(files, SLOW);
  assert.equal(stats.slowSignatures, ['site']);
  assert.ok(stats.slowSeconds! > 0);
  assert.is((await lint(files)).stats.slowSeconds, undefined, 'one with texts costs nothing extra');
  await withScratch(async (folder) => {
    const path = join(folder, 'x.wim');
    makeWim(path, { images: [{ files: { ...files, '/c.bin': { content: Uint8Array.of(1, 0x99) } } }] });
    const result = await lintContainer(path, {
      rules: [signatureRule('site', SLOW)],
      signatures: new Map([['site', SLOW]]),
      policy: { kmsHosts: [] },
      options: {},
      allow: [],
      readers: { from: 0, count: 1 },
    });
    assert.equal(
      result.images[0]!.findings.map(({ at }) => at),
      [{ file: '/c.bin' }],
    );
    assert.ok(result.stats.slowSeconds! > 0);
  });
});

test.run();
