// The keeper of a mount: whatever is killed, mount, export and temporary folder go; what is kept outlives its maker.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keeperOf, unmountKept } from '../../tools/kept-mount.ts';
import { holdMount, MARK_VARIABLE } from '../../tools/mount-keeper.ts';
import { makeScratch, withScratch } from '../../tools/scratch.ts';
import { missingTool } from '../../tools/tool.ts';
import { wimlib } from '../../tools/wimlib.ts';
import { mountWim } from '../../tools/wimlib-mount.ts';
import { makeWim } from '../helpers/make-wim.ts';
import { becomes, mountsBelow, processesOf } from '../helpers/mounts.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';

const test = suite('mount-keeper');
const withFuse = needFuse(needTools(test, { 'wimlib-imagex': 'wimtools' }) as never);

async function inMount(use: (at: string, own: string, wim: string) => Promise<void>): Promise<void> {
  await withScratch(async (folder) => {
    const at = join(folder, 'mount');
    mkdirSync(at);
    const wim = join(folder, 'a.wim');
    makeWim(wim, { images: [{ files: { '/a.txt': 'x' } }] });
    await use(at, await makeScratch(), wim);
    assert.equal(mountsBelow(folder), []);
    assert.ok(await becomes(() => processesOf(folder).length === 0));
  });
}

withFuse('unmounting ends the program and removes the folder that goes with it', () =>
  inMount(async (at, own, wim) => {
    const mount = await mountWim(wim, 1, at, { own });
    assert.is(readFileSync(join(at, 'a.txt'), 'utf8'), 'x');
    await mount.unmount();
    assert.not(existsSync(own));
  }),
);

withFuse('a keeper that is killed itself takes the mount with it', () =>
  inMount(async (at, own, wim) => {
    await mountWim(wim, 1, at, { own });
    process.kill((await keeperOf(at))!, 'SIGKILL');
    assert.ok(await becomes(() => mountsBelow(at).length === 0));
  }),
);

withFuse('a mount that is kept outlives its maker, and ends by SIGTERM or when it is unmounted', () =>
  inMount(async (at, own, wim) => {
    const source = JSON.stringify(fileURLToPath(new URL('../../tools/wimlib-mount.ts', import.meta.url)));
    const script = `import { mountWim } from ${source}; (await mountWim(${JSON.stringify(wim)}, 1, ${JSON.stringify(at)}, { own: ${JSON.stringify(own)} })).keep(); process.exit(0);`;
    const start = () =>
      new Promise<void>((resolve) => {
        mkdirSync(own, { recursive: true });
        const words = ['--import', 'tsx', '--input-type=module', '-e', script];
        spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] }).once('close', () => resolve());
      });
    await start();
    assert.is(readFileSync(join(at, 'a.txt'), 'utf8'), 'x');
    await unmountKept(at);
    assert.not(existsSync(own));
    await start();
    process.kill((await keeperOf(at))!, 'SIGTERM');
    assert.ok(await becomes(() => mountsBelow(at).length === 0 && !existsSync(own)));
  }),
);

withFuse('every process that bears the mark is ended before the mount, wherever it went', () =>
  inMount(async (at, own, wim) => {
    const mount = await mountWim(wim, 1, at, { own, mark: 'a1b2' });
    const held = spawn('setsid', ['sleep', '60'], { cwd: at, stdio: 'ignore', env: { ...process.env, [MARK_VARIABLE]: 'a1b2' } });
    const other = spawn('sleep', ['60'], { stdio: 'ignore', env: { ...process.env, [MARK_VARIABLE]: 'zzzz' } });
    await new Promise((resolve) => held.once('spawn', resolve));
    await mount.unmount();
    assert.is(other.exitCode ?? other.signalCode, null, 'other marks are left alone');
    other.kill('SIGKILL');
  }),
);

withFuse('what does not mount is told in one line, and nothing is left', () =>
  inMount(async (at, own, wim) => {
    writeFileSync(wim, 'no WIM');
    const error = await refusalOf(() => mountWim(wim, 1, at, { own }));
    assert.is(error.code, 'MOUNT_FAILED');
    assert.match(error.message, /^wimlib-imagex: does not mount the image \(ERROR/);
    assert.not.match(error.message, /\n/);
    assert.not(existsSync(own));
  }),
);

test('a program that is not there', () =>
  withScratch(async (folder) => {
    const request = { command: ['no-such-program'] as [string], folder, what: 'x', hint: 'y', missing: () => missingTool(wimlib) };
    assert.is((await refusalOf(() => holdMount(request))).code, 'TOOL_MISSING');
  }));

test.run();
