// Rootless: the whole build as an unprivileged user who cannot open /dev/fuse.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { needTools } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl', setpriv: 'util-linux' });
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** nobody, as Debian numbers it. */
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

/**
 * A command in front of node: another user for root, nothing for a user who has no rights anyway. Reading anything is the one right that
 * is kept, because the checkout may lie in a folder of root's own; opening /dev/fuse takes the right to write it.
 */
const drop = isRoot
  ? [
      'setpriv',
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      '--clear-groups',
      '--inh-caps=-all,+dac_read_search',
      '--ambient-caps=-all,+dac_read_search',
      '--',
    ]
  : [];

e2e('the build needs no root, no mount and no /dev/fuse', async () => {
  assert.ok(existsSync(program), 'the program is built (npm run build)');
  await inWorkspace(async ({ folder, configure, output }) => {
    const config = await configure();
    if (isRoot) {
      chmodSync(folder, 0o700);
      for (const name of ['.', ...readdirSync(folder)]) chownSync(join(folder, name), NOBODY, NOBODY);
    }
    const [command, ...words] = [...drop, process.execPath];
    const fuse = spawnSync(command!, [...words, '-e', "require('node:fs').openSync('/dev/fuse', 'r+')"]);
    assert.is.not(fuse.status, 0, '/dev/fuse cannot be opened here');
    const mounts = execFileSync('cat', ['/proc/self/mounts'], { encoding: 'utf8' });
    const ended = spawnSync(command!, [...words, program, 'build', config], {
      cwd: folder,
      env: { ...process.env, HOME: folder, TMPDIR: folder },
      encoding: 'utf8',
    });
    assert.is(ended.status, 0, ended.stderr + ended.stdout);
    assert.is(execFileSync('cat', ['/proc/self/mounts'], { encoding: 'utf8' }), mounts);
    accessSync(output, constants.R_OK);
    execFileSync('wimlib-imagex', ['verify', output], { stdio: 'pipe' });
  });
});

test.run();
