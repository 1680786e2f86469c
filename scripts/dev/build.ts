// `npm run build`: checks the types, writes declarations, bundles the code to dist/ and puts the data files beside it. dist/ is replaced in one step when all is well.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repository } from './catalogue.ts';

/** Folders that are read at run time, by their path beside the code. */
const DATA = ['scripts/guest', 'rules/yara'];
/** What is started or imported from outside. Hundreds of small modules take Node longer to load than most lints take: code comes in few files. */
const ENTRIES = [
  'index.ts',
  'steps/index.ts',
  'rules/index.ts',
  'unattend/index.ts',
  'lint/testing/index.ts',
  'cli/main.ts',
  'cli/stall-watch.ts',
  'lint/reader-main.ts',
  'lint/weigh-thread.ts',
];
const SOURCES = ['index.ts', 'errors.ts', 'cli', 'pipeline', 'steps', 'unattend', 'image', 'formats', 'tools', 'lint', 'rules', 'report'];
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/dev/build.ts'];

const fresh = join(repository, '.cache', 'dist');
const dist = join(repository, 'dist');
const stamp = join(repository, '.cache', 'dist.stamp');

const digest = digestOf([...SOURCES, ...SETTINGS, ...DATA]);
if (existsSync(join(dist, 'cli/main.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) {
  console.error('dist/ is up to date');
} else if (await compile()) {
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  writeFileSync(stamp, digest);
  console.error('dist/ is built');
} else {
  console.error('the build failed; dist/ is as it was before');
  process.exitCode = 1;
}

async function compile(): Promise<boolean> {
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const tsc = join(repository, 'node_modules/typescript/lib/tsc.js');
  const compiled = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh, '--emitDeclarationOnly'], {
    cwd: repository,
    stdio: 'inherit',
  });
  if (compiled.status !== 0) return false;
  await bundle();
  for (const folder of DATA) {
    if (existsSync(join(repository, folder))) cpSync(join(repository, folder), join(fresh, folder), { recursive: true });
  }
  for (const file of filesBelow(fresh)) if (file.endsWith('.d.ts')) useJsSpecifiers(file);
  chmodSync(join(fresh, 'cli/main.js'), 0o755);
  return true;
}

/** What several entries need goes into chunks, one folder below dist/ like the sources: paths that code makes from its own place stay right. */
async function bundle(): Promise<void> {
  await build({
    absWorkingDir: repository,
    entryPoints: ENTRIES,
    outdir: fresh,
    outbase: repository,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
}

/** tsc leaves `./x.ts` in declarations; a reader of the package has no such file. */
function useJsSpecifiers(file: string): void {
  const text = readFileSync(file, 'utf8');
  const rewritten = text.replace(/((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]*)\.ts(?=['"])/g, '$1.js');
  if (rewritten !== text) writeFileSync(file, rewritten);
}

function digestOf(names: readonly string[]): string {
  const hash = createHash('sha256');
  for (const name of names) {
    const path = join(repository, name);
    if (!existsSync(path)) continue;
    for (const file of /\.\w+$/.test(name) ? [path] : filesBelow(path)) hash.update(file).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
