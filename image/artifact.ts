// A staged or finished file by its content: hashed, and pushed to the disk, beside the work of the main thread.
import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

export interface Artifact {
  readonly path: string;
  readonly sha256: string;
}

/** As text, because a worker's file would have another name in dist/ than in the sources. */
const HASH = `
const { createHash } = require('node:crypto');
const { closeSync, openSync, readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const hash = createHash('sha256');
const piece = Buffer.allocUnsafeSlow(1024 * 1024);
const file = openSync(workerData, 'r');
for (let size = readSync(file, piece); size > 0; size = readSync(file, piece)) hash.update(piece.subarray(0, size));
closeSync(file);
parentPort.postMessage(hash.digest('hex'));
`;

/**
 * SHA-256 of a file in a thread of its own: a gigabyte takes most of a second, in which the other core can lint.
 * @throws the file system's error, or the signal's reason.
 */
export function digestOf(path: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(HASH, { eval: true, workerData: path, execArgv: [] });
    const stop = () => void worker.terminate().then(() => reject(signal?.reason));
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => signal?.removeEventListener('abort', stop));
  });
}

/** The file survives a power cut from here on. */
export async function syncToDisk(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
