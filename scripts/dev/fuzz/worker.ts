// The thread in which cases run: it can be ended from outside when one of them never comes to its end.
import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.ts';
import type { Ended, Job } from './session.ts';
import type { Target } from './target.ts';

const { target: id, module, seed, from, milliseconds, cases, progress, root } = workerData as Job;
const CRASHES_MAX = 20;

const coverage = new Coverage();
await coverage.start();
const [{ targets }, { inputOf, runCase }] = await Promise.all([
  import(module) as Promise<{ targets: readonly Target[] }>,
  import('./case.ts'),
]);
const target = targets.find((one) => one.id === id)!;
const inputs = await target.inputs();
const state = new Int32Array(progress);
const until = performance.now() + milliseconds;
const crashes: { index: number; stack: string }[] = [];
let [index, past] = [from, 0];
for (; index < from + cases && crashes.length < CRASHES_MAX; index++) {
  if (index % 64 === 0 && performance.now() > until) break;
  Atomics.store(state, 0, index);
  Atomics.store(state, 1, 1);
  const verdict = await runCase(target, inputOf(target, inputs, seed, index));
  Atomics.store(state, 1, 0);
  if ('crash' in verdict) crashes.push({ index, stack: verdict.crash });
  else if (verdict.past) past++;
  Atomics.store(state, 2, past);
}
const ended: Ended = { next: index, past, crashes, branches: await coverage.end(root, target.sources) };
parentPort!.postMessage(ended);
