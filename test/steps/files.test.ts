// The step files: copies and removals, the bounds of both, and what would reach out of the image or into the host.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StepError } from '../../errors.ts';
import type { BuildReport } from '../../pipeline/build.ts';
import { files } from '../../steps/files.ts';
import { withScratch } from '../../tools/scratch.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { needTools } from '../helpers/need.ts';
import { optionFaults, runStep } from '../helpers/step-tester.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const image = () =>
  fakeImage({
    SOFTWARE: {},
    files: {
      '/Windows/System32/oobe/info/logo.bmp': 'old',
      '/Windows/System32/kernel32.dll': 'MZ',
      '/Tools/old.exe': 'x',
      '/Tools/sub/older.exe': 'y',
      '/link': { folder: true, reparse: { tag: 0xa0000003, target: 'C:\\Windows' } },
      '/file-link': { content: '', reparse: { tag: 0xa000000c, target: 'C:\\x' } },
    },
  });

/** A host folder with `logo.bmp` and `brand/{a.txt,deep/b.txt}`. */
async function onHost<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return withScratch(async (folder) => {
    await mkdir(join(folder, 'brand/deep'), { recursive: true });
    for (const [name, text] of [
      ['logo.bmp', 'new'],
      ['brand/a.txt', 'a'],
      ['brand/deep/b.txt', 'b'],
    ] as const)
      await writeFile(join(folder, name), text);
    return use(folder);
  });
}

async function refusal(run: () => Promise<unknown>): Promise<string> {
  const error = await run().then(
    () => assert.unreachable('was not refused'),
    (reason: unknown) => reason,
  );
  assert.instance(error, StepError, String(error));
  return (error as StepError).message;
}

test('a file and a folder are copied, what is in the way is replaced only when told', async () => {
  await onHost(async (folder) => {
    const { lines, text } = await runStep(
      files({
        copy: [
          { from: join(folder, 'logo.bmp'), to: '/Windows/System32/OOBE/info/logo.bmp', overwrite: true },
          { from: join(folder, 'brand'), to: '/Windows/Web/Corp' },
        ],
      }),
      image(),
    );
    assert.equal(lines, [
      'replace /Windows/System32/oobe/info/logo.bmp',
      'write /Windows/Web/Corp/a.txt',
      'write /Windows/Web/Corp/deep/b.txt',
    ]);
    assert.is(await text('/Windows/Web/Corp/deep/b.txt'), 'b');
  });
});

test('files and folders are removed; what is not there is a note', async () => {
  const { lines, notes, changes } = await runStep(files({ remove: ['/tools', '/nothing'] }), image());
  assert.equal(lines, ['remove /Tools']);
  assert.equal(notes, ['/nothing: is not in the image, so there was nothing to remove']);
  assert.ok(changes[0]?.kind === 'remove' && changes[0].files.entries.length === 2);
});

test('a file that is there with other content is refused, one with the same is fine', async () => {
  await onHost(async (folder) => {
    const copy = (to: string) => refusal(() => runStep(files({ copy: [{ from: join(folder, 'logo.bmp'), to }] }), image()));
    assert.match(await copy('/Windows/System32/kernel32.dll'), '/Windows/System32/kernel32.dll: is there already with other content');
    await writeFile(join(folder, 'logo.bmp'), 'old');
    const same = await runStep(files({ copy: [{ from: join(folder, 'logo.bmp'), to: '/Windows/System32/oobe/info/logo.bmp' }] }), image());
    assert.equal(same.lines, []);
  });
});

