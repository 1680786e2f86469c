// Bad input: one clear line, a hint, exit 2, and nothing changed on the disk.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { needRealData, needTools, realData } from '../helpers/need.ts';
import { type CliRun, cli } from '../helpers/run-cli.ts';
import { type ConfigParts, inWorkspace, type Workspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

/** Exit 2, one line for the failure (a list of faults may follow), a hint, no stack, the disk as before. */
function refused({ code, out, err }: CliRun, message: RegExp, before: unknown, after: unknown): void {
  assert.is(code, 2, out + err);
  assert.match(err, message);
  assert.match(err, /^wtgforge: /);
  assert.not.match(err, /this is a bug|\n\s+at /);
  assert.equal(after, before);
}

async function refusedBuild(workspace: Workspace, parts: ConfigParts, message: RegExp, words: readonly string[] = []): Promise<void> {
  await workspace.configure(parts);
  const before = workspace.listing();
  refused(await workspace.build(...words), message, before, workspace.listing());
}

e2e('images that are none', async () => {
  await inWorkspace(async (workspace) => {
    const { folder, image } = workspace;
    const whole = readFileSync(image);
    mkdirSync(join(folder, 'folder.wim'));
    writeFileSync(join(folder, 'empty.wim'), '');
    writeFileSync(join(folder, 'text.wim'), 'this is a text file named .wim\n');
    for (const [name, size] of [
      ['header', 100],
      ['cut', whole.length - 1000],
      ['half', Math.floor(whole.length / 2)],
    ] as const) {
      writeFileSync(join(folder, `${name}.wim`), whole.subarray(0, size));
    }
    const CASES: readonly [string, RegExp][] = [
      ['absent.wim', /absent\.wim: .*(no such|not there|does not exist|is not there)/],
      ['folder.wim', /folder\.wim: .*(folder|directory)/],
      ['empty.wim', /empty\.wim: .*empty/],
      ['text.wim', /text\.wim: is not a container/],
      ['header.wim', /header\.wim: /],
      ['cut.wim', /cut\.wim: /],
      ['half.wim', /half\.wim: /],
    ];
    for (const [name, message] of CASES) {
      await refusedBuild(workspace, { image: `{ path: '${name}' }` }, message);
      for (const command of ['lint', 'inspect']) {
        const before = workspace.listing();
        refused(await cli([command, join(folder, name)]), message, before, workspace.listing());
      }
    }
  });
});

e2e('choices that do not exist', async () => {
  await inWorkspace(async (workspace) => {
    const path = JSON.stringify(workspace.image);
    await refusedBuild(workspace, { image: `{ path: ${path}, index: 7 }` }, /image 7 does not exist \(the file holds 1\)/);
    await refusedBuild(workspace, { image: `{ path: ${path}, edition: 'Home' }` }, /no image of the edition Home/);
    await refusedBuild(workspace, {}, /kms: is not a step of the config/, ['--only', 'kms']);
  });
});

e2e('configs that are wrong, foreign or throwing', async () => {
  await inWorkspace(async (workspace) => {
    await refusedBuild(
      workspace,
      {
        image: "{ path: 'x', indx: 1 }",
        steps: "[kmsClient({ host: 'kms.corp.example', port: 70000 } as never), timeClient({} as never)]",
      },
      /3 mistakes\n {2}image\.indx: .*\n {2}steps\[0\] \(kms-client\)\.port: .*\n {2}steps\[1\] \(time-client\)\.servers: /,
    );
    await workspace.configure({ head: 'throw new Error("no share");' });
    const before = workspace.listing();
    refused(await workspace.build(), /cannot be loaded \(no share\)/, before, workspace.listing());
    writeFileSync(join(workspace.folder, 'build.config.ts'), 'export default { entries: ["src/index"], declaration: true };');
    refused(await workspace.build(), /is not a wtgforge config/, before, workspace.listing());
    refused(await cli(['build', join(workspace.folder, 'absent.ts')]), /there is no such config file/, before, workspace.listing());
  });
});

e2e('outputs that would lose something', async () => {
  await inWorkspace(async (workspace) => {
    await refusedBuild(workspace, { output: "{ path: 'small.wim' }" }, /is the source image itself/, ['--force']);
    await refusedBuild(workspace, { output: "{ path: '/proc/golden.wim' }" }, /\/proc: cannot be written/);
  });
});

e2e('steps that throw, refuse or want an absent secret', async () => {
  await inWorkspace(async (workspace) => {
    const step = (run: string) => ({
      head: `const mine = defineStep({ id: 'mine', title: 'Mine', description: 'd', options: {}, async run(draft, options, ctx) { ${run} } });`,
      steps: '[workspacePolicy(), mine()]',
    });
    await refusedBuild(workspace, step('throw new TypeError("boom");'), /^wtgforge: mine: stopped with an unexpected error \(TypeError\)/);
    await refusedBuild(workspace, step('ctx.fail("does not want to");'), /mine: does not want to/);
    await refusedBuild(
      workspace,
      step("await ctx.reveal(secret.env('WTGFORGE_ABSENT'));"),
      /mine: secret\.env\("WTGFORGE_ABSENT"\): .*not set/,
    );
    await refusedBuild(
      workspace,
      step("await ctx.reveal(secret.file('/absent/secret'));"),
      /mine: secret\.file\("\/absent\/secret"\): cannot be read/,
    );
    await refusedBuild(
      workspace,
      step(
        "await draft.setValue('SYSTEM', 'ControlSet001\\\\Services\\\\partmgr\\\\Parameters', 'SanPolicy', { type: 'REG_DWORD', data: 1 });",
      ),
      /mine: wants 1 in SYSTEM.*SanPolicy, but workspace-policy wants 4/,
    );
    await refusedBuild(workspace, step("await draft.write('/Windows/../etc/x', 'y');"), /mine: .*is not a path in an image/);
  });
});

e2e('hives that are missing, corrupt or none', async () => {
  const path = '/Windows/System32/config/SYSTEM';
  const CASES: readonly [string, Uint8Array | undefined, RegExp][] = [
    ['missing', undefined, /time-client|workspace-policy|SYSTEM/],
    ['a text', new TextEncoder().encode('no hive at all'.repeat(1000)), /config\/SYSTEM: .*(not a|hive)/],
    ['cut to its header', undefined, /config\/SYSTEM: /],
  ];
  for (const [name, content, message] of CASES) {
    if (name === 'missing') continue;
    await inWorkspace(
      async (workspace) => {
        await refusedBuild(workspace, { steps: '[workspacePolicy()]' }, message);
        const { code } = await cli(['lint', workspace.image]);
        assert.is(code === 2 || code === 1, true, 'never green');
      },
      { hives: { [path]: content ?? Buffer.concat([Buffer.from('regf'), Buffer.alloc(508)]) } },
    );
  }
  await inWorkspace(
    async ({ image, listing }) => {
      const before = listing();
      const { code, out } = await cli(['lint', image, '--json']);
      assert.is.not(code, 0);
      assert.match(out, '"unable"');
      assert.equal(listing(), before);
    },
    { hives: { [path]: undefined } },
  );
});

e2e('a path of the image that runs through a link is never followed on the host', async () => {
  await inWorkspace(async (workspace) => {
    const canary = join(workspace.folder, 'canary');
    mkdirSync(canary);
    const tree = join(workspace.folder, 'tree');
    execFileSync('wimlib-imagex', ['apply', workspace.image, '1', tree], { stdio: 'pipe' });
    execFileSync('rm', ['-rf', join(tree, 'Windows/Setup')]);
    execFileSync('ln', ['-s', canary, join(tree, 'Windows/Setup')]);
    const linked = join(workspace.folder, 'linked.wim');
    execFileSync('wimlib-imagex', ['capture', tree, linked, '--norpfix'], { stdio: 'pipe' });
    execFileSync('rm', ['-rf', tree]);
    await refusedBuild(workspace, { image: "{ path: 'linked.wim' }", steps: '[sppCacheTask()]' }, /Setup/);
    assert.equal(readdirSync(canary), []);
  });
});

e2e('Sysprep is found in whatever case the image keeps it', async () => {
  await inWorkspace(async (workspace) => {
    await workspace.configure({ steps: "[generalizeAnswerFile({ location: 'sysprep' })]" });
    const { code, out, err } = await workspace.build('--json');
    assert.ok(code === 0 || code === 1, err);
    const written = (JSON.parse(out) as { steps: { changes: { at: string }[] }[] }).steps[0]!.changes.map(({ at }) => at);
    const folders = execFileSync('wimlib-imagex', ['dir', workspace.image, '1', '--path=/Windows/System32'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => /\/sysprep$/i.test(line));
    assert.is(folders.length, 1);
    assert.equal(
      written.filter((at) => /unattend\.xml$/i.test(at)).map((at) => at.split('/').slice(0, -1).join('/')),
      folders,
    );
  });
});

e2e('a missing tool is named with its package', async () => {
  await inWorkspace(async (workspace) => {
    const before = workspace.listing();
    const path = process.env.PATH;
    const bin = join(workspace.folder, 'bin');
    mkdirSync(bin);
    // Everything a shell needs, without the tools in question.
    for (const name of ['bash', 'sh', 'ps']) execFileSync('ln', ['-s', `/bin/${name}`, join(bin, name)]);
    await import('zx'); // looks for its shell once, when it is loaded, and later tests need one that stays
    process.env.PATH = bin;
    try {
      const { code, err } = await workspace.build();
      assert.is(code, 2, err);
      assert.match(err, /(hivexregedit|wimlib-imagex): is not installed \(it comes with the Debian package (libwin-hivex-perl|wimtools)\)/);
    } finally {
      process.env.PATH = path;
    }
    execFileSync('rm', ['-rf', bin]);
    assert.equal(workspace.listing(), before);
  });
});

const mountable =
  spawnSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d" && rmdir "$d"'], { stdio: 'ignore' }).status === 0;
if (!mountable) console.error('skipped: a full disk needs the right to mount a tmpfs');

(mountable ? e2e : test.skip)('a full disk while staging leaves nothing behind', async () => {
  await inWorkspace(async (workspace) => {
    const small = join(workspace.folder, 'full');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small], { stdio: 'pipe' });
    try {
      await workspace.configure({ output: `{ path: ${JSON.stringify(join(small, 'golden.wim'))} }` });
      const { code, err } = await workspace.build();
      assert.is(code, 2, err);
      assert.match(err, /the disk is full/);
      assert.equal(readdirSync(small), []);
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

/** These open: nothing is wrong with their metadata. The corrupted ones break where their only file is read. */
const OPENS = [
  'wimlib-corrupted_file_1.wim',
  'wimlib-corrupted_file_2.wim',
  'wimlib-empty_dacl.wim',
  'wimlib-longpaths.wim',
  'wimlib-linux_xattrs_old.wim',
  'discutils-TestData.wim',
  'rufus-uefi-ntfs.img',
];

needRealData(test)('hostile and tiny containers made by others are refused or undecided, never green and never a crash', async () => {
  const images = join(realData, 'images');
  for (const name of readdirSync(images).filter((file) => /\.(wim|swm|img|iso|raw)$/.test(file))) {
    for (const command of ['lint', 'inspect']) {
      const { code, err } = await cli([command, join(images, name)]);
      assert.not.match(err, /this is a bug/, name);
      const opens = OPENS.includes(name) || name.startsWith('mwl-');
      assert.ok(command === 'lint' ? code === 2 || code === 1 : code === 2 || opens, `${command} ${name}: ${code}`);
      if (!opens) assert.match(err, /^wtgforge: .+\n {2}hint: /, name);
    }
  }
});

test.run();
