// In a process that asks for it the space of young objects stays small, also beside threads; without it V8 lets it grow.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const MODULE = new URL('../../tools/young-space.ts', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const MEGABYTE = 1024 * 1024;

/** Bytes of young space after objects have lived long enough to make V8 want more of it. */
function youngAfter(steps: readonly string[]): number {
  const path = join(folder, 'young.mjs');
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { Worker } from 'node:worker_threads';
    import { keepYoungSpaceSmall } from '${MODULE}';
    const thread = async () => {
      const worker = new Worker('setTimeout(() => {}, 100)', { eval: true, execArgv: [] });
      await new Promise((resolve) => worker.once('online', resolve));
    };
    ${steps.join('\n')}
    let kept = [];
    for (let at = 0; at < 2e6; at++) {
      kept.push({ at });
      if (kept.length > 1e5) kept = kept.slice(5e4);
    }
    process.stdout.write(String(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size));`;
  writeFileSync(path, script);
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', path], {
    encoding: 'utf8',
  });
  assert.match(stdout, /^\d+$/, stderr);
  return Number(stdout);
}

test('it stays small where that was asked for, and grows elsewhere', () => {
  assert.ok(youngAfter(['keepYoungSpaceSmall();']) < 12 * MEGABYTE);
  assert.ok(youngAfter([]) > 24 * MEGABYTE);
});

test('it stays small beside a thread, which in Node.js 20 and 22 makes V8 forget it', () => {
  assert.ok(youngAfter(['keepYoungSpaceSmall();', 'await thread();']) < 12 * MEGABYTE);
});

test('a thread of a program that did not ask changes nothing', () => {
  assert.ok(youngAfter(['await thread();']) > 24 * MEGABYTE);
});

test.run();
