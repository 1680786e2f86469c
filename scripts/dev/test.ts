// `npm test`: every test file in a process of its own; with --all the checks of the repository first. The last line counts everything.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { repository } from './catalogue.ts';
import { checks, runCheck } from './checks.ts';
import { type Outcome, readOutcome } from './outcome.ts';

/** One test file may take this long; uvu itself has no limit, and a promise that never settles would be waited for. */
const FILE_TIMEOUT = 300_000;
const TIMES = join(repository, '.cache/test-times.json');
/** Where nothing is known of the last run: these take longest. */
const HEAVY = /^(e2e|image|scripts|pipeline)\//;

const [first, ...rest] = process.argv.slice(2);
const everything = first === '--all';
const patterns = (everything ? rest : process.argv.slice(2)).map((pattern) => new RegExp(pattern));
// Tests leave the cache of whoever runs them alone.
const home = { XDG_CACHE_HOME: join(repository, '.cache/home') };
const env = { ...process.env, ...home, NO_COLOR: '1', ...(everything ? { WTGFORGE_NEED_TOOLS: '1' } : {}) };
const started = performance.now();

const outcomes: Outcome[] = [];
if (everything) {
  // Two at a time: each of them keeps one processor busy.
  const limit = pLimit(2);
  outcomes.push(...(await Promise.all(checks.map((check) => limit(async () => shown(await runCheck(check)))))));
}
const before = lastTimes();
const files = testFiles().sort((a, b) => weightOf(b) - weightOf(a));
const limit = pLimit(Math.min(3, Math.max(2, availableParallelism())));
const ran = await Promise.all(files.map((file) => limit(async () => shown(await runFile(file)))));
mkdirSync(join(repository, '.cache'), { recursive: true });
writeFileSync(TIMES, JSON.stringify({ ...before, ...Object.fromEntries(ran.map(({ name, seconds }) => [name, seconds])) }));
outcomes.push(...ran);
report();

function testFiles(): string[] {
  const found = readdirSync(join(repository, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  return found.filter((name) => patterns.length === 0 || patterns.some((pattern) => pattern.test(name)));
}

function lastTimes(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(TIMES, 'utf8')) as Record<string, number>;
  } catch {
    return {}; // the first run, or one that was cut off
  }
}

/** Seconds of the last run; without one a guess, heavy folders first. */
function weightOf(file: string): number {
  const known = before[file];
  if (known !== undefined) return known;
  return (HEAVY.test(file) ? 1000 : 0) + statSync(join(repository, 'test', file)).size / 1e5;
}

async function runFile(name: string): Promise<Outcome> {
  const uvu = join(repository, 'node_modules/uvu/bin.js');
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  const { code, output, seconds, late } = await run(process.execPath, ['--import', 'tsx', uvu, 'test', pattern]);
  return readOutcome(name, { code, output, seconds, ...(late ? { late: FILE_TIMEOUT / 1000 } : {}) });
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
  readonly late: boolean;
}

function run(command: string, args: readonly string[]): Promise<Ended> {
  const begun = performance.now();
  // A group of its own, so that a file that hangs goes with everything it started.
  const child = spawn(command, [...args], { cwd: repository, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, FILE_TIMEOUT);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks)
        .toString()
        .replace(/\u001b\[[0-9;]*m/g, '');
      resolve({ code, output: text, seconds: (performance.now() - begun) / 1000, late });
    });
  });
}

function shown(outcome: Outcome): Outcome {
  const { name, passed, failed, skipped, seconds } = outcome;
  const counts = [`${passed} passed`, failed > 0 ? `${failed} FAILED` : '', skipped > 0 ? `${skipped} skipped` : ''].filter(Boolean);
  console.log(`${failed > 0 ? '✗' : '✓'} ${name}: ${counts.join(', ')} (${seconds.toFixed(1)} s)`);
  return outcome;
}

function report(): void {
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  for (const { name, failed, output } of outcomes) if (failed > 0) console.log(`\n--- ${name}\n${output.trim()}`);
  const reasons = new Set(outcomes.flatMap((outcome) => outcome.reasons));
  for (const reason of reasons) console.log(`skipped: ${reason}`);
  const failed = sum((outcome) => outcome.failed) + (ran.length === 0 ? 1 : 0);
  if (ran.length === 0) console.log(existsSync(join(repository, 'test')) ? 'no test file matches' : 'there is no folder test/');
  console.log(`${ran.length} test files, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(`${sum((outcome) => outcome.passed)} passed, ${failed} failed, ${sum((outcome) => outcome.skipped)} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}
