// Signals: at any moment of a build nothing is left but the source; exit 130; no child lives on.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { needTools } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, 'dist/cli/main.js');

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly err: string;
  readonly milliseconds: number;
}

function run(config: string, temporary: string, stop?: { signal: NodeJS.Signals; after: number }): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const child = spawn(process.execPath, [program, 'build', config, '--force'], {
      env: { ...process.env, TMPDIR: temporary, WTGFORGE_TEST_RUN: temporary },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    if (stop) setTimeout(() => child.kill(stop.signal), stop.after);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, err, milliseconds: Date.now() - started }));
  });
}

/** Processes that still carry the environment of the run. */
function survivors(temporary: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return execFileSync('cat', [`/proc/${pid}/environ`], { stdio: ['ignore', 'pipe', 'ignore'] }).includes(
          `WTGFORGE_TEST_RUN=${temporary}`,
        );
      } catch {
        return false;
      }
    });
}

e2e('SIGINT and SIGTERM at any moment leave nothing but the source', async () => {
  assert.ok(existsSync(program), 'the program is built (npm run build)');
  await inWorkspace(async ({ configure, listing, folder }) => {
    const config = await configure();
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    const whole = await run(config, temporary);
    assert.is(whole.code, 0, whole.err);
    execFileSync('sh', ['-c', 'rm -f golden.*'], { cwd: folder });
    const before = listing();
    let interrupted = 0;
    const moments = 10;
    for (let moment = 0; moment < moments; moment++) {
      const after = Math.round((whole.milliseconds * (moment + 0.5)) / moments);
      const signal = moment % 2 === 0 ? ('SIGINT' as const) : ('SIGTERM' as const);
      const ended = await run(config, temporary, { signal, after });
      assert.equal(readdirSync(temporary), [], `no temporary file after ${signal} at ${after} ms`);
      assert.equal(survivors(temporary), [], `no process after ${signal} at ${after} ms`);
      // Before our handlers stand, Node itself ends by the signal; after the last step the build is simply done.
      if (ended.code === 0) {
        execFileSync('sh', ['-c', 'rm -f golden.*'], { cwd: folder });
        continue;
      }
      assert.ok(ended.code === 130 || ended.signal === signal, `${signal} at ${after} ms: ${ended.code} ${ended.signal} ${ended.err}`);
      if (ended.code === 130) interrupted++;
      assert.equal(listing(), before, `${signal} at ${after} ms`);
    }
    assert.ok(interrupted >= 3, `${interrupted} of ${moments} runs were interrupted`);
  });
});

test.run();
