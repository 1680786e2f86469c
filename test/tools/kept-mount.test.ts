// Which mounts are ours: not those of others, not what was never mounted; a busy one stays as it is.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keeperOf, mountPath, unmountKept } from '../../tools/kept-mount.ts';
import { KEEPER_NAME } from '../../tools/mount-keeper.ts';
import { withScratch } from '../../tools/scratch.ts';
import { mountWim } from '../../tools/wimlib-mount.ts';
import { makeWim, run } from '../helpers/make-wim.ts';
import { mountsBelow } from '../helpers/mounts.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';

const test = suite('kept-mount');
const withFuse = needFuse(needTools(test, { 'wimlib-imagex': 'wimtools' }) as never);

test('what is no mount of ours is left alone', () =>
  withScratch(async (folder) => {
    for (const at of [folder, join(folder, 'absent'), '/proc', '/']) {
      const error = await refusalOf(() => unmountKept(at));
      assert.is(error.code, 'MOUNT_NOT_OURS', at);
      assert.ok(error.hint);
    }
    assert.ok(readFileSync('/proc/self/mounts', 'utf8').includes(' /proc '));
  }));

test('a program that only names the folder is no keeper', () =>
  withScratch(async (folder) => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore', argv0: `${KEEPER_NAME} ${folder}` });
    await new Promise((resolve) => child.once('spawn', resolve));
    assert.is(await keeperOf(folder), undefined);
    child.kill('SIGKILL');
  }));

withFuse('a mount made by another program is left alone; ours is found through a link, is kept while busy, and then ends', () =>
  withScratch(async (folder) => {
    const wim = join(folder, 'a.wim');
    makeWim(wim, { images: [{ files: { '/a.txt': 'x' } }] });
    const [theirs, ours, link] = ['theirs', 'ours', 'link'].map((name) => join(folder, name)) as [string, string, string];
    for (const at of [theirs, ours]) mkdirSync(at);
    symlinkSync(ours, link);
    run('wimlib-imagex', ['mount', wim, '1', theirs]);
    try {
      assert.is((await refusalOf(() => unmountKept(theirs))).code, 'MOUNT_NOT_OURS');
      assert.equal(mountsBelow(folder), [theirs]);
    } finally {
      run('fusermount', ['-u', theirs]);
    }
    (await mountWim(wim, 1, ours)).keep();
    assert.is(await mountPath(link), ours);
    const held = spawn('sleep', ['60'], { cwd: ours, stdio: 'ignore' });
    await new Promise((resolve) => held.once('spawn', resolve));
    const error = await refusalOf(() => unmountKept(link));
    assert.is(error.code, 'MOUNT_BUSY');
    assert.is(readFileSync(join(ours, 'a.txt'), 'utf8'), 'x', 'the mount is as it was');
    const ended = new Promise((resolve) => held.once('exit', resolve));
    held.kill('SIGKILL');
    await ended;
    await unmountKept(link);
    assert.equal(mountsBelow(folder), []);
    assert.is(await keeperOf(ours), undefined);
  }),
);

test.run();
