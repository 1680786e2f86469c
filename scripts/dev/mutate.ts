// `npm run mutate -- [--each N] [FILE…]`: damages rules clause by clause and runs their tests; what no test notices is printed. Not a test.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { repository, sourceFiles } from './catalogue.ts';
import { type Mutant, mutantsOfSignatures, mutantsOfSource } from './mutants.ts';

const folder = join(repository, '.cache/mutants');
const LEFT_OUT = new Set(['node_modules', 'dist', 'out', '.git', '.cache', 'docs']);
/** Compiled once: translating the sources anew for every damage takes three times as long as the tests. */
const COMPILED = ['--noEmit', 'false', '--declaration', 'false'];
/** A mutant that never ends is noticed, too. */
const TIME_MAX = 60_000;

interface Job {
  readonly file: string;
  readonly test: string;
  readonly mutant: Mutant;
}

const words = process.argv.slice(2);
const each = words[0] === '--each' ? Number(words.splice(0, 2)[1]) : Number.POSITIVE_INFINITY;
const chosen = words.length > 0 ? words : [...sourceFiles('rules'), ...signatureFiles()].filter((file) => file !== 'rules/index.ts');
const lanes = compiledCopies(availableParallelism());
const jobs = chosen.flatMap((file) => {
  const test = testOf(file);
  if (!test) return [];
  const all = mutantsOf(file);
  // Spread over the file, so that a limit does not look at its head alone.
  const step = Math.max(1, all.length / each);
  return all.filter((_, at) => Math.floor(at % step) === 0 && at / step < each).map((mutant): Job => ({ file, test, mutant }));
});

const free = [...lanes];
const limit = pLimit(lanes.length);
const missed: Job[] = [];
const counts = new Map<string, { tried: number; noticed: number }>();
await Promise.all(
  jobs.map((job) =>
    limit(async () => {
      const lane = free.pop()!;
      const noticed = await isNoticed(lane, job);
      free.push(lane);
      const count = counts.get(job.file) ?? { tried: 0, noticed: 0 };
      counts.set(job.file, { tried: count.tried + 1, noticed: count.noticed + (noticed ? 1 : 0) });
      if (!noticed) missed.push(job);
    }),
  ),
);
rmSync(folder, { recursive: true, force: true });
for (const [file, { tried, noticed }] of [...counts].sort()) console.log(`${file}: ${noticed} of ${tried} damages noticed`);
for (const { file, mutant } of missed) console.log(`not noticed: ${file}:${mutant.line} ${mutant.what}`);
console.log(`${jobs.length - missed.length} of ${jobs.length} damages noticed`);

function signatureFiles(): readonly string[] {
  return readdirSync(join(repository, 'rules/yara'))
    .filter((name) => name.endsWith('.yar'))
    .map((name) => `rules/yara/${name}`);
}

/** The rule that runs a signature file bears its name. */
function testOf(file: string): string | undefined {
  if (!file.endsWith('.yar')) return `test/${file.replace(/\.ts$/, '.test.ts')}`;
  const name = file.slice('rules/yara/'.length, -'.yar'.length);
  const rule = sourceFiles('rules').find((path) => path.endsWith(`/${name}.ts`));
  return rule && `test/${rule.replace(/\.ts$/, '.test.ts')}`;
}

/** Damages of what runs, with the lines of the source; both hold the same clauses in the same order. */
function mutantsOf(file: string): readonly Mutant[] {
  const text = readFileSync(join(repository, file), 'utf8');
  if (file.endsWith('.yar')) return mutantsOfSignatures(text);
  const sources = mutantsOfSource(text);
  const compiled = mutantsOfSource(readFileSync(join(lanes[0]!, compiledName(file)), 'utf8'));
  if (sources.length !== compiled.length) throw new Error(`${file}: has other clauses when it is compiled`);
  return compiled.map((mutant, at) => ({ ...mutant, line: sources[at]!.line }));
}

function compiledName(file: string): string {
  return file.replace(/\.ts$/, '.js');
}

/** One copy for each test that runs beside others. */
function compiledCopies(count: number): readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  const lanes = Array.from({ length: count }, (_, at) => join(folder, String(at)));
  const [first, ...others] = lanes as [string, ...string[]];
  mkdirSync(first, { recursive: true });
  for (const name of readdirSync(repository)) {
    if (!LEFT_OUT.has(name)) cpSync(join(repository, name), join(first, name), { recursive: true });
  }
  const tsc = join(repository, 'node_modules/typescript/lib/tsc.js');
  const args = [tsc, '-p', 'tsconfig.json', ...COMPILED, '--outDir', first];
  const { status } = spawnSync(process.execPath, args, { cwd: repository, stdio: 'inherit' });
  if (status !== 0) throw new Error('the sources cannot be compiled');
  for (const lane of others) cpSync(first, lane, { recursive: true });
  for (const lane of lanes) symlinkSync(join(repository, 'node_modules'), join(lane, 'node_modules'));
  return lanes;
}

async function isNoticed(lane: string, { file, test: source, mutant }: Job): Promise<boolean> {
  const path = join(lane, compiledName(file));
  const test = compiledName(source);
  const whole = readFileSync(path, 'utf8');
  if (!existsSync(join(lane, test))) return false;
  writeFileSync(path, mutant.text);
  try {
    const pattern = `^${test.slice('test/'.length).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
    const args = [join(lane, 'node_modules/uvu/bin.js'), 'test', pattern];
    const env = { ...process.env, WTGFORGE_REAL_DATA: process.env['WTGFORGE_REAL_DATA'] ?? join(repository, '../shared/data') };
    return (await exitCode(args, lane, env)) !== 0;
  } finally {
    writeFileSync(path, whole);
  }
}

function exitCode(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: 'ignore' });
    const stop = setTimeout(() => child.kill('SIGKILL'), TIME_MAX);
    child.on('close', (code) => {
      clearTimeout(stop);
      resolve(code ?? 1);
    });
  });
}
