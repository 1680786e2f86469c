// The progress line: bar, rate and time left as the clock goes; on a real terminal, and nowhere else.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { progressLine } from '../../cli/progress.ts';
import { repository } from '../../scripts/dev/catalogue.ts';
import { withScratch } from '../../tools/scratch.ts';
import { makeWim } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';

const CLEAR = '\r\x1b[K';

/** What is written when amounts come at these times. */
function written(progress: boolean, ...steps: readonly (readonly [ms: number, done: number, bytes?: number])[]): readonly string[] {
  const out: string[] = [];
  let now = 5000;
  const line = progressLine({ progress, err: (text) => void out.push(text) }, () => now);
  for (const [ms, done, bytes] of steps) {
    now = 5000 + ms;
    line.show('scanning', { done, total: 1000, bytes });
  }
  line.clear();
  return out.map((text) => text.replace(CLEAR, ''));
}

test('bar and percentage at once; rate and time left when they are no guess any more', () => {
  const lines = written(true, [0, 0, 0], [500, 100, 1e8], [2000, 200, 4e8], [4000, 1000, 12e8]);
  assert.equal(lines, [
    `scanning [${'.'.repeat(30)}]   0 %`,
    `scanning [###${'.'.repeat(27)}]  10 %`,
    `scanning [######${'.'.repeat(24)}]  20 %  200 MB/s  8 s left`,
    `scanning [${'#'.repeat(30)}] 100 %  300 MB/s`,
    '',
  ]);
});

test('long times in minutes and hours; without bytes no rate; much too early nothing', () => {
  const last = (...step: [number, number, number?]) => written(true, [0, 0], step)[1]!.replace(/^.*%/, '');
  assert.is(last(10_000, 100), '  1 min 30 s left');
  assert.is(last(100_000, 25, 5e9), '  50 MB/s  1 h 5 min left');
  assert.is(last(2000, 10, 1e6), '  1 MB/s');
});

test('not more often than a person can read, and not at all where it is switched off', () => {
  assert.is(written(true, [0, 0], [20, 1], [40, 2], [60, 3], [160, 4]).length, 3);
  assert.equal(written(false, [0, 0], [500, 100]), []);
});

test('another label begins anew', () => {
  const out: string[] = [];
  let now = 0;
  const line = progressLine({ progress: true, err: (text) => void out.push(text) }, () => now);
  line.show('open');
  now = 9000;
  line.show('lint', { done: 500, total: 1000, bytes: 1e9 });
  assert.equal(out, [`${CLEAR}open …`, `${CLEAR}lint [${'#'.repeat(15)}${'.'.repeat(15)}]  50 %`]);
});

const onTerminal = needTools(test, { script: 'bsdutils' });

onTerminal('a terminal sees the bar and is left clean; a pipe, --no-progress and TERM=dumb see none', async () => {
  await withScratch(async (folder) => {
    makeWim(join(folder, 'x.wim'), { images: [{ files: { '/a': 'x' } }] });
    const main = [
      process.execPath,
      '--import',
      'tsx',
      'cli/main.ts',
      'lint',
      join(folder, 'x.wim'),
      '--no-cache',
      '--output',
      join(folder, 'r'),
    ];
    const options = { cwd: repository, encoding: 'utf8' as const, env: { ...process.env, TERM: 'xterm' } };
    const quoted = (argv: readonly string[]) => argv.map((word) => `'${word}'`).join(' ');
    const terminal = (argv: readonly string[], env = options.env) =>
      spawnSync('script', ['-qec', quoted(argv), '/dev/null'], { ...options, env }).stdout;
    const seen = terminal(main);
    assert.match(seen, /\r\x1b\[Kscanning \[[#.]{30}\] +\d+ %/);
    assert.match(seen, /\r\x1b\[K[^\r]*the report is in/, 'the bar is gone before the last line');
    assert.not.match(terminal([...main, '--no-progress']), 'scanning');
    assert.not.match(terminal(main, { ...options.env, TERM: 'dumb' }), 'scanning');
    const [program, ...rest] = main;
    assert.not.match(spawnSync(program!, rest, options).stderr, 'scanning');
  });
});

test.run();
