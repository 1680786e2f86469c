// A thread that runs a script of our own: for work that decodes nothing, and so needs no process of its own.
import { Worker } from 'node:worker_threads';

/** @param data is copied to the thread */
export function startThread(script: URL, data: unknown): Worker {
  if (!script.pathname.endsWith('.ts')) return new Worker(script, { workerData: data });
  // Our own sources: Node.js 20 does not hand the loader that reads them on to threads.
  const loading = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => { register(); return import(${JSON.stringify(script.href)}); });`;
  return new Worker(loading, { eval: true, workerData: data });
}
