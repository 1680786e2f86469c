// Builds on disks that end early: stopped or killed at any moment, two at once, no room. No mount, no process and no half output is left.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withScratch } from '../../tools/scratch.ts';
import { convertDisk, DISK_TOOLS } from '../helpers/disk-files.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { makeSmallDisk } from '../helpers/small-disk.ts';
import { ALL_STEPS } from '../helpers/workspace.ts';

const test = suite('disk-endings');
const withTools = needTools(test, { ...DISK_TOOLS, setfattr: 'attr', hivexregedit: 'libwin-hivex-perl' });
const withFuse = needFuse(withTools as never);
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Disk {
  readonly folder: string;
  readonly temporary: string;
  readonly input: string;
  config(name: string, output: string, more?: string): string;
}

async function withDisk(use: (disk: Disk) => Promise<void>): Promise<void> {
  assert.ok(existsSync(program), 'the program is built (npm run build)');
  await withScratch(async (folder) => {
    const { raw } = await makeSmallDisk(folder);
    const input = convertDisk(raw, 'vhdx');
    rmSync(raw);
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    await use({
      folder,
      temporary,
      input,
      config(name, output, more = '') {
        const path = join(folder, name);
        writeFileSync(
          path,
          `import { defineConfig } from 'wtgforge';
import { chronyConf, generalizeAnswerFile, kmsClient, sppCacheTask, timeClient, workspacePolicy } from 'wtgforge/steps';
export default defineConfig({
  image: { path: ${JSON.stringify(input)} },
  output: { path: ${JSON.stringify(output)}${more} },
  steps: ${ALL_STEPS},
  lint: { kmsHosts: ['kms.corp.example'] },
});
`,
        );
        return path;
      },
    });
  });
}

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

function start(config: string, temporary: string): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, 'build', config, '--force'], {
    env: { ...process.env, TMPDIR: temporary, WTGFORGE_TEST_RUN: temporary },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr!.on('data', (piece: Buffer) => {
    err += piece.toString();
  });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, err }))) };
}

/** Processes of the run, and mounts below its folder. */
function leftOf(temporary: string): string[] {
  const processes = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`).includes(`WTGFORGE_TEST_RUN=${temporary}`);
    } catch {
      return false;
    }
  });
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return [...processes.map((pid) => `process ${pid}`), ...mounts.filter((line) => line.includes(temporary))];
}

withFuse('SIGINT, SIGTERM and SIGKILL at any moment: no mount, no process, no output; the next build is whole', () =>
  withDisk(async ({ folder, temporary, config }) => {
    const output = join(folder, 'out.vhdx');
    const file = config('build.config.ts', output);
    const begun = Date.now();
    const whole = await start(file, temporary).ended;
    const milliseconds = Date.now() - begun;
    assert.is(whole.code, 0, whole.err);
    for (const name of readdirSync(folder)) if (name.startsWith('out.')) rmSync(join(folder, name));
    const signals = ['SIGINT', 'SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGINT', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const;
    let stopped = 0;
    for (const [moment, signal] of signals.entries()) {
      const { child, ended } = start(file, temporary);
      await sleep((milliseconds * (moment + 0.5)) / signals.length);
      child.kill(signal);
      const { code } = await ended;
      if (code === 0) {
        for (const name of readdirSync(folder)) if (name.startsWith('out.')) rmSync(join(folder, name));
        continue;
      }
      stopped++;
      for (let wait = 0; wait < 100 && leftOf(temporary).length > 0; wait++) await sleep(100);
      assert.equal(leftOf(temporary), [], `${signal}, moment ${moment}`);
      assert.not(existsSync(output), `${signal}, moment ${moment}`);
      const here = readdirSync(folder).filter((name) => name.startsWith('out.'));
      if (signal === 'SIGKILL') {
        assert.equal(
          here.filter((name) => !/^out\.vhdx\.(?:staged|lock)/.test(name)),
          [],
          'nothing that looks like an output',
        );
        rmSync(temporary, { recursive: true });
        mkdirSync(temporary);
      } else {
        assert.equal(here, [], `${signal}, moment ${moment}`);
        assert.equal(readdirSync(temporary), [], `${signal}, moment ${moment}`);
      }
    }
    assert.ok(stopped >= 4, `${stopped} of ${signals.length} were stopped`);
    const last = await start(file, temporary).ended;
    assert.is(last.code, 0, last.err);
    assert.equal(
      readdirSync(folder).filter((name) => /staged|lock/.test(name)),
      [],
    );
  }),
);

withFuse('two builds at once: both are whole when their outputs differ, one is refused when they do not', () =>
  withDisk(async ({ folder, temporary, config }) => {
    const [one, two] = [join(folder, 'one.vhdx'), join(folder, 'two.vhdx')];
    const apart = await Promise.all([
      start(config('1.config.ts', one), temporary).ended,
      start(config('2.config.ts', two), temporary).ended,
    ]);
    assert.equal(
      apart.map(({ code }) => code),
      [0, 0],
      apart.map(({ err }) => err).join(),
    );
    const same = config('3.config.ts', join(folder, 'three.vhdx'));
    const together = await Promise.all([start(same, temporary).ended, start(same, temporary).ended]);
    assert.equal(together.map(({ code }) => code).sort(), [0, 2], together.map(({ err }) => err).join());
    assert.match(together.map(({ err }) => err).join(), /another build makes it right now/);
    assert.equal(leftOf(temporary), []);
    assert.equal(readdirSync(temporary), []);
  }),
);

/** A folder with little room, for the program alone. */
function buildWithRoom(folder: string, config: string, { output, temporary }: { readonly output: string; readonly temporary: string }) {
  const script = `mkdir -p "$1" "$2" && mount -t tmpfs -o size="$3" none "$1" && mount -t tmpfs -o size="$4" none "$2" || exit 77
export TMPDIR="$2"
"$5" "$6" build "$7" --force; code=$?
ls "$1" "$2" >&2
exit $code`;
  const words = [join(folder, 'small'), join(folder, 'small-tmp'), output, temporary, process.execPath, program, config];
  return spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', ...words], { encoding: 'utf8' });
}

withFuse('no room for the output, none for temporary files: 2, one line that says which, and nothing is left', () =>
  withDisk(async ({ folder, config }) => {
    if (process.getuid!() !== 0) {
      console.error('skipped: only root may mount a small disk');
      return;
    }
    const listing = `${join(folder, 'small')}:\n\n${join(folder, 'small-tmp')}:\n`;
    for (const [name, more, room, said] of [
      ['out.vhdx', '', { output: '1m', temporary: '200m' }, /small\/out\.vhdx\.staged: the disk is full/],
      ['out.raw', '', { output: '1m', temporary: '200m' }, /small\/out\.raw\.staged: the disk is full/],
      ['out.wim', '', { output: '1m', temporary: '200m' }, /small\/out\.wim\.staged: the disk is full/],
      ['out.vhdx', '', { output: '200m', temporary: '200k' }, /small-tmp: there is no room for temporary files/],
    ] as const) {
      const run = buildWithRoom(folder, config('build.config.ts', join(folder, 'small', name), more), room);
      if (run.status === 77 || run.status === null) {
        console.error('skipped: this container may make no mount of its own');
        return;
      }
      assert.is(run.status, 2, run.stderr);
      assert.match(run.stderr, said, name);
      assert.ok(run.stderr.endsWith(listing), run.stderr);
    }
  }),
);

test.run();
