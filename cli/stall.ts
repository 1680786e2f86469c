// Watches from a thread of its own whether the program still comes round: a loop that never waits is ended by nobody else, not even by a signal.
import { Worker } from 'node:worker_threads';

const WATCH = new URL(import.meta.url.endsWith('.ts') ? './stall-watch.ts' : '../cli/stall-watch.js', import.meta.url);
const BEAT_MS = 500;
/** As long as one call of a rule may wait. */
const SECONDS = 600;
/** Name of the symbol under which the thread finds `onStall`. */
const STALLED = 'wtgforge.stalled';

/** What the thread is told. */
export interface StallWatch {
  /** One 32-bit number that changes as long as the program comes round. */
  readonly beat: SharedArrayBuffer;
  /** Of the processor's time. */
  readonly seconds: number;
  readonly symbol: string;
}

/** Seconds as a user gives them, or the usual ones; undefined for what is no number of seconds. */
export function stallSeconds(given: string | undefined): number | undefined {
  if (given === undefined || given === '') return SECONDS;
  return /^[1-9]\d{0,5}$/.test(given) ? Number(given) : undefined;
}

/**
 * Calls `onStall` in the midst of what does not come to its end; it must end the program.
 * @param onStall gets the place: `own-rule.ts:12 (file)`
 */
export function watchForStalls(seconds: number, onStall: (where: string) => never): void {
  const beat = new SharedArrayBuffer(4);
  const count = new Int32Array(beat);
  setInterval(() => Atomics.add(count, 0, 1), BEAT_MS).unref();
  Object.defineProperty(globalThis, Symbol.for(STALLED), { value: onStall });
  const worker = new Worker(WATCH, { workerData: { beat, seconds, symbol: STALLED } satisfies StallWatch });
  worker.on('error', () => undefined); // then nobody watches, as before
  worker.unref();
}
