// Mounts that end early, and mounts of ordinary users: stopped or killed at any moment nothing is left; without FUSE the package is named.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withScratch } from '../../tools/scratch.ts';
import { convertDisk, DISK_TOOLS } from '../helpers/disk-files.ts';
import { becomes, mountsBelow, processesOf } from '../helpers/mounts.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { makeSmallDisk } from '../helpers/small-disk.ts';

const test = suite('mount-endings');
const TOOLS = { ...DISK_TOOLS, 'ntfs-3g': 'ntfs-3g', setfattr: 'attr', hivexregedit: 'libwin-hivex-perl' };
const withTools = needTools(test, TOOLS);
const withFuse = needFuse(withTools as never);
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SIGNALS = ['SIGINT', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const;

interface Room {
  readonly folder: string;
  readonly temporary: string;
  readonly wim: string;
  readonly vhdx: string;
}

async function inRoom(use: (room: Room) => Promise<void>): Promise<void> {
  assert.ok(existsSync(program), 'the program is built (npm run build)');
  await withScratch(async (folder) => {
    const { wim, raw } = await makeSmallDisk(folder);
    const vhdx = convertDisk(raw, 'vhdx');
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    await use({ folder, temporary, wim, vhdx });
    assert.equal(mountsBelow(folder), []);
    assert.ok(await becomes(() => processesOf(folder).length === 0), processesOf(folder).join('\n'));
  });
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly err: string }>;
}

function start(words: readonly string[], temporary: string): Started {
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr!.on('data', (piece: Buffer) => {
    err += piece.toString();
  });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, err }))) };
}

/** After a signal: nothing but, for SIGKILL, temporary files of the process itself, which nobody could remove. */
async function nothingLeft({ folder, temporary }: Room, signal: NodeJS.Signals, about: string): Promise<void> {
  assert.ok(await becomes(() => mountsBelow(folder).length === 0 && processesOf(folder).length === 0), `${about}: ${processesOf(folder)}`);
  if (signal === 'SIGKILL') {
    rmSync(temporary, { recursive: true });
    mkdirSync(temporary);
  } else assert.equal(readdirSync(temporary), [], about);
}

withFuse('mount, stopped or killed at any moment', () =>
  inRoom(async (room) => {
    const { folder, temporary, wim, vhdx } = room;
    const at = join(folder, 'look');
    mkdirSync(at);
    let stopped = 0;
    for (const container of [wim, vhdx]) {
      const begun = Date.now();
      assert.is((await start(['mount', container, at], temporary).ended).code, 0);
      const milliseconds = Date.now() - begun;
      assert.is((await start(['unmount', at], temporary).ended).code, 0);
      for (const [moment, signal] of SIGNALS.entries()) {
        const { child, ended } = start(['mount', container, at], temporary);
        await sleep((milliseconds * (moment + 0.5)) / SIGNALS.length);
        child.kill(signal);
        const { code } = await ended;
        // Killed between its last word to the keeper and its own end, it has done its work.
        const isKept = code === 0 || (signal === 'SIGKILL' && !(await becomes(() => mountsBelow(folder).length === 0)));
        if (isKept) assert.is((await start(['unmount', at], temporary).ended).code, 0);
        else stopped++;
        await nothingLeft(room, signal, `${container}, ${signal}, moment ${moment}`);
        assert.equal(readdirSync(at), []);
      }
    }
    assert.ok(stopped >= 3, `${stopped} were stopped`);
  }),
);

withFuse('a build with a program over the mount, stopped or killed at any moment', () =>
  inRoom(async (room) => {
    const { folder, temporary, wim, vhdx } = room;
    writeFileSync(join(folder, 'tool.sh'), '#!/bin/sh\nsleep 0.4 & sleep 0.4; printf x > "$1/Windows/x.txt"; wait\n');
    chmodSync(join(folder, 'tool.sh'), 0o755);
    let stopped = 0;
    for (const input of [wim, vhdx]) {
      const config = join(folder, 'build.config.ts');
      const output = join(folder, `out.${input === wim ? 'wim' : 'vhdx'}`);
      writeFileSync(
        config,
        `import { defineConfig } from 'wtgforge';
import { onMount } from 'wtgforge/steps';
export default defineConfig({ image: { path: ${JSON.stringify(input)} }, output: { path: ${JSON.stringify(output)} }, steps: [onMount({ program: './tool.sh' })] });
`,
      );
      const clean = () => {
        for (const name of readdirSync(folder)) if (name.startsWith('out.')) rmSync(join(folder, name));
      };
      const begun = Date.now();
      const whole = await start(['build', config], temporary).ended;
      assert.ok(whole.code === 0 || whole.code === 1, whole.err);
      const milliseconds = Date.now() - begun;
      clean();
      for (const [moment, signal] of SIGNALS.entries()) {
        const { child, ended } = start(['build', config], temporary);
        await sleep((milliseconds * (moment + 0.5)) / SIGNALS.length);
        child.kill(signal);
        const { code } = await ended;
        if (code !== 0 && code !== 1) {
          stopped++;
          assert.not(existsSync(output));
        }
        await nothingLeft(room, signal, `${input}, ${signal}, moment ${moment}`);
        clean();
      }
    }
    assert.ok(stopped >= 3, `${stopped} were stopped`);
  }),
);

/** Runs the command line as nobody, with a /dev/fuse of the given mode that only this process sees. Undefined where no such mount may be made. */
function asNobody(folder: string, mode: string, words: string): { readonly status: number | null; readonly text: string } | undefined {
  const script = `mkdir -p "$1/dev" && mount -t tmpfs none "$1/dev" && mknod -m ${mode} "$1/dev/fuse" c 10 229 && mount --bind "$1/dev/fuse" /dev/fuse || exit 77
cd "$1" && exec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search env HOME="$1" TMPDIR="$1/tmp" sh -c '${words}' sh "$2" "$3"`;
  const run = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', folder, process.execPath, program], { encoding: 'utf8' });
  if (run.status === 77 || run.status === null) {
    console.error('skipped: this container may make no mount of its own');
    return undefined;
  }
  return { status: run.status, text: run.stdout + run.stderr };
}

withTools('an ordinary user looks into a WIM and a VHDX where FUSE is allowed, and is told the package where it is not', () =>
  inRoom(async ({ folder }) => {
    if (process.getuid!() !== 0) return; // the tests of image/mount were run by such a user already
    mkdirSync(join(folder, 'look'));
    spawnSync('chown', ['-R', '65534:65534', folder]);
    chmodSync(folder, 0o755);
    for (const name of ['small.wim', 'disk.vhdx']) {
      const words = `"$1" "$2" mount ${name} look && ls look/Windows && ls tmp && "$1" "$2" unmount look && ls look tmp && grep -c "$PWD/look" /proc/mounts`;
      const seen = asNobody(folder, '666', words);
      if (!seen) return;
      // grep ends with 1: nothing is mounted any more.
      assert.match(seen.text, /^look: image 1 of [\s\S]*System32[\s\S]*look: unmounted\nlook:\n\ntmp:\n0\n/m, seen.text);
    }
    const refused = asNobody(folder, '600', '"$1" "$2" mount small.wim look');
    assert.is(refused?.status, 2);
    assert.match(refused!.text, /\/dev\/fuse: may not be used by this user[\s\S]*fuse3[\s\S]*group/);
    assert.equal(readdirSync(join(folder, 'look')), []);
  }),
);

test.run();
