// A thread that runs a script of our own: for work that decodes nothing, and so needs no process of its own.
import { Worker } from 'node:worker_threads';
import { keepYoungSpaceSmallBeside } from './young-space.ts';

/** @param data is copied to the thread */
export function startThread(script: URL, data: unknown): Worker {
  const thread = script.pathname.endsWith('.ts')
    ? new Worker(loading(script), { eval: true, workerData: data })
    : new Worker(script, { workerData: data });
  keepYoungSpaceSmallBeside(thread);
  return thread;
}

/** Our own sources: Node.js 20 does not hand the loader that reads them on to threads. */
function loading(script: URL): string {
  return `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => { register(); return import(${JSON.stringify(script.href)}); });`;
}
