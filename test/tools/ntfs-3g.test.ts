// ntfs-3g: mounts and unmounts, never leaves a mount behind, and says what is missing.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mountNtfs, ntfs3g, requireFuse } from '../../tools/ntfs-3g.ts';
import { withScratch } from '../../tools/scratch.ts';
import { toolVersion } from '../../tools/tool.ts';
import { DISK_TOOLS, makeVolume } from '../helpers/disk-files.ts';
import { run } from '../helpers/make-wim.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';

const test = suite('ntfs-3g');
const withTools = needTools(test, DISK_TOOLS);
const withFuse = needFuse(withTools as never);
const isMounted = (folder: string) => readFileSync('/proc/self/mounts', 'utf8').includes(folder);

withFuse('what is written is in the file once it is unmounted', () =>
  withScratch(async (folder) => {
    const volume = makeVolume(folder, { '/a.txt': 'before' });
    const at = join(folder, 'mount');
    mkdirSync(at);
    const mount = await mountNtfs(volume, at);
    assert.ok(isMounted(at));
    writeFileSync(join(at, 'b.txt'), 'after');
    writeFileSync(join(at, 'a.txt:stream'), 'named');
    await mount.unmount();
    assert.not(isMounted(at));
    assert.is(run('ntfscat', [volume, 'b.txt']), 'after');
    assert.is(run('ntfscat', ['-n', 'stream', volume, 'a.txt']), 'named');
  }),
);

withFuse('a process that is killed leaves no mount', () =>
  withScratch(async (folder) => {
    const volume = makeVolume(folder, { '/a.txt': 'x' });
    const at = join(folder, 'mount');
    mkdirSync(at);
    const source = fileURLToPath(new URL('../../tools/ntfs-3g.ts', import.meta.url));
    const script = `import { mountNtfs } from ${JSON.stringify(source)}; await mountNtfs(${JSON.stringify(volume)}, ${JSON.stringify(at)}); console.log('here'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    assert.ok(isMounted(at));
    child.kill('SIGKILL');
    for (let tries = 0; isMounted(at) && tries < 100; tries++) await wait(100);
    assert.not(isMounted(at));
  }),
);

withFuse('a mount that a program works in is an error, and goes all the same', () =>
  withScratch(async (folder) => {
    const volume = makeVolume(folder, { '/a.txt': 'x' });
    const at = join(folder, 'mount');
    mkdirSync(at);
    const mount = await mountNtfs(volume, at);
    const held = spawn('sleep', ['60'], { cwd: at, stdio: 'ignore' });
    await new Promise((resolve) => held.once('spawn', resolve));
    const error = await refusalOf(() => mount.unmount());
    held.kill('SIGKILL');
    assert.is(error.code, 'MOUNT_BUSY');
    assert.not(isMounted(at));
  }),
);

withFuse('what is no volume is not mounted', () =>
  withScratch(async (folder) => {
    writeFileSync(join(folder, 'no volume'), Buffer.alloc(100_000));
    mkdirSync(join(folder, 'mount'));
    const error = await refusalOf(() => mountNtfs(join(folder, 'no volume'), join(folder, 'mount')));
    assert.is(error.code, 'MOUNT_FAILED');
    assert.not(/\n/.test(error.message));
  }),
);

test('no device, and a device that may not be used, are told with what to do', () =>
  withScratch(async (folder) => {
    const absent = await refusalOf(() => requireFuse(join(folder, 'fuse')));
    assert.is(absent.code, 'FUSE_ABSENT');
    assert.match(absent.hint!, /fuse3/);
    if (process.getuid!() === 0) {
      // root may use any device: ask as somebody else
      writeFileSync(join(folder, 'fuse'), '');
      chmodSync(join(folder, 'fuse'), 0o600);
      chmodSync(folder, 0o755);
      const script = `import { requireFuse } from ${JSON.stringify(fileURLToPath(new URL('../../tools/ntfs-3g.ts', import.meta.url)))}; await requireFuse(${JSON.stringify(join(folder, 'fuse'))}).catch((error) => console.log(error.code, error.hint));`;
      const said = spawnSync(
        'setpriv',
        [
          '--reuid',
          '65534',
          '--regid',
          '65534',
          '--clear-groups',
          process.execPath,
          '--import',
          'tsx',
          '--input-type=module',
          '-e',
          script,
        ],
        { encoding: 'utf8', cwd: fileURLToPath(new URL('../../', import.meta.url)) },
      );
      assert.match(said.stdout, /^FUSE_DENIED .*group/, said.stderr);
    }
    assert.not(existsSync(join(folder, 'mount')));
  }));

withTools('its version is found', async () => assert.match((await toolVersion(ntfs3g)) ?? '', /^20\d\d\./));

test.run();
