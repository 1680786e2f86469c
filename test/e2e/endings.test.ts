// Ends that nobody planned: configs that stop, hang or fail behind the program's back, streams that are full. Never exit 0 or 1, never a stack.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSmallImage } from '../../scripts/dev/fixtures.ts';
import { withScratch } from '../../tools/scratch.ts';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

/** `when`: the signal is sent as soon as the program has written a line. */
function run(words: readonly string[], more: { readonly stdout?: number; readonly signalOnLine?: NodeJS.Signals } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Node.js warns on stderr when a runner asks for colour and somebody else for none.
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
    const child = spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', more.stdout ?? 'ignore', 'pipe'] });
    let err = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      if (err === '' && more.signalOnLine) child.kill(more.signalOnLine);
      err += chunk.toString();
    });
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(late);
      resolve({ code, err });
    });
  });
}

const ONE_LINE_AND_HINT = /^wtgforge: [^\n]+\n {2}hint: [^\n]+\n$/;

test('a config that ends, hangs or fails by the way is exit 2 with one line and a hint', async () => {
  assert.ok(existsSync(program), 'the program is built (npm run build)');
  const configs: readonly (readonly [text: string, says: RegExp])[] = [
    ['process.exit(0);', /ended before its work was done/],
    ['process.exit(1);', /ended before its work was done/],
    ['await new Promise(() => {}); export default 1;', /ended before its work was done/],
    [
      "setTimeout(() => { throw new Error('hunter2'); }, 0); await new Promise((go) => setTimeout(go, 500)); export default 1;",
      /nobody waited/,
    ],
    ["Promise.reject(new Error('hunter2')); await new Promise((go) => setTimeout(go, 500)); export default 1;", /nobody waited/],
    ['setInterval(() => {}, 1000); export default 1;', /is not a wtgforge config/],
  ];
  await withScratch(async (folder) => {
    for (const [text, says] of configs) {
      const config = join(folder, 'a.config.ts');
      await writeFile(config, text);
      const { code, err } = await run(['build', config]);
      assert.is(code, 2, `${text}: ${err}`);
      assert.match(err, says, text);
      assert.match(err, ONE_LINE_AND_HINT, `${text}: ${JSON.stringify(err)}`);
      assert.not.match(err, /hunter2/);
    }
  });
});

test('a plan or report that cannot be written is one line and a hint', async () => {
  await withScratch(async (folder) => {
    const path = await makeSmallImage(folder);
    const config = join(folder, 'a.config.ts');
    await writeFile(
      config,
      `import { defineConfig } from 'wtgforge'; export default defineConfig({ image: { path: ${JSON.stringify(path)} }, output: { path: 'o.wim' }, steps: [] });`,
    );
    const { code, err } = await run(['plan', config, '--out', join(folder, 'absent/plan.json')]);
    assert.is(code, 2, err);
    assert.match(err, ONE_LINE_AND_HINT);
  });
});

test('a config that waits forever can be interrupted', async () => {
  await withScratch(async (folder) => {
    const config = join(folder, 'a.config.ts');
    await writeFile(config, "setInterval(() => {}, 1000); console.error('waiting'); await new Promise(() => {}); export default 1;");
    for (const signalOnLine of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const { code, err } = await run(['build', config], { signalOnLine });
      assert.is(code, 130, err);
    }
  });
});

if (existsSync('/dev/full')) {
  test('a report that cannot be printed is exit 2', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      for (const words of [['list', 'rules'], ['--help']]) {
        const { code, err } = await run(words, { stdout: full });
        assert.is(code, 2, err);
        assert.match(err, ONE_LINE_AND_HINT);
      }
    } finally {
      closeSync(full);
    }
  });
} else console.error('skipped: there is no /dev/full');

test.run();
