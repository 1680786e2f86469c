// Own rules, steps and configs that loop without ever waiting: ended from outside, with the place named, exit 2, and nothing left behind.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withScratch } from '../../tools/scratch.ts';
import { makeWim } from '../helpers/make-wim.ts';

const root = new URL('../../', import.meta.url);
const program = fileURLToPath(new URL('dist/cli/main.js', root));

interface Ended {
  readonly code: number | null;
  readonly err: string;
  /** What lies in the temporary folder that it had. */
  readonly left: readonly string[];
}

async function run(config: string, words: readonly string[], seconds = '1'): Promise<Ended> {
  return withScratch(async (folder) => {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    makeWim(join(folder, 'a.wim'), { images: [{ files: { '/a.txt': 'x' } }] });
    writeFileSync(join(folder, 'a.config.ts'), config);
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
    const child = spawn(process.execPath, [program, ...words], {
      cwd: folder,
      env: { ...env, TMPDIR: temporary, WTGFORGE_STALL_SECONDS: seconds },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearTimeout(late);
    return { code, err, left: readdirSync(temporary).filter((name) => name.startsWith('wtgforge-')) };
  });
}

const LINT = ['lint', 'a.wim', '--config', 'a.config.ts', '--no-cache'];
const withRule = (visitor: string) => `
import { defineConfig, defineRule } from ${JSON.stringify(new URL('dist/index.js', root).href)};
const own = defineRule({
  id: 'own/loop', title: 'Loops', description: 'd', why: 'w', repair: { text: 'r' }, severity: 'error', options: {}, messages: { m: 'm' },
  select: { files: ['/**'] },
  create: () => ({ ${visitor} }),
});
export default defineConfig({ image: { path: 'a.wim' }, output: { path: 'b.wim' }, steps: [], lint: { rules: [own] } });
`;

const LOOPS: readonly (readonly [name: string, config: string, where: RegExp])[] = [
  ['a loop of a rule', withRule('file() { for (;;); }'), /a\.config\.ts:\d+ \(file\)/],
  ['a loop of a rule that has waited', withRule('async end() { await null; for (;;); }'), /a\.config\.ts:\d+ \(end\)/],
  ['a loop that catches what it is thrown', withRule('file() { for (;;) { try { for (;;); } catch {} } }'), /a\.config\.ts:\d+ \(file\)/],
  ['a regular expression', withRule("file() { /^(a+)+$/.test('a'.repeat(60).concat('b')); }"), /a\.config\.ts:\d+ \(file\)/],
  ['a config', 'for (;;);', /a\.config\.ts:\d+/],
];

for (const [name, config, where] of LOOPS) {
  test(`${name} that never ends is ended`, async () => {
    const { code, err, left } = await run(config, LINT);
    assert.is(code, 2, err);
    assert.match(err, /^wtgforge: [^\n]+: did not come back within 1 seconds and was ended; nothing is decided\n {2}hint: [^\n]+\n$/);
    assert.match(err, where);
    assert.equal(left, []);
  });
}

test('a rule that waits, and one that works long in pieces, are not ended', async () => {
  const { code, err } = await run(
    withRule(`async end() {
      await new Promise((go) => setTimeout(go, 1500));
      for (let piece = 0; piece < 20; piece++) {
        for (const until = performance.now() + 150; performance.now() < until; );
        await new Promise((go) => setTimeout(go, 0));
      }
    }`),
    LINT,
  );
  assert.is(code, 2, 'an image without hives is undecided');
  assert.is(err, '');
});

test('a wrong number of seconds is refused', async () => {
  const { code, err } = await run('', LINT, 'soon');
  assert.is(code, 2);
  assert.match(err, /^wtgforge: WTGFORGE_STALL_SECONDS: is not a number of seconds\n {2}hint: \S/);
});

test.run();
