// Runs a target for a while in a thread of its own, ends cases that hang, and keeps what fails.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { inputOf } from './case.ts';
import type { Branches } from './coverage.ts';
import type { Target } from './target.ts';

/** A case that takes more of the processor's time than this hangs. */
export const HANG_SECONDS = 2;
/** A target whose thread dies so often is given up. */
const RESTARTS_MAX = 5;
const LOOK_MS = 100;
/** The thread gets no more; a case that needs more crashes it. */
const HEAP_MB = 1024;

/** What a thread is told. */
export interface Job {
  readonly target: string;
  /** URL of the module whose `targets` hold it. */
  readonly module: string;
  readonly seed: number;
  readonly from: number;
  readonly cases: number;
  readonly milliseconds: number;
  /** Number of the case, whether it runs, cases past the header. */
  readonly progress: SharedArrayBuffer;
  /** URL of the project's root. */
  readonly root: string;
}

/** What a thread says at its end. */
export interface Ended {
  readonly next: number;
  readonly past: number;
  readonly crashes: readonly { readonly index: number; readonly stack: string }[];
  readonly branches: Branches;
}

export interface Failure {
  readonly kind: 'crash' | 'hang';
  readonly index: number;
  readonly text: string;
  readonly file: string;
}

export interface TargetResult {
  readonly target: string;
  readonly cases: number;
  readonly past: number;
  readonly branches: Branches | undefined;
  readonly failures: readonly Failure[];
  readonly peakMegabytes: number;
}

export interface SessionOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly cases?: number;
  /** Where failing inputs are kept. */
  readonly folder: string;
  /** URL of a module that exports other `targets`. */
  readonly module?: string;
}

export async function fuzzTarget(target: Target, options: SessionOptions): Promise<TargetResult> {
  const inputs = await target.inputs();
  const until = performance.now() + options.seconds * 1000;
  const last = options.cases ?? 2 ** 30;
  const failures: Failure[] = [];
  let [from, past, peak, restarts] = [0, 0, 0, 0];
  let branches: Branches | undefined;
  const keep = async (kind: Failure['kind'], index: number, text: string) => {
    await mkdir(options.folder, { recursive: true });
    const file = join(options.folder, `${target.id}-${options.seed}-${index}.bin`);
    await writeFile(file, inputOf(target, inputs, options.seed, index));
    failures.push({ kind, index, text, file });
  };
  while (restarts < RESTARTS_MAX && from < last && performance.now() < until) {
    const round = await runThread({
      target: target.id,
      module: options.module ?? new URL('./targets.ts', import.meta.url).href,
      seed: options.seed,
      from,
      cases: last - from,
      milliseconds: until - performance.now(),
    });
    past += round.past;
    peak = Math.max(peak, round.peakMegabytes);
    for (const { index, stack } of round.crashes) await keep('crash', index, stack);
    restarts++;
    if (round.stopped !== undefined) await keep(round.hung ? 'hang' : 'crash', round.next - 1, round.stopped);
    branches = round.branches ?? branches;
    from = round.next;
    if (round.stopped === undefined) break;
  }
  return { target: target.id, cases: from, past, branches, failures, peakMegabytes: peak };
}

interface Round extends Omit<Ended, 'branches'> {
  readonly branches: Branches | undefined;
  /** Why the thread did not come to its end. */
  readonly stopped: string | undefined;
  readonly hung: boolean;
  readonly peakMegabytes: number;
}

async function runThread(job: Omit<Job, 'progress' | 'root'>): Promise<Round> {
  const progress = new SharedArrayBuffer(12);
  const state = new Int32Array(progress);
  const root = new URL('../../../', import.meta.url).href;
  const source = new URL('./worker.ts', import.meta.url).href;
  // A thread does not take over the loader that --import gave to the program.
  const start = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(source)}); })`;
  const worker = new Worker(start, {
    eval: true,
    workerData: { ...job, progress, root } satisfies Job,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  let [ended, stopped, hung, peak] = [undefined as Ended | undefined, undefined as string | undefined, false, 0];
  worker.on('message', (message: Ended) => {
    ended = message;
  });
  worker.on('error', (error) => {
    stopped ??= String(error.stack ?? error);
  });
  let seen = { index: -1, cpu: cpuSeconds() };
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss() / 2 ** 20);
    const index = Atomics.load(state, 0);
    const runs = Atomics.load(state, 1) === 1;
    if (!runs || index !== seen.index) seen = { index, cpu: cpuSeconds() };
    else if (cpuSeconds() - seen.cpu > HANG_SECONDS) {
      hung = true;
      stopped ??= `took more than ${HANG_SECONDS} s`;
      void worker.terminate();
    }
  }, LOOK_MS);
  await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  clearInterval(timer);
  const peakMegabytes = Math.round(Math.max(peak, process.memoryUsage.rss() / 2 ** 20));
  if (ended) return { ...(ended as Ended), stopped: undefined, hung: false, peakMegabytes };
  const next = Atomics.load(state, 0) + 1;
  return { next, past: Atomics.load(state, 2), crashes: [], branches: undefined, stopped: stopped ?? 'ended early', hung, peakMegabytes };
}

/** Of the whole process, which does nothing else meanwhile: a machine under load must not look like a hang. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
