// `npm run package`: packs what would be published and looks at the tarball with publint, attw and a list of what must be in it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, sourceFiles } from './catalogue.ts';

const MUST = [
  'dist/cli/main.js',
  'dist/cli/stall-watch.js',
  'dist/lint/reader-main.js',
  'dist/lint/weigh-thread.js',
  'dist/index.js',
  'dist/index.d.ts',
  'docs/options.schema.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];
const MUST_FOLDERS = ['dist/chunks/', 'dist/scripts/guest/', 'dist/rules/yara/'];
/** What never belongs into the package. */
const NEVER = /^(?:test|scripts|node_modules|out|\.cache)\/|\.test\.|\.map$/;

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'wtgforge-package-'));
try {
  // Without scripts: what is looked at is the dist/ that stands here, not a new one.
  const run = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: repository, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`npm pack failed: ${run.stderr.trim()}`);
  const [packed] = JSON.parse(run.stdout) as readonly [Packed];
  const paths = packed.files.map(({ path }) => path);
  const faults = faultsOf(paths);
  for (const fault of faults) console.error(fault);
  const tarball = join(folder, packed.filename);
  const bin = join(repository, 'node_modules/.bin');
  const looks = [
    [join(bin, 'publint'), 'run', '--strict', tarball],
    // esm-only: the package is ESM, so CommonJS and the resolution of Node 10 are no aims.
    [join(bin, 'attw'), '--profile', 'esm-only', '--no-color', '--no-emoji', tarball],
  ] as const;
  const failed = looks.filter(([program, ...args]) => spawnSync(program, args, { cwd: folder, stdio: 'inherit' }).status !== 0);
  if (faults.length > 0 || failed.length > 0) process.exitCode = 1;
  else console.log(`${packed.filename}: ${paths.length} files, fit to publish`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function faultsOf(paths: readonly string[]): readonly string[] {
  const declared = ['steps', 'rules', 'report'].flatMap((name) =>
    sourceFiles(name).map((path) => `dist/${path.slice(0, -'.ts'.length)}.d.ts`),
  );
  return [
    ...[...MUST, ...declared].filter((path) => !paths.includes(path)).map((path) => `${path}: is not in the package; run "npm run build"`),
    ...MUST_FOLDERS.filter((start) => !paths.some((path) => path.startsWith(start))).map(
      (start) => `${start}: nothing of it is in the package`,
    ),
    ...paths.filter((path) => NEVER.test(path)).map((path) => `${path}: does not belong into the package`),
  ];
}
