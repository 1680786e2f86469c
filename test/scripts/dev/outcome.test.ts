// What counts as a failed test file.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { repository } from '../../../scripts/dev/catalogue.ts';
import { readOutcome } from '../../../scripts/dev/outcome.ts';

const printed = (total: number, passed: number, skipped: number) =>
  `  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1ms\n`;
const counts = (code: number | null, output: string, late?: number) => {
  const { passed, failed, skipped } = readOutcome('x', { code, output, seconds: 1, ...(late === undefined ? {} : { late }) });
  return [passed, failed, skipped];
};

test('counts what uvu prints', () => {
  assert.equal(counts(0, printed(3, 3, 0)), [3, 0, 0]);
  assert.equal(counts(0, printed(3, 3, 2)), [3, 0, 2]);
  assert.equal(counts(1, printed(3, 1, 0)), [1, 2, 0]);
  assert.equal(counts(0, printed(0, 0, 4)), [0, 0, 4]);
});

test('a file that ran no test, crashed or hung has failed', () => {
  assert.equal(counts(0, printed(0, 0, 0)), [0, 1, 0]);
  assert.equal(counts(0, ''), [0, 1, 0]);
  assert.equal(counts(1, 'SyntaxError'), [0, 1, 0]);
  assert.equal(counts(1, printed(2, 2, 0)), [2, 1, 0]);
  assert.equal(counts(null, '', 300), [0, 1, 0]);
  assert.match(readOutcome('x', { code: null, output: '', seconds: 300, late: 300 }).output, /did not end within 300 s/);
});

test('gathers why tests were skipped', () => {
  const output = `skipped: needs qemu-img (package qemu-utils)\n${printed(0, 0, 1)}`;
  assert.equal(readOutcome('x', { code: 0, output, seconds: 1 }).reasons, ['needs qemu-img (package qemu-utils)']);
});

test('reads what the uvu that is installed really prints', () => {
  mkdirSync(join(repository, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(repository, '.cache/outcome-'));
  try {
    const lines = ["import { test } from 'uvu';", "test('a', () => {});", "test('b', () => { throw new Error('no'); });"];
    const of = (name: string, text: readonly string[]) => {
      writeFileSync(join(folder, `${name}.test.ts`), text.join('\n'));
      const args = ['--import', 'tsx', 'node_modules/uvu/bin.js', folder, `${name}\\.test\\.ts$`];
      const done = spawnSync(process.execPath, args, {
        cwd: repository,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      });
      return counts(done.status, `${done.stdout}${done.stderr}`.replace(/\u001b\[[0-9;]*m/g, ''));
    };
    assert.equal(of('runs', [...lines, "test.skip('c', () => {});", 'test.run();']), [1, 1, 1]);
    assert.equal(of('idle', lines), [0, 1, 0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
