// Lays example files beside the project, so that they can be type-checked, formatted and run as if they stood in it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { repository } from '../../scripts/dev/catalogue.ts';

export interface Example {
  readonly folder: string;
  /** What the compiler says of these files; empty when all is well. */
  types(): string;
  /** Runs the test files among the examples and gives what uvu prints. */
  run(): { readonly status: number | null; readonly output: string };
  import(path: string): Promise<Record<string, unknown>>;
}

const node = (args: readonly string[], cwd: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return { status, output: `${stdout}${stderr}` };
};

/** `files` by the path that they would have in the repository. Everything is removed after `use`. */
export async function withExample<T>(files: ReadonlyMap<string, string>, use: (example: Example) => Promise<T> | T): Promise<T> {
  const cache = join(repository, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'example-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(join(folder, posix.dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), redirected(path, text, files));
    }
    const config = { extends: '../../tsconfig.json', compilerOptions: { rootDir: '../..' }, include: ['**/*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    return await use({
      folder,
      types: () => ownFaults(node([join(repository, 'node_modules/typescript/lib/tsc.js'), '-p', folder], repository).output),
      run: () => node(['--import', 'tsx', join(repository, 'node_modules/uvu/bin.js'), join(folder, 'test'), '\\.test\\.ts$'], repository),
      import: (path) => import(join(folder, path)),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The compiler names files from the repository's root; faults of other files are not the example's. */
function ownFaults(output: string): string {
  const lines = output.split('\n').filter((line) => line.startsWith('.cache/'));
  return lines.join('\n');
}

/** Imports of files that are not among the examples lead to the repository, two folders up from the example's root. */
function redirected(path: string, text: string, files: ReadonlyMap<string, string>): string {
  const up = '../'.repeat(path.split('/').length + 1);
  return text.replace(/(\bfrom ')(\.[^']+)(')/g, (whole, from: string, target: string, end: string) => {
    const meant = posix.join(posix.dirname(path), target);
    return files.has(meant) ? whole : `${from}${up}${meant}${end}`;
  });
}
