// `npm run mutate -- [--each N] [--own] [FILE[:LINE]…]`: damages rules and checks clause by clause and prints what no test notices. Not a test.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { repository, sourceFiles } from './catalogue.ts';
import { equalMutantOf, equalMutants, staleEntries } from './equal-mutants.ts';
import { type Mutant, mutantsOfSignatures, mutantsOfSource } from './mutants.ts';

const folder = join(repository, '.cache/mutants', String(process.pid));
const LEFT_OUT = new Set(['node_modules', 'dist', 'out', '.git', '.cache', 'docs']);
/** Compiled once: translating the sources anew for every damage takes three times as long as the tests. */
const COMPILED = ['--noEmit', 'false', '--declaration', 'false'];
/** A mutant that never ends is noticed, too. */
const TIME_MAX = 120_000;
/** The gate over planted images: a second chance for what the rule's own test does not notice; some ten seconds each. */
const CORPUS = 'test/corpus/corpus.test.ts';

interface Job {
  readonly file: string;
  readonly test: string;
  readonly mutant: Mutant;
  /** The damaged source, of which the text of the mutant is the compiled form. */
  readonly source: string;
}

const words = process.argv.slice(2);
const each = words[0] === '--each' ? Number(words.splice(0, 2)[1]) : Number.POSITIVE_INFINITY;
const ownOnly = words[0] === '--own' && words.shift() !== undefined;
const everything = [...sourceFiles('rules'), ...signatureFiles(), ...sourceFiles('unattend/checks')];
const chosen = words.length > 0 ? words : everything.filter((file) => !file.endsWith('/index.ts'));
const lanes = compiledCopies(availableParallelism());
const free = [...lanes];
const limit = pLimit(lanes.length);
const whole = new Set<string>();
const jobs = chosen.flatMap((word) => {
  const [file, line] = word.split(':') as [string, string?];
  const test = testOf(file);
  if (!test) return [];
  const all = mutantsOf(file).filter(({ mutant }) => line === undefined || mutant.line === Number(line));
  if (line === undefined && all.length <= each) whole.add(file);
  // Spread over the file, so that a limit does not look at its head alone.
  const step = Math.max(1, all.length / each);
  return all.filter((_, at) => Math.floor(at % step) === 0 && at / step < each).map((one): Job => ({ file, test, ...one }));
});
await Promise.all(
  [...new Set(jobs.map(({ test }) => test))].map((test) =>
    inLane(async (lane) => {
      if (await fails(lane, test)) throw new Error(`${test}: fails without any damage`);
    }),
  ),
);

const tried = await Promise.all(
  jobs.map((job) => inLane(async (lane) => ({ ...job, what: job.mutant.what, noticed: await isNoticed(lane, job) }))),
);
rmSync(folder, { recursive: true, force: true });
report();

async function inLane<T>(run: (lane: string) => Promise<T>): Promise<T> {
  return limit(async () => {
    const lane = free.pop()!;
    try {
      return await run(lane);
    } finally {
      free.push(lane);
    }
  });
}

function report(): void {
  const missed = tried.filter(({ noticed, file, what }) => !noticed && !equalMutantOf(equalMutants, file, what));
  const sum = { tried: tried.length, noticed: tried.filter(({ noticed }) => noticed).length, missed: missed.length };
  console.log('file | tried | noticed | equal | missed');
  for (const file of [...new Set(tried.map((one) => one.file))].sort()) {
    const own = tried.filter((one) => one.file === file);
    const noticed = own.filter((one) => one.noticed).length;
    const lost = missed.filter((one) => one.file === file).length;
    console.log(`${file} | ${own.length} | ${noticed} | ${own.length - noticed - lost} | ${lost}`);
  }
  console.log(`all | ${sum.tried} | ${sum.noticed} | ${sum.tried - sum.noticed - sum.missed} | ${sum.missed}`);
  for (const { file, what, noticed } of tried) {
    const equal = noticed ? undefined : equalMutantOf(equalMutants, file, what);
    if (equal) console.log(`equal: ${file} ${what}: ${equal.reason}`);
  }
  for (const { file, what, mutant } of missed) console.log(`not noticed: ${file}:${mutant.line} ${what}`);
  for (const stale of staleEntries(equalMutants, tried, whole)) console.log(`stale entry of equal-mutants.ts: ${stale}`);
}

function signatureFiles(): readonly string[] {
  return readdirSync(join(repository, 'rules/yara'))
    .filter((name) => name.endsWith('.yar'))
    .map((name) => `rules/yara/${name}`);
}

/** A signature file is tested by the rule that selects it. */
function testOf(file: string): string | undefined {
  const signature = /^rules\/yara\/(.*)\.yar$/.exec(file)?.[1];
  const selects = (path: string) => readFileSync(join(repository, path), 'utf8').includes(`signatures: ['${signature}']`);
  const rule = signature === undefined ? file : sourceFiles('rules').find(selects);
  return rule && `test/${rule.replace(/\.ts$/, '.test.ts')}`;
}

/** Damages of what runs, with the lines and words of the source; both hold the same clauses in the same order. */
function mutantsOf(file: string): readonly Pick<Job, 'mutant' | 'source'>[] {
  const text = readFileSync(join(repository, file), 'utf8');
  if (file.endsWith('.yar')) return mutantsOfSignatures(text).map((mutant) => ({ mutant, source: mutant.text }));
  const sources = mutantsOfSource(text);
  const compiled = mutantsOfSource(readFileSync(join(lanes[0]!, compiledName(file)), 'utf8'));
  if (sources.length !== compiled.length) throw new Error(`${file}: has other clauses when it is compiled`);
  return compiled.map(({ text: damaged }, at) => ({ mutant: { ...sources[at]!, text: damaged }, source: sources[at]!.text }));
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

async function isNoticed(lane: string, { file, test, mutant, source }: Job): Promise<boolean> {
  const path = join(lane, compiledName(file));
  const original = readFileSync(path, 'utf8');
  if (!existsSync(join(lane, compiledName(test)))) return false;
  writeFileSync(path, mutant.text);
  try {
    if (await fails(lane, test)) return true;
    if (mutant.what.startsWith('drops "?? ') && !(await isTyped(lane, file, source))) return true;
    if (ownOnly || equalMutantOf(equalMutants, file, mutant.what)) return false;
    const rule = /^test\/rules\/(.*)\.test\.ts$/.exec(test)?.[1];
    return rule !== undefined && (await fails(lane, CORPUS, { WTGFORGE_CORPUS_RULE: rule }));
  } finally {
    writeFileSync(path, original);
  }
}

/** A value that may be absent cannot stand where one is needed: the compiler notices that no other stands in for it. */
async function isTyped(lane: string, file: string, source: string): Promise<boolean> {
  const [path, config] = [join(lane, file), join(lane, 'tsconfig.one.json')];
  const original = readFileSync(path, 'utf8');
  writeFileSync(path, source);
  writeFileSync(config, JSON.stringify({ extends: './tsconfig.json', include: [], files: [file] }));
  try {
    return (await exitCode([join(repository, 'node_modules/typescript/lib/tsc.js'), '-p', config], lane, process.env)) === 0;
  } finally {
    writeFileSync(path, original);
  }
}

async function fails(lane: string, test: string, more: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const pattern = `^${compiledName(test)
    .slice('test/'.length)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  const args = [join(lane, 'node_modules/uvu/bin.js'), 'test', pattern];
  const env = { ...process.env, WTGFORGE_REAL_DATA: process.env['WTGFORGE_REAL_DATA'] ?? join(repository, '../shared/data'), ...more };
  return (await exitCode(args, lane, env)) !== 0;
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
