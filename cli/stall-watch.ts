// The thread that watches for stalls: stops the program where it hangs, as a debugger does, and has it end itself there.
import { type Debugger, Session } from 'node:inspector';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import type { StallWatch } from './stall.ts';

const { beat, seconds, symbol } = workerData as StallWatch;
const LOOK_MS = 250;

const count = new Int32Array(beat);
let seen = { beat: -1, cpu: 0 };
let stopped = false;
// It goes on: without a timer the thread would end before its debugger is heard.
setInterval(() => {
  const now = { beat: Atomics.load(count, 0), cpu: cpuSeconds() };
  if (now.beat !== seen.beat) seen = now;
  else if (!stopped && now.cpu - seen.cpu > seconds) {
    stopped = true;
    stop();
  }
}, LOOK_MS);

/** Of the whole process: one that is stopped, or waits for a slow disk, does not hang. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function stop(): void {
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params: { callFrames } }) => {
    const own = callFrames.find(({ location }) => !/^(?:node:|$)/.test(urls.get(location.scriptId) ?? ''));
    const where = own ? placeOf(own, urls.get(own.location.scriptId)!) : 'an unknown place';
    session.post('Debugger.evaluateOnCallFrame', {
      callFrameId: callFrames[0]!.callFrameId,
      expression: `globalThis[Symbol.for(${JSON.stringify(symbol)})](${JSON.stringify(where)})`,
    });
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

function placeOf({ functionName, location }: Debugger.CallFrame, url: string): string {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const near = relative(process.cwd(), path);
  const name = functionName === '' ? '' : ` (${functionName})`;
  return `${near.startsWith('..') ? path : near}:${location.lineNumber + 1}${name}`;
}