test('nothing leaves the image, runs through its links, or replaces a hive', async () => {
  await onHost(async (folder) => {
    const from = join(folder, 'logo.bmp');
    const copy = (to: string) => refusal(() => runStep(files({ copy: [{ from, to, overwrite: true }] }), image()));
    assert.match(await copy('/Windows/../../etc/cron.d/x'), 'is not a path in an image');
    assert.match(await copy('/Windows/./x'), 'is not a path in an image');
    assert.match(await copy('/a//b'), 'is not a path in an image');
    assert.match(await copy('/Windows/nul.txt'), 'the name of a device');
    assert.match(await copy('/Windows/x.'), 'drops a dot');
    assert.match(await copy('/windows/system32/config/software'), 'is a registry hive');
    assert.match(await copy('/Windows'), 'is a folder of the image');
    assert.match(await copy('/file-link'), 'is a link of the image');
    assert.match(await copy('/link/x'), '/link/x: leads through /link, which is a link');
    assert.match(await copy('/Windows/System32/kernel32.dll/x'), 'is a file, so nothing can stand below it');
    for (const to of ['C:\\Windows\\x', 'Windows/x', '/a:b', '/a\0b']) {
      assert.match(optionFaults(files({ copy: [{ from, to }] }))[0]!, 'copy[0].to: does not have the right form', to);
    }
    assert.match(await refusal(() => runStep(files({ remove: ['/Windows/System32'] }), image())), 'no Windows starts without');
    assert.match(await refusal(() => runStep(files({ remove: ['/Windows/System32/config/SOFTWARE'] }), image())), 'is a registry hive');
    assert.match(await refusal(() => runStep(files({ remove: ['/Windows/../Tools'] }), image())), 'is not a path in an image');
  });
});

test('links of the host are refused, and two sources of one place', async () => {
  await onHost(async (folder) => {
    await symlink('/etc/passwd', join(folder, 'brand/passwd'));
    await symlink('logo.bmp', join(folder, 'link.bmp'));
    const copy = (...from: string[]) =>
      refusal(() => runStep(files({ copy: from.map((name) => ({ from: join(folder, name), to: '/x' })) }), image()));
    assert.match(await copy('link.bmp'), 'is a symbolic link');
    assert.match(await copy('brand'), 'passwd: is a symbolic link');
    assert.match(await copy('logo.bmp', 'logo.bmp'), 'would stand there');
    assert.match(await copy('absent'), 'absent: is not there');
  });
});

test('is skipped when there is nothing to do; an empty folder is a note', async () => {
  assert.is((await runStep(files(), image())).skipped, 'the config names nothing to copy or to remove');
  await onHost(async (folder) => {
    await mkdir(join(folder, 'empty'));
    const { notes } = await runStep(files({ copy: [{ from: join(folder, 'empty'), to: '/x' }] }), image());
    assert.match(notes[0]!, 'is an empty folder');
  });
});

const tools = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

tools('in a real WIM the files stand there with inherited descriptors, and what was removed is gone', async () => {
  await inWorkspace(
    async ({ build, configure, folder }) => {
      await mkdir(join(folder, 'brand/deep'), { recursive: true });
      await writeFile(join(folder, 'brand/deep/b.txt'), 'brand');
      await configure({
        head: "import { files } from 'wtgforge/steps';",
        steps: "[files({ copy: [{ from: 'brand', to: '/Windows/Web/Corp' }], remove: ['/Tools'] })]",
      });
      const { out, err } = await build('--json');
      const report = JSON.parse(out || '{}') as BuildReport & { artifact?: { path: string } };
      assert.ok(report.artifact, err);
      const made = report.artifact.path;
      const wimlib = (...args: string[]) => execFileSync('wimlib-imagex', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      assert.is(wimlib('extract', made, '1', '/Windows/Web/Corp/deep/b.txt', '--to-stdout'), 'brand');
      const details = wimlib('dir', made, '1', '--detailed', '--path=/Windows/Web/Corp');
      for (const path of ['/Windows/Web/Corp', '/Windows/Web/Corp/deep', '/Windows/Web/Corp/deep/b.txt']) {
        const block = details.split(/^-{20,}$/m).find((one) => one.includes(`"${path}"`)) ?? '';
        assert.match(block, /^Security Descriptor = 0100[0-9a-f]{40,}$/m, path);
      }
      assert.not.match(wimlib('dir', made, '1'), '/Tools');
      assert.not.match(readFileSync(made).toString('latin1'), 'PLANTED-OLD-TOOL');
      assert.equal(
        report.steps[0]!.inputs.map(({ path }) => path),
        ['brand/deep/b.txt'],
      );
    },
    { extraFiles: { '/Tools/old.exe': 'PLANTED-OLD-TOOL' }, compression: 'none' },
  );
});

test.run();
