// One config over a WIM, an ESD, a VHDX and a raw disk with the same Windows in it: the same changes, the same findings; also without root.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withScratch } from '../../tools/scratch.ts';
import { exportWim } from '../../tools/wimlib.ts';
import { convertDisk, DISK_TOOLS } from '../helpers/disk-files.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { makeSmallDisk } from '../helpers/small-disk.ts';
import { allStepsConfig } from '../helpers/workspace.ts';

const test = suite('containers');
const withTools = needTools(test, { ...DISK_TOOLS, setfattr: 'attr', hivexregedit: 'libwin-hivex-perl' });
const withFuse = needFuse(withTools as never);
const repository = fileURLToPath(new URL('../../', import.meta.url));

interface Shown {
  readonly steps: readonly { readonly id: string; readonly changes: readonly object[] }[];
  readonly lint: {
    readonly verdict: string;
    readonly images: readonly { readonly findings: readonly object[]; readonly outcomes: readonly object[] }[];
  };
}

withFuse('the same change report and findings on WIM, ESD, VHDX, VHD, qcow2 and raw', () =>
  withScratch(async (folder) => {
    const { wim, raw } = await makeSmallDisk(folder);
    const esd = join(folder, 'small.esd');
    await exportWim(wim, esd, { compress: 'lzms', solid: true });
    const inputs = [wim, esd, raw, convertDisk(raw, 'vhdx'), convertDisk(raw, 'vhd', ['-o', 'force_size=on']), convertDisk(raw, 'qcow2')];
    const before = new Set(readdirSync(folder));
    const reports: Shown[] = [];
    for (const input of inputs) {
      const config = join(folder, 'build.config.ts');
      const extension = input === esd ? '.wim' : input.slice(input.lastIndexOf('.'));
      const output = join(folder, `out-${reports.length}${extension}`);
      writeFileSync(config, allStepsConfig(input, output));
      const { code, err } = await cli(['build', config]);
      assert.is(code, 0, `${input}: ${err}`);
      reports.push(JSON.parse(readFileSync(`${output}.report.json`, 'utf8')) as Shown);
    }
    const [first, ...others] = reports;
    assert.ok(first!.steps.flatMap(({ changes }) => changes).length > 10);
    for (const [at, report] of others.entries()) {
      assert.equal(report.steps, first!.steps, inputs[at + 1]);
      assert.equal(
        report.lint.images.map(({ findings, outcomes }) => ({ findings, outcomes })),
        first!.lint.images.map(({ findings, outcomes }) => ({ findings, outcomes })),
        inputs[at + 1],
      );
      assert.is(report.lint.verdict, 'accepted');
    }
    const left = readdirSync(folder).filter((name) => !before.has(name) && !/^(?:out-\d|build\.config)/.test(name));
    assert.equal(left, []);
  }),
);

withFuse('a user without rights builds into a VHDX', () =>
  withScratch(async (folder) => {
    if (process.getuid!() !== 0) return; // the test above was run by such a user already
    const { raw } = await makeSmallDisk(folder);
    const input = convertDisk(raw, 'vhdx');
    writeFileSync(join(folder, 'build.config.ts'), allStepsConfig(input, join(folder, 'out.vhdx')));
    spawnSync('chown', ['-R', '65534:65534', folder]);
    chmodSync(folder, 0o755);
    // A device that every user may use, as on a usual Debian, for this process alone.
    const script = `mkdir -p "$1/dev" && mount -t tmpfs none "$1/dev" && mknod -m 666 "$1/dev/fuse" c 10 229 && mount --bind "$1/dev/fuse" /dev/fuse || exit 77
cd "$2" && exec setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$1" TMPDIR="$1" "$3" --import tsx cli/main.ts build "$1/build.config.ts"`;
    const run = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', folder, repository, process.execPath], { encoding: 'utf8' });
    if (run.status === 77 || run.status === null) {
      console.error('skipped: this container may make no mount of its own');
      return;
    }
    // Where ntfs-3g is not setuid, only root may mount: then the refusal must say so.
    if (/MOUNT|ntfs-3g: does not mount/.test(run.stderr) && !isSetuid('ntfs-3g')) {
      console.error('skipped: ntfs-3g is not setuid here');
      return;
    }
    assert.is(run.status, 0, run.stderr);
    assert.ok(existsSync(join(folder, 'out.vhdx')));
  }),
);

function isSetuid(program: string): boolean {
  return spawnSync('sh', ['-c', 'test -u "$(command -v "$1")"', 'sh', program]).status === 0;
}

withTools('where FUSE is not allowed, the build ends with 2, says which package, and leaves nothing', () =>
  withScratch(async (folder) => {
    const { raw } = await makeSmallDisk(folder);
    writeFileSync(join(folder, 'build.config.ts'), allStepsConfig(raw, join(folder, 'out.raw')));
    if (process.getuid!() !== 0) return;
    spawnSync('chown', ['-R', '65534:65534', folder]);
    chmodSync(folder, 0o755);
    const script = `mkdir -p "$1/dev" && mount -t tmpfs none "$1/dev" && mknod -m 600 "$1/dev/fuse" c 10 229 && mount --bind "$1/dev/fuse" /dev/fuse || exit 77
cd "$2" && exec setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$1" TMPDIR="$1" "$3" --import tsx cli/main.ts build "$1/build.config.ts"`;
    const run = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', folder, repository, process.execPath], { encoding: 'utf8' });
    if (run.status === 77 || run.status === null) {
      console.error('skipped: this container may make no mount of its own');
      return;
    }
    assert.is(run.status, 2, run.stderr);
    assert.match(run.stderr, /\/dev\/fuse: may not be used by this user/);
    assert.match(run.stderr, /fuse3/);
    assert.not(existsSync(join(folder, 'out.raw')));
    assert.not(existsSync(join(folder, 'out.raw.staged')));
  }),
);

test.run();
