// Rules and signature files of the user in a config: they run beside the built-in ones, and their mistakes are one clear error.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../lint/result.ts';
import { withScratch } from '../../tools/scratch.ts';
import { makeWim } from '../helpers/make-wim.ts';
import { cli } from '../helpers/run-cli.ts';

const CONFIG = `import { defineConfig, defineRule } from 'wtgforge';
const crowded = defineRule({
  id: 'site/crowded', title: 'Few files carry the mark', description: 'Counts the mark.', severity: 'warning', options: {},
  messages: { crowd: '{count} files carry the mark' }, select: { signatures: ['marks'] },
  create(ctx) {
    const seen = new Set();
    return {
      match: ({ file }) => void seen.add(file.path),
      end: () => { if (seen.size > 1) ctx.report({ messageId: 'crowd', at: { file: '/' }, data: { count: seen.size } }); },
    };
  },
});
export default defineConfig({
  image: { path: 'x.wim' }, output: { path: 'y.wim' }, steps: [],
  lint: { rules: [crowded], signatures: 'yara' },
});
`;
const MARKS = 'rule mark { strings: $a = "site-mark-1" condition: $a }';
const TOOLS = 'rule tool { meta: description = "a tool of the site" strings: $a = "site-tool-1" nocase condition: $a }';

async function withSite<T>(yara: Readonly<Record<string, string>>, use: (folder: string) => Promise<T>): Promise<T> {
  return withScratch(async (folder) => {
    await mkdir(join(folder, 'yara'));
    await writeFile(join(folder, 'build.config.ts'), CONFIG);
    for (const [name, text] of Object.entries(yara)) await writeFile(join(folder, 'yara', name), text);
    makeWim(join(folder, 'x.wim'), { images: [{ files: { '/a': 'site-mark-1', '/b': 'x site-mark-1 SITE-TOOL-1' } }] });
    return use(folder);
  });
}

const lint = (folder: string, ...more: string[]) =>
  cli(['lint', join(folder, 'x.wim'), '--config', join(folder, 'build.config.ts'), '--no-cache', ...more]);

test('a folder of signature files and a rule module run beside the built-in rules', async () => {
  await withSite({ 'marks.yar': MARKS, 'tools.yar': TOOLS }, async (folder) => {
    const { images } = JSON.parse((await lint(folder, '--json')).out) as {
      images: { findings: Finding[]; outcomes: { rule: string }[] }[];
    };
    const own = images[0]!.findings.filter(({ rule }) => /^(?:site|signatures)\//.test(rule));
    assert.equal(
      own.map(({ rule, severity, message }) => [rule, severity, message]),
      [
        ['signatures/tools', 'error', 'matches tool: a tool of the site'],
        ['site/crowded', 'warning', '2 files carry the mark'],
      ],
    );
    const ran = images[0]!.outcomes.map(({ rule }) => rule);
    assert.ok(ran.includes('activation/kms-host-policy'));
    assert.not.ok(ran.includes('signatures/marks'), 'a rule works with that file');
    const explained = await cli(['explain', 'tools', '--config', join(folder, 'build.config.ts')]);
    assert.match(explained.out, /^signatures\/tools: No file matches tools\.yar/);
  });
});

test('what a file without a literal costs stands in the report', async () => {
  const slow = 'rule sized { condition: filesize == 77777 }';
  await withSite({ 'marks.yar': MARKS, 'slow.yar': slow }, async (folder) => {
    assert.match((await lint(folder)).out.replace(/\s+/g, ' '), /every byte was scanned for slow\.yar: .* \(\d+\.\d s of a core\)/);
  });
});

test('a file that does not compile is exit 2 and says file and line, before anything is opened', async () => {
  await withSite({ 'marks.yar': MARKS, 'wrong.yar': 'rule a {\n condition: $b }' }, async (folder) => {
    const { code, out, err } = await lint(folder);
    assert.equal([code, out], [2, '']);
    assert.match(err, /yara: 1 mistake\(s\)\n {2}wrong\.yar: does not compile \(line 2: E\d{3} [^\n]+\)\n {2}hint: /);
    assert.not.match(err, /\n\s+at /);
  });
});

test.run();
