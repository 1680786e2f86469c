// A foreign program: what it gets, how it fails, and that nothing of it is left.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runForeign } from '../../tools/foreign-program.ts';
import { withScratch } from '../../tools/scratch.ts';
import { becomes, processesOf } from '../helpers/mounts.ts';
import { refusalOf } from '../helpers/refusal.ts';

const MARK = 'f0e1d2c3';
const sh = (text: string, ...more: string[]) => ({ command: 'sh', arguments: ['-c', text, 'sh', ...more], seconds: 60 });

test('it gets its arguments one by one, a temporary folder, and no secret of the environment', () =>
  withScratch(async (folder) => {
    process.env['SECRET_OF_THE_USER'] = 'x';
    try {
      await runForeign(sh('printf "%s|" "$@" >said; env >env; pwd >where', 'a b', '$(touch evil)', "'; rm x"), { folder, mark: MARK });
    } finally {
      delete process.env['SECRET_OF_THE_USER'];
    }
    assert.is(readFileSync(join(folder, 'said'), 'utf8'), "a b|$(touch evil)|'; rm x|");
    const env = readFileSync(join(folder, 'env'), 'utf8');
    assert.match(env, `TMPDIR=${folder}`);
    assert.not.match(env, 'SECRET_OF_THE_USER');
    assert.is(readFileSync(join(folder, 'where'), 'utf8').trim(), folder);
    assert.not(existsSync(join(folder, 'evil')));
  }));

const FAILURES: readonly (readonly [string, { command: string; arguments: string[]; seconds: number }, string, RegExp])[] = [
  ['an exit code', sh('echo because >&2; exit 3'), 'PROGRAM_FAILED', /sh: failed with exit code 3 \(because\)/],
  ['a signal', sh('kill -9 $$'), 'PROGRAM_FAILED', /was ended by SIGKILL/],
  ['no such program', { command: 'no-such-program-here', arguments: [], seconds: 1 }, 'PROGRAM_ABSENT', /cannot be run \(ENOENT\)/],
  ['a hang', { ...sh('sleep 60 & sleep 60'), seconds: 1 }, 'PROGRAM_TIMEOUT', /did not end within 1 s/],
  [
    'a process that stays',
    sh('setsid sleep 60 >/dev/null 2>&1 & sleep 0.3'),
    'PROGRAM_LEFT',
    /left 1 process\(es\) running \((?:setsid|sleep)\)/,
  ],
];

for (const [name, program, code, message] of FAILURES) {
  test(`${name} is an error, and no process is left`, () =>
    withScratch(async (folder) => {
      const error = await refusalOf(() => runForeign(program, { folder, mark: MARK }));
      assert.is(error.code, code);
      assert.match(error.message, message);
      assert.not.match(error.message, /\n/);
      assert.ok(error.hint);
      assert.ok(await becomes(() => processesOf(folder).length === 0));
    }));
}

test('a file that may not be run', () =>
  withScratch(async (folder) => {
    const command = join(folder, 'tool');
    writeFileSync(command, '#!/bin/sh\n');
    chmodSync(command, 0o600);
    const error = await refusalOf(() => runForeign({ command, arguments: [], seconds: 1 }, { folder, mark: MARK }));
    assert.match(error.message, /may not be run/);
  }));

test('an interruption ends it, and gives its own reason', () =>
  withScratch(async (folder) => {
    const abort = new AbortController();
    const run = runForeign(sh('touch begun; sleep 60'), { folder, mark: MARK, signal: abort.signal });
    assert.ok(await becomes(() => existsSync(join(folder, 'begun'))));
    abort.abort(new Error('interrupted by the test'));
    let said = '';
    await run.catch((error: Error) => {
      said = error.message;
    });
    assert.is(said, 'interrupted by the test');
    assert.ok(await becomes(() => processesOf(folder).length === 0));
  }));

test.run();
